#include "aggd/rest.hpp"

#include <chrono>

#include "base/log.hpp"
#include "base/memory.hpp"

namespace agg::aggd {
namespace {

constexpr std::size_t k_worth_a_rest = 200;  // polls and other changes
constexpr std::chrono::seconds k_quiet{2};
constexpr int k_longest_wait = 60;  // times that: thousands of feeds are never quiet

}  // namespace

void Rest::stored() {
    if (++changes_ >= k_worth_a_rest) worked_hard();
}

void Rest::worked_hard() {
    if (waiting_ || stopping_) return;
    waiting_ = true;
    spawn(executor_, "a rest", rest_when_quiet());
}

void Rest::stop() {
    stopping_ = true;
    pause_.cancel();
}

Task<void> Rest::rest_when_quiet() {
    std::size_t before = 0;
    for (int wait = 0; !stopping_ && wait < k_longest_wait && (wait == 0 || changes_ != before); ++wait) {
        before = changes_;
        pause_.expires_after(k_quiet);
        co_await wait_on(pause_);
    }
    changes_ = 0;
    waiting_ = false;
    if (stopping_) co_return;
    auto work = [this] {
        writer_.rest();
        readers_.rest();
        give_back_memory();
        return true;
    };
    try {
        (void)co_await commits_.run(std::move(work));
    } catch (const std::exception& failure) {
        log::debug("no rest: {}", failure.what());
    }
}

}  // namespace agg::aggd
