// Tables for terminals: columns as wide as what is in them, cut to fit, aligned by what is seen rather than by bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace agg::aggctl {

enum class Align { left, right };
enum class Fit { keep, shrink };  // whether a column may be cut when the table is too wide
enum class Style { plain, good, bad, dim, strong };
enum class Color { off, on };

// The columns that `text` takes on a terminal: 2 for a Chinese character, 0 for a combining accent.
[[nodiscard]] std::size_t display_width(std::string_view text);

// At most `columns` of `text`, the last of them "…" when something was cut.
[[nodiscard]] std::string cut_to_width(std::string_view text, std::size_t columns);

// `text` without what a terminal would obey: control characters, escapes and marks that turn the direction of text.
[[nodiscard]] std::string printable(std::string_view text);

// `text` in a style, or as it is when colours are off.
[[nodiscard]] std::string styled(std::string_view text, Style style, Color color);

struct Column {
    std::string title;
    Align align = Align::left;
    Fit fit = Fit::keep;
    std::size_t least = 0;  // as wide at least, whatever is in it
};

struct Cell {
    std::string text;
    Style style = Style::plain;
};

class Table {
  public:
    explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

    // As many cells as there are columns; their text is made printable.
    void add(std::vector<Cell> row);
    [[nodiscard]] bool empty() const { return rows_.empty(); }

    enum class Header { no, yes };
    // Lines without trailing spaces. `width` is that of the terminal; 0: nothing is cut.
    [[nodiscard]] std::string text(std::size_t width, Color color, Header header) const;

  private:
    [[nodiscard]] std::vector<std::size_t> widths(std::size_t limit, Header header) const;

    std::vector<Column> columns_;
    std::vector<std::vector<Cell>> rows_;
};

}  // namespace agg::aggctl
