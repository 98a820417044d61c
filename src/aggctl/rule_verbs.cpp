#include <fmt/format.h>

#include "aggctl/command.hpp"
#include "aggctl/render_rules.hpp"
#include "aggctl/verbs.hpp"

namespace agg::aggctl {
namespace {

ExitCode test_rule(const Command& command) {
    const Options& options = command.options;
    const std::string expression = fmt::format("{}", fmt::join(options.targets, " "));
    std::string path = fmt::format("/v1/rules/test?n={}&match={}", options.examples, percent_encoded(expression));
    if (!options.since.empty()) path += "&since=" + percent_encoded(options.since);
    for (const std::string& feed : options.feeds) path += "&feed=" + percent_encoded(feed);
    for (const std::string& tag : options.tags) path += "&tag=" + percent_encoded(tag);
    const auto answer = command.client.send("GET", path, "", Patience::unlimited);
    if (!answer) return command.report({answer.error().code, render_misread(answer.error().message, expression)});
    const auto outcome = read_answer(*answer);
    if (!outcome) return command.not_understood();
    if (options.json) command.around.out << *answer;
    command.show(render_trial(*outcome, command.look));
    return ExitCode::ok;
}

}  // namespace

ExitCode rule(const Command& command) {
    if (command.options.action == "test") return test_rule(command);
    return command.ask("GET", "/v1/rules", "", Patience::moments, [&](const json::object& answer) {
        command.show(render_rules(answer, command.look));
        return ExitCode::ok;
    });
}

}  // namespace agg::aggctl
