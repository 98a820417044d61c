#include "aggd/search_feeder.hpp"

#include <chrono>

#include <boost/asio/redirect_error.hpp>

#include "base/memory.hpp"

namespace agg::aggd {
namespace {

// Long enough for the polls of a moment to share a batch.
constexpr std::chrono::seconds k_delay{1};
// A commit waits for one batch at most: a tenth of a second.
constexpr std::size_t k_batch = 500;
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
        more_ = false;
        boost::system::error_code cancelled;
        pause_.expires_after(k_delay);
        co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
        for (bool waiting = true; waiting && !stopping_;) {
            auto work = [this] { return writer_.index_pending(k_batch); };
            store::Indexed indexed;
            try {
                indexed = co_await commits_.run(std::move(work));
            } catch (const std::exception& failure) {
                // What waits stays noted in the database; the next commit tries again.
                log::write(is_failing_ ? log::Level::debug : log::Level::error,
                           fmt::format("the full-text index could not be fed: {}", failure.what()));
                is_failing_ = true;
                break;
            }
            is_failing_ = false;
            waiting = indexed.stories == k_batch;
            if (indexed.stories > 0) indexed_(indexed.marks);
            since_rest_ += indexed.stories;
        }
        if (!more_ && !stopping_ && since_rest_ >= k_worth_a_rest) co_await rest();
    }
    feeding_ = false;
}

Task<void> SearchFeeder::rest() {
    since_rest_ = 0;
    auto work = [this] {
        writer_.rest();
        give_back_memory();
        return true;
    };
    (void)co_await commits_.run(std::move(work));
}

}  // namespace agg::aggd
