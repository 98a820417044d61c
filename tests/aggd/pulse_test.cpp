#include "aggd/pulse.hpp"

#include <future>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

using namespace agg;
using namespace agg::aggd;
using namespace std::chrono_literals;

namespace {

// A thread that can be held up, and a pulse of it.
struct House {
    asio::io_context io;
    asio::thread_pool pool{1};
    std::promise<void> release;
    Pulse pulse;

    explicit House(std::chrono::milliseconds patience, bool throws = false)
        : pulse(
              io.get_executor(),
              [this, throws]() -> Task<void> {
                  auto work = [throws] {
                      if (throws) throw std::runtime_error("the disk is on fire");
                      return true;
                  };
                  (void)co_await run_on(pool, std::move(work));
              },
              patience) {}
    void hold_up() {
        asio::post(pool, [released = release.get_future().share()] { released.wait(); });
    }
    std::string take() {
        std::string problem = "none came";
        asio::co_spawn(io, pulse.take(), [&](std::exception_ptr, std::string said) {
            problem = std::move(said);
            io.stop();
        });
        io.restart();
        io.run();
        return problem;
    }
};

}  // namespace

TEST_CASE("a thread that gets on with its work has a pulse") {
    House house(10s);
    CHECK(house.take().empty());
    CHECK(house.take().empty());
}

TEST_CASE("a thread that hangs is told, and that it has come back") {
    House house(20ms);
    house.hold_up();
    CHECK_THAT(house.take(), Catch::StartsWith("has not answered for 0 s"));
    CHECK_THAT(house.take(), Catch::StartsWith("has not answered for 0 s"));
    house.release.set_value();
    // The work that was sent before is what comes back, or the next.
    std::string problem = house.take();
    for (int i = 0; i < 500 && !problem.empty(); ++i) problem = house.take();
    CHECK(problem.empty());
}

TEST_CASE("many who ask at once are all told the truth") {
    House house(10s);
    int asked = 0, fine = 0;
    const auto ask = [&](auto& self) -> void {
        ++asked;
        asio::co_spawn(house.io, house.pulse.take(), [&](std::exception_ptr, const std::string& problem) {
            fine += problem.empty() ? 1 : 0;
            if (asked < 200) self(self);
        });
    };
    for (int i = 0; i < 5; ++i) ask(ask);
    house.io.run();
    CHECK(fine == asked);
}

TEST_CASE("what the work throws is what is wrong") {
    House house(10s, true);
    CHECK(house.take() == "the disk is on fire");
}
