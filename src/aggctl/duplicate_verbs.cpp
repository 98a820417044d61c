#include <fmt/format.h>

#include "aggctl/command.hpp"
#include "aggctl/verbs.hpp"
#include "aggctl/words.hpp"

namespace agg::aggctl {
namespace {

// Asks about each item at `path` below it, and shows each answer by `render`.
template <typename Render>
ExitCode ask_each_item(const Command& command, const char* method, const char* path, Render render) {
    ExitCode code = ExitCode::ok;
    for (const std::string& item : command.options.targets) {
        code = worse(code, command.ask(method, "/v1/items/" + percent_encoded(item) + path, "", Patience::moments,
                                       [&](const json::object& answer) {
                                           command.show(render(answer));
                                           return ExitCode::ok;
                                       }));
        if (code == ExitCode::not_running) break;
    }
    return code;
}

// A name is a feed's first, then an item's.
ExitCode tell_why(const Command& command, const std::string& name) {
    const auto tell = [&](const std::string& answer, std::string (*render)(const json::object&, const Look&)) {
        const auto object = read_answer(answer);
        if (!object) return command.not_understood();
        if (command.options.json) command.around.out << answer << (answer.ends_with('\n') ? "" : "\n");
        command.show(render(*object, command.look));
        return ExitCode::ok;
    };
    const std::string encoded = percent_encoded(name);
    const auto feed = command.client.send("GET", "/v1/feeds/" + encoded + "/why", "", Patience::moments);
    if (feed) return tell(*feed, render_why);
    if (feed.error().code != ExitCode::no_such_feed) return command.report(feed.error());
    const auto item = command.client.send("GET", "/v1/items/" + encoded + "/why", "", Patience::moments);
    if (item) return tell(*item, render_origin);
    if (item.error().code != ExitCode::no_such_feed) return command.report(item.error());
    return command.report({feed.error().code, feed.error().message + " As an item: " + item.error().message});
}

}  // namespace

ExitCode why(const Command& command) {
    ExitCode code = ExitCode::ok;
    for (const std::string& name : command.options.targets) {
        code = worse(code, tell_why(command, name));
        if (code == ExitCode::not_running) break;
    }
    return code;
}

ExitCode diff(const Command& command) {
    return ask_each_item(command, "GET", "/changes", [&](const json::object& answer) {
        return render_changes(objects_of(answer, "changes"), command.look);
    });
}

ExitCode split(const Command& command) {
    return ask_each_item(command, "POST", "/split", [](const json::object& answer) {
        return fmt::format("Item {} is a story of its own now, for good: aggctl merge takes it back.\n",
                           number_of(object_of(answer, "item"), "id"));
    });
}

ExitCode merge(const Command& command) {
    const json::object request = {{"items", json::value_from(command.options.targets)}};
    return command.ask(
        "POST", "/v1/merges", json::serialize(request), Patience::moments, [&](const json::object& answer) {
            command.show(fmt::format("One story of {} now, for good: aggctl split takes an item out of it.\n",
                                     counted(objects_of(answer, "members").size(), "item", "items")));
            return ExitCode::ok;
        });
}

ExitCode undo_heal(const Command& command) {
    ExitCode code = ExitCode::ok;
    for (const std::string& feed : command.options.targets)
        code = worse(code, command.ask("POST", "/v1/feeds/" + percent_encoded(feed) + "/undo-heal", "",
                                       Patience::moments, [&](const json::object& answer) {
                                           command.show(
                                               fmt::format("{} got their old ids back; the new ones count as "
                                                           "other items from now on.\n",
                                                           counted(number_of(answer, "items"), "item", "items")));
                                           return ExitCode::ok;
                                       }));
    return code;
}

ExitCode dedup(const Command& command) {
    return command.ask("GET", "/v1/dedup", "", Patience::moments, [&](const json::object& answer) {
        command.show(render_dedup_stats(answer, command.look));
        return ExitCode::ok;
    });
}

}  // namespace agg::aggctl
