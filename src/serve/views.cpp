#include "serve/views.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/text.hpp"
#include "serve/gzip.hpp"
#include "serve/writers.hpp"
#include "version.hpp"

namespace agg::serve {
namespace {

constexpr std::size_t k_default_entries = 100;
constexpr std::size_t k_max_entries = 1000;
// Whoever asks for many different `n` must not fill the memory.
constexpr std::size_t k_max_views_in_memory = 24;

struct FormatFacts {
    const char* name;
    const char* path;
    const char* media_type;
    std::string (*write)(const ViewInfo&, const std::vector<Entry>&);
};

const FormatFacts& facts(ViewFormat format) {
    static constexpr FormatFacts k_atom{"atom", "feed.atom", "application/atom+xml; charset=utf-8", write_atom};
    static constexpr FormatFacts k_rss{"rss", "feed.rss", "application/rss+xml; charset=utf-8", write_rss};
    static constexpr FormatFacts k_json{"json", "feed.json", "application/feed+json", write_json_feed};
    switch (format) {
        case ViewFormat::atom: return k_atom;
        case ViewFormat::rss: return k_rss;
        case ViewFormat::json_feed: return k_json;
    }
    return k_atom;
}

Result<std::size_t> entry_count(const Request& request) {
    const auto text = request.parameter("n");
    if (!text) return k_default_entries;
    std::size_t count = 0;
    const char* const end = text->data() + text->size();
    const auto read = std::from_chars(text->data(), end, count);
    if (read.ec != std::errc{} || read.ptr != end || count < 1 || count > k_max_entries)
        return fail(ErrorKind::invalid, "n is the number of entries, 1 to {}; \"{}\" is not.", k_max_entries,
                    truncate_utf8(*text, 40));
    return count;
}

}  // namespace

// A rendering under way. Who comes meanwhile waits for `landed`, a timer that never fires and is cancelled at the end.
struct Views::Flight {
    explicit Flight(const asio::any_io_executor& executor) : landed(executor) {
        landed.expires_at(asio::steady_timer::time_point::max());
    }
    asio::steady_timer landed;
    bool done = false;
    Rendered rendered;
    std::exception_ptr thrown;
};

Views::Views(asio::thread_pool& pool, ReadNewest read_newest, ViewsSetup setup)
    : pool_(pool), read_newest_(std::move(read_newest)), setup_(std::move(setup)) {}

void Views::changed(std::uint64_t generation) {
    if (generation <= setup_.generation) return;
    setup_.generation = generation;
    // Nobody is given these any more.
    std::erase_if(
        cached_, [&](const auto& each) { return !each.second.flight && each.second.rendered.generation < generation; });
}

std::string Views::etag(const Key& key, std::uint64_t generation) const {
    // The version stands for the way of writing: another release may write other bytes for the same stories.
    return fmt::format("\"{}-{}-{}-{}-{}{}\"", setup_.store_identity, generation, facts(key.format).name, key.limit,
                       k_version, key.coding == Coding::gzip ? "-gzip" : "");
}

Task<Response> Views::answer(Request request, ViewFormat format) {
    const auto limit = entry_count(request);
    if (!limit) co_return text_response(400, limit.error().message);
    const Key key{format, *limit, choose_coding(request.header("Accept-Encoding").value_or(""))};
    const std::string known = request.header("If-None-Match").value_or("");

    Response answer;
    std::string tag = etag(key, setup_.generation);
    answer.status = 304;
    if (!etag_matches(known, tag)) {
        const Rendered rendered = co_await get(key);
        // The store may have moved on between the announced generation and the snapshot that was read.
        tag = etag(key, rendered.generation);
        if (!etag_matches(known, tag)) {
            answer.status = 200;
            answer.body = rendered.body;
            answer.headers.emplace_back("Content-Type", facts(format).media_type);
            if (key.coding == Coding::gzip) answer.headers.emplace_back("Content-Encoding", "gzip");
        }
    }
    answer.headers.emplace_back("ETag", std::move(tag));
    answer.headers.emplace_back("Cache-Control", "private, no-cache");
    answer.headers.emplace_back("Vary", "Accept-Encoding");
    co_return answer;
}

Task<Views::Rendered> Views::get(Key key) {
    const std::uint64_t wanted = setup_.generation;
    for (;;) {
        Cached& cached = cached_[key];
        cached.last_use = ++uses_;
        if (cached.rendered.body && cached.rendered.generation >= wanted) co_return cached.rendered;
        if (!cached.flight) break;
        const std::shared_ptr<Flight> flight = cached.flight;
        boost::system::error_code cancelled;
        while (!flight->done) co_await flight->landed.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
        if (flight->thrown) std::rethrow_exception(flight->thrown);
        // It may have started before the change that this request must see.
        if (flight->rendered.generation >= wanted) co_return flight->rendered;
    }
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    auto flight = std::make_shared<Flight>(executor);
    cached_[key].flight = flight;
    try {
        flight->rendered = co_await render(key);
    } catch (...) {
        flight->thrown = std::current_exception();
    }
    flight->done = true;
    flight->landed.cancel();
    cached_[key].flight.reset();
    if (flight->thrown) std::rethrow_exception(flight->thrown);
    cached_[key].rendered = flight->rendered;
    changed(flight->rendered.generation);
    make_room();
    co_return flight->rendered;
}

Task<Views::Rendered> Views::render(Key key) {
    Rendered rendered;
    if (key.coding == Coding::gzip) {
        const Key plain{key.format, key.limit, Coding::identity};
        const Rendered source = co_await get(plain);
        auto compress = [body = source.body] { return std::make_shared<const std::string>(gzip(*body)); };
        rendered.generation = source.generation;
        rendered.body = co_await run_on(pool_, std::move(compress));
        co_return rendered;
    }
    const FormatFacts& format = facts(key.format);
    ViewInfo info;
    info.id = fmt::format("urn:x-aggd:{}:feed", setup_.store_identity);
    info.title = setup_.title;
    info.home_url = setup_.base_url;
    info.self_url = setup_.base_url + format.path;
    if (key.limit != k_default_entries) info.self_url += fmt::format("?n={}", key.limit);
    auto work = [this, &format, limit = key.limit, info = std::move(info)]() mutable {
        const store::Page page = read_newest_(limit);
        info.changed_at = page.changed_at;
        std::vector<Entry> entries;
        entries.reserve(page.stories.size());
        for (const store::Story& story : page.stories) entries.push_back(entry_of(story));
        return Rendered{page.generation, std::make_shared<const std::string>(format.write(info, entries))};
    };
    rendered = co_await run_on(pool_, std::move(work));
    co_return rendered;
}

void Views::make_room() {
    while (cached_.size() > k_max_views_in_memory) {
        auto oldest = cached_.end();
        for (auto each = cached_.begin(); each != cached_.end(); ++each)
            if (!each->second.flight && (oldest == cached_.end() || each->second.last_use < oldest->second.last_use))
                oldest = each;
        if (oldest == cached_.end()) return;
        cached_.erase(oldest);
    }
}

}  // namespace agg::serve
