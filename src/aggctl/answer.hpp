// Answers of the control API, read without trust: what is missing or of another type is empty, so that an older or
// newer daemon never breaks aggctl.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "base/time.hpp"

namespace agg::aggctl {

namespace json = boost::json;

[[nodiscard]] std::string text_of(const json::object& object, std::string_view key);
[[nodiscard]] std::uint64_t number_of(const json::object& object, std::string_view key);
[[nodiscard]] bool truth_of(const json::object& object, std::string_view key);
[[nodiscard]] std::optional<TimePoint> time_of(const json::object& object, std::string_view key);
[[nodiscard]] std::vector<std::string> texts_of(const json::object& object, std::string_view key);

// The objects of an array, others left out; the object itself, or an empty one.
[[nodiscard]] std::vector<json::object> objects_of(const json::object& object, std::string_view key);
[[nodiscard]] json::object object_of(const json::object& object, std::string_view key);

// The object that `text` is; absent when it is none.
[[nodiscard]] std::optional<json::object> read_answer(std::string_view text);

}  // namespace agg::aggctl
