// The views in their formats, rendered once and served from memory until something in them changes.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/async.hpp"
#include "serve/http.hpp"
#include "serve/negotiation.hpp"
#include "serve/view_spec.hpp"
#include "store/reader.hpp"

namespace agg::serve {

struct ViewsSetup {
    std::string store_identity;    // of the database, from its making on: letters, digits and "-"; part of ETags and of
                                   // the feeds' id
    std::uint64_t generation = 0;  // store::Writer::generation() at the start
    std::uint64_t marks = 0;       // store::Reader::marks() at the start
    std::string base_url;          // "http://127.0.0.1:8137/": self links start with it
    std::size_t cache_bytes = 64 * 1024 * 1024;
};

// store::Reader::page. Called on the pool, by several of its threads at once: each needs a Reader of its own.
using ReadPage = std::function<store::Page(const store::Selection& selection, std::uint64_t known)>;

// Belongs to the io thread; queries, rendering and compression run on the pool. Many requests for what is not in memory
// share one rendering. `pool` must outlive it, and it must outlive the io_context that its callers run on.
class Views {
  public:
    Views(asio::thread_pool& pool, ReadPage read_page, ViewsSetup setup);

    // What is stored has changed: to be called after each commit, and after each change of marks. Older numbers than
    // those known are ignored. A view is not made anew before it is asked for, and then only when what it shows has
    // changed.
    void changed(std::uint64_t generation);
    void marks_changed(std::uint64_t marks);

    // Answers a GET or HEAD of a view: 200; 304 when If-None-Match names what it would send; 226 with the entries that
    // the client does not have when it says A-IM: feed and its If-None-Match names a representation that is remembered
    // (RFC 3229; newsboat and liferea ask so). There is no Last-Modified: newsboat drops the body of a 200 whose
    // Last-Modified is not newer than the one it holds, whatever the ETag says. Throws what the reading threw.
    [[nodiscard]] Task<Response> answer(Request request, ViewSpec spec);

    [[nodiscard]] const std::string& base_url() const { return setup_.base_url; }
    [[nodiscard]] std::size_t cached_bytes() const { return cached_bytes_; }

  private:
    // The stories of a representation, to know what a client has that names it.
    using Outline = std::vector<std::pair<StoryId, std::uint64_t>>;
    struct Version {
        std::uint64_t fingerprint = 0;
        std::shared_ptr<const Outline> outline;
    };
    struct Rendered {
        std::uint64_t generation = 0;  // up to these it is known to be what is stored
        std::uint64_t marks = 0;
        Version version;
        std::shared_ptr<const std::string> body;
    };
    struct Flight;
    struct Cached {
        Rendered rendered;  // no body: nothing yet
        std::shared_ptr<Flight> flight;
        std::deque<Version> versions;  // sent before, the last one first; of the identity coding only
        std::uint64_t last_use = 0;
    };
    using Key = std::pair<std::string, Coding>;

    [[nodiscard]] Task<Rendered> get(ViewSpec spec, Coding coding);
    [[nodiscard]] Task<Rendered> render(ViewSpec spec, Coding coding, Rendered before);
    [[nodiscard]] Task<Response> answer_with_news(ViewSpec spec, Coding coding, std::shared_ptr<const Outline> known);
    [[nodiscard]] std::shared_ptr<const Outline> known_to(const std::string& if_none_match, const ViewSpec& spec) const;
    [[nodiscard]] std::string etag(const ViewSpec& spec, Coding coding, std::uint64_t fingerprint) const;
    [[nodiscard]] static std::size_t bytes_of(const Rendered& rendered, Coding coding);
    void keep(Cached& cached, Rendered rendered, Coding coding);
    void make_room();

    asio::thread_pool& pool_;
    ReadPage read_page_;
    ViewsSetup setup_;
    std::uint64_t uses_ = 0;
    std::size_t cached_bytes_ = 0;
    std::map<Key, Cached> cached_;
};

}  // namespace agg::serve
