#include "config/document.hpp"

#include <algorithm>

#include <toml++/toml.h>

namespace agg::config {
namespace {

Position position(const toml::source_position& at) { return {at.line, at.column}; }

Table to_table(const toml::table& table);

Node to_node(const toml::node& node) {
    const Position at = position(node.source().begin);
    if (const auto* text = node.as_string()) return {text->get(), at};
    if (const auto* integer = node.as_integer()) return {integer->get(), at};
    if (const auto* number = node.as_floating_point()) return {number->get(), at};
    if (const auto* truth = node.as_boolean()) return {truth->get(), at};
    if (const auto* table = node.as_table()) return {to_table(*table), at};
    if (const auto* array = node.as_array()) {
        Array items;
        for (const toml::node& item : *array) items.push_back(to_node(item));
        return {std::move(items), at};
    }
    return {Date{}, at};
}

// toml++ sorts tables by key; the positions give the file's order back.
Table to_table(const toml::table& table) {
    Table entries;
    entries.reserve(table.size());
    for (const auto& [key, node] : table)
        entries.push_back({std::string(key.str()), position(key.source().begin), to_node(node)});
    std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.at < b.at; });
    return entries;
}

}  // namespace

tl::expected<Table, SyntaxError> read_document(std::string_view text) {
    try {
        return to_table(toml::parse(text));
    } catch (const toml::parse_error& error) {
        std::string message(error.description());
        constexpr std::string_view prefix = "Error while parsing ";
        if (message.starts_with(prefix)) message = "cannot read the " + message.substr(prefix.size());
        return tl::unexpected(SyntaxError{std::move(message), position(error.source().begin)});
    }
}

const char* type_name(const Node& node) {
    constexpr std::array<const char*, 7> names = {"a string", "an integer", "a number", "a boolean",
                                                  "a date",   "an array",   "a table"};
    return names[node.value.index()];
}

}  // namespace agg::config
