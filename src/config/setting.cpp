#include "config/setting.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "config/document.hpp"
#include "config/keys.hpp"

namespace agg::config {
namespace {

// What is wrong with `KEY = value`; "" when nothing is.
std::string problem_with(const Key<Feed>& key, std::string_view value) {
    const auto document = read_document(fmt::format("\"{}\" = {}", key.name, value));
    if (!document) return document.error().message;
    if (document->size() != 1) return "is more than one value";
    Findings findings("feeds.conf");
    Feed feed;
    key.read({document->front().node, key.name, "[feed.NAME]", findings}, feed);
    const std::vector<Problem> problems = findings.take();
    return problems.empty() ? "" : problems.front().message;
}

std::vector<std::string> parts_of(std::string_view text) {
    std::vector<std::string> parts;
    for (const std::string_view part : split(text, ','))
        if (!trim(part).empty()) parts.emplace_back(trim(part));
    return parts;
}

}  // namespace

std::string toml_string(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
            out += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
        else
            out += c;
    }
    return out + '"';
}

std::string toml_array(const std::vector<std::string>& texts) {
    std::vector<std::string> quoted;
    std::transform(texts.begin(), texts.end(), std::back_inserter(quoted), toml_string);
    return fmt::format("[{}]", fmt::join(quoted, ", "));
}

Result<std::string> toml_value(const Setting& setting) {
    const auto key = std::find_if(k_feed_keys.begin(), k_feed_keys.end(),
                                  [&](const Key<Feed>& known) { return known.name == setting.key; });
    if (key == k_feed_keys.end()) {
        return fail(ErrorKind::invalid, "a feed has no setting \"{}\"{}", truncate_utf8(setting.key, 80),
                    suggest_key(setting.key, "feed"));
    }
    const std::string as_text = toml_string(to_valid_utf8(setting.text));
    const std::string problem = problem_with(*key, as_text);
    if (problem.empty()) return as_text;
    const bool is_one_line = setting.text.find_first_of("\r\n#") == std::string::npos;
    if (is_one_line && problem_with(*key, setting.text).empty()) return std::string(trim(setting.text));
    const std::string as_list = toml_array(parts_of(to_valid_utf8(setting.text)));
    if (problem_with(*key, as_list).empty()) return as_list;
    return fail(ErrorKind::invalid, "{}={}: {}", setting.key, truncate_utf8(setting.text, 80), problem);
}

std::optional<std::string> typed_text(const Node& value) {
    if (const auto* text = value.as<std::string>()) return *text;
    if (const auto* number = value.as<std::int64_t>()) return std::to_string(*number);
    if (const auto* number = value.as<double>()) return fmt::format("{}", *number);
    if (const auto* truth = value.as<bool>()) return *truth ? "true" : "false";
    const auto* array = value.as<Array>();
    if (array == nullptr) return std::nullopt;
    std::vector<std::string> texts;
    for (const Node& node : *array) {
        const auto* text = node.as<std::string>();
        if (text == nullptr) return std::nullopt;
        texts.push_back(*text);
    }
    const std::string joined = fmt::format("{}", fmt::join(texts, ","));
    const bool is_plain = !joined.starts_with('[') && parts_of(joined) == texts;
    return is_plain ? joined : toml_array(texts);
}

bool is_feed_key(std::string_view key) {
    return std::any_of(k_feed_keys.begin(), k_feed_keys.end(),
                       [&](const Key<Feed>& known) { return known.name == key; });
}

bool is_portable(std::string_view key) {
    constexpr std::array<std::string_view, 8> portable = {"title",        "tags",   "interval", "min_interval",
                                                          "max_interval", "paused", "keep",     "dedup"};
    return std::find(portable.begin(), portable.end(), key) != portable.end();
}

}  // namespace agg::config
