// The way to the writer thread: finished polls that wait share one transaction. While the database takes nothing (a
// full disk), they wait, and with them their places in the poller: nothing that was fetched is dropped, and no more is.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "base/async.hpp"
#include "store/trouble.hpp"
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

    // Stores a finished poll and returns when that is committed, however long the database takes nothing. Throws what
    // the transaction threw when this poll is the reason, or the database is damaged, or after stop(): nothing is
    // stored then.
    [[nodiscard]] Task<Committed> commit(store::Poll poll);

    // Waits for the database no longer.
    void stop();

    // Polls that wait for the transaction that runs.
    [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

    // Why polls wait or are lost, as a sentence that says what to do; empty: they are stored.
    [[nodiscard]] const std::string& failure() const { return failure_; }

    // Runs another change on the writer's thread, between transactions. It may throw store::Trouble.
    template <typename Work>
    [[nodiscard]] auto run(Work work) {
        auto told = [this, work = std::move(work)]() mutable { return store::telling_trouble(writer_.path(), work); };
        return run_on(writer_pool_, std::move(told));
    }

  private:
    struct Waiting;
    using Batch = std::vector<std::shared_ptr<Waiting>>;
    [[nodiscard]] Task<void> drain();
    [[nodiscard]] Task<void> store_batch(Batch batch);
    void take_note_of(const store::Trouble& trouble);
    void take_note_of_success();

    asio::any_io_executor executor_;
    asio::thread_pool& writer_pool_;
    store::Writer& writer_;
    std::vector<std::shared_ptr<Waiting>> waiting_;
    bool draining_ = false;
    asio::steady_timer pause_{executor_};
    bool stopping_ = false;
    bool is_damaged_ = false;  // which no later success makes good
    std::string failure_;
};

}  // namespace agg::aggd
