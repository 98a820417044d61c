#include "aggctl/answer.hpp"

namespace agg::aggctl {
namespace {

std::string to_text(const json::string& text) { return {text.data(), text.size()}; }

}  // namespace

std::string text_of(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? to_text(value->get_string()) : "";
}

std::uint64_t number_of(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    if (value == nullptr) return 0;
    json::error_code not_a_number;
    const auto number = value->to_number<std::uint64_t>(not_a_number);
    return not_a_number ? 0 : number;
}

bool truth_of(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_bool() && value->get_bool();
}

std::optional<TimePoint> time_of(const json::object& object, std::string_view key) {
    return parse_rfc3339(text_of(object, key));
}

std::vector<std::string> texts_of(const json::object& object, std::string_view key) {
    std::vector<std::string> texts;
    const json::value* value = object.if_contains(key);
    if (value == nullptr || !value->is_array()) return texts;
    for (const json::value& item : value->get_array())
        if (item.is_string()) texts.push_back(to_text(item.get_string()));
    return texts;
}

std::vector<json::object> objects_of(const json::object& object, std::string_view key) {
    std::vector<json::object> objects;
    const json::value* value = object.if_contains(key);
    if (value == nullptr || !value->is_array()) return objects;
    for (const json::value& item : value->get_array())
        if (item.is_object()) objects.push_back(item.get_object());
    return objects;
}

json::object object_of(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_object() ? value->get_object() : json::object{};
}

std::optional<json::object> read_answer(std::string_view text) {
    json::error_code not_json;
    json::value value = json::parse(text, not_json);
    if (not_json || !value.is_object()) return std::nullopt;
    return std::move(value.get_object());
}

}  // namespace agg::aggctl
