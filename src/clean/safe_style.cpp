#include "clean/safe_style.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"

namespace agg::clean {
namespace {

// Properties that change how text looks and cannot lift it out of its place. In byte order.
constexpr auto k_properties = std::to_array<std::string_view>({
    "background",
    "background-color",
    "background-x",
    "background-y",
    "border",
    "border-bottom",
    "border-bottom-color",
    "border-bottom-style",
    "border-bottom-width",
    "border-collapse",
    "border-color",
    "border-left",
    "border-left-color",
    "border-left-style",
    "border-left-width",
    "border-radius",
    "border-right",
    "border-right-color",
    "border-right-style",
    "border-right-width",
    "border-spacing",
    "border-style",
    "border-top",
    "border-top-color",
    "border-top-style",
    "border-top-width",
    "border-width",
    "caption-side",
    "clear",
    "color",
    "cursor",
    "direction",
    "display",
    "empty-cells",
    "float",
    "font",
    "font-family",
    "font-size",
    "font-style",
    "font-variant",
    "font-weight",
    "height",
    "hyphens",
    "letter-spacing",
    "line-height",
    "list-style",
    "list-style-type",
    "margin",
    "margin-bottom",
    "margin-left",
    "margin-right",
    "margin-top",
    "max-height",
    "max-width",
    "min-height",
    "min-width",
    "overflow",
    "padding",
    "padding-bottom",
    "padding-left",
    "padding-right",
    "padding-top",
    "quotes",
    "ruby-position",
    "table-layout",
    "text-align",
    "text-decoration",
    "text-indent",
    "text-transform",
    "unicode-bidi",
    "vertical-align",
    "white-space",
    "width",
    "word-break",
    "word-spacing",
    "writing-mode",
});
static_assert(std::is_sorted(k_properties.begin(), k_properties.end()));

constexpr auto k_colour_functions = std::to_array<std::string_view>({"hsl", "hsla", "rgb", "rgba"});

// Lengths beyond these push the rest of a page out of sight.
constexpr double k_max_points = 2000;
constexpr double k_max_units = 200;

bool is_word_character(char c) { return is_ascii_alpha(c) || is_ascii_digit(c) || c == '-' || c == '_'; }

// Reads a value from left to right; every reader returns false at what it does not know.
class ValueReader {
  public:
    explicit ValueReader(std::string_view value) : rest_(value) {}

    bool is_plain() {
        while (!rest_.empty()) {
            const char c = rest_.front();
            if (is_ascii_space(c) || c == ',' || c == '/' || c == '!') {
                if (rest_.starts_with("/*")) return false;
                rest_.remove_prefix(1);
            } else if (c == '#') {
                rest_.remove_prefix(1);
                skip_word();
            } else if (c == '"' || c == '\'') {
                if (!read_quoted(c)) return false;
            } else if (is_ascii_digit(c) || c == '.' || c == '+') {
                if (!read_number()) return false;
            } else if (is_ascii_alpha(c)) {
                if (!read_word()) return false;
            } else {
                return false;
            }
        }
        return true;
    }

  private:
    std::string_view skip_word() {
        std::size_t length = 0;
        while (length < rest_.size() && is_word_character(rest_[length])) ++length;
        const std::string_view word = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return word;
    }

    bool read_quoted(char quote) {
        const std::size_t end = rest_.find(quote, 1);
        if (end == std::string_view::npos) return false;
        const std::string_view name = rest_.substr(1, end - 1);
        rest_.remove_prefix(end + 1);
        return std::all_of(name.begin(), name.end(), [](char c) { return is_word_character(c) || c == ' '; });
    }

    bool read_number() {
        if (rest_.front() == '+') rest_.remove_prefix(1);
        double number = 0;
        const auto [end, error] =
            std::from_chars(rest_.data(), rest_.data() + rest_.size(), number, std::chars_format::fixed);
        if (error != std::errc{}) return false;
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
        if (rest_.starts_with('%')) {
            rest_.remove_prefix(1);
            return number <= k_max_units;
        }
        const std::string_view unit = skip_word();
        if (!std::all_of(unit.begin(), unit.end(), [](char c) { return is_ascii_alpha(c); })) return false;
        const bool fine = unit.empty() || iequals(unit, "px") || iequals(unit, "pt") || iequals(unit, "ms");
        return number <= (fine ? k_max_points : k_max_units);
    }

    bool read_word() {
        const std::string_view word = skip_word();
        if (!rest_.starts_with('(')) return true;
        if (std::find(k_colour_functions.begin(), k_colour_functions.end(), ascii_lower(word)) ==
            k_colour_functions.end())
            return false;
        const std::size_t end = rest_.find(')');
        if (end == std::string_view::npos) return false;
        const std::string_view arguments = rest_.substr(1, end - 1);
        rest_.remove_prefix(end + 1);
        return arguments.find_first_not_of("0123456789.,%/ ") == std::string_view::npos;
    }

    std::string_view rest_;
};

// What is left of a background when its picture is gone is a colour; the rest says how to lay out the picture.
bool is_background_of_picture(std::string_view name, std::string_view value) {
    if (!iequals(name, "background")) return false;
    const auto words = split(value, ' ');
    return std::any_of(words.begin(), words.end(), [](std::string_view word) {
        return istarts_with(word, "repeat") || iequals(word, "no-repeat") || iequals(word, "scroll") ||
               iequals(word, "fixed");
    });
}

// Calls `visit(name, value)` for each declaration until it returns false.
template <typename Visit>
void each_declaration(std::string_view style, Visit visit) {
    for (const std::string_view declaration : split(style, ';')) {
        const std::size_t colon = declaration.find(':');
        if (colon == std::string_view::npos) continue;
        if (!visit(trim(declaration.substr(0, colon)), trim(declaration.substr(colon + 1)))) return;
    }
}

}  // namespace

std::string safe_style(std::string_view style) {
    std::string out;
    each_declaration(style, [&](std::string_view name, std::string_view value) {
        if (value.empty() || !std::binary_search(k_properties.begin(), k_properties.end(), ascii_lower(name)))
            return true;
        if (!ValueReader(value).is_plain() || is_background_of_picture(name, value)) return true;
        if (!out.empty()) out += ' ';
        out.append(name).append(": ").append(value).append(";");
        return true;
    });
    return out;
}

std::string_view style_value(std::string_view style, std::string_view property) {
    std::string_view found;
    each_declaration(style, [&](std::string_view name, std::string_view value) {
        if (iequals(name, property)) found = value;
        return found.empty();
    });
    return found;
}

}  // namespace agg::clean
