// Stories and requests that tests start from.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "serve/entry.hpp"
#include "serve/http.hpp"

namespace agg::serve::test {

[[nodiscard]] TimePoint at(const char* rfc3339);

[[nodiscard]] store::Member member(std::string outlet, std::string title, std::string link);
[[nodiscard]] store::Story story(int number, std::vector<store::Member> members);
[[nodiscard]] store::Story simple_story(int number = 1, std::string title = "A title");
// Everything that an item can have, in scripts and with characters that need care.
[[nodiscard]] store::Story rich_story();

[[nodiscard]] Request request(std::string method, std::string_view target, Headers headers = {}, std::string body = "");
[[nodiscard]] Request over_unix(Request request, std::uint32_t uid);

// Runs `task` to its end on an io_context of its own, and throws what it throws.
void run_to_end(Task<void> task);

template <typename T>
Task<void> take(Task<T> task, std::optional<T>& result) {
    result.emplace(co_await std::move(task));
}

// The same, for what it returns.
template <typename T>
T run(Task<T> task) {
    std::optional<T> result;
    run_to_end(take(std::move(task), result));
    return std::move(result).value();
}

}  // namespace agg::serve::test
