#include <algorithm>
#include <poll.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "aggctl/command.hpp"
#include "aggctl/event_reader.hpp"
#include "aggctl/verbs.hpp"

namespace agg::aggctl {
namespace {

constexpr std::chrono::milliseconds k_retry{2'000};  // unless the daemon says otherwise

std::string path_of(const Options& options) {
    std::string path = fmt::format("/events?n={}", options.last);
    if (options.last == 0) path = "/events?";
    if (!options.targets.empty()) path += "&q=" + percent_encoded(fmt::format("{}", fmt::join(options.targets, " ")));
    if (!options.view.empty()) path += "&view=" + percent_encoded(options.view);
    if (!options.follow) path += "&follow=false";
    return path;
}

void print(const Command& command, const Event& event) {
    if (event.type == "reset" && !command.options.quiet)
        command.around.err << "aggctl: aggd has another database now; going on from here\n";
    const auto item = read_answer(event.data);
    if (!event.type.empty() || !item) return;
    if (command.options.json)
        command.around.out << event.data << '\n';
    else
        command.say(render_tail(*item, command.look));
}

// False when nobody reads the output any more.
bool wait(const Command& command, std::chrono::milliseconds time) {
    pollfd output{command.around.out_descriptor, 0, 0};
    return ::poll(&output, 1, static_cast<int>(time.count())) == 0;
}

}  // namespace

// Ctrl-C ends it as it ends tail and journalctl: there is nothing to clean up.
ExitCode tail(const Command& command) {
    EventReader reader;
    if (command.look.legend) command.show(render_tail_header(command.look));
    const auto take = [&](std::string_view bytes) {
        reader.read(bytes, [&](const Event& event) { print(command, event); });
        command.around.out.flush();
    };
    for (bool is_told = false;;) {
        const auto end =
            command.client.follow(path_of(command.options), reader.last_id(), take, command.around.out_descriptor);
        const bool comes_back = command.options.follow && !reader.last_id().empty();
        if (!end && !(comes_back && end.error().code == ExitCode::not_running)) return command.report(end.error());
        if (end == StreamEnd::nobody_reads || !command.around.out) return ExitCode::ok;
        if (end == StreamEnd::complete && !command.options.follow) return ExitCode::ok;
        if (!comes_back) return command.report({ExitCode::failed, "aggd broke off before it had told all"});
        if (end) is_told = false;
        if (!std::exchange(is_told, true) && !command.options.quiet)
            command.around.err << "aggctl: aggd has ended; going on when it is back\n";
        reader.begin_again();
        if (!wait(command, reader.retry().value_or(k_retry))) return ExitCode::ok;
    }
}

}  // namespace agg::aggctl
