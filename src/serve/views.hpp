// The merged feed in its formats, rendered once per change and served from memory until the next.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <tuple>

#include "base/async.hpp"
#include "serve/http.hpp"
#include "serve/negotiation.hpp"
#include "store/reader.hpp"

namespace agg::serve {

enum class ViewFormat { atom, rss, json_feed };

struct ViewsSetup {
    std::string store_identity;    // of the database, from its making on: letters, digits and "-"; part of ETags and of
                                   // the feeds' id
    std::uint64_t generation = 0;  // store::Writer::generation() at the start
    std::string base_url;          // "http://127.0.0.1:8137/": self links start with it
    std::string title = "aggd";    // of the merged feed
};

// Reads the newest `limit` stories. Called on the pool, by several of its threads at once: each needs a Reader of its
// own.
using ReadNewest = std::function<store::Page(std::size_t limit)>;

// Belongs to the io thread; queries, rendering and compression run on the pool. Many requests for what is not in memory
// share one rendering. `pool` must outlive it, and it must outlive the io_context that its callers run on.
class Views {
  public:
    Views(asio::thread_pool& pool, ReadNewest read_newest, ViewsSetup setup);

    // What is stored has changed: to be called after each commit. Older numbers than the one known are ignored.
    void changed(std::uint64_t generation);

    // Answers a GET or HEAD of the merged feed: 200, 304 when If-None-Match names what it would send, 400 when `n` is
    // not 1 to 1000 (default 100). There is no Last-Modified: newsboat drops the body of a 200 whose Last-Modified is
    // not newer than the one it holds, whatever the ETag says. Throws what the reading threw.
    [[nodiscard]] Task<Response> answer(Request request, ViewFormat format);

  private:
    struct Key {
        ViewFormat format;
        std::size_t limit;
        Coding coding;
        friend auto operator<=>(const Key&, const Key&) = default;
    };
    struct Rendered {
        std::uint64_t generation = 0;
        std::shared_ptr<const std::string> body;
    };
    struct Flight;
    struct Cached {
        Rendered rendered;  // no body: nothing yet
        std::shared_ptr<Flight> flight;
        std::uint64_t last_use = 0;
    };

    [[nodiscard]] Task<Rendered> get(Key key);
    [[nodiscard]] Task<Rendered> render(Key key);
    [[nodiscard]] std::string etag(const Key& key, std::uint64_t generation) const;
    void make_room();

    asio::thread_pool& pool_;
    ReadNewest read_newest_;
    ViewsSetup setup_;
    std::uint64_t uses_ = 0;
    std::map<Key, Cached> cached_;
};

}  // namespace agg::serve
