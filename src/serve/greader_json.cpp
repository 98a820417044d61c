#include "serve/greader_json.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <boost/json.hpp>

#include "base/text.hpp"
#include "serve/entry.hpp"
#include "serve/greader_ids.hpp"
#include "serve/markup.hpp"

namespace agg::serve {
namespace {

namespace json = boost::json;

std::string feed_stream(const FeedStatus& feed) { return fmt::format("feed/{}", static_cast<std::int64_t>(feed.id)); }

std::string title_of(const FeedStatus& feed) { return scrub(feed.title.empty() ? feed.name : feed.title); }

// rssguard shows a label as a folder only when it is called one.
json::object folder(const std::string& tag) {
    return {{"id", label_stream(tag)}, {"label", scrub(tag)}, {"type", "folder"}};
}

// Microseconds as a string: JavaScript's numbers do not hold them.
std::string microseconds(TimePoint time) { return fmt::format("{}000", to_unix_ms(time)); }

std::int64_t seconds(TimePoint time) { return to_unix_ms(time) / 1000; }

TimePoint arrival_of(const store::Story& story) {
    TimePoint first = story.members.front().arrived;
    for (const store::Member& member : story.members) first = std::min(first, member.arrived);
    return first;
}

json::object item_of(const store::Story& story, const std::vector<FeedStatus>& feeds) {
    const FeedStatus* home = home_of(story, feeds);
    const Entry entry = entry_of(story);
    json::object item;
    item["id"] = long_item_id(story.id);
    item["crawlTimeMsec"] = std::to_string(to_unix_ms(arrival_of(story)));
    item["timestampUsec"] = microseconds(arrival_of(story));
    item["published"] = seconds(entry.published);
    item["updated"] = seconds(entry.updated);
    item["title"] = scrub(entry.title);
    item["author"] = scrub(entry.authors.front().name);
    if (!entry.link.empty()) {
        item["canonical"] = {{{"href", scrub(entry.link)}}};
        item["alternate"] = {{{"href", scrub(entry.link)}, {"type", "text/html"}}};
    }
    json::array categories;
    for (const std::string& category : categories_of(story, home)) categories.emplace_back(scrub(category));
    item["categories"] = std::move(categories);
    json::object origin;
    origin["streamId"] = home != nullptr ? feed_stream(*home) : "feed/0";
    origin["title"] = home != nullptr ? title_of(*home) : scrub(entry.outlet.title);
    origin["htmlUrl"] = scrub(home != nullptr ? home->site : entry.outlet.site);
    item["origin"] = std::move(origin);
    // newsboat takes the first member of `summary`, whatever its name.
    item["summary"] = {{"content", scrub(entry.content_html.empty() ? entry.summary_html : entry.content_html)}};
    json::array enclosures;
    for (const Enclosure& enclosure : entry.enclosures) {
        json::object each = {{"href", scrub(enclosure.url)}, {"type", scrub(enclosure.type)}};
        if (enclosure.length_bytes) each["length"] = *enclosure.length_bytes;
        enclosures.push_back(std::move(each));
    }
    if (!enclosures.empty()) item["enclosure"] = std::move(enclosures);
    return item;
}

}  // namespace

const FeedStatus* home_of(const store::Story& story, const std::vector<FeedStatus>& feeds) {
    const auto first = std::min_element(story.members.begin(), story.members.end(),
                                        [](const auto& a, const auto& b) { return a.id < b.id; });
    const auto found =
        std::find_if(feeds.begin(), feeds.end(), [&](const FeedStatus& feed) { return feed.id == first->feed; });
    return found == feeds.end() ? nullptr : &*found;
}

std::vector<std::string> categories_of(const store::Story& story, const FeedStatus* home) {
    std::vector<std::string> categories = {k_state_reading_list};
    if (story.is_read) categories.emplace_back(k_state_read);
    if (story.is_starred) categories.emplace_back(k_state_starred);
    if (home != nullptr)
        for (const std::string& tag : home->tags) categories.push_back(label_stream(tag));
    for (const std::string& tag : story.tags) categories.push_back(label_stream(tag));
    return categories;
}

std::string write_user_info(const std::string& user) {
    return json::serialize(
        json::object{{"userId", "1"}, {"userName", user}, {"userProfileId", "1"}, {"userEmail", ""}});
}

std::string write_tag_list(const std::vector<FeedStatus>& feeds, const std::vector<std::string>& story_tags) {
    json::array tags = {json::object{{"id", k_state_starred}}};
    std::set<std::string> folders;
    for (const FeedStatus& feed : feeds)
        for (const std::string& tag : feed.tags)
            if (folders.insert(tag).second)
                tags.push_back(json::object{{"id", scrub(label_stream(tag))}, {"type", "folder"}});
    for (const std::string& tag : story_tags)
        if (!folders.contains(tag)) tags.push_back(json::object{{"id", scrub(label_stream(tag))}, {"type", "tag"}});
    return json::serialize(json::object{{"tags", std::move(tags)}});
}

std::string write_subscription_list(const std::vector<FeedStatus>& feeds) {
    json::array subscriptions;
    for (const FeedStatus& feed : feeds) {
        json::array categories;
        for (const std::string& tag : feed.tags) categories.push_back(folder(tag));
        subscriptions.push_back(json::object{{"id", feed_stream(feed)},
                                             {"title", title_of(feed)},
                                             {"categories", std::move(categories)},
                                             {"url", scrub(feed.url)},
                                             {"htmlUrl", scrub(feed.site)},
                                             {"iconUrl", ""}});
    }
    return json::serialize(json::object{{"subscriptions", std::move(subscriptions)}});
}

std::string write_unread_count(const std::vector<FeedStatus>& feeds, const std::vector<store::FeedCount>& counts) {
    std::map<std::string, store::FeedCount> streams;
    std::vector<std::string> order;
    const auto add = [&](const std::string& stream, const store::FeedCount& count) {
        const auto [place, is_new] = streams.try_emplace(stream, store::FeedCount{});
        if (is_new) order.push_back(stream);
        place->second.unread += count.unread;
        place->second.newest = std::max(place->second.newest, count.newest);
    };
    std::uint64_t all = 0;
    for (const FeedStatus& feed : feeds) {
        const auto count = std::find_if(counts.begin(), counts.end(),
                                        [&](const store::FeedCount& each) { return each.feed == feed.id; });
        if (count == counts.end()) continue;
        all += count->unread;
        add(feed_stream(feed), *count);
        for (const std::string& tag : feed.tags) add(label_stream(tag), *count);
        add(k_state_reading_list, *count);
    }
    json::array unread;
    for (const std::string& stream : order)
        unread.push_back(json::object{{"id", scrub(stream)},
                                      {"count", streams[stream].unread},
                                      {"newestItemTimestampUsec", microseconds(streams[stream].newest)}});
    return json::serialize(json::object{{"max", all}, {"unreadcounts", std::move(unread)}});
}

std::string write_item_ids(const std::vector<StoryId>& stories, const std::string& continuation) {
    json::array ids;
    ids.reserve(stories.size());
    for (const StoryId story : stories)
        ids.push_back(json::object{{"id", std::to_string(static_cast<std::int64_t>(story))}});
    json::object answer = {{"itemRefs", std::move(ids)}};
    if (!continuation.empty()) answer["continuation"] = continuation;
    return json::serialize(answer);
}

std::string write_contents(const std::string& stream, const store::Page& page, const std::vector<FeedStatus>& feeds,
                           const std::string& continuation, TimePoint now) {
    json::array items;
    items.reserve(page.stories.size());
    for (const store::Story& story : page.stories) items.push_back(item_of(story, feeds));
    json::object answer = {
        {"direction", "ltr"}, {"id", scrub(stream)}, {"updated", seconds(now)}, {"items", std::move(items)}};
    if (!continuation.empty()) answer["continuation"] = continuation;
    return json::serialize(answer);
}

std::string write_quick_add(const std::string& query, const Result<AddedFeed>& added) {
    if (!added)
        return json::serialize(json::object{
            {"numResults", 0}, {"query", to_valid_utf8(query)}, {"error", to_valid_utf8(added.error().message)}});
    return json::serialize(json::object{{"numResults", 1},
                                        {"query", to_valid_utf8(query)},
                                        {"streamId", feed_stream(added->feed)},
                                        {"streamName", title_of(added->feed)}});
}

}  // namespace agg::serve
