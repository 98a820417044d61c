#include "serve/events.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "base/text.hpp"
#include "serve/running_server.hpp"
#include "serve/samples.hpp"
#include "store/writer.hpp"

using namespace agg;
using namespace agg::serve;
using namespace agg::serve::test;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

Item told(const std::string& title, const std::string& id = "") {
    Item item;
    item.id = id.empty() ? title : id;
    item.link = "https://paper.example/" + item.id;
    item.canonical_url = "paper.example/" + item.id;
    item.title = title;
    item.published = at("2022-01-10T09:00:00Z");
    return item;
}

// The events of a stream as a browser would dispatch them, and what it would remember.
struct Heard {
    std::vector<std::string> titles;
    std::vector<std::string> ids;  // of these
    std::string last_id;
    bool was_reset = false;
    unsigned heartbeats = 0;
};

Heard hear(std::string_view text) {
    Heard heard;
    std::string data, type;
    for (const std::string_view line : split(text, '\n')) {
        if (line.starts_with("data: ")) data = line.substr(6);
        if (line.starts_with("event: ")) type = line.substr(7);
        if (line.starts_with("id: ")) heard.last_id = line.substr(4);
        if (line == ":") ++heard.heartbeats;
        if (!line.empty()) continue;
        if (type == "reset") heard.was_reset = true;
        if (!data.empty() && type.empty()) {
            heard.titles.push_back(boost::json::value_to<std::string>(boost::json::parse(data).at("title")));
            heard.ids.push_back(heard.last_id);
        }
        data.clear();
        type.clear();
    }
    return heard;
}

// A client of /events over HTTP/1.0, so that what comes is the stream itself.
class Listening {
  public:
    Listening(Client client, const std::string& query, const std::string& fields = "") : client_(std::move(client)) {
        client_.send("GET /events" + query + " HTTP/1.0\r\nHost: localhost\r\n" + fields + "\r\n");
        while (text_.find("\r\n\r\n") == std::string::npos) text_ += client_.take_some();
        head_ = text_.substr(0, text_.find("\r\n\r\n"));
        text_.erase(0, head_.size() + 4);
    }
    template <typename Condition>
    Heard until(Condition enough) {
        for (;;) {
            Heard heard = hear(text_);
            if (enough(heard)) return heard;
            const std::string more = client_.take_some();
            if (more.empty()) return heard;
            text_ += more;
        }
    }
    Heard until_titles(std::size_t count) {
        return until([count](const Heard& heard) { return heard.titles.size() >= count; });
    }
    Heard greeting() {
        return until([](const Heard& heard) { return !heard.last_id.empty(); });
    }
    Heard to_the_end() { return hear(text_ += client_.rest()); }
    [[nodiscard]] const std::string& head() const { return head_; }
    [[nodiscard]] const std::string& text() const { return text_; }

  private:
    Client client_;
    std::string head_, text_;
};

class House {
  public:
    explicit House(EventLimits limits = {}, ServerLimits server_limits = {}) {
        Feed alpha;
        alpha.name = "alpha";
        alpha.url = "https://alpha.example/feed";
        Feed beta = alpha;
        beta.name = "beta";
        beta.url = "https://beta.example/feed";
        feeds_ = writer_.subscribe({alpha, beta}, TimePoint{});
        commit(0, {told("old")});
        open(limits, server_limits);
    }
    ~House() { close(); }

    // As after a restart of the daemon.
    void open(EventLimits limits = {}, ServerLimits server_limits = {}) {
        server_ = std::make_unique<RunningServer>([this](Request request) { return answer(std::move(request)); },
                                                  server_limits);
        server_->on_io_thread([&] {
            events_ = std::make_unique<Events>(server_->executor(), pool_, readers_, writer_.uid(),
                                               writer_.generation(), limits);
        });
    }
    std::chrono::milliseconds close() {
        server_->on_io_thread([&] { events_->stop(); });
        const auto took = server_->stop_and_join();
        events_.reset();  // before the io_context that its timer is of
        return took;
    }
    void commit(std::size_t feed, const std::vector<Item>& items) {
        store::Poll poll;
        poll.feed = feeds_[feed].id;
        poll.now = at("2022-01-10T10:00:00Z");
        poll.items = dedup::keyed_items(items);
        const std::uint64_t generation = writer_.commit({poll}).generation;
        if (server_) server_->on_io_thread([&] { events_->stored(generation); });
    }
    void index() {
        (void)writer_.index_pending(1000);
        server_->on_io_thread([&] { events_->indexed(); });
    }
    Listening listen(const std::string& query = "", const std::string& fields = "") {
        return {server_->tcp_client(), query, fields};
    }
    std::size_t open_streams() {
        std::size_t count = 0;
        server_->on_io_thread([&] { count = events_->open(); });
        return count;
    }
    RunningServer& server() { return *server_; }
    const std::string& uid() { return writer_.uid(); }

