#include "aggd/commit_queue.hpp"

#include <algorithm>
#include <chrono>

#include "aggd/message_ids.hpp"
#include "base/log_fields.hpp"

namespace agg::aggd {
namespace {

constexpr std::size_t k_polls_per_transaction = 64;
constexpr std::chrono::seconds k_shortest_pause{1};
constexpr std::chrono::seconds k_longest_pause{30};

}  // namespace

struct CommitQueue::Waiting {
    Waiting(const asio::any_io_executor& executor, store::Poll to_store)
        : poll(std::move(to_store)), done(executor, asio::steady_timer::time_point::max()) {}

    store::Poll poll;
    asio::steady_timer done;
    Committed committed;
    std::exception_ptr failure;
    bool finished = false;
};

Task<Committed> CommitQueue::commit(store::Poll poll) {
    auto waiting = std::make_shared<Waiting>(executor_, std::move(poll));
    waiting_.push_back(waiting);
    if (!draining_) {
        draining_ = true;
        spawn(executor_, "commit", drain());
    }
    co_await wait_on(waiting->done);
    if (waiting->failure) std::rethrow_exception(waiting->failure);
    if (!waiting->finished) throw std::runtime_error("the commit was not waited for");
    co_return waiting->committed;
}

void CommitQueue::stop() {
    stopping_ = true;
    pause_.cancel();
}

Task<void> CommitQueue::drain() {
    while (!waiting_.empty()) {
        const auto count = static_cast<std::ptrdiff_t>(std::min(waiting_.size(), k_polls_per_transaction));
        Batch batch(waiting_.begin(), waiting_.begin() + count);
        waiting_.erase(waiting_.begin(), waiting_.begin() + count);
        co_await store_batch(std::move(batch));
    }
    draining_ = false;
}

// Waits as long as the database takes nothing.
Task<void> CommitQueue::store_batch(Batch batch) {
    auto polls = std::make_shared<std::vector<store::Poll>>();
    for (const auto& waiting : batch) polls->push_back(std::move(waiting->poll));
    store::Commit commit;
    std::exception_ptr failure;
    bool one_may_be_to_blame = false;
    for (auto pause = k_shortest_pause;; pause = std::min(2 * pause, k_longest_pause)) {
        bool waits = false;
        failure = nullptr;
        auto work = [this, polls] { return writer_.commit(*polls); };
        try {
            commit = co_await run(std::move(work));
            take_note_of_success();
        } catch (const store::Trouble& trouble) {
            failure = std::current_exception();
            take_note_of(trouble);
            one_may_be_to_blame = trouble.kind() == store::Trouble::Kind::damage;
            waits = trouble.kind() == store::Trouble::Kind::passing && !stopping_;
        } catch (const std::exception&) {
            failure = std::current_exception();
            one_may_be_to_blame = true;
        }
        if (!waits) break;
        pause_.expires_after(pause);
        co_await wait_on(pause_);
    }
    if (failure && one_may_be_to_blame && batch.size() > 1) {
        for (std::size_t i = 0; i < batch.size(); ++i) {
            batch[i]->poll = std::move((*polls)[i]);
            Batch alone = {batch[i]};
            co_await store_batch(std::move(alone));
        }
        co_return;
    }
    for (std::size_t i = 0; i < batch.size(); ++i) {
        batch[i]->failure = failure;
        if (!failure) batch[i]->committed = {commit.generation, commit.polls[i]};
        batch[i]->finished = true;
        batch[i]->done.cancel();
    }
}

void CommitQueue::take_note_of(const store::Trouble& trouble) {
    is_damaged_ = is_damaged_ || trouble.kind() == store::Trouble::Kind::damage;
    if (failure_ == trouble.what()) return;
    failure_ = trouble.what();
    log::write(log::Level::error, {.message_id = message_id::k_not_storing},
               fmt::format("what polls bring cannot be stored: {}{}", failure_,
                           is_damaged_ ? "" : "; aggd keeps it and tries again by itself"));
}

void CommitQueue::take_note_of_success() {
    if (failure_.empty() || is_damaged_) return;
    failure_.clear();
    log::write(log::Level::info, {.message_id = message_id::k_storing}, "what polls bring is stored again");
}

}  // namespace agg::aggd
