#include <fmt/format.h>

#include "aggctl/command.hpp"
#include "aggctl/verbs.hpp"

namespace agg::aggctl {
namespace {

// The items that `query` finds; all when it is empty.
ExitCode show_items(const Command& command, const std::string& query) {
    std::string path = fmt::format("/v1/items?n={}", command.options.count);
    if (!query.empty()) path += "&q=" + percent_encoded(query);
    if (!command.options.view.empty()) path += "&view=" + percent_encoded(command.options.view);
    if (!command.options.since.empty()) path += "&since=" + percent_encoded(command.options.since);
    return command.ask("GET", path, "", Patience::moments, [&](const json::object& answer) {
        command.show(render_items(objects_of(answer, "items"), command.look));
        return ExitCode::ok;
    });
}

ExitCode mark(const Command& command, const char* what) {
    const json::object request = {{"mark", what}, {"items", json::value_from(command.options.targets)}};
    return command.ask("POST", "/v1/marks", json::serialize(request), Patience::moments,
                       [&](const json::object& answer) {
                           command.show(render_marked(answer));
                           return ExitCode::ok;
                       });
}

}  // namespace

ExitCode items(const Command& command) { return show_items(command, command.options.hidden ? "is:hidden" : ""); }

ExitCode search(const Command& command) {
    return show_items(command, fmt::format("{}", fmt::join(command.options.targets, " ")));
}

ExitCode read(const Command& command) { return mark(command, "read"); }
ExitCode unread(const Command& command) { return mark(command, "unread"); }
ExitCode star(const Command& command) { return mark(command, "star"); }
ExitCode unstar(const Command& command) { return mark(command, "unstar"); }

}  // namespace agg::aggctl
