// Between coroutines on the io thread and work on thread pools.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.hpp"

namespace agg {

namespace asio = boost::asio;

template <typename T>
using Task = asio::awaitable<T>;

// What run_on does with work of any kind, compiled once: Asio costs seconds wherever such work is handed over.
[[nodiscard]] Task<void> run_job_on(asio::thread_pool& pool, std::function<void()> job);

// Runs `work()` on `pool` and resumes the calling coroutine on its own executor with what it returned or threw.
// `work` must own what it touches, or its owner must outlive the call; it is destroyed on the pool. With g++ 12, name
// the lambda before this call:
//     auto work = [...] { ... };
//     auto value = co_await run_on(pool, std::move(work));
template <typename Work, typename T = std::invoke_result_t<Work&>>
[[nodiscard]] Task<T> run_on(asio::thread_pool& pool, Work work) {
    static_assert(!std::is_void_v<T>, "return something: what was done");
    std::optional<T> value;
    std::function<void()> job = [&work, &value] {
        Work once = std::move(work);
        value.emplace(once());
    };
    co_await run_job_on(pool, std::move(job));
    co_return std::move(*value);
}

// Starts `task` on `executor`; an exception that leaves it is logged with `name` and goes no further.
void spawn(const asio::any_io_executor& executor, std::string name, Task<void> task);

// Returns when `timer` has expired or was cancelled.
[[nodiscard]] Task<void> wait_on(asio::steady_timer& timer);

}  // namespace agg
