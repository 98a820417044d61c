#include "store/revisions.hpp"

#include <algorithm>
#include <array>

#include <boost/json.hpp>

namespace agg::store {
namespace {

namespace json = boost::json;

constexpr std::size_t k_max_bytes = 64 * 1024;

struct Field {
    const char* name;
    std::string Version::*text;
};
constexpr std::array k_fields = {Field{"title", &Version::title}, Field{"link", &Version::link},
                                 Field{"summary", &Version::summary_html}, Field{"content", &Version::content_html}};

bool continues_character(const std::string& text, std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

}  // namespace

Version version_of(const Item& item) { return {item.title, item.link, item.summary_html, item.content_html}; }

std::string difference(const Version& older, const Version& newer) {
    json::object all;
    for (const Field& field : k_fields) {
        const std::string& before = older.*field.text;
        const std::string& after = newer.*field.text;
        if (before == after) continue;
        const std::size_t shorter = std::min(before.size(), after.size());
        std::size_t head = 0;
        while (head < shorter && before[head] == after[head]) ++head;
        // JSON holds whole characters only.
        while (head > 0 && (continues_character(before, head) || continues_character(after, head))) --head;
        std::size_t tail = 0;
        while (tail < shorter - head && before[before.size() - 1 - tail] == after[after.size() - 1 - tail]) ++tail;
        while (tail > 0 && continues_character(before, before.size() - tail)) --tail;
        all[field.name] = json::array{head, tail, before.substr(head, before.size() - head - tail)};
    }
    std::string text = json::serialize(all);
    return text.size() <= k_max_bytes ? text : std::string();
}

std::optional<Version> older_version(const Version& newer, std::string_view difference) {
    if (difference.empty()) return std::nullopt;
    Version older = newer;
    const json::value parsed = json::parse(difference);
    for (const Field& field : k_fields) {
        const json::value* change = parsed.as_object().if_contains(field.name);
        if (change == nullptr) continue;
        const auto head = change->at(0).to_number<std::size_t>();
        const auto tail = change->at(1).to_number<std::size_t>();
        std::string& text = older.*field.text;
        if (head + tail > text.size()) return std::nullopt;
        text = text.substr(0, head) + std::string(change->at(2).as_string()) + text.substr(text.size() - tail);
    }
    return older;
}

}  // namespace agg::store
