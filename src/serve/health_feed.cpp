#include "serve/health_feed.hpp"

#include "base/text.hpp"
#include "serve/negotiation.hpp"
#include "serve/view_spec.hpp"
#include "version.hpp"

namespace agg::serve {
namespace {

constexpr std::size_t k_events = 100;

}  // namespace

Entry entry_of(const store::StoredHealthEvent& stored, const std::string& store_identity) {
    const HealthEvent& event = stored.event;
    Entry entry;
    entry.id = fmt::format("urn:x-aggd:{}:health:{}", store_identity, stored.number);
    entry.title = event.title;
    entry.published = entry.updated = event.at;
    entry.authors = {{.name = "aggd", .email = {}, .url = {}}};
    entry.categories = {event.feed};
    entry.content_html =
        fmt::format("<p>{}</p><p><code>{}</code></p>", escape_markup(event.text), escape_markup(event.fix));
    return entry;
}

Task<Response> HealthFeed::answer(Request request, ViewFormat format) {
    const FormatFacts& form = facts_of(format);
    const std::string path = fmt::format("health.{}", form.extension);
    auto read = [this] { return read_(k_events); };
    const std::vector<store::StoredHealthEvent> events = co_await run_on(pool_, std::move(read));
    // Events never change, and their numbers grow.
    const std::string tag = fmt::format("\"{}-{}-{}-{}\"", store_identity_, events.empty() ? 0 : events.front().number,
                                        path, k_version);
    Response answer;
    answer.status = 304;
    if (!etag_matches(request.header("If-None-Match").value_or(""), tag)) {
        ViewInfo info{.id = fmt::format("urn:x-aggd:{}:health", store_identity_),
                      .title = "aggd: how the feeds do",
                      .self_url = base_url_ + path,
                      .home_url = base_url_,
                      .changed_at = events.empty() ? TimePoint{} : events.front().event.at};
        std::vector<Entry> entries;
        for (const store::StoredHealthEvent& event : events) entries.push_back(entry_of(event, store_identity_));
        answer = response(200, form.media_type, form.write(info, entries));
    }
    answer.headers.emplace_back("ETag", tag);
    answer.headers.emplace_back("Cache-Control", "private, no-cache");
    co_return answer;
}

}  // namespace agg::serve
