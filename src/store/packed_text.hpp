// Texts that make up most of the database stand in their columns compressed (zstd) where that makes them shorter: a
// text is itself, a blob is a packed one. Any thread.
#pragma once

#include <string>

#include <SQLiteCpp/SQLiteCpp.h>

namespace agg::store {

struct PackedText {
    std::string bytes;
    bool is_packed = false;  // bytes is what zstd made of the text, else the text
};

[[nodiscard]] PackedText pack(std::string text);
void bind(SQLite::Statement& statement, int index, const PackedText& text);

// Throws std::runtime_error when the blob is damaged.
[[nodiscard]] std::string read_packed(const SQLite::Column& column);

}  // namespace agg::store
