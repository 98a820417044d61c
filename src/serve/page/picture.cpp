#include "serve/page/picture.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace agg::serve::page {
namespace {

std::string pixels(double value) { return fmt::format("{:.1f}", value); }
std::string pixels(std::size_t value) { return fmt::format("{}", value); }

// As much of a name as stands before a row.
std::string shortened(const std::string& name) {
    constexpr std::size_t k_characters = 24;
    std::size_t characters = 0, end = 0;
    for (; end < name.size() && characters <= k_characters; ++end)
        if ((static_cast<unsigned char>(name[end]) & 0xC0) != 0x80) ++characters;
    if (characters <= k_characters) return name;
    return name.substr(0, end - 1) + "…";
}

std::uint32_t largest(const std::vector<std::uint32_t>& values) {
    const auto found = std::max_element(values.begin(), values.end());
    return found == values.end() ? 0 : std::max(*found, 1U);
}

void write_bar(Html& page, const char* look, double x, double width, double height, double bottom) {
    page.element("rect", "",
                 {{"class", look},
                  {"x", pixels(x)},
                  {"y", pixels(bottom - height)},
                  {"width", pixels(width)},
                  {"height", pixels(height)}});
}

void open_spark(Html& page, std::size_t days, std::string_view label) {
    page.open("svg", {{"class", "spark"},
                      {"viewBox", fmt::format("0 0 {} 20", days * 4)},
                      {"preserveAspectRatio", "none"},
                      {"role", "img"},
                      {"aria-label", label}});
}

void write_line(Html& page, const char* look, double y, double width) {
    page.element("line", "",
                 {{"class", look}, {"x1", "0"}, {"x2", pixels(width)}, {"y1", pixels(y)}, {"y2", pixels(y)}});
}

void write_label(Html& page, double x, double y, const char* anchor, std::string_view text) {
    page.element("text", text, {{"x", pixels(x)}, {"y", pixels(y)}, {"text-anchor", anchor}});
}

}  // namespace

void open_table(Html& page, const char* look, std::initializer_list<Column> columns) {
    page.open("table", {{"class", look}}).open("thead").open("tr");
    for (const Column& column : columns)
        page.element("th", column.name, {{"scope", "col"}, {"class", column.is_number ? "number" : k_absent}});
    page.close().close().open("tbody");
}

void close_table(Html& page) { page.close().close(); }

void write_sparkline(Html& page, const std::vector<std::uint32_t>& values, std::string_view label) {
    open_spark(page, values.size(), label);
    // One path: a page of 500 feeds has 500 of these.
    const double most = largest(values);
    std::string path;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (values[i] > 0) path += fmt::format("M{} 20v-{:.0f}h3V20", i * 4, std::max(2.0, 20 * values[i] / most));
    page.element("path", "", {{"class", "bar"}, {"d", path}});
    page.close();
}

void write_answers(Html& page, const std::vector<std::uint32_t>& polls, const std::vector<std::uint32_t>& failures,
                   std::string_view label) {
    open_spark(page, polls.size(), label);
    // Days alike are one shape: most feeds answer well for a month.
    std::string polled, failed;
    const auto share = [&](std::size_t day) {
        if (polls[day] == 0) return -1L;
        return failures[day] == 0 ? 0L : std::lround(std::max(3.0, 20.0 * failures[day] / polls[day]));
    };
    for (std::size_t begin = 0, end = 0; begin < polls.size(); begin = end) {
        while (end < polls.size() && share(end) == share(begin)) ++end;
        if (share(begin) < 0) continue;
        const std::size_t left = begin * 4, width = (end - begin) * 4 - 1;
        polled += fmt::format("M{} 20V0h{}v20", left, width);
        if (share(begin) > 0) failed += fmt::format("M{} 0v{}h{}V0", left, share(begin), width);
    }
    page.element("path", "", {{"class", "well"}, {"d", polled}});
    if (!failed.empty()) page.element("path", "", {{"class", "ill"}, {"d", failed}});
    page.close();
}

void write_bars(Html& page, const Bars& bars) {
    constexpr double k_width = 780, k_top = 26, k_height = 150, k_bottom = k_top + k_height;
    page.open("svg", {{"class", "bars"}, {"viewBox", "0 0 780 208"}, {"role", "img"}, {"aria-label", bars.title}});
    std::uint64_t highest = bars.level.value_or(1);
    for (const std::uint64_t value : bars.values) highest = std::max(highest, value);
    const auto height = [&](std::uint64_t value) {
        return k_height * static_cast<double>(value) / static_cast<double>(highest);
    };
    const double step = k_width / static_cast<double>(std::max<std::size_t>(bars.values.size(), 1));
    write_line(page, "grid", k_top, k_width);
    write_label(page, 0, k_top - 6, "start", bars.in_words(highest));
    for (std::size_t i = 0; i < bars.values.size(); ++i) {
        const double x = static_cast<double>(i) * step;
        std::string words = fmt::format("{}: {}", bars.names[i], bars.in_words(bars.values[i]));
        if (!bars.parts.empty()) words += fmt::format(", of these {}", bars.in_words(bars.parts[i]));
        page.open("g").element("title", words);
        write_bar(page, "bar", x + 2, step - 4, height(bars.values[i]), k_bottom);
        if (!bars.parts.empty()) write_bar(page, bars.part_look, x + 2, step - 4, height(bars.parts[i]), k_bottom);
        page.close();
        // From the last one back, so that today is always named.
        if ((bars.values.size() - 1 - i) % 7 == 0)
            write_label(page, i + 1 == bars.values.size() ? k_width : x + step / 2, k_bottom + 25,
                        i + 1 == bars.values.size() ? "end" : "middle", bars.names[i]);
    }
    write_line(page, "axis", k_bottom, k_width);
    if (bars.level) write_line(page, "level", k_bottom - height(*bars.level), k_width);
    page.close();
}

void write_squares(Html& page, const Squares& squares) {
    constexpr std::size_t k_left = 170, k_top = 20, k_size = 22;
    const std::size_t count = squares.names.size();
    const std::size_t width = k_left + count * k_size + 4;
    const std::size_t height = k_top + count * k_size + 4;
    std::uint32_t most = 1;
    for (const auto& row : squares.values) most = std::max(most, largest(row));
    page.open("svg", {{"viewBox", fmt::format("0 0 {} {}", width, height)},
                      {"width", pixels(width)},
                      {"height", pixels(height)},
                      {"role", "img"},
                      {"aria-label", squares.title}});
    for (std::size_t row = 0; row < count; ++row) {
        const auto middle = static_cast<double>(k_top + row * k_size + k_size / 2 + 4);
        write_label(page, k_left - 6, middle, "end", fmt::format("{}  {}", shortened(squares.names[row]), row + 1));
        write_label(page, static_cast<double>(k_left + row * k_size + k_size / 2), k_top - 6, "middle",
                    fmt::format("{}", row + 1));
        for (std::size_t column = 0; column < count; ++column) {
            if (row == column) continue;
            const std::uint32_t value = squares.values[row][column];
            page.open("rect", {{"class", value == 0 ? "none" : "cell"},
                               {"x", pixels(k_left + column * k_size)},
                               {"y", pixels(k_top + row * k_size)},
                               {"width", pixels(k_size)},
                               {"height", pixels(k_size)},
                               {"opacity", value == 0 ? "1" : fmt::format("{:.2f}", 0.15 + 0.85 * value / most)}});
            page.element("title", fmt::format("{} before {}: {}", squares.names[row], squares.names[column], value));
            page.close();
        }
    }
    page.close();
}

}  // namespace agg::serve::page
