#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "aggctl/render.hpp"
#include "aggctl/words.hpp"

namespace agg::aggctl {

std::string render_items(const std::vector<json::object>& items, const Look& look) {
    if (items.empty()) return look.legend ? "No items.\n" : "";
    Table table({{"ITEM", Align::right},
                 {"AGE", Align::right},
                 {""},
                 {"OUTLET", Align::left, Fit::shrink},
                 {"TITLE", Align::left, Fit::shrink}});
    for (const json::object& item : items) {
        const auto published = time_of(item, "published");
        const bool is_read = truth_of(item, "read");
        std::string outlet = text_of(item, "outlet");
        if (const std::size_t others = objects_of(item, "also").size(); others > 0)
            outlet += fmt::format(" +{}", others);
        table.add({{std::to_string(number_of(item, "id"))},
                   {published ? roughly(std::max(look.now - *published, std::chrono::milliseconds{0})) : "-"},
                   {truth_of(item, "starred") ? "*" : ""},
                   {std::move(outlet), is_read ? Style::dim : Style::plain},
                   {text_of(item, "title"), is_read ? Style::dim : Style::plain}});
    }
    return table.text(look.width, look.color, look.legend ? Table::Header::yes : Table::Header::no);
}

std::string render_marked(const json::object& marked) {
    const std::uint64_t changed = number_of(marked, "changed");
    return changed == 0 ? "Nothing changed: it was so already.\n"
                        : fmt::format("Changed {}.\n", counted(changed, "item", "items"));
}

}  // namespace agg::aggctl
