#include <algorithm>
#include <istream>
#include <ostream>

#include <fmt/format.h>

#include "aggctl/command.hpp"
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
    if (!command.options.failing) {
        if (command.options.json)
            command.around.out << *answer << (answer->ends_with('\n') ? "" : "\n");
        else
            command.say(render_feeds(objects_of(*object, "feeds"), command.look));
        return ExitCode::ok;
    }
    std::vector<json::object> failing = objects_of(*object, "feeds");
    std::erase_if(failing, [](const json::object& feed) { return !is_failing(feed); });
    if (command.options.json) {
        json::array feeds(failing.begin(), failing.end());
        command.around.out << json::serialize(json::object{{"feeds", std::move(feeds)}}) << '\n';
    } else {
        command.say(render_failing(failing, command.look));
    }
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
    const json::object request = {
        {"feeds", json::value_from(command.options.targets)}, {"wait", wait}, {"force", command.options.force}};
    return command.ask(
        "POST", "/v1/refresh", json::serialize(request), Patience::unlimited, [&](const json::object& answer) {
            const auto feeds = objects_of(answer, "feeds");
            command.show(render_refreshed(feeds, wait, command.look));
            const bool failed = std::any_of(feeds.begin(), feeds.end(),
                                            [](const json::object& feed) { return truth_of(feed, "failed"); });
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
