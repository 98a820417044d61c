// New stories as they come: server-sent events (WHATWG HTML, 9.2).
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/async.hpp"
#include "serve/http.hpp"
#include "serve/view_spec.hpp"
#include "store/reader_pool.hpp"

namespace agg::serve {

struct EventLimits {
    std::size_t streams = 100;  // at once; more get 503
    std::size_t batch = 50;     // stories that wait in memory for one client
    std::chrono::milliseconds heartbeat{30'000};
    std::chrono::milliseconds retry{2'000};  // how long clients shall wait before they come back
};

// Belongs to the io thread; stories are read on `pool`, for one piece of a stream at a time, so that a stream holds no
// reader while its client takes its time. Nothing wakes up for a stream but new stories and the heartbeat, which all
// share. `pool` and `readers` must outlive the io_context that the streams run on.
class Events {
  public:
    // `store_identity` is part of each event's id, so that another database's are told apart.
    Events(asio::any_io_executor executor, asio::thread_pool& pool, store::ReaderPool& readers,
           std::string store_identity, std::uint64_t generation, EventLimits limits = {});
    ~Events();

    // Answers a GET of /events: the stories of `spec` that arrive from now on; first those after the Last-Event-ID
    // (header, or parameter last_event_id) if there is one, else the last `spec.selection.limit` if the request says
    // how many ("n"). With follow=false the stream ends when nothing more is there.
    [[nodiscard]] Task<Response> answer(Request request, ViewSpec spec);

    // To be called after each commit, and after each change of the full-text index.
    void stored(std::uint64_t generation);
    void indexed();

    // Ends all streams, now and later.
    void stop();

    [[nodiscard]] std::size_t open() const;

  private:
    class Stream;
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace agg::serve
