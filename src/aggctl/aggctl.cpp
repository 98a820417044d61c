#include "aggctl/aggctl.hpp"

#include <algorithm>
#include <array>
#include <istream>
#include <ostream>

#include <fmt/format.h>

#include "aggctl/client.hpp"
#include "aggctl/options.hpp"
#include "aggctl/render.hpp"
#include "base/paths.hpp"
#include "version.hpp"

namespace agg::aggctl {
namespace {

// One command on its way: what was asked for, whom to ask, where to answer.
struct Command {
    const Options& options;
    const Client& client;
    Surroundings& around;
    Look look;

    ExitCode report(const Failure& failure) const {
        around.err << "aggctl: " << failure.message << '\n';
        return failure.code;
    }
    ExitCode not_understood() const {
        return report({ExitCode::failed,
                       fmt::format("cannot read the answer of aggd at {}; aggctl {} may be older or newer than it",
                                   client.socket(), k_version)});
    }
    // Prints `text` unless only errors are wanted.
    void say(const std::string& text) const {
        if (!options.quiet) around.out << text;
    }

    // Asks the daemon and hands the answer to `print`, whose exit code is returned; with --json it is shown as it came.
    template <typename Print>
    ExitCode ask(std::string_view method, const std::string& path, const std::string& body, Patience patience,
                 Print print) const {
        const auto answer = client.send(method, path, body, patience);
        if (!answer) return report(answer.error());
        const auto object = read_answer(*answer);
        if (!object) return not_understood();
        if (options.json) around.out << *answer << (answer->ends_with('\n') ? "" : "\n");
        return print(*object);
    }
    // The text for people; with --json the answer stands for it.
    void show(const std::string& text) const {
        if (!options.json) say(text);
    }
};

// The code that says more of two: any failure over success, the first failure over later ones.
ExitCode worse(ExitCode before, ExitCode now) { return before == ExitCode::ok ? now : before; }

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

// Asks whether to go on where somebody can answer; scripts are taken at their word.
bool may_remove(const Command& command) {
    if (command.options.yes || !command.around.asks) return true;
    const auto& feeds = command.options.targets;
    command.around.err << fmt::format("Take {} out of feeds.conf? What is stored of {} stays. [y/N] ",
                                      fmt::join(feeds, ", "), feeds.size() == 1 ? "it" : "them")
                       << std::flush;
    std::string answer;
    std::getline(command.around.in, answer);
    return answer == "y" || answer == "Y" || answer == "yes";
}

ExitCode remove(const Command& command) {
    if (!may_remove(command)) return command.report({ExitCode::failed, "nothing was removed"});
    ExitCode code = ExitCode::ok;
    for (const std::string& feed : command.options.targets) {
        code = worse(code, command.ask("DELETE", "/v1/feeds/" + percent_encoded(feed), "", Patience::moments,
                                       [&](const json::object& answer) {
                                           command.show(render_removed(object_of(answer, "feed")));
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

ExitCode status(const Command& command) {
    return command.ask("GET", "/v1/status", "", Patience::moments, [&](const json::object& answer) {
        command.show(render_status(answer, command.look));
        return ExitCode::ok;
    });
}

ExitCode reload(const Command& command) {
    return command.ask("POST", "/v1/reload", "", Patience::unlimited, [&](const json::object& answer) {
        command.show(render_reload(answer, command.look));
        return ExitCode::ok;
    });
}

// Works without a daemon as well: that is when one asks for versions.
ExitCode version(const Command& command) {
    const auto answer = command.client.send("GET", "/v1/status", "", Patience::moments);
    const auto object = answer ? read_answer(*answer) : std::nullopt;
    const std::string running = object ? text_of(*object, "version") : "";
    if (command.options.json) {
        json::object versions = {{"aggctl", k_version}};
        if (!running.empty()) versions["aggd"] = running;
        command.around.out << json::serialize(versions) << '\n';
    } else {
        command.say(fmt::format("aggctl {}\n", k_version));
        if (!running.empty()) command.say(fmt::format("aggd   {}\n", printable(running)));
    }
    if (!answer && answer.error().code != ExitCode::not_running) return command.report(answer.error());
    if (running.empty() && !command.options.json) command.say("aggd   is not running\n");
    return ExitCode::ok;
}

struct VerbAndFunction {
    Verb verb;
    ExitCode (*function)(const Command&);
};
constexpr auto k_commands = std::to_array<VerbAndFunction>({
    {Verb::add, add},
    {Verb::list, list},
    {Verb::remove, remove},
    {Verb::refresh, refresh},
    {Verb::hosts, hosts},
    {Verb::status, status},
    {Verb::reload, reload},
    {Verb::version, version},
});

}  // namespace

int run(const std::vector<std::string>& arguments, Surroundings& around) {
    const auto parsed = parse_options(arguments);
    if (const auto* stop = std::get_if<Stop>(&parsed)) {
        (stop->exit_code == 0 ? around.out : around.err) << stop->text << std::flush;
        return stop->exit_code;
    }
    const Options& options = std::get<Options>(parsed);
    const Client client(options.socket.empty() ? find_socket_path() : options.socket);
    const Color color = around.colors && !options.no_color ? Color::on : Color::off;
    const Command command{options, client, around, {around.width, color, !options.no_legend, around.now}};
    const auto* chosen = std::find_if(k_commands.begin(), k_commands.end(),
                                      [&](const auto& entry) { return entry.verb == options.verb; });
    const ExitCode code = chosen->function(command);
    if (!around.out.flush()) return to_int(command.report({ExitCode::failed, "cannot write the output"}));
    return to_int(code);
}

}  // namespace agg::aggctl
