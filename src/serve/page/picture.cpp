#include "serve/page/picture.hpp"

#include <algorithm>

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

void write_label(Html& page, double x, double y, const char* anchor, std::string_view text) {
    page.element("text", text, {{"x", pixels(x)}, {"y", pixels(y)}, {"text-anchor", anchor}});
}

}  // namespace

void write_sparkline(Html& page, const std::vector<std::uint32_t>& values, std::string_view label) {
    page.open("svg", {{"class", "spark"},
                      {"viewBox", fmt::format("0 0 {} 20", values.size() * 4)},
                      {"role", "img"},
                      {"aria-label", label}});
    // One path: a page of 500 feeds has 500 of these.
    const double most = largest(values);
    std::string path;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (values[i] > 0) path += fmt::format("M{} 20v-{:.1f}h3V20", i * 4, std::max(1.5, 20 * values[i] / most));
    page.element("path", "", {{"class", "bar"}, {"d", path}});
    page.close();
}

void write_bars(Html& page, const Bars& bars) {
    constexpr double k_left = 40, k_width = 720, k_height = 160, k_bottom = 170;
    page.open("svg", {{"class", "bars"}, {"viewBox", "0 0 780 190"}, {"role", "img"}, {"aria-label", bars.title}});
    const double most = largest(bars.values);
    const double step = k_width / static_cast<double>(std::max<std::size_t>(bars.values.size(), 1));
    page.element("line", "", {{"class", "axis"}, {"x1", "40"}, {"x2", "760"}, {"y1", "170"}, {"y2", "170"}});
    write_label(page, k_left - 6, k_bottom - k_height + 10, "end", fmt::format("{:.0f}", most));
    write_label(page, k_left - 6, k_bottom, "end", "0");
    for (std::size_t i = 0; i < bars.values.size(); ++i) {
        const double x = k_left + static_cast<double>(i) * step;
        page.open("g").element("title",
                               fmt::format("{}: {}, of these {}", bars.names[i], bars.values[i], bars.parts[i]));
        write_bar(page, "bar", x + 1, step - 2, k_height * bars.values[i] / most, k_bottom);
        write_bar(page, "bar2", x + 1, step - 2, k_height * bars.parts[i] / most, k_bottom);
        page.close();
        // From the last one back, so that today is always named.
        if ((bars.values.size() - 1 - i) % 7 == 0)
            write_label(page, x + step / 2, k_bottom + 14, "middle", bars.names[i]);
    }
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
