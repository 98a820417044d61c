#include <istream>
#include <ostream>

#include <fmt/format.h>

#include "aggctl/command.hpp"
#include "aggctl/verbs.hpp"

namespace agg::aggctl {

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

namespace {

std::string ask_secret(const Command& command, const char* prompt) {
    if (command.around.asks) command.around.err << prompt << std::flush;
    std::string line;
    if (command.around.asks && command.around.read_secret)
        line = command.around.read_secret();
    else
        std::getline(command.around.in, line);
    if (command.around.asks) command.around.err << '\n';
    return line;
}

}  // namespace

ExitCode passwd(const Command& command) {
    const std::string user = command.options.targets.empty() ? "aggd" : command.options.targets.front();
    std::string password;
    if (!command.options.none) {
        password = ask_secret(command, "Password: ");
        if (password.empty()) return command.report({ExitCode::failed, "no password was given, nothing has changed"});
        if (command.around.asks && ask_secret(command, "Again: ") != password)
            return command.report({ExitCode::failed, "the two differ, nothing has changed"});
    }
    const json::object request = {{"user", user}, {"password", password}};
    return command.ask("POST", "/v1/password", json::serialize(request), Patience::moments, [&](const json::object&) {
        command.show(password.empty() ? "Nobody can sign in on TCP any more.\n"
                                      : fmt::format("Readers on TCP sign in as {} with that password; those that were "
                                                    "signed in must do so anew.\n",
                                                    printable(user)));
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

}  // namespace agg::aggctl
