// Lets go of memory after busy moments: a start, a reload, many polls at once. What is needed again is read again, so
// that it is not done after every poll.
#pragma once

#include <cstddef>

#include <boost/asio/steady_timer.hpp>

#include "aggd/commit_queue.hpp"
#include "base/async.hpp"
#include "store/reader_pool.hpp"
#include "store/writer.hpp"

namespace agg::aggd {

// Lives on the io thread, and must outlive its io_context.
class Rest {
  public:
    Rest(asio::any_io_executor executor, CommitQueue& commits, store::Writer& writer, store::ReaderPool& readers)
        : executor_(executor), commits_(commits), writer_(writer), readers_(readers), pause_(executor) {}

    // A poll, or another change.
    void stored();

    // Something is over, or in its midst, that is worth a rest by itself.
    void worked_hard();

    void stop();

  private:
    [[nodiscard]] Task<void> rest_when_quiet();

    asio::any_io_executor executor_;
    CommitQueue& commits_;
    store::Writer& writer_;
    store::ReaderPool& readers_;
    asio::steady_timer pause_;
    std::size_t changes_ = 0;  // since the last rest
    bool waiting_ = false;
    bool stopping_ = false;
};

}  // namespace agg::aggd
