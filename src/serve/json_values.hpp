// How values stand in the JSON that aggd writes: texts are valid UTF-8, times as in RFC 3339, an absent time is left
// out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "base/text.hpp"
#include "base/time.hpp"

namespace agg::serve {

namespace json = boost::json;

[[nodiscard]] inline json::string text(std::string_view value) { return json::string(to_valid_utf8(value)); }

[[nodiscard]] inline json::array texts(const std::vector<std::string>& values) {
    json::array array;
    for (const std::string& value : values) array.emplace_back(text(value));
    return array;
}

[[nodiscard]] inline json::string time(TimePoint value) { return json::string(to_rfc3339(value)); }

inline void set_time(json::object& object, const char* name, const std::optional<TimePoint>& value) {
    if (value) object[name] = time(*value);
}

// The whole answer.
[[nodiscard]] inline std::string line(const json::object& object) { return json::serialize(object) + "\n"; }

}  // namespace agg::serve
