#include "dedup/page_key.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.hpp"

namespace agg::dedup {
namespace {

constexpr std::size_t k_min_digits = 5;
constexpr std::size_t k_min_words = 4;

// Second levels under which countries register names.
constexpr auto k_second_levels = std::to_array<std::string_view>(
    {"ac", "co", "com", "edu", "go", "gob", "gov", "gov", "info", "ne", "net", "nom", "or", "org"});

bool is_date(std::string_view digits) {
    return digits.size() == 8 && (digits.starts_with("19") || digits.starts_with("20")) &&
           digits.substr(4, 2) <= "12" && digits.substr(6, 2) <= "31";
}

// The last number of the address that is long enough to be an article's, and no date.
std::string_view number_of(std::string_view rest) {
    for (std::size_t end = rest.size(); end > 0; --end) {
        if (!is_ascii_digit(rest[end - 1])) continue;
        std::size_t begin = end;
        while (begin > 0 && is_ascii_digit(rest[begin - 1])) --begin;
        const std::string_view digits = rest.substr(begin, end - begin);
        if (digits.size() >= k_min_digits && !is_date(digits)) return digits;
        end = begin + 1;
    }
    return {};
}

std::string_view slug_of(std::string_view path) {
    path = path.substr(0, path.find_first_of("?#"));
    const std::vector<std::string_view> segments = split(path, '/');
    for (auto segment = segments.rbegin(); segment != segments.rend(); ++segment) {
        const auto breaks =
            std::count_if(segment->begin(), segment->end(), [](char c) { return c == '-' || c == '_'; });
        if (static_cast<std::size_t>(breaks) + 1 >= k_min_words) return segment->substr(0, segment->rfind('.'));
    }
    return {};
}

}  // namespace

std::string_view owner_of(std::string_view canonical_url) {
    const std::string_view host = canonical_url.substr(0, canonical_url.find_first_of(":/"));
    std::vector<std::string_view> labels = split(host, '.');
    if (labels.size() > 1) labels.pop_back();
    const bool second_level =
        std::find(k_second_levels.begin(), k_second_levels.end(), labels.back()) != k_second_levels.end();
    if (labels.size() > 1 && second_level) labels.pop_back();
    return labels.back();
}

std::string page_key(std::string_view canonical_url) {
    const std::size_t slash = canonical_url.find('/');
    if (slash == std::string_view::npos) return {};
    const std::string_view rest = canonical_url.substr(slash);
    std::string_view name = number_of(rest);
    if (name.empty()) name = slug_of(rest);
    if (name.empty()) return {};
    return std::string(owner_of(canonical_url)) + " " + ascii_lower(name);
}

}  // namespace agg::dedup
