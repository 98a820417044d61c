// The way to the writer thread: finished polls that wait share one transaction.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "base/async.hpp"
#include "store/writer.hpp"

namespace agg::aggd {

struct Committed {
    std::uint64_t generation = 0;
    store::Ingest ingest;
};

// Lives on the io thread; the Writer is only touched on the writer's pool, which has one thread.
class CommitQueue {
  public:
    CommitQueue(asio::any_io_executor executor, asio::thread_pool& writer_pool, store::Writer& writer)
        : executor_(std::move(executor)), writer_pool_(writer_pool), writer_(writer) {}

    // Stores a finished poll and returns when that is committed. Throws what the transaction threw: nothing is stored
    // then.
    [[nodiscard]] Task<Committed> commit(store::Poll poll);

    // Polls that wait for the transaction that runs.
    [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

    // Why the last transaction of polls failed; empty: it did not.
    [[nodiscard]] const std::string& failure() const { return failure_; }

    // Runs another change on the writer's thread, between transactions.
    template <typename Work>
    [[nodiscard]] auto run(Work work) {
        return run_on(writer_pool_, std::move(work));
    }

  private:
    struct Waiting;
    [[nodiscard]] Task<void> drain();

    asio::any_io_executor executor_;
    asio::thread_pool& writer_pool_;
    store::Writer& writer_;
    std::vector<std::shared_ptr<Waiting>> waiting_;
    bool draining_ = false;
    std::string failure_;
};

}  // namespace agg::aggd
