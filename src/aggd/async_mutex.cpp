#include "aggd/async_mutex.hpp"

namespace agg::aggd {

Task<AsyncMutex::Lock> AsyncMutex::lock() {
    if (held_) {
        auto turn = std::make_shared<Turn>(executor_);
        waiting_.push_back(turn);
        co_await wait_on(turn->wake);
        if (!turn->given) {
            std::erase(waiting_, turn);
            throw boost::system::system_error(asio::error::operation_aborted);
        }
    }
    held_ = true;
    co_return Lock(*this);
}

void AsyncMutex::release() {
    held_ = !waiting_.empty();  // handed on, so that nobody slips in between
    if (waiting_.empty()) return;
    waiting_.front()->given = true;
    waiting_.front()->wake.cancel();
    waiting_.pop_front();
}

}  // namespace agg::aggd
