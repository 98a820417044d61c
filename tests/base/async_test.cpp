#include "base/async.hpp"

#include <stdexcept>
#include <thread>

#include <boost/asio/io_context.hpp>

#include <catch2/catch.hpp>

using namespace agg;

namespace {

struct Seen {
    std::thread::id before, work, after;
    std::string value, thrown;
};

Task<void> cross_over(asio::thread_pool& pool, Seen& seen) {
    seen.before = std::this_thread::get_id();
    auto work = [&seen] {
        seen.work = std::this_thread::get_id();
        return std::string("done");
    };
    seen.value = co_await run_on(pool, std::move(work));
    seen.after = std::this_thread::get_id();
}

Task<void> throw_over(asio::thread_pool& pool, Seen& seen) {
    auto work = []() -> int { throw std::runtime_error("broken disk"); };
    try {
        co_await run_on(pool, std::move(work));
    } catch (const std::runtime_error& failure) {
        seen.thrown = failure.what();
    }
}

}  // namespace

TEST_CASE("work runs on the pool and the coroutine goes on at home") {
    asio::io_context io;
    asio::thread_pool pool(1);
    Seen seen;
    spawn(io.get_executor(), "test", cross_over(pool, seen));
    io.run();
    CHECK(seen.value == "done");
    CHECK(seen.work != seen.before);
    CHECK(seen.after == seen.before);
}

TEST_CASE("what the work throws arrives in the coroutine") {
    asio::io_context io;
    asio::thread_pool pool(1);
    Seen seen;
    spawn(io.get_executor(), "test", throw_over(pool, seen));
    io.run();
    CHECK(seen.thrown == "broken disk");
}
