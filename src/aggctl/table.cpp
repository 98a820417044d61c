#include "aggctl/table.hpp"

#include <algorithm>
#include <numeric>

#include <utf8proc.h>

namespace agg::aggctl {
namespace {

constexpr std::size_t k_gap = 2;
// A column is not cut below this: what is left would say nothing.
constexpr std::size_t k_least_width = 8;

// The character at the start of `text` and its length in bytes; a byte that begins none counts as one of its own.
struct Character {
    std::int32_t code_point = 0xFFFD;
    std::size_t bytes = 1;
};
Character first_character(std::string_view text) {
    std::int32_t code_point = 0;
    const auto bytes = utf8proc_iterate(reinterpret_cast<const std::uint8_t*>(text.data()),
                                        static_cast<utf8proc_ssize_t>(text.size()), &code_point);
    return bytes > 0 ? Character{code_point, static_cast<std::size_t>(bytes)} : Character{};
}

std::size_t width_of(std::int32_t code_point) {
    return static_cast<std::size_t>(std::max(0, utf8proc_charwidth(code_point)));
}

bool turns_direction(std::int32_t c) {
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F;
}

}  // namespace

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    while (!text.empty()) {
        const Character character = first_character(text);
        width += width_of(character.code_point);
        text.remove_prefix(character.bytes);
    }
    return width;
}

std::string cut_to_width(std::string_view text, std::size_t columns) {
    if (display_width(text) <= columns) return std::string(text);
    if (columns == 0) return {};
    std::size_t width = 0;
    std::size_t end = 0;
    while (end < text.size()) {
        const Character character = first_character(text.substr(end));
        width += width_of(character.code_point);
        if (width > columns - 1) break;
        end += character.bytes;
    }
    std::string_view kept = text.substr(0, end);
    while (kept.ends_with(' ')) kept.remove_suffix(1);
    return std::string(kept) + "…";
}

std::string printable(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const Character character = first_character(text);
        const std::int32_t c = character.code_point;
        const bool is_control = c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
        if (c == '\n' || c == '\t' || c == '\r')
            out += ' ';
        else if (is_control || (c == 0xFFFD && character.bytes == 1))
            out += "\xEF\xBF\xBD";
        else if (!turns_direction(c))
            out += text.substr(0, character.bytes);
        text.remove_prefix(character.bytes);
    }
    return out;
}

std::string styled(std::string_view text, Style style, Color color) {
    const char* code = nullptr;
    switch (style) {
        case Style::plain: break;
        case Style::good: code = "\x1b[32m"; break;
        case Style::bad: code = "\x1b[31m"; break;
        case Style::dim: code = "\x1b[2m"; break;
        case Style::strong: code = "\x1b[1m"; break;
    }
    if (color == Color::off || code == nullptr || text.empty()) return std::string(text);
    return std::string(code).append(text).append("\x1b[0m");
}

void Table::add(std::vector<Cell> row) {
    for (Cell& cell : row) cell.text = printable(cell.text);
    rows_.push_back(std::move(row));
}

std::vector<std::size_t> Table::widths(std::size_t limit, Header header) const {
    std::vector<std::size_t> widths;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        std::size_t width = std::max(columns_[i].least, header == Header::yes ? display_width(columns_[i].title) : 0);
        for (const auto& row : rows_) width = std::max(width, display_width(row[i].text));
        widths.push_back(width);
    }
    if (limit == 0) return widths;
    std::size_t total = std::accumulate(widths.begin(), widths.end(), k_gap * (columns_.size() - 1));
    // One column at a time from the widest that may shrink, so that they meet in the middle.
    while (total > limit) {
        std::size_t widest = columns_.size();
        for (std::size_t i = 0; i < columns_.size(); ++i)
            if (columns_[i].fit == Fit::shrink && widths[i] > k_least_width &&
                (widest == columns_.size() || widths[i] > widths[widest]))
                widest = i;
        if (widest == columns_.size()) break;
        --widths[widest];
        --total;
    }
    return widths;
}

std::string Table::text(std::size_t width, Color color, Header header) const {
    const std::vector<std::size_t> widths = this->widths(width, header);
    std::string out;
    const auto add_line = [&](const std::vector<Cell>& row) {
        std::string line;
        std::size_t pending = 0;  // spaces that only what follows will need
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            const std::string shown = cut_to_width(row[i].text, widths[i]);
            const std::size_t padding = widths[i] - std::min(display_width(shown), widths[i]);
            if (columns_[i].align == Align::right) pending += padding;
            if (!shown.empty()) {
                line.append(pending, ' ').append(styled(shown, row[i].style, color));
                pending = 0;
            }
            if (columns_[i].align == Align::left) pending += padding;
            pending += k_gap;
        }
        out += line + "\n";
    };
    if (header == Header::yes) {
        std::vector<Cell> titles;
        for (const Column& column : columns_) titles.push_back({column.title, Style::strong});
        add_line(titles);
    }
    for (const auto& row : rows_) add_line(row);
    return out;
}

}  // namespace agg::aggctl
