#include "serve/request_members.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"

namespace agg::serve {
namespace {

namespace json = boost::json;

const char* type_name(const json::value& value) {
    switch (value.kind()) {
        case json::kind::null: return "null";
        case json::kind::bool_: return "true or false";
        case json::kind::int64:
        case json::kind::uint64:
        case json::kind::double_: return "a number";
        case json::kind::string: return "a string";
        case json::kind::array: return "an array";
        case json::kind::object: return "an object";
    }
    return "something else";
}

}  // namespace

RequestMembers::RequestMembers(std::string_view body) {
    if (trim(body).empty()) return;
    boost::system::error_code problem;
    json::value document = json::parse(json::string_view(body.data(), body.size()), problem);
    if (problem)
        problem_ = fmt::format("The request is not JSON: {}.", problem.message());
    else if (!document.is_object())
        problem_ = fmt::format("The request must be a JSON object, not {}.", type_name(document));
    else
        object_ = std::move(document.as_object());
}

void RequestMembers::read(const char* name, std::string& value) {
    if (const json::value* member = find(name)) take(name, *member, value);
}

void RequestMembers::read(const char* name, bool& value) {
    const json::value* member = find(name);
    if (!member) return;
    if (member->is_bool())
        value = member->as_bool();
    else
        wrong_type(name, "true or false", *member);
}

void RequestMembers::read(const char* name, std::vector<std::string>& values) {
    const json::value* member = find(name);
    if (!member) return;
    if (!member->is_array()) return wrong_type(name, "an array of strings", *member);
    for (const json::value& each : member->as_array()) take(name, each, values.emplace_back());
}

std::string RequestMembers::problem() const {
    if (!problem_.empty()) return problem_;
    for (const auto& member : object_) {
        const std::string_view name(member.key().data(), member.key().size());
        if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
        std::string hint;
        for (const std::string& known : known_)
            if (edit_distance(name.substr(0, 40), known) <= 2) hint = fmt::format(" Did you mean \"{}\"?", known);
        return fmt::format("Unknown member \"{}\" in the request.{}", truncate_utf8(name, 80), hint);
    }
    return {};
}

const json::value* RequestMembers::find(const char* name) {
    known_.emplace_back(name);
    return object_.if_contains(name);
}

void RequestMembers::take(const char* name, const json::value& member, std::string& value) {
    if (member.is_string())
        value = json::value_to<std::string>(member);
    else
        wrong_type(name, "a string", member);
}

void RequestMembers::wrong_type(const char* name, const char* wanted, const json::value& found) {
    if (problem_.empty()) problem_ = fmt::format("\"{}\" must be {}, not {}.", name, wanted, type_name(found));
}

}  // namespace agg::serve
