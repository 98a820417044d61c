#include "serve/views.hpp"

#include <algorithm>
#include <set>

#include <boost/asio/steady_timer.hpp>

#include "base/text.hpp"
#include "serve/compression.hpp"
#include "version.hpp"

namespace agg::serve {
namespace {

// How many representations that clients may still name are remembered of one view.
constexpr std::size_t k_versions = 16;
// What an entry of the cache takes beside its body.
constexpr std::size_t k_entry_bytes = 4096;

// FNV-1a, so that an ETag names its view in few characters.
std::uint32_t short_name(std::string_view key) {
    std::uint32_t hash = 2'166'136'261U;
    for (const char c : key) hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619U;
    return hash;
}

ViewInfo info_of(const ViewSpec& spec, const ViewsSetup& setup, const store::Page& page) {
    ViewInfo info;
    info.id = fmt::format("urn:x-aggd:{}:{}", setup.store_identity, spec.path);
    info.title = spec.title;
    info.home_url = setup.base_url;
    info.self_url = setup.base_url + spec.address(spec.selection.before);
    if (page.next) info.next_url = setup.base_url + spec.address(page.next);
    if (spec.selection.before) info.current_url = setup.base_url + spec.address({});
    for (const store::Story& story : page.stories) {
        info.changed_at = std::max(info.changed_at, story.changed_at);
        for (const store::Member& member : story.members) {
            info.changed_at = std::max(info.changed_at, member.arrived);
            if (info.title.empty() && member.feed_name == spec.source) info.title = collapse_space(member.feed_title);
        }
    }
    if (info.title.empty()) info.title = spec.source;
    return info;
}

using Outline = std::vector<std::pair<StoryId, std::uint64_t>>;

// The page without what stands in `known`.
std::string write_page(const ViewSpec& spec, const ViewsSetup& setup, const store::Page& page,
                       const Outline& known = {}) {
    const std::set<Outline::value_type> has(known.begin(), known.end());
    const EntryRules rules{.dedup = spec.dedup,
                           .store_identity = setup.store_identity,
                           .id_scope = spec.id_scope == IdScope::view ? spec.path : "",
                           .leading_feed = spec.source};
    std::vector<Entry> entries;
    entries.reserve(page.stories.size());
    for (const store::Story& story : page.stories) {
        if (has.contains({story.id, story.fingerprint})) continue;
        for (Entry& entry : entries_of(story, rules)) entries.push_back(std::move(entry));
    }
    return facts_of(spec.format).write(info_of(spec, setup, page), entries);
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

Views::Views(asio::thread_pool& pool, ReadPage read_page, ViewsSetup setup)
    : pool_(pool), read_page_(std::move(read_page)), setup_(std::move(setup)) {}

void Views::changed(std::uint64_t generation) { setup_.generation = std::max(setup_.generation, generation); }

void Views::marks_changed(std::uint64_t marks) { setup_.marks = std::max(setup_.marks, marks); }

std::string Views::etag(const ViewSpec& spec, Coding coding, std::uint64_t fingerprint) const {
    // The version stands for the way of writing: another release may write other bytes for the same stories.
    return fmt::format("\"{}-{:x}-{:x}-{}-{}\"", setup_.store_identity, fingerprint, short_name(spec.key()), k_version,
                       to_string(coding));
}

std::shared_ptr<const Views::Outline> Views::known_to(const std::string& if_none_match, const ViewSpec& spec) const {
    const auto cached = cached_.find({spec.key(), Coding::identity});
    if (cached == cached_.end() || if_none_match == "*") return nullptr;
    for (const Version& version : cached->second.versions)
        for (const Coding coding : {Coding::identity, Coding::gzip, Coding::brotli})
            if (etag_matches(if_none_match, etag(spec, coding, version.fingerprint))) return version.outline;
    return nullptr;
}

Task<Response> Views::answer(Request request, ViewSpec spec) {
    const Coding coding = choose_coding(request.header("Accept-Encoding").value_or(""));
    const std::string known = request.header("If-None-Match").value_or("");
    Task<Rendered> getting = get(spec, coding);
    const Rendered rendered = co_await std::move(getting);

    Response answer;
    const std::string tag = etag(spec, coding, rendered.version.fingerprint);
    const bool takes_news = iequals(trim(request.header("A-IM").value_or("")), "feed") && request.method == "GET";
    if (etag_matches(known, tag)) {
        answer.status = 304;
    } else if (const auto outline = takes_news ? known_to(known, spec) : nullptr) {
        Task<Response> writing = answer_with_news(spec, coding, outline);
        answer = co_await std::move(writing);
    } else {
        answer.body = rendered.body;
        answer.headers.emplace_back("Content-Type", facts_of(spec.format).media_type);
        if (coding != Coding::identity) answer.headers.emplace_back("Content-Encoding", to_string(coding));
    }
    if (answer.status != 226) answer.headers.emplace_back("ETag", tag);
    answer.headers.emplace_back("Cache-Control", "private, no-cache");
    answer.headers.emplace_back("Vary", "Accept-Encoding, A-IM");
    co_return answer;
}

Task<Response> Views::answer_with_news(ViewSpec spec, Coding coding, std::shared_ptr<const Outline> known) {
    struct News {
        std::uint64_t fingerprint;
        std::string body;
    };
    auto work = [this, setup = setup_, spec, coding, known = std::move(known)] {
        const store::Page page = read_page_(spec.selection, 0);
        return News{page.fingerprint, compress(write_page(spec, setup, page, *known), coding)};
    };
    News news = co_await run_on(pool_, std::move(work));
    Response answer = response(226, facts_of(spec.format).media_type, std::move(news.body));
    answer.headers.emplace_back("IM", "feed");
    answer.headers.emplace_back("ETag", etag(spec, coding, news.fingerprint));
    if (coding != Coding::identity) answer.headers.emplace_back("Content-Encoding", to_string(coding));
    co_return answer;
}

Task<Views::Rendered> Views::get(ViewSpec spec, Coding coding) {
    const Key key{spec.key(), coding};
    const std::uint64_t generation = setup_.generation;
    const std::uint64_t marks = spec.needs_marks ? setup_.marks : 0;
    // It may have started before the change that this request must see.
    const auto is_new_enough = [&](const Rendered& rendered) {
        return rendered.body && rendered.generation >= generation && rendered.marks >= marks;
    };
    for (;;) {
        Cached& cached = cached_[key];
        cached.last_use = ++uses_;
        if (is_new_enough(cached.rendered)) co_return cached.rendered;
        if (!cached.flight) break;
        const std::shared_ptr<Flight> flight = cached.flight;
        while (!flight->done) co_await wait_on(flight->landed);
        if (flight->thrown) std::rethrow_exception(flight->thrown);
        if (is_new_enough(flight->rendered)) co_return flight->rendered;
    }
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    auto flight = std::make_shared<Flight>(executor);
    Rendered before = cached_[key].rendered;
    cached_[key].flight = flight;
    try {
        Task<Rendered> rendering = render(spec, coding, std::move(before));
        flight->rendered = co_await std::move(rendering);
    } catch (...) {
        flight->thrown = std::current_exception();
    }
    flight->done = true;
    flight->landed.cancel();
    Cached& cached = cached_[key];
    cached.flight.reset();
    if (flight->thrown) {
        if (!cached.rendered.body) cached_.erase(key);
        std::rethrow_exception(flight->thrown);
    }
    keep(cached, flight->rendered, coding);
    changed(flight->rendered.generation);
    marks_changed(flight->rendered.marks);
    make_room();
    co_return flight->rendered;
}

Task<Views::Rendered> Views::render(ViewSpec spec, Coding coding, Rendered before) {
    if (coding != Coding::identity) {
        Task<Rendered> getting = get(spec, Coding::identity);
        Rendered rendered = co_await std::move(getting);
        if (before.body && before.version.fingerprint == rendered.version.fingerprint) {
            rendered.body = before.body;
            co_return rendered;
        }
        auto work = [body = rendered.body, coding] {
            return std::make_shared<const std::string>(compress(*body, coding));
        };
        rendered.body = co_await run_on(pool_, std::move(work));
        co_return rendered;
    }
    auto work = [this, setup = setup_, spec = std::move(spec), before = std::move(before)] {
        const store::Page page = read_page_(spec.selection, before.body ? before.version.fingerprint : 0);
        Rendered rendered = before;
        rendered.generation = page.generation;
        rendered.marks = page.marks;
        if (before.body && page.fingerprint == before.version.fingerprint) return rendered;
        Outline outline;
        for (const store::Story& story : page.stories) outline.emplace_back(story.id, story.fingerprint);
        rendered.version = {page.fingerprint, std::make_shared<const Outline>(std::move(outline))};
        rendered.body = std::make_shared<const std::string>(write_page(spec, setup, page));
        return rendered;
    };
    co_return co_await run_on(pool_, std::move(work));
}

std::size_t Views::bytes_of(const Rendered& rendered, Coding coding) {
    if (!rendered.body) return 0;
    const std::size_t outline = sizeof(Outline::value_type) * rendered.version.outline->size();
    return rendered.body->size() + k_entry_bytes + (coding == Coding::identity ? k_versions * outline : 0);
}

void Views::keep(Cached& cached, Rendered rendered, Coding coding) {
    cached_bytes_ += bytes_of(rendered, coding);
    cached_bytes_ -= bytes_of(cached.rendered, coding);
    cached.rendered = std::move(rendered);
    const Version& version = cached.rendered.version;
    if (coding != Coding::identity ||
        (!cached.versions.empty() && cached.versions.front().fingerprint == version.fingerprint))
        return;
    cached.versions.push_front(version);
    if (cached.versions.size() > k_versions) cached.versions.pop_back();
}

void Views::make_room() {
    while (cached_bytes_ > setup_.cache_bytes) {
        auto oldest = cached_.end();
        for (auto each = cached_.begin(); each != cached_.end(); ++each)
            if (!each->second.flight && (oldest == cached_.end() || each->second.last_use < oldest->second.last_use))
                oldest = each;
        if (oldest == cached_.end()) return;
        cached_bytes_ -= bytes_of(oldest->second.rendered, oldest->first.second);
        cached_.erase(oldest);
    }
}

}  // namespace agg::serve