  private:
    Task<Response> answer(Request request) {
        request.path = "/feed.json";
        auto spec = read_view(request, catalog_, at("2022-01-10T12:00:00Z"));
        if (!spec) co_return text_response(400, spec.error().message);
        Task<Response> answering = events_->answer(std::move(request), std::move(*spec));
        co_return co_await std::move(answering);
    }

    agg::test::TemporaryFolder folder_;
    store::Writer writer_ = *store::Writer::open(folder_ / "aggd.db");
    std::vector<store::StoredFeed> feeds_;
    asio::thread_pool pool_{2};
    store::ReaderPool readers_{folder_ / "aggd.db"};
    Catalog catalog_;
    std::unique_ptr<Events> events_;
    std::unique_ptr<RunningServer> server_;
};

using Titles = std::vector<std::string>;

}  // namespace

TEST_CASE("a stream tells what arrives from now on, one JSON object in each event") {
    House house;
    Listening listening = house.listen();
    CHECK_THAT(listening.head(), Contains("200 OK") && Contains("Content-Type: text/event-stream"));
    CHECK(listening.greeting().titles.empty());
    CHECK_THAT(listening.text(), Catch::StartsWith("retry: 2000\nid: "));
    house.commit(0, {told("new"), told("newer\nон")});
    CHECK(listening.until_titles(2).titles == Titles{"newer\nон", "new"});
    CHECK_THAT(listening.text(), Contains("\"feed\":\"alpha\"") && Contains("\"entry\":\"urn:uuid:"));
}

TEST_CASE("a client that comes back with its last id misses nothing and hears nothing twice, also after a restart") {
    const bool restarts = GENERATE(false, true);
    const bool by_header = GENERATE(false, true);
    House house;
    std::string last_id;
    {
        Listening listening = house.listen();
        CHECK(listening.greeting().titles.empty());
        house.commit(0, {told("first")});
        last_id = listening.until_titles(1).last_id;
    }
    house.commit(1, {told("meanwhile")});
    if (restarts) {
        house.close();
        house.open();
    }
    Listening again =
        by_header ? house.listen("", "Last-Event-ID: " + last_id + "\r\n") : house.listen("?last_event_id=" + last_id);
    house.commit(0, {told("later")});
    const Heard heard = again.until_titles(2);
    CHECK(heard.titles == Titles{"meanwhile", "later"});
    CHECK_FALSE(heard.was_reset);
}

TEST_CASE("who heard nothing yet has a place to come back to") {
    House house;
    const std::string id = house.listen().greeting().last_id;
    house.commit(0, {told("meanwhile")});
    CHECK(house.listen("", "Last-Event-ID: " + id + "\r\n").until_titles(1).titles == Titles{"meanwhile"});
}

TEST_CASE("a story that another outlet tells, or that is revised, does not come again") {
    House house;
    Listening listening = house.listen();
    CHECK(listening.greeting().titles.empty());
    house.commit(0, {told("Ferry sinks off the coast of Norway", "1")});
    house.commit(1, {told("Ferry sinks off the coast of Norway", "1")});
    house.commit(0, {told("Ferry sinks off the coast of Norway, nobody hurt", "1")});
    house.commit(0, {told("end")});
    CHECK(listening.until([](const Heard& heard) { return !heard.titles.empty() && heard.titles.back() == "end"; })
              .titles.size() == 2);
}

TEST_CASE("an id that is not known here is answered with a reset, and the stream goes on from now") {
    House house;
    const auto id = GENERATE_REF(values<std::string>(
        {"garbage", "0123456789abcdef-1", house.uid() + "-999", house.uid() + "-", house.uid() + "--1"}));
    Listening listening = house.listen("", "Last-Event-ID: " + id + "\r\n");
    const Heard greeting = listening.greeting();
    CHECK(greeting.was_reset);
    CHECK(greeting.last_id == house.uid() + "-1");
    house.commit(0, {told("new")});
    CHECK(listening.until_titles(1).titles == Titles{"new"});
}

