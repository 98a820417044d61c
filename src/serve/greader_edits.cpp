// The calls of the Google Reader API that change something: states, labels, subscriptions.
#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"
#include "serve/greader.hpp"
#include "serve/greader_ids.hpp"
#include "serve/greader_json.hpp"

namespace agg::serve {
namespace {

// The names of the labels among streams.
std::vector<std::string> labels_of(const std::vector<std::string>& streams) {
    std::vector<std::string> labels;
    for (const std::string& text : streams)
        if (Stream stream = parse_stream(text); stream.kind == Stream::Kind::label)
            labels.push_back(std::move(stream.name));
    return labels;
}

std::string_view without_feed_prefix(std::string_view stream) {
    return stream.starts_with("feed/") ? stream.substr(5) : stream;
}

// The first error of changes that are made one after the other.
template <typename T>
void note(Result<void>& outcome, const Result<T>& result) {
    if (outcome && !result) outcome = tl::unexpected(result.error());
}

Response outcome_response(const Result<void>& outcome) {
    return outcome ? ok_response() : text_response(http_status(outcome.error().kind), outcome.error().message);
}

Task<Response> edit_tag(Services& services, Parameters parameters, std::string) {
    std::vector<StoryId> stories;
    for (const std::string& id : parameters.all("i"))
        if (const auto story = parse_item_id(id)) stories.push_back(*story);
    std::vector<store::Mark> marks;
    for (const std::string& added : parameters.all("a")) {
        const Stream::Kind kind = parse_stream(added).kind;
        if (kind == Stream::Kind::read) marks.push_back(store::Mark::read);
        if (kind == Stream::Kind::unread) marks.push_back(store::Mark::unread);
        if (kind == Stream::Kind::starred) marks.push_back(store::Mark::starred);
    }
    for (const std::string& removed : parameters.all("r")) {
        // What is no longer kept unread is not read by that: newsboat sends it beside a=read.
        const Stream::Kind kind = parse_stream(removed).kind;
        if (kind == Stream::Kind::read) marks.push_back(store::Mark::unread);
        if (kind == Stream::Kind::starred) marks.push_back(store::Mark::unstarred);
    }
    Result<void> outcome;
    for (const store::Mark mark : marks) {
        store::MarkRequest change{.mark = mark, .stories = stories, .now = services.now()};
        Task<Result<store::Marked>> marking = services.admin.mark(std::move(change));
        note(outcome, co_await std::move(marking));
    }
    for (const bool given : {true, false}) {
        for (const std::string& label : labels_of(parameters.all(given ? "a" : "r"))) {
            store::TagRequest change{.stories = stories, .tag = label, .given = given};
            Task<Result<store::Marked>> tagging = services.admin.tag(std::move(change));
            note(outcome, co_await std::move(tagging));
        }
    }
    co_return outcome_response(outcome);
}

// "ts" is in microseconds; some clients send seconds.
TimePoint until_of(std::string_view text, TimePoint now) {
    std::int64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc{} || number <= 0) return now;
    if (text.size() < 16) return number > 253'402'300'799 ? now : from_unix_ms(number * 1000 + 999);
    return from_unix_ms(number / 1000);
}

Task<Response> mark_all_as_read(Services& services, Parameters parameters, std::string) {
    const auto feeds = co_await services.admin.feeds();
    if (!feeds) co_return error_response(feeds.error());
    Result<void> outcome;
    std::vector<std::string> streams = parameters.all("s");
    if (streams.empty()) streams.emplace_back(k_state_reading_list);
    for (const std::string& text : streams) {
        const Stream stream = parse_stream(text);
        store::MarkRequest change{.mark = store::Mark::read,
                                  .all = true,
                                  .until = until_of(parameters.first("ts"), services.now()),
                                  .now = services.now()};
        if (stream.kind == Stream::Kind::feed) {
            const FeedStatus* feed = find_feed(*feeds, stream.name);
            if (feed == nullptr) co_return text_response(404, fmt::format("There is no {}.", truncate_utf8(text, 200)));
            change.home = feed->id;
        } else if (stream.kind == Stream::Kind::label) {
            change.query = {.kind = Query::Kind::tag, .text = stream.name};
        } else if (stream.kind == Stream::Kind::starred) {
            change.query = {.kind = Query::Kind::starred};
        } else if (stream.kind != Stream::Kind::reading_list && stream.kind != Stream::Kind::unread) {
            co_return text_response(400, fmt::format("{} cannot be marked as read.", truncate_utf8(text, 200)));
        }
        Task<Result<store::Marked>> marking = services.admin.mark(std::move(change));
        note(outcome, co_await std::move(marking));
    }
    co_return outcome_response(outcome);
}

Task<Response> subscribe(Services& services, Parameters parameters) {
    Result<void> outcome;
    const std::vector<std::string> titles = parameters.all("t");
    const std::vector<std::string> streams = parameters.all("s");
    for (std::size_t i = 0; i < streams.size(); ++i) {
        AddRequest request{.url = std::string(without_feed_prefix(streams[i])),
                           .title = i < titles.size() ? titles[i] : std::string(),
                           .tags = labels_of(parameters.all("a"))};
        Task<Result<AddedFeed>> adding = services.admin.add(std::move(request));
        const auto added = co_await std::move(adding);
        // What is subscribed already is as it should be.
        if (!added && added.error().kind != ErrorKind::conflict) note(outcome, added);
    }
    co_return outcome_response(outcome);
}

Task<Response> edit_subscription(Services& services, Parameters parameters, std::string) {
    const std::string_view action = parameters.first("ac");
    if (action == "subscribe") {
        Task<Response> subscribing = subscribe(services, std::move(parameters));
        co_return co_await std::move(subscribing);
    }
    if (action != "unsubscribe" && action != "edit")
        co_return text_response(400, "ac is subscribe, unsubscribe or edit.");
    const bool unsubscribes = action == "unsubscribe";
    const auto feeds = co_await services.admin.feeds();
    if (!feeds) co_return error_response(feeds.error());
    Result<void> outcome;
    const std::vector<std::string> titles = parameters.all("t");
    const std::vector<std::string> streams = parameters.all("s");
    for (std::size_t i = 0; i < streams.size(); ++i) {
        const FeedStatus* feed = find_feed(*feeds, without_feed_prefix(streams[i]));
        if (feed == nullptr)
            co_return text_response(404, fmt::format("There is no {}.", truncate_utf8(streams[i], 200)));
        if (unsubscribes) {
            Task<Result<FeedStatus>> removing = services.admin.remove(feed->name);
            note(outcome, co_await std::move(removing));
            continue;
        }
        FeedChange change{
            .title = {}, .add_tags = labels_of(parameters.all("a")), .remove_tags = labels_of(parameters.all("r"))};
        if (i < titles.size() && !titles[i].empty()) change.title = titles[i];
        Task<Result<void>> changing = services.admin.change_feed(feed->name, std::move(change));
        note(outcome, co_await std::move(changing));
    }
    co_return outcome_response(outcome);
}

Task<Response> quick_add(Services& services, Parameters parameters, std::string) {
    const std::string wanted(parameters.first("quickadd"));
    AddRequest request{.url = std::string(without_feed_prefix(wanted))};
    Task<Result<AddedFeed>> adding = services.admin.add(std::move(request));
    const auto added = co_await std::move(adding);
    co_return response(200, "application/json; charset=utf-8", write_quick_add(wanted, added));
}

Task<Response> import_subscriptions(Services& services, Parameters, std::string body) {
    ImportRequest list{std::move(body), false};
    Task<Result<ImportReport>> importing = services.admin.import_list(std::move(list));
    Result<void> outcome;
    note(outcome, co_await std::move(importing));
    co_return outcome_response(outcome);
}

// Gives every feed and story that has the label `from` the label `to` instead; none when `to` is empty. False when
// nothing has it.
Task<Result<bool>> replace_label(Services& services, std::string from, std::string to) {
    const auto feeds = co_await services.admin.feeds();
    if (!feeds) co_return tl::unexpected(feeds.error());
    bool any = false;
    for (const FeedStatus& feed : *feeds) {
        if (std::find(feed.tags.begin(), feed.tags.end(), from) == feed.tags.end()) continue;
        any = true;
        FeedChange change{.title = {}, .add_tags = {}, .remove_tags = {from}};
        if (!to.empty()) change.add_tags.push_back(to);
        Task<Result<void>> changing = services.admin.change_feed(feed.name, std::move(change));
        const auto changed = co_await std::move(changing);
        if (!changed) co_return tl::unexpected(changed.error());
    }
    Task<Result<store::Marked>> renaming = services.admin.rename_tag(std::move(from), std::move(to));
    const auto renamed = co_await std::move(renaming);
    if (!renamed) co_return tl::unexpected(renamed.error());
    co_return any || renamed->changed > 0;
}

Task<Response> replace_labels(Services& services, std::vector<std::string> streams, std::string to) {
    for (const std::string& text : streams) {
        Stream stream = parse_stream(text);
        if (stream.kind != Stream::Kind::label)
            co_return text_response(400, fmt::format("{} is no label.", truncate_utf8(text, 200)));
        Task<Result<bool>> replacing = replace_label(services, std::move(stream.name), to);
        const auto replaced = co_await std::move(replacing);
        if (!replaced) co_return text_response(http_status(replaced.error().kind), replaced.error().message);
        if (!*replaced) co_return text_response(400, fmt::format("Nothing has {}.", truncate_utf8(text, 200)));
    }
    co_return ok_response();
}

// Clients name a label by its stream in "s", or by its bare name in "t".
std::vector<std::string> named_labels(const Parameters& parameters) {
    std::vector<std::string> streams = parameters.all("s");
    for (const std::string& name : parameters.all("t"))
        streams.push_back(name.starts_with("user/") ? name : label_stream(name));
    return streams;
}

Task<Response> rename_label(Services& services, Parameters parameters, std::string) {
    const Stream to = parse_stream(parameters.first("dest"));
    if (to.kind != Stream::Kind::label) co_return text_response(400, "dest is no label.");
    Task<Response> replacing = replace_labels(services, named_labels(parameters), to.name);
    co_return co_await std::move(replacing);
}

Task<Response> disable_label(Services& services, Parameters parameters, std::string) {
    return replace_labels(services, named_labels(parameters), "");
}

struct NamedEdit {
    std::string_view endpoint;
    Edit edit;
};
constexpr auto k_edits = std::to_array<NamedEdit>({
    {"edit-tag", edit_tag},
    {"mark-all-as-read", mark_all_as_read},
    {"subscription/edit", edit_subscription},
    {"subscription/quickadd", quick_add},
    {"subscription/import", import_subscriptions},
    {"rename-tag", rename_label},
    {"disable-tag", disable_label},
});

}  // namespace

Edit find_edit(std::string_view endpoint) {
    for (const NamedEdit& each : k_edits)
        if (each.endpoint == endpoint) return each.edit;
    return nullptr;
}

}  // namespace agg::serve
