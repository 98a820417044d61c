#include "aggd/search_feeder.hpp"

#include <algorithm>

namespace agg::aggd {
namespace {

using namespace std::chrono_literals;

// While polls come close after one another they have the machine, and share a batch: an index that takes much at once
// merges less.
constexpr auto k_quiet = 1s;
constexpr auto k_longest_delay = 4s;
constexpr std::size_t k_worth_a_rest = 2'000;  // stories

}  // namespace

void SearchFeeder::stored() {
    more_ = true;
    if (feeding_ || stopping_) return;
    feeding_ = true;
    spawn(executor_, "the full-text index", feed());
}

void SearchFeeder::stop() {
    stopping_ = true;
    pause_.cancel();
}

Task<void> SearchFeeder::feed() {
    while (more_ && !stopping_) {
        co_await wait_for_quiet();
        try {
            co_await index_all();
            is_failing_ = false;
        } catch (const std::exception& failure) {
            // What waits stays noted in the database; the next commit tries again.
            log::write(is_failing_ ? log::Level::debug : log::Level::error,
                       fmt::format("the full-text index could not be fed: {}", failure.what()));
            is_failing_ = true;
        }
    }
    feeding_ = false;
}

Task<void> SearchFeeder::wait_for_quiet() {
    const auto latest = std::chrono::steady_clock::now() + k_longest_delay;
    while (more_ && !stopping_ && std::chrono::steady_clock::now() < latest) {
        more_ = false;
        pause_.expires_at(std::min(std::chrono::steady_clock::now() + k_quiet, latest));
        co_await wait_on(pause_);
    }
    more_ = false;
}

Task<void> SearchFeeder::index_all() {
    for (bool waiting = true; waiting && !stopping_;) {
        auto index = [this] { return writer_.index_pending(store::k_indexed_at_once); };
        const store::Indexed indexed = co_await commits_.run(std::move(index));
        waiting = indexed.stories == store::k_indexed_at_once;
        if (indexed.stories > 0) indexed_(indexed.marks);
        since_rest_ += indexed.stories;
    }
    if (since_rest_ < k_worth_a_rest) co_return;
    since_rest_ = 0;
    rest_.worked_hard();
}

}  // namespace agg::aggd
