#include "aggd/commit_queue.hpp"

#include <boost/asio/redirect_error.hpp>

namespace agg::aggd {
namespace {

constexpr std::size_t k_polls_per_transaction = 64;

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
    boost::system::error_code ignored;
    co_await waiting->done.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    if (waiting->failure) std::rethrow_exception(waiting->failure);
    if (!waiting->finished) throw std::runtime_error("the commit was not waited for");
    co_return waiting->committed;
}

Task<void> CommitQueue::drain() {
    while (!waiting_.empty()) {
        const auto count = static_cast<std::ptrdiff_t>(std::min(waiting_.size(), k_polls_per_transaction));
        std::vector<std::shared_ptr<Waiting>> batch(waiting_.begin(), waiting_.begin() + count);
        waiting_.erase(waiting_.begin(), waiting_.begin() + count);
        std::vector<store::Poll> polls;
        for (const auto& waiting : batch) polls.push_back(std::move(waiting->poll));
        auto work = [this, polls = std::move(polls)] { return writer_.commit(polls); };
        try {
            const store::Commit commit = co_await run_on(writer_pool_, std::move(work));
            for (std::size_t i = 0; i < batch.size(); ++i) batch[i]->committed = {commit.generation, commit.polls[i]};
            failure_.clear();
        } catch (const std::exception& failure) {
            failure_ = failure.what();
            for (const auto& waiting : batch) waiting->failure = std::current_exception();
        }
        for (const auto& waiting : batch) {
            waiting->finished = true;
            waiting->done.cancel();
        }
    }
    draining_ = false;
}

}  // namespace agg::aggd
