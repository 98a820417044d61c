#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "aggctl/render.hpp"
#include "aggctl/words.hpp"

namespace agg::aggctl {
namespace {

// Of lines that are printed before the next one is known.
constexpr std::size_t k_item_width = 7, k_age_width = 6, k_outlet_width = 20;

Table item_table() {
    return Table({{"ITEM", Align::right},
                  {"AGE", Align::right},
                  {""},
                  {"OUTLET", Align::left, Fit::shrink},
                  {"TITLE", Align::left, Fit::shrink}});
}

Table tail_table() {
    return Table({{"ITEM", Align::right, Fit::keep, k_item_width},
                  {"AGE", Align::right, Fit::keep, k_age_width},
                  {"", Align::left, Fit::keep, 1},
                  {"OUTLET", Align::left, Fit::keep, k_outlet_width},
                  {"TITLE", Align::left, Fit::shrink}});
}

std::string outlet_of(const json::object& item) {
    std::string outlet = text_of(item, "outlet");
    if (const std::size_t others = objects_of(item, "also").size(); others > 0) outlet += fmt::format(" +{}", others);
    return outlet;
}

void add_item(Table& table, const json::object& item, std::string outlet, TimePoint now) {
    const auto published = time_of(item, "published");
    const Style style = truth_of(item, "read") ? Style::dim : Style::plain;
    table.add({{std::to_string(number_of(item, "id"))},
               {published ? roughly(std::max(now - *published, std::chrono::milliseconds{0})) : "-"},
               {truth_of(item, "starred") ? "*" : ""},
               {std::move(outlet), style},
               {text_of(item, "title"), style}});
}

}  // namespace

std::string render_items(const std::vector<json::object>& items, const Look& look) {
    if (items.empty()) return look.legend ? "No items.\n" : "";
    Table table = item_table();
    for (const json::object& item : items) add_item(table, item, outlet_of(item), look.now);
    return table.text(look.width, look.color, look.legend ? Table::Header::yes : Table::Header::no);
}

std::string render_tail_header(const Look& look) {
    return tail_table().text(look.width, look.color, Table::Header::yes);
}

std::string render_tail(const json::object& item, const Look& look) {
    Table table = tail_table();
    // What comes while we follow is later than the start.
    const TimePoint now = std::max(look.now, time_of(item, "arrived").value_or(look.now));
    add_item(table, item, cut_to_width(outlet_of(item), k_outlet_width), now);
    return table.text(look.width, look.color, Table::Header::no);
}

std::string render_marked(const json::object& marked) {
    const std::uint64_t changed = number_of(marked, "changed");
    return changed == 0 ? "Nothing changed: it was so already.\n"
                        : fmt::format("Changed {}.\n", counted(changed, "item", "items"));
}

}  // namespace agg::aggctl
