#include <ostream>

#include <fmt/format.h>

#include "aggctl/command.hpp"
#include "aggctl/render_manage.hpp"
#include "aggctl/verbs.hpp"

namespace agg::aggctl {
namespace {

ExitCode change(const Command& command, const std::string& feed, const json::object& settings) {
    return command.ask("PATCH", "/v1/feeds/" + percent_encoded(feed), json::serialize(settings), Patience::moments,
                       [&](const json::object& answer) {
                           command.show(render_set(object_of(answer, "feed"), command.look));
                           return ExitCode::ok;
                       });
}

ExitCode change_all(const Command& command, const json::object& settings) {
    ExitCode code = ExitCode::ok;
    for (const std::string& feed : command.options.targets) {
        code = worse(code, change(command, feed, settings));
        if (code == ExitCode::not_running) break;
    }
    return code;
}

}  // namespace

ExitCode set(const Command& command) {
    json::object settings;
    for (const std::string& setting : command.options.settings) {
        const std::size_t sign = setting.find('=');
        if (sign == std::string::npos || sign == 0)
            return command.report({ExitCode::usage, fmt::format("\"{}\" is no setting; write KEY=VALUE, as in "
                                                                "interval=30min (KEY= for the default)",
                                                                setting)});
        settings[setting.substr(0, sign)] = setting.substr(sign + 1);
    }
    return change(command, command.options.feed, settings);
}

ExitCode pause(const Command& command) { return change_all(command, {{"paused", "true"}}); }

ExitCode resume(const Command& command) { return change_all(command, {{"paused", ""}}); }

}  // namespace agg::aggctl
