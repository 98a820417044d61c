#include <algorithm>
#include <istream>
#include <ostream>

#include <fmt/format.h>

#include "aggctl/command.hpp"
#include "aggctl/progress.hpp"
#include "aggctl/render_manage.hpp"
#include "aggctl/verbs.hpp"

namespace agg::aggctl {
namespace {

// Asks whether to go on where somebody can answer; scripts are taken at their word.
bool may_remove(const Command& command) {
    if (command.options.yes || !command.around.asks) return true;
    const auto& feeds = command.options.targets;
    command.around.err << fmt::format("Take {} out of feeds.conf? What is stored of {} {}. [y/N] ",
                                      fmt::join(feeds, ", "), feeds.size() == 1 ? "it" : "them",
                                      command.options.purge ? "is deleted" : "stays")
                       << std::flush;
    std::string answer;
    std::getline(command.around.in, answer);
    return answer == "y" || answer == "Y" || answer == "yes";
}

// Whether `list` shows the feed: all of its filters must.
bool is_wanted(const json::object& feed, const Command& command) {
    const Options& options = command.options;
    if (options.failing && !is_failing(feed)) return false;
    if (options.paused && text_of(feed, "state") != "paused") return false;
    const auto newest = time_of(feed, "newest_item");
    if (options.stale && (!newest || command.around.now - *newest < *options.stale)) return false;
    const auto tags = texts_of(feed, "tags");
    return options.tags.empty() ||
           std::find_first_of(tags.begin(), tags.end(), options.tags.begin(), options.tags.end()) != tags.end();
}

// Asks about each feed at `path` below it, and shows each answer by `render`.
ExitCode ask_each(const Command& command, const char* path, std::string (*render)(const json::object&, const Look&)) {
    ExitCode code = ExitCode::ok;
    for (const std::string& feed : command.options.targets) {
        code = worse(code, command.ask("GET", "/v1/feeds/" + percent_encoded(feed) + path, "", Patience::moments,
                                       [&](const json::object& answer) {
                                           command.show(render(answer, command.look));
                                           return ExitCode::ok;
                                       }));
        if (code == ExitCode::not_running) break;
    }
    return code;
}

}  // namespace

ExitCode add(const Command& command) {
    ExitCode code = ExitCode::ok;
    for (const std::string& url : command.options.targets) {
        json::object request = {{"url", url}};
        if (!command.options.name.empty()) request["name"] = command.options.name;
        if (!command.options.title.empty()) request["title"] = command.options.title;
        if (!command.options.tags.empty()) request["tags"] = json::value_from(command.options.tags);
        if (!command.options.interval.empty()) request["interval"] = command.options.interval;
        code = worse(code, command.ask("POST", "/v1/feeds", json::serialize(request), Patience::unlimited,
                                       [&](const json::object& added) {
                                           command.show(render_added(added, command.look));
                                           return ExitCode::ok;
                                       }));
        if (code == ExitCode::not_running) break;
    }
    return code;
}

ExitCode list(const Command& command) {
    const auto answer = command.client.send("GET", "/v1/feeds", "", Patience::moments);
    if (!answer) return command.report(answer.error());
    const auto object = read_answer(*answer);
    if (!object) return command.not_understood();
    const Options& options = command.options;
    const bool filtered = options.failing || options.paused || options.stale || !options.tags.empty();
    if (!filtered && options.json) {
        command.around.out << *answer << (answer->ends_with('\n') ? "" : "\n");
        return ExitCode::ok;
    }
    std::vector<json::object> feeds = objects_of(*object, "feeds");
    std::erase_if(feeds, [&](const json::object& feed) { return !is_wanted(feed, command); });
    if (options.json)
        command.around.out << json::serialize(json::object{{"feeds", json::array(feeds.begin(), feeds.end())}}) << '\n';
    else if (options.failing)
        command.say(render_failing(feeds, command.look));
    else if (filtered && feeds.empty())
        command.say(command.look.legend ? "No such feed.\n" : "");
    else
        command.say(render_feeds(feeds, command.look));
    return ExitCode::ok;
}

ExitCode show(const Command& command) { return ask_each(command, "", render_details); }

ExitCode moves(const Command& command) {
    const Options& options = command.options;
    if (options.accept) {
        const json::object request = {{"feeds", json::value_from(options.targets)}};
        return command.ask("POST", "/v1/moves", json::serialize(request), Patience::unlimited,
                           [&](const json::object& answer) {
                               command.show(render_moves(objects_of(answer, "moves"), true, command.look));
                               return ExitCode::ok;
                           });
    }
    const auto answer = command.client.send("GET", "/v1/moves", "", Patience::moments);
    if (!answer) return command.report(answer.error());
    const auto object = read_answer(*answer);
    if (!object) return command.not_understood();
    std::vector<json::object> moves = objects_of(*object, "moves");
    const auto& names = options.targets;
    std::erase_if(moves, [&](const json::object& move) {
        return !names.empty() && std::find(names.begin(), names.end(), text_of(move, "feed")) == names.end();
    });
    if (options.json)
        command.around.out << json::serialize(json::object{{"moves", json::array(moves.begin(), moves.end())}}) << '\n';
    else
        command.say(render_moves(moves, false, command.look));
    return ExitCode::ok;
}

ExitCode remove(const Command& command) {
    if (!may_remove(command)) return command.report({ExitCode::failed, "nothing was removed"});
    const bool purge = command.options.purge;
    ExitCode code = ExitCode::ok;
    for (const std::string& feed : command.options.targets) {
        code =
            worse(code, command.ask("DELETE", "/v1/feeds/" + percent_encoded(feed) + (purge ? "?purge=true" : ""), "",
                                    purge ? Patience::unlimited : Patience::moments, [&](const json::object& answer) {
                                        command.show(purge ? render_purged(object_of(answer, "feed"))
                                                           : render_removed(object_of(answer, "feed")));
                                        return ExitCode::ok;
                                    }));
        if (code == ExitCode::not_running) break;
    }
    return code;
}

ExitCode refresh(const Command& command) {
    const bool wait = command.options.wait;
    json::object request = {
        {"feeds", json::value_from(command.options.targets)}, {"wait", wait}, {"force", command.options.force}};
    if (!command.options.tags.empty()) request["tags"] = json::value_from(command.options.tags);
    const auto answer = send_watched(command, "refresh", "POST", "/v1/refresh", json::serialize(request));
    return command.tell(answer, [&](const json::object& refreshed) {
        const auto feeds = objects_of(refreshed, "feeds");
        command.show(render_refreshed(feeds, wait, command.look));
        const bool failed =
            std::any_of(feeds.begin(), feeds.end(), [](const json::object& feed) { return truth_of(feed, "failed"); });
        return failed ? ExitCode::failed : ExitCode::ok;
    });
}

ExitCode hosts(const Command& command) {
    const auto answer = command.client.send("GET", "/v1/hosts", "", Patience::moments);
    if (!answer) return command.report(answer.error());
    const auto object = read_answer(*answer);
    if (!object) return command.not_understood();
    std::vector<json::object> hosts = objects_of(*object, "hosts");
    if (command.options.held)
        std::erase_if(hosts, [](const json::object& host) { return !host.contains("held_until"); });
    if (command.options.json)
        command.around.out << json::serialize(json::object{{"hosts", json::array(hosts.begin(), hosts.end())}}) << '\n';
    else
        command.say(render_hosts(hosts, command.look));
    return ExitCode::ok;
}

}  // namespace agg::aggctl
