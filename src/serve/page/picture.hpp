// Pictures as inline SVG, and the tables of their numbers. Pure.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "serve/page/html.hpp"

namespace agg::serve::page {

// A table up to its rows; `look` is a class of page.css.
struct Column {
    const char* name;
    bool is_number = false;
};
void open_table(Html& page, const char* look, std::initializer_list<Column> columns);
void close_table(Html& page);

// A small row of bars without axes; `label` is what a screen reader says.
void write_sparkline(Html& page, const std::vector<std::uint32_t>& values, std::string_view label);

// As small a row of days: filled where all polls were answered well, from above in another colour the share that
// failed, empty where there was no poll.
void write_answers(Html& page, const std::vector<std::uint32_t>& polls, const std::vector<std::uint32_t>& failures,
                   std::string_view label);

// Bars side by side, a part of each in another colour from below. `names` stand below the bars where there is room.
struct Bars {
    std::string title;  // what a screen reader says
    std::vector<std::string> names;
    std::vector<std::uint64_t> values;
    std::vector<std::uint64_t> parts;  // of the values; may be empty
    const char* part_look = "bar2";    // a class of page.css
    std::string (*in_words)(std::uint64_t) = [](std::uint64_t value) { return std::to_string(value); };
    std::optional<std::uint64_t> level;  // a line across, as high as that value
};
void write_bars(Html& page, const Bars& bars);

// Squares, the stronger their colour the larger their value; the diagonal is empty. `names` stand before the rows and,
// as numbers, above the columns.
struct Squares {
    std::string title;
    std::vector<std::string> names;
    std::vector<std::vector<std::uint32_t>> values;  // values[row][column]
};
void write_squares(Html& page, const Squares& squares);

}  // namespace agg::serve::page
