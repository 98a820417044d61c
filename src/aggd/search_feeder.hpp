// Feeds the full-text index between the commits of polls.
#pragma once

#include <cstdint>
#include <functional>

#include <boost/asio/steady_timer.hpp>

#include "aggd/commit_queue.hpp"
#include "aggd/rest.hpp"
#include "base/async.hpp"

namespace agg::aggd {

// Lives on the io thread, and must outlive its io_context.
class SearchFeeder {
  public:
    // `indexed` is called on the io thread when searches find more than before.
    SearchFeeder(asio::any_io_executor executor, CommitQueue& commits, store::Writer& writer, Rest& rest,
                 std::function<void(std::uint64_t marks)> indexed)
        : executor_(executor),
          commits_(commits),
          writer_(writer),
          rest_(rest),
          indexed_(std::move(indexed)),
          pause_(executor) {}

    // Something has been stored: it is in the index when nothing more has been for a second, or four seconds later, or
    // as soon as what waits before it is.
    void stored();
    void stop();

  private:
    [[nodiscard]] Task<void> feed();
    [[nodiscard]] Task<void> wait_for_quiet();
    [[nodiscard]] Task<void> index_all();

    asio::any_io_executor executor_;
    CommitQueue& commits_;
    store::Writer& writer_;
    Rest& rest_;
    std::function<void(std::uint64_t)> indexed_;
    asio::steady_timer pause_;
    std::size_t since_rest_ = 0;  // stories that were indexed
    bool feeding_ = false;
    bool more_ = false;
    bool stopping_ = false;
    bool is_failing_ = false;  // and the log has told
};

}  // namespace agg::aggd
