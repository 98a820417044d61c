// Changes in how the feeds do, as a feed of their own: broken, recovered, moved, gone and so on, each once.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "serve/entry.hpp"
#include "serve/http.hpp"
#include "serve/views.hpp"
#include "store/health_rows.hpp"

namespace agg::serve {

// An event as an entry: what happened, and the command that mends it or tells more. `store_identity` makes its id unique.
[[nodiscard]] Entry entry_of(const store::StoredHealthEvent& stored, const std::string& store_identity);

// The newest `limit` events, the newest first. Called on the pool, by several of its threads at once.
using ReadHealth = std::function<std::vector<store::StoredHealthEvent>(std::size_t limit)>;

// Belongs to the io thread; reading and writing run on the pool, which must outlive the io_context.
class HealthFeed {
  public:
    HealthFeed(asio::thread_pool& pool, ReadHealth read, std::string store_identity, std::string base_url)
        : pool_(pool),
          read_(std::move(read)),
          store_identity_(std::move(store_identity)),
          base_url_(std::move(base_url)) {}

    // Answers a GET or HEAD: 200 with the newest hundred events, 304 when If-None-Match names them. Throws what the
    // reading threw.
    [[nodiscard]] Task<Response> answer(Request request, ViewFormat format);

  private:
    asio::thread_pool& pool_;
    ReadHealth read_;
    std::string store_identity_;
    std::string base_url_;  // "http://127.0.0.1:8137/"
};

}  // namespace agg::serve
