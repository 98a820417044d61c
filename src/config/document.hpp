// A TOML text as a tree that keeps the file's order and positions. The only room that knows toml++.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <tl/expected.hpp>

namespace agg::config {

// Where something stands: both count from 1, columns in characters.
struct Position {
    std::size_t line = 1;
    std::size_t column = 1;

    friend auto operator<=>(const Position&, const Position&) = default;
};

struct Entry;
struct Node;
using Table = std::vector<Entry>;  // in the order of the file
using Array = std::vector<Node>;
struct Date {};  // aggd has no key that takes one: its value is not kept

struct Node {
    std::variant<std::string, std::int64_t, double, bool, Date, Array, Table> value;
    Position at;

    template <typename T>
    [[nodiscard]] const T* as() const {
        return std::get_if<T>(&value);
    }
};

struct Entry {
    std::string key;
    Position at;  // of the key; for a table written as [header], of its first name there
    Node node;
};

// What keeps a text from being TOML.
struct SyntaxError {
    std::string message;
    Position at;
};

// Reads a whole TOML 1.0 text.
[[nodiscard]] tl::expected<Table, SyntaxError> read_document(std::string_view text);

// "a string", "an integer", "a table" and so on, for messages.
[[nodiscard]] const char* type_name(const Node& node);

}  // namespace agg::config
