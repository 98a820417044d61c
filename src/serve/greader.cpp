#include "serve/greader.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "serve/greader_ids.hpp"
#include "serve/greader_json.hpp"
#include "serve/negotiation.hpp"
#include "serve/opml.hpp"
#include "serve/writers.hpp"

namespace agg::serve {
namespace {

constexpr std::size_t k_default_items = 20;
constexpr std::size_t k_most_ids = 10'000;
constexpr std::size_t k_most_contents = 1'000;

using Feeds = std::vector<FeedStatus>;

Response json_response(std::string body) { return response(200, "application/json; charset=utf-8", std::move(body)); }

std::optional<std::int64_t> to_number(std::string_view text) {
    std::int64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
    return number;
}

std::optional<TimePoint> time_of(std::string_view seconds) {
    const auto number = to_number(seconds);
    if (!number || *number <= 0 || *number > 253'402'300'799) return std::nullopt;
    return from_unix_ms(*number * 1000);
}

// NetNewsWire fetches a new token once when it sees the header of either spelling.
Response unauthorized() {
    Response refusal = response(401, "text/plain; charset=utf-8", "Unauthorized");
    refusal.headers.emplace_back("X-Reader-Google-Bad-Token", "true");
    refusal.headers.emplace_back("Google-Bad-Token", "true");
    return refusal;
}

std::string token_of(const Request& request, const Parameters& parameters) {
    const std::string authorization = request.header("Authorization").value_or("");
    const std::size_t begin = ifind(authorization, "auth=");
    if (begin != std::string::npos) {
        const std::string_view token = trim(std::string_view(authorization).substr(begin + 5));
        return std::string(token.substr(0, token.find_first_of(", \"")));
    }
    // liferea sends no header with items/contents; newsboat sends the reply of /token with its line end.
    return request.method == "POST" ? std::string(trim(parameters.first("T"))) : std::string();
}

Task<Response> sign_in(Services& services, Request request, Parameters parameters) {
    std::string token = "unix";
    if (request.peer.kind == Peer::Kind::tcp) {
        Task<Result<std::string>> signing = services.sign_in.sign_in(
            std::string(parameters.first("Email")), std::string(parameters.first("Passwd")), services.now());
        const auto signed_in = co_await std::move(signing);
        if (!signed_in) {
            Response refusal = text_response(signed_in.error().kind == ErrorKind::unavailable ? 429 : 401,
                                             "Error=BadAuthentication\nInfo=" + signed_in.error().message);
            if (refusal.status == 429) refusal.headers.emplace_back("Retry-After", "300");
            co_return refusal;
        }
        token = *signed_in;
    }
    if (parameters.first("output") == "json")
        co_return json_response(fmt::format(R"({{"SID":"{0}","LSID":"null","Auth":"{0}"}})", token));
    co_return text_response(200, fmt::format("SID={0}\nLSID=null\nAuth={0}\n", token));
}

// Which stories a stream holds, in the terms of the store.
struct StreamMeaning {
    Query query;
    std::optional<FeedId> home;
    bool is_empty = false;  // nothing can be in it
};

StreamMeaning meaning_of(std::string_view text, const Feeds& feeds) {
    const Stream stream = parse_stream(text);
    switch (stream.kind) {
        case Stream::Kind::reading_list: return {};
        case Stream::Kind::read: return {.query = {.kind = Query::Kind::read}};
        case Stream::Kind::unread: return {.query = {.kind = Query::Kind::unread}};
        case Stream::Kind::starred: return {.query = {.kind = Query::Kind::starred}};
        case Stream::Kind::label: return {.query = {.kind = Query::Kind::tag, .text = stream.name}};
        case Stream::Kind::feed: {
            const FeedStatus* feed = find_feed(feeds, stream.name);
            return feed != nullptr ? StreamMeaning{.home = feed->id} : StreamMeaning{.is_empty = true};
        }
        case Stream::Kind::other: return {.is_empty = true};
    }
    return {.is_empty = true};
}

// What a call asks of a stream. One more than `n` is asked for, to know whether there is a continuation.
struct StreamCall {
    std::string stream;
    store::StreamRequest request;
    bool is_empty = false;
};

StreamCall read_stream_call(std::string stream, const Parameters& parameters, const Feeds& feeds, std::size_t most,
                            TimePoint now) {
    if (stream.empty()) stream = parameters.first("s");
    if (stream.empty()) stream = parameters.first("it");
    if (stream.empty()) stream = k_state_reading_list;
    StreamMeaning meaning = meaning_of(stream, feeds);
    StreamCall call{.stream = std::move(stream), .request = {}, .is_empty = meaning.is_empty};
    store::StreamRequest& request = call.request;
    request.query = std::move(meaning.query);
    request.home = meaning.home;
    for (const std::string& included : parameters.all("it"))
        if (const StreamMeaning also = meaning_of(included, feeds); !also.is_empty && !also.home)
            request.query = both(std::move(request.query), also.query);
    for (const std::string& excluded : parameters.all("xt"))
        if (StreamMeaning not_this = meaning_of(excluded, feeds); !not_this.query.is_everything())
            request.query = both(std::move(request.query),
                                 not_this.query.kind == Query::Kind::read
                                     ? Query{.kind = Query::Kind::unread}
                                     : Query{.kind = Query::Kind::none_of, .parts = {std::move(not_this.query)}});
    // "ot" means crawled, not published, since then: a reader that asks so for what it missed loses nothing.
    request.since = time_of(parameters.first("ot"));
    request.until = time_of(parameters.first("nt"));
    if (request.until) *request.until += std::chrono::milliseconds{999};
    request.oldest_first = parameters.first("r") == "o";
    if (const auto after = to_number(parameters.first("c"))) request.after = StoryId{*after};
    const auto wanted = to_number(parameters.first("n"));
    request.limit = wanted && *wanted > 0 ? std::min(static_cast<std::size_t>(*wanted), most) : k_default_items;
    request.now = now;
    return call;
}

struct StreamPage {
    std::vector<StoryId> stories;
    std::string continuation;
};

StreamPage read_stream(store::Reader& reader, const StreamCall& call) {
    if (call.is_empty) return {};
    store::StreamRequest one_more = call.request;
    ++one_more.limit;
    StreamPage page{reader.stream(one_more), {}};
    if (page.stories.size() > call.request.limit) {
        page.stories.pop_back();
        page.continuation = std::to_string(static_cast<std::int64_t>(page.stories.back()));
    }
    return page;
}

Task<Response> item_ids(Services& services, Parameters parameters, Feeds feeds) {
    auto work = [call = read_stream_call("", parameters, feeds, k_most_ids, services.now())](store::Reader& reader) {
        const StreamPage page = read_stream(reader, call);
        return write_item_ids(page.stories, page.continuation);
    };
    co_return json_response(co_await services.read(std::move(work)));
}

Task<Response> stream_contents(Services& services, std::string stream, Parameters parameters, Feeds feeds) {
    const StreamCall call = read_stream_call(std::move(stream), parameters, feeds, k_most_contents, services.now());
    auto work = [call, feeds = std::move(feeds), now = services.now()](store::Reader& reader) {
        const StreamPage page = read_stream(reader, call);
        return write_contents(call.stream, reader.stories(page.stories), feeds, page.continuation, now);
    };
    co_return json_response(co_await services.read(std::move(work)));
}

Task<Response> item_contents(Services& services, Parameters parameters, Feeds feeds) {
    std::vector<StoryId> stories;
    for (const std::string& id : parameters.all("i"))
        if (const auto story = parse_item_id(id); story && stories.size() < k_most_ids) stories.push_back(*story);
    auto work = [stories = std::move(stories), feeds = std::move(feeds), now = services.now()](store::Reader& reader) {
        return write_contents(k_state_reading_list, reader.stories(stories), feeds, "", now);
    };
    co_return json_response(co_await services.read(std::move(work)));
}

// newsboat 2.21 reads its streams in this form ("feedhq"): the entry's id is the item's, its state a category.
Task<Response> atom_stream(Services& services, std::string stream, Parameters parameters, Feeds feeds) {
    const StreamCall call = read_stream_call(std::move(stream), parameters, feeds, k_most_contents, services.now());
    auto work = [call, feeds = std::move(feeds), base = services.views.base_url()](store::Reader& reader) {
        const StreamPage page = read_stream(reader, call);
        ViewInfo info{.id = "tag:google.com,2005:reader/" + percent_encode(call.stream),
                      .title = call.stream,
                      .self_url = base + "reader/atom/" + percent_encode(call.stream),
                      .home_url = base};
        if (const Stream named = parse_stream(call.stream); named.kind == Stream::Kind::feed) {
            const FeedStatus* feed = find_feed(feeds, named.name);
            if (feed != nullptr) info.title = feed->title.empty() ? feed->name : feed->title;
        }
        std::vector<Entry> entries;
        for (const store::Story& story : reader.stories(page.stories).stories) {
            Entry entry = entry_of(story);
            entry.id = long_item_id(story.id);
            entry.reader_states = categories_of(story, home_of(story, feeds));
            info.changed_at = std::max(info.changed_at, entry.updated);
            entries.push_back(std::move(entry));
        }
        return write_atom(info, entries);
    };
    co_return response(200, "application/atom+xml; charset=utf-8", co_await services.read(std::move(work)));
}

Task<Response> unread_count(Services& services, Feeds feeds) {
    auto work = [](store::Reader& reader) { return reader.count_unread(); };
    const auto counts = co_await services.read(std::move(work));
    co_return json_response(write_unread_count(feeds, counts));
}

Task<Response> tag_list(Services& services, Feeds feeds) {
    auto work = [](store::Reader& reader) { return reader.story_tags(); };
    const auto tags = co_await services.read(std::move(work));
    co_return json_response(write_tag_list(feeds, tags));
}

// NetNewsWire asks for it before each sync, and sends back the ETag.
Response subscription_list(const Feeds& feeds, const std::string& known) {
    Response answer = json_response(write_subscription_list(feeds));
    const std::string etag = fmt::format("\"{:x}\"", std::hash<std::string>{}(*answer.body));
    if (etag_matches(known, etag)) {
        answer = {};
        answer.status = 304;
    }
    answer.headers.emplace_back("ETag", etag);
    return answer;
}

// The calls that only read. `known` is the request's If-None-Match.
Task<Response> read_call(Services& services, std::string endpoint, Parameters parameters, std::string token,
                         std::string known) {
    if (endpoint == "token") co_return response(200, "text/plain; charset=utf-8", token);
    if (endpoint == "user-info") co_return json_response(write_user_info(services.sign_in.user()));
    auto feeds = co_await services.admin.feeds();
    if (!feeds) co_return error_response(feeds.error());
    if (endpoint == "subscription/list") co_return subscription_list(*feeds, known);
    if (endpoint == "subscription/export")
        co_return response(200, "text/x-opml; charset=utf-8", write_subscriptions(*feeds));
    Task<Response> answering;
    constexpr std::string_view k_contents = "stream/contents";
    if (endpoint == "tag/list")
        answering = tag_list(services, std::move(*feeds));
    else if (endpoint == "unread-count")
        answering = unread_count(services, std::move(*feeds));
    else if (endpoint == "stream/items/ids")
        answering = item_ids(services, std::move(parameters), std::move(*feeds));
    else if (endpoint == "stream/items/contents")
        answering = item_contents(services, std::move(parameters), std::move(*feeds));
    else if (endpoint.starts_with(k_contents))
        answering = stream_contents(services, endpoint.substr(std::min(k_contents.size() + 1, endpoint.size())),
                                    std::move(parameters), std::move(*feeds));
    else
        co_return json_response("[]");  // as Miniflux: clients ask for preferences that nobody keeps
    co_return co_await std::move(answering);
}

bool is_form(const Request& request) {
    const std::string type = request.header("Content-Type").value_or("");
    return type.empty() || ifind(type, "form-urlencoded") != std::string::npos;
}

}  // namespace

std::string_view Parameters::first(std::string_view name) const {
    for (const auto& [key, value] : pairs_)
        if (key == name) return value;
    return {};
}

std::vector<std::string> Parameters::all(std::string_view name) const {
    std::vector<std::string> values;
    for (const auto& [key, value] : pairs_)
        if (key == name) values.push_back(value);
    return values;
}

const FeedStatus* find_feed(const std::vector<FeedStatus>& feeds, std::string_view name) {
    const auto number = to_number(name);
    const auto found = std::find_if(feeds.begin(), feeds.end(), [&](const FeedStatus& feed) {
        return number ? static_cast<std::int64_t>(feed.id) == *number : feed.url == name;
    });
    return found == feeds.end() ? nullptr : &*found;
}

Response ok_response() { return response(200, "text/plain; charset=utf-8", "OK"); }

Task<Response> greader(Services& services, Request request) {
    const auto decoded = percent_decode(request.path);
    if (!decoded) co_return text_response(400, "The path has a broken percent escape.");
    std::string_view path = *decoded;
    for (const std::string_view prefix : {"/api", "/greader.php"})
        if (path.starts_with(std::string(prefix) + "/") && !path.starts_with("/api/0/"))
            path.remove_prefix(prefix.size());

    auto pairs = request.query;
    if (request.method == "POST" && is_form(request)) {
        auto form = parse_form(request.body);
        if (!form) co_return text_response(400, form.error().message);
        std::move(form->begin(), form->end(), std::back_inserter(pairs));
    }
    Parameters parameters(std::move(pairs));
    Task<Response> answering;
    if (path == "/accounts/ClientLogin") {
        answering = sign_in(services, std::move(request), std::move(parameters));
        co_return co_await std::move(answering);
    }
    const bool is_unix = request.peer.kind == Peer::Kind::unix_socket;
    const std::string token = is_unix ? "unix" : token_of(request, parameters);
    if (!is_unix && !services.sign_in.is_token(token)) co_return unauthorized();

    constexpr std::string_view k_atom = "/reader/atom/";
    constexpr std::string_view k_api = "/reader/api/0/";
    if (path.starts_with(k_atom)) {
        auto feeds = co_await services.admin.feeds();
        if (!feeds) co_return error_response(feeds.error());
        answering =
            atom_stream(services, std::string(path.substr(k_atom.size())), std::move(parameters), std::move(*feeds));
    } else if (!path.starts_with(k_api)) {
        co_return text_response(404, fmt::format("There is no {} here.", truncate_utf8(path, 200)));
    } else if (const Edit edit = find_edit(path.substr(k_api.size()))) {
        if (request.method != "POST") co_return text_response(405, "This changes something: POST it.");
        if (is_unix && !request.may_change)
            co_return text_response(403,
                                    "Only root, the user that runs aggd and the group that feeds.conf names may change "
                                    "things over the socket.");
        answering = edit(services, std::move(parameters), std::move(request.body));
    } else {
        answering = read_call(services, std::string(path.substr(k_api.size())), std::move(parameters), token,
                              request.header("If-None-Match").value_or(""));
    }
    co_return co_await std::move(answering);
}

}  // namespace agg::serve
