// Between coroutines on the io thread and work on thread pools.
#pragma once

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.hpp"

namespace agg {

namespace asio = boost::asio;

template <typename T>
using Task = asio::awaitable<T>;

// Runs `work()` on `pool` and resumes the calling coroutine on its own executor with what it returned or threw.
// `work` must own what it touches, or its owner must outlive the call. With g++ 12, name the lambda before this call:
//     auto work = [...] { ... };
//     auto value = co_await run_on(pool, std::move(work));
template <typename Work, typename T = std::invoke_result_t<Work&>>
[[nodiscard]] Task<T> run_on(asio::thread_pool& pool, Work work) {
    static_assert(!std::is_void_v<T>, "return something: what was done");
    // `co_await post(pool, use_awaitable)` would resume on the caller's executor before the work: post it by hand.
    auto initiate = [&pool, work = std::move(work)](auto handler) mutable {
        auto home = asio::prefer(asio::get_associated_executor(handler), asio::execution::outstanding_work.tracked);
        asio::post(pool, [home = std::move(home), work = std::move(work), handler = std::move(handler)]() mutable {
            std::exception_ptr thrown;
            std::optional<T> value;
            try {
                value.emplace(work());
            } catch (...) {
                thrown = std::current_exception();
            }
            asio::dispatch(home, [thrown, value = std::move(value), handler = std::move(handler)]() mutable {
                std::move(handler)(thrown, std::move(value));
            });
        });
    };
    std::optional<T> value =
        co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr, std::optional<T>)>(
            std::move(initiate), asio::use_awaitable);
    co_return std::move(*value);
}

// Starts `task` on `executor`; an exception that leaves it is logged with `name` and goes no further.
template <typename Executor>
void spawn(const Executor& executor, std::string name, Task<void> task) {
    asio::co_spawn(executor, std::move(task), [name = std::move(name)](std::exception_ptr thrown) {
        if (!thrown) return;
        try {
            std::rethrow_exception(thrown);
        } catch (const std::exception& failure) {
            log::error("{}: {}", name, failure.what());
        }
    });
}

}  // namespace agg
