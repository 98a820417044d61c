// A TOML text as the statements it is written in, byte for byte: what an edit that must not touch the rest works on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace agg::config {

enum class StatementKind {
    blank,      // nothing but white space
    comment,    // nothing but a comment
    header,     // [table] or [[array of tables]]
    key_value,  // may span lines
};

// The statements of a text lie end to end: together they are the text.
struct Statement {
    StatementKind kind = StatementKind::blank;
    std::size_t begin = 0;
    std::size_t end = 0;  // after the line end, which the last statement may lack
    std::vector<std::string>
        path;  // of a header its names, of a key its own and its table's before them; quotes taken off

    // Of a key_value only: the last name of its key, and its value without the space around it.
    std::size_t name_begin = 0, name_end = 0;
    std::size_t value_begin = 0, value_end = 0;
};

// Takes `text` apart, which must be valid TOML: for other text the cuts are anywhere, but within it.
[[nodiscard]] std::vector<Statement> to_statements(std::string_view text);

// The pairs inside the inline table that is the value of `owner`, as statements of kind key_value from the first byte
// of their key to the last of their value. Empty when the value is no inline table.
[[nodiscard]] std::vector<Statement> inline_pairs(std::string_view text, const Statement& owner);

}  // namespace agg::config
