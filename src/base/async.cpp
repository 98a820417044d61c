#include "base/async.hpp"

#include <exception>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/redirect_error.hpp>

namespace agg {

Task<void> run_job_on(asio::thread_pool& pool, std::function<void()> job) {
    // `co_await post(pool, use_awaitable)` would resume on the caller's executor before the work: post it by hand.
    auto initiate = [&pool, job = std::move(job)](auto handler) mutable {
        auto home = asio::prefer(asio::get_associated_executor(handler), asio::execution::outstanding_work.tracked);
        asio::post(pool, [home = std::move(home), job = std::move(job), handler = std::move(handler)]() mutable {
            std::exception_ptr thrown;
            try {
                job();
            } catch (...) {
                thrown = std::current_exception();
            }
            asio::dispatch(home, [thrown, handler = std::move(handler)]() mutable { std::move(handler)(thrown); });
        });
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr)>(std::move(initiate),
                                                                                           asio::use_awaitable);
}

void spawn(const asio::any_io_executor& executor, std::string name, Task<void> task) {
    asio::co_spawn(executor, std::move(task), [name = std::move(name)](std::exception_ptr thrown) {
        if (!thrown) return;
        try {
            std::rethrow_exception(thrown);
        } catch (const std::exception& failure) {
            log::error("{}: {}", name, failure.what());
        }
    });
}

Task<void> wait_on(asio::steady_timer& timer) {
    boost::system::error_code cancelled;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
}

}  // namespace agg
