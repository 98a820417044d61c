// Brings what is stored in step with rules that have changed, between the commits of polls.
#pragma once

#include <functional>

#include <boost/asio/steady_timer.hpp>

#include "aggd/commit_queue.hpp"
#include "base/async.hpp"

namespace agg::aggd {

// Lives on the io thread, and must outlive its io_context.
class RuleCatchUp {
  public:
    // `ruled` is called on the io thread after every batch that ruled on something.
    RuleCatchUp(asio::any_io_executor executor, CommitQueue& commits, store::Writer& writer,
                std::function<void(const store::RuledBatch& batch)> ruled)
        : executor_(executor), commits_(commits), writer_(writer), ruled_(std::move(ruled)), done_(executor) {}

    // The writer has been given rules, perhaps others than before.
    void start();
    void stop() { stopping_ = true; }

    // Returns when nothing waits any more, or at the stop.
    [[nodiscard]] Task<void> finished();

  private:
    [[nodiscard]] Task<void> run();

    asio::any_io_executor executor_;
    CommitQueue& commits_;
    store::Writer& writer_;
    std::function<void(const store::RuledBatch&)> ruled_;
    asio::steady_timer done_;
    bool running_ = false;
    bool more_ = false;
    bool stopping_ = false;
};

}  // namespace agg::aggd
