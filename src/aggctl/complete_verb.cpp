#include <ostream>
#include <set>

#include "aggctl/command.hpp"
#include "aggctl/complete.hpp"
#include "aggctl/verbs.hpp"
#include "base/paths.hpp"

namespace agg::aggctl {

// Says nothing of a daemon that is down or slow: who presses Tab wants no message.
ExitCode complete(const Command& command) {
    const std::vector<std::string>& words = command.options.targets;
    Completion completion = complete(words);
    if (completion.feeds || completion.tags) {
        const Client client(completion.socket.empty() ? find_socket_path() : completion.socket);
        const auto answer = client.send("GET", "/v1/feeds", "", Patience::a_blink);
        const auto object = answer ? read_answer(*answer) : std::nullopt;
        std::set<std::string> candidates;
        for (const json::object& feed : object ? objects_of(*object, "feeds") : std::vector<json::object>{}) {
            if (completion.feeds) candidates.insert(text_of(feed, "name"));
            if (!completion.tags) continue;
            for (const std::string& tag : texts_of(feed, "tags")) candidates.insert(tag);
        }
        completion.words.insert(completion.words.end(), candidates.begin(), candidates.end());
    }
    const std::string typed = words.empty() ? "" : words.back();
    for (const std::string& word : completion.words)
        if (word.starts_with(typed)) command.around.out << printable(word) << '\n';
    return completion.files ? ExitCode::failed : ExitCode::ok;
}

}  // namespace agg::aggctl