TEST_CASE("a stream is narrowed by a query as views are") {
    House house;
    Listening beta = house.listen("?q=source:beta");
    CHECK(beta.greeting().titles.empty());
    house.commit(0, {told("of alpha")});
    house.commit(1, {told("of beta")});
    CHECK(beta.until_titles(1).titles == Titles{"of beta"});
    CHECK_THAT(house.listen("?q=tga:x").head(), Contains(" 400 "));
}

TEST_CASE("a query for words waits for the full-text index instead of passing over what is not in it yet") {
    House house;
    house.index();
    Listening rain = house.listen("?q=rain");
    CHECK(rain.greeting().titles.empty());
    house.commit(0, {told("sun"), told("rain in the south")});
    Listening all = house.listen("?n=2");
    CHECK(all.until_titles(2).titles.size() == 2);
    CHECK(hear(rain.text()).titles.empty());
    house.index();
    CHECK(rain.until_titles(1).titles == Titles{"rain in the south"});
}

TEST_CASE("the last n come first, the oldest of them first; with follow=false the stream ends there") {
    House house;
    house.commit(0, {told("c"), told("b"), told("a")});
    Listening tail = house.listen("?n=2");
    CHECK(tail.until_titles(2).titles == Titles{"b", "c"});
    house.commit(0, {told("d")});
    CHECK(tail.until_titles(3).titles == Titles{"b", "c", "d"});
    CHECK(house.listen("?n=3&follow=false").to_the_end().titles == Titles{"b", "c", "d"});
    CHECK(house.listen("?follow=false").to_the_end().titles.empty());
}

TEST_CASE("a client that does not read while much arrives reads on from the store, in order and without a gap") {
    EventLimits limits;
    limits.batch = 7;
    House house(limits);
    Listening slow = house.listen();
    CHECK(slow.greeting().titles.empty());
    Titles expected;
    for (int commit = 0; commit < 20; ++commit) {
        std::vector<Item> items;
        for (int i = 0; i < 50; ++i) {
            expected.push_back(fmt::format("number {} of commit {}", i, commit));
            items.insert(items.begin(), told(expected.back()));
        }
        house.commit(0, items);
    }
    CHECK(slow.until_titles(expected.size()).titles == expected);
}

TEST_CASE("more streams than allowed get 503, and a client that leaves makes room") {
    EventLimits limits;
    limits.streams = 2;
    House house(limits);
    auto first = std::make_unique<Listening>(house.listen());
    Listening second = house.listen();
    const Listening third = house.listen();
    CHECK_THAT(third.head(), Contains(" 503 ") && Contains("Retry-After"));
    first.reset();
    const auto give_up = std::chrono::steady_clock::now() + 10s;
    while (house.open_streams() > 1 && std::chrono::steady_clock::now() < give_up) std::this_thread::yield();
    CHECK_THAT(house.listen().head(), Contains(" 200 "));
}

TEST_CASE("silence is broken by a comment now and then") {
    EventLimits limits;
    limits.heartbeat = 20ms;
    House house(limits);
    Listening one = house.listen();
    Listening other = house.listen();
    for (Listening* each : {&one, &other})
        CHECK(each->until([](const Heard& heard) { return heard.heartbeats >= 3; }).titles.empty());
}

TEST_CASE("HEAD opens no stream") {
    House house;
    Client client = house.server().tcp_client();
    CHECK(client.ask("HEAD /events HTTP/1.1\r\nHost: localhost\r\n\r\n", true).status() == 200);
    // The next answer comes when the one before is out of hands.
    CHECK(client.ask("HEAD /?q=tga:x HTTP/1.1\r\nHost: localhost\r\n\r\n", true).status() == 400);
    CHECK(house.open_streams() == 0);
}

TEST_CASE("when aggd stops its streams end at once, properly") {
    ServerLimits limits;
    limits.stop_grace = 20s;
    House house({}, limits);
    Client client = house.server().unix_client();
    client.send(get("/events"));
    std::string text;
    while (text.find("id: ") == std::string::npos) text += client.take_some();
    CHECK(house.close() < 10s);
    text += client.rest();
    CHECK_THAT(text, Catch::EndsWith("\r\n0\r\n\r\n"));
    house.open();
}
