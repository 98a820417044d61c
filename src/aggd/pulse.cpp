#include "aggd/pulse.hpp"

#include <boost/asio/co_spawn.hpp>

namespace agg::aggd {

Task<std::string> Pulse::take() {
    if (answered_ == sent_) {
        ++sent_;
        sent_at_ = std::chrono::steady_clock::now();
        asio::co_spawn(executor_, beat_(), [this](const std::exception_ptr& thrown) { came_back(thrown); });
    }
    const std::uint64_t awaited = sent_;
    asio::steady_timer patience(executor_, patience_);
    waiting_.insert(&patience);
    if (answered_ < awaited) co_await wait_on(patience);
    waiting_.erase(&patience);
    // Another piece may have been sent before this coroutine goes on.
    if (answered_ >= awaited) co_return failure_;
    const auto silent = std::chrono::steady_clock::now() - sent_at_;
    co_return fmt::format("has not answered for {} s",
                          std::chrono::duration_cast<std::chrono::seconds>(silent).count());
}

void Pulse::came_back(const std::exception_ptr& thrown) {
    ++answered_;
    failure_.clear();
    try {
        if (thrown) std::rethrow_exception(thrown);
    } catch (const std::exception& failure) {
        failure_ = failure.what();
    }
    for (asio::steady_timer* timer : waiting_) timer->cancel();
}

}  // namespace agg::aggd
