// The Google Reader API: what clients send, and what they choke on.
#include "serve/greader.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <pugixml.hpp>

#include "serve/fake_admin.hpp"
#include "serve/greader_ids.hpp"
#include "serve/password.hpp"
#include "store/writer.hpp"
#include "support/temporary_folder.hpp"

using namespace agg;
using namespace agg::serve;
using namespace agg::serve::test;
namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

const TimePoint k_now = at("2022-01-10T12:00:00Z");

// The fake's changes of states and tags go to a real store.
class StoringAdmin : public FakeAdmin {
  public:
    explicit StoringAdmin(store::Writer& writer) : writer_(writer) {}
    std::vector<FeedStatus> subscribed;

    Task<Result<std::vector<FeedStatus>>> feeds() override { co_return subscribed; }
    Task<Result<store::Marked>> mark(store::MarkRequest request) override { co_return writer_.mark(request); }
    Task<Result<store::Marked>> tag(store::TagRequest request) override { co_return writer_.tag(request); }
    Task<Result<store::Marked>> rename_tag(std::string from, std::string to) override {
        co_return writer_.rename_tag(from, to);
    }

  private:
    store::Writer& writer_;
};

// Alpha told stories 1, 2 and 3 at 10:00; beta told 1 as well, and 4, at 11:00.
struct House {
    agg::test::TemporaryFolder folder;
    store::Writer writer = *store::Writer::open(folder / "aggd.db");
    asio::thread_pool pool{2};
    store::ReaderPool readers{folder / "aggd.db"};
    Views views{pool,
                [this](const store::Selection& selection, std::uint64_t known) {
                    return readers.with([&](store::Reader& reader) { return reader.page(selection, known); });
                },
                ViewsSetup{writer.uid(), 1, 1, "http://127.0.0.1:8137/"}};
    StoringAdmin admin{writer};
    Catalog catalog;
    SignIn sign_in{pool};
    asio::io_context io;
    Events events{io.get_executor(), pool, readers, "test", 1};
    HealthFeed health{pool, [](std::size_t) { return std::vector<store::StoredHealthEvent>{}; }, "test",
                      "http://127.0.0.1:8137/"};
    Services services{views, admin, health, catalog, [] { return k_now; }, pool, readers, sign_in, events};
    Router router{routes(), services, {.owner_uid = 1000}};

    House() {
        std::vector<Feed> feeds(2);
        feeds[0].name = "alpha";
        feeds[0].url = "https://alpha.example/feed?a=1";
        feeds[0].tags = {"News", "far away"};
        feeds[1].name = "beta";
        feeds[1].url = "https://beta.example/feed";
        const auto stored = writer.subscribe(feeds, TimePoint{});
        for (std::size_t i = 0; i < 2; ++i) {
            FeedStatus status;
            status.id = stored[i].id;
            status.name = feeds[i].name;
            status.title = feeds[i].name + " & co";
            status.url = feeds[i].url;
            status.tags = feeds[i].tags;
            admin.subscribed.push_back(status);
        }
        commit(0, {item("alpha", "3"), item("alpha", "2"), item("alpha", "1")}, at("2022-01-10T10:00:00Z"));
        Item copy = item("beta", "1");
        copy.canonical_url = "alpha.example/1";
        commit(1, {item("beta", "4"), copy}, at("2022-01-10T11:00:00Z"));
        sign_in.use(store::Account{"me", hash_password("secret"), "TOKEN"});
    }
    static Item item(const std::string& outlet, const std::string& id) {
        Item one;
        one.id = id;
        one.link = "https://" + outlet + ".example/" + id;
        one.canonical_url = outlet + ".example/" + id;
        one.title = "Title " + id;
        one.content_html = "<p>Body " + id + "</p>";
        one.published = at("2022-01-09T00:00:00Z");
        one.enclosures = {{"https://" + outlet + ".example/a.mp3", "audio/mpeg", 5}};
        return one;
    }
    void commit(std::size_t feed, const std::vector<Item>& items, TimePoint now) {
        store::Poll poll;
        poll.feed = admin.subscribed[feed].id;
        poll.now = now;
        const auto keys = dedup::document_keys(items);
        for (std::size_t i = 0; i < items.size(); ++i) poll.items.push_back({items[i], keys[i]});
        (void)writer.commit({poll});
    }
    Response ask(Request asked) { return run(router.answer(std::move(asked))); }
    Response get(std::string_view target) {
        return ask(request("GET", target, {{"Authorization", "GoogleLogin auth=TOKEN"}}));
    }
    Response post(std::string_view target, std::string body = "") {
        return ask(request(
            "POST", target,
            {{"Authorization", "GoogleLogin auth=TOKEN"}, {"Content-Type", "application/x-www-form-urlencoded"}},
            std::move(body)));
    }
    json::object get_json(std::string_view target) {
        const Response answer = get(target);
        REQUIRE(answer.status == 200);
        return json::parse(*answer.body).as_object();
    }
    // "4 3 2" for the item ids of an answer to stream/items/ids.
    std::string ids(const std::string& parameters) {
        std::string all;
        const json::object answer = get_json("/reader/api/0/stream/items/ids?" + parameters);
        for (const json::value& each : answer.at("itemRefs").as_array())
            all += (all.empty() ? "" : " ") + json::value_to<std::string>(each.at("id"));
        return all;
    }
    store::Story story(int number) {
        return readers.with([&](store::Reader& reader) { return reader.stories({StoryId{number}}).stories.at(0); });
    }
};

std::string text(const json::value& value) { return json::value_to<std::string>(value); }

const std::string k_read = "user/-/state/com.google/read";
const std::string k_all = "user/-/state/com.google/reading-list";

}  // namespace

TEST_CASE("an item is named in every form that clients send") {
    struct Case {
        const char* text;
        std::int64_t story;
    };
    const Case each = GENERATE(values<Case>({
        {"123", 123},
        {"tag:google.com,2005:reader/item/000000000000007b", 123},
        {"tag:google.com,2005:reader/item/7B", 123},
        {"tag:google.com,2005:reader/item/0000000000000010", 16},
        {"000000000000007b", 123},
        {"0000000000000123", 0x123},
        {"7b", 123},
        {" 5 ", 5},
    }));
    CAPTURE(each.text);
    CHECK(parse_item_id(each.text) == StoryId{each.story});
}

TEST_CASE("what is no item's name is none") {
    for (const char* text : {"", "x", "tag:google.com,2005:reader/item/", "-5", "99999999999999999999", "12 13"})
        CHECK_FALSE(parse_item_id(text));
    CHECK(long_item_id(StoryId{123}) == "tag:google.com,2005:reader/item/000000000000007b");
}

TEST_CASE("a stream is named by any user") {
    CHECK(parse_stream("user/-/state/com.google/read").kind == Stream::Kind::read);
    CHECK(parse_stream("user/1005/state/com.google/kept-unread").kind == Stream::Kind::unread);
    CHECK(parse_stream("user/1/state/com.google/unread").kind == Stream::Kind::unread);
    CHECK(parse_stream("user/1/state/com.google/tracking-kept-unread").kind == Stream::Kind::other);
    CHECK(parse_stream("user/me/label/World / news").name == "World / news");
    CHECK(parse_stream("feed/https://a.example/?b=1").name == "https://a.example/?b=1");
    CHECK(parse_stream("nonsense").kind == Stream::Kind::other);
}

TEST_CASE("signing in gives the token, as text or as JSON") {
    House house;
    for (const char* base : {"", "/api", "/api/greader.php", "/greader.php"}) {
        if (std::string(base) == "/greader.php") continue;
        const Response answer = house.ask(request("POST", std::string(base) + "/accounts/ClientLogin", {},
                                                  "service=reader&Email=me&Passwd=secret&source=newsboat"));
        CHECK(answer.status == 200);
        CHECK(*answer.body == "SID=TOKEN\nLSID=null\nAuth=TOKEN\n");
    }
    CHECK(*house.ask(request("GET", "/accounts/ClientLogin?Email=me&Passwd=secret&output=json")).body ==
          R"({"SID":"TOKEN","LSID":"null","Auth":"TOKEN"})");
}

TEST_CASE("a wrong user or password is 401, and after five of them nobody may try for a while") {
    House house;
    const auto attempt = [&](const char* form) {
        return house.ask(request("POST", "/accounts/ClientLogin", {}, form));
    };
    CHECK(attempt("Email=me&Passwd=wrong").status == 401);
    CHECK(attempt("Email=you&Passwd=secret").status == 401);
    CHECK(attempt("Email=me").status == 401);
    CHECK_THAT(*attempt("").body, Catch::StartsWith("Error=BadAuthentication"));
    CHECK(attempt("Email=me&Passwd=secret").status == 200);
    for (int i = 0; i < 5; ++i) CHECK(attempt("Email=me&Passwd=wrong").status == 401);
    const Response refused = attempt("Email=me&Passwd=secret");
    CHECK(refused.status == 429);
    CHECK(refused.header("Retry-After"));
    CHECK(house.get("/reader/api/0/token").status == 200);
}

TEST_CASE("the wait after wrong passwords doubles up to five minutes, and a right one ends it") {
    Attempts attempts;
    for (int i = 0; i < 4; ++i) attempts.begin(k_now);
    CHECK_FALSE(attempts.blocked_until(k_now));
    attempts.begin(k_now);
    CHECK(attempts.blocked_until(k_now) == k_now + 2s);
    CHECK_FALSE(attempts.blocked_until(k_now + 2s));
    attempts.begin(k_now + 2s);
    CHECK(attempts.blocked_until(k_now + 2s) == k_now + 6s);
    for (int i = 0; i < 40; ++i) attempts.begin(k_now);
    CHECK(attempts.blocked_until(k_now) == k_now + 300s);
    attempts.succeed();
    CHECK_FALSE(attempts.blocked_until(k_now));
}

TEST_CASE("a password is kept as a hash with its own salt") {
    const std::string hash = hash_password("secret");
    CHECK(hash.starts_with("$y$"));
    CHECK(hash != hash_password("secret"));
    CHECK(is_password("secret", hash));
    CHECK_FALSE(is_password("Secret", hash));
    CHECK_FALSE(is_password("", hash));
    CHECK_FALSE(is_password("secret", ""));
    CHECK_FALSE(equals_in_constant_time("", "a"));
    CHECK(random_token().size() == 64);
    CHECK(random_token() != random_token());
}

TEST_CASE("without a password set nobody can sign in on TCP, whatever is sent") {
    House house;
    house.sign_in.use(std::nullopt);
    CHECK(house.ask(request("POST", "/accounts/ClientLogin", {}, "Email=&Passwd=")).status == 401);
    CHECK(house.ask(request("GET", "/reader/api/0/token", {{"Authorization", "GoogleLogin auth="}})).status == 401);
    CHECK(house.ask(request("GET", "/reader/api/0/token")).status == 401);
}

TEST_CASE("every call over TCP needs the token, in the header or in a POST's T") {
    House house;
    for (const char* target : {"/reader/api/0/subscription/list", "/reader/api/0/edit-tag", "/reader/atom/feed/1",
                               "/api/greader.php/reader/api/0/token", "/reader/api/0/nothing"}) {
        const Response refused = house.ask(request("GET", target, {{"Authorization", "GoogleLogin auth=WRONG"}}));
        CHECK(refused.status == 401);
        CHECK(*refused.body == "Unauthorized");
        CHECK(refused.header("X-Reader-Google-Bad-Token") == "true");
        CHECK(refused.header("Google-Bad-Token") == "true");
        CHECK(house.ask(request("POST", target, {}, "T=WRONG")).status == 401);
    }
    const std::string contents = "/reader/api/0/stream/items/contents";
    CHECK(house.ask(request("POST", contents, {}, "output=json&T=TOKEN&i=1")).status == 200);
    CHECK(house.ask(request("POST", contents, {}, "T=TOKEN%0A&i=1")).status == 200);
    CHECK(house.ask(request("GET", contents + "?T=TOKEN&i=1")).status == 401);
    for (const char* form : {"", "T=", "T=x", "T=TOKEN%0A"})
        CHECK(house.post("/reader/api/0/edit-tag", std::string(form) + "&i=1&a=" + k_read).status == 200);
}

TEST_CASE("over the Unix socket anybody reads, and the owner edits") {
    House house;
    CHECK(house.ask(over_unix(request("GET", "/reader/api/0/subscription/list"), 1001)).status == 200);
    const Request edit = request("POST", "/reader/api/0/edit-tag", {}, "i=1&a=" + k_read);
    CHECK(house.ask(over_unix(edit, 1001)).status == 403);
    CHECK_FALSE(house.story(1).is_read);
    CHECK(house.ask(over_unix(edit, 1000)).status == 200);
    CHECK(house.story(1).is_read);
    CHECK(*house.ask(over_unix(request("POST", "/accounts/ClientLogin", {}, "Email=a&Passwd=b"), 1001)).body ==
          "SID=unix\nLSID=null\nAuth=unix\n");
}

TEST_CASE("subscriptions, tags, the user and the token") {
    House house;
    const auto list = house.get_json("/api/greader.php/reader/api/0/subscription/list?output=json");
    const auto& alpha = list.at("subscriptions").at(0).as_object();
    CHECK(alpha.at("id") == "feed/1");
    CHECK(alpha.at("title") == "alpha & co");
    CHECK(alpha.at("url") == "https://alpha.example/feed?a=1");
    CHECK(alpha.at("categories").at(1).at("id") == "user/-/label/far away");
    CHECK(alpha.at("categories").at(1).at("label") == "far away");
    CHECK(alpha.at("categories").at(1).at("type") == "folder");
    CHECK(list.at("subscriptions").at(1).at("categories").as_array().empty());
    (void)house.post("/reader/api/0/edit-tag", "i=2&a=user/-/label/later");
    CHECK(json::serialize(house.get_json("/reader/api/0/tag/list")) ==
          R"({"tags":[{"id":"user/-/state/com.google/starred"},{"id":"user/-/label/News","type":"folder"},)"
          R"({"id":"user/-/label/far away","type":"folder"},{"id":"user/-/label/later","type":"tag"}]})");
    CHECK(house.get_json("/reader/api/0/user-info").at("userName") == "me");
    CHECK(*house.get("/reader/api/0/token").body == "TOKEN");
    CHECK(*house.get("/reader/api/0/preference/stream/list").body == "[]");
    CHECK_THAT(*house.get("/reader/api/0/subscription/export").body, Catch::Contains("<opml version=\"2.0\">"));
    CHECK(house.get("/reader/other").status == 404);
}

TEST_CASE("ids of a stream are decimal strings, the last that arrived first, each story in one feed only") {
    House house;
    CHECK(house.ids("s=" + k_all) == "4 3 2 1");
    CHECK(house.ids("") == "4 3 2 1");
    CHECK(house.ids("r=o") == "1 2 3 4");
    CHECK(house.ids("s=feed/1") == "3 2 1");
    CHECK(house.ids("s=feed%2F2") == "4");
    CHECK(house.ids("s=feed/https://alpha.example/feed%3Fa%3D1") == "3 2 1");
    CHECK(house.ids("s=feed/77") == "");
    CHECK(house.ids("s=user/-/label/News") == "3 2 1");
    CHECK(house.ids("s=user/5/label/far%20away") == "3 2 1");
    (void)house.post("/reader/api/0/edit-tag", "i=2&i=4&a=" + k_read);
    CHECK(house.ids("s=" + k_all + "&xt=" + k_read) == "3 1");
    CHECK(house.ids("s=" + k_read) == "4 2");
    CHECK(house.ids("it=" + k_read) == "4 2");
    CHECK(house.ids("s=feed/1&xt=" + k_read) == "3 1");
    CHECK(house.ids("s=user/-/state/com.google/kept-unread") == "3 1");
    CHECK(house.ids("xt=user/-/label/News") == "4");
}

TEST_CASE("\"ot\" and \"nt\" are the times of arrival, not of publication") {
    House house;
    const auto seconds = [](const char* time) { return std::to_string(to_unix_ms(at(time)) / 1000); };
    CHECK(house.ids("ot=" + seconds("2022-01-10T10:30:00Z")) == "4");
    CHECK(house.ids("ot=" + seconds("2022-01-10T10:00:00Z")) == "4 3 2 1");
    CHECK(house.ids("nt=" + seconds("2022-01-10T10:30:00Z")) == "3 2 1");
    CHECK(house.ids("ot=" + seconds("2022-01-10T11:30:00Z")) == "");
    CHECK(house.ids("ot=soon") == "4 3 2 1");
}

TEST_CASE("a continuation is a string that leads through the stream, and absent at its end") {
    House house;
    for (const std::string& order : {std::string("&r=n"), std::string("&r=o")}) {
        std::string all, continuation;
        int pages = 0;
        do {
            const auto page = house.get_json("/reader/api/0/stream/items/ids?n=2" + order +
                                             (continuation.empty() ? "" : "&c=" + continuation));
            for (const auto& each : page.at("itemRefs").as_array()) all += json::value_to<std::string>(each.at("id"));
            const json::value* next = page.if_contains("continuation");
            continuation = next != nullptr ? json::value_to<std::string>(*next) : "";
        } while (!continuation.empty() && ++pages < 9);
        CHECK(all == (order == "&r=n" ? "4321" : "1234"));
        CHECK(pages == 1);
    }
}

TEST_CASE("contents carry what each client needs") {
    House house;
    const auto answer = json::parse(*house
                                         .post("/reader/api/0/stream/items/contents",
                                               "i=tag:google.com,2005:reader/item/0000000000000001&i=99&i=4&i=zz")
                                         .body)
                            .as_object();
    REQUIRE(answer.at("items").as_array().size() == 2);
    const auto& item = answer.at("items").at(0).as_object();
    CHECK(item.at("id") == "tag:google.com,2005:reader/item/0000000000000001");
    CHECK(item.at("title") == "Title 1");
    CHECK(text(item.at("crawlTimeMsec")) == std::to_string(to_unix_ms(at("2022-01-10T10:00:00Z"))));
    CHECK(text(item.at("timestampUsec")) == std::to_string(to_unix_ms(at("2022-01-10T10:00:00Z"))) + "000");
    CHECK(item.at("published") == to_unix_ms(at("2022-01-09T00:00:00Z")) / 1000);
    CHECK(item.at("canonical").at(0).at("href") == "https://alpha.example/1");
    CHECK(item.at("alternate").at(0).at("href") == "https://alpha.example/1");
    CHECK(item.at("summary").as_object().begin()->key() == "content");
    CHECK_THAT(json::value_to<std::string>(item.at("summary").at("content")),
               Catch::Contains("<p>Body 1</p>") && Catch::Contains("Also: "));
    CHECK(item.at("origin").at("streamId") == "feed/1");
    CHECK(item.at("enclosure").at(0).at("href") == "https://alpha.example/a.mp3");
    CHECK(item.at("enclosure").at(0).at("length") == 5);
    CHECK(json::serialize(item.at("categories")) ==
          R"(["user/-/state/com.google/reading-list","user/-/label/News","user/-/label/far away"])");
    (void)house.post("/reader/api/0/edit-tag", "i=1&a=" + k_read + "&a=user/-/state/com.google/starred");
    const auto after = json::parse(*house.get("/reader/api/0/stream/items/contents?i=1").body);
    CHECK(json::serialize(after.at("items").at(0).at("categories")) ==
          R"(["user/-/state/com.google/reading-list","user/-/state/com.google/read","user/-/state/com.google/starred",)"
          R"("user/-/label/News","user/-/label/far away"])");
}

TEST_CASE("a stream's contents are asked for by path, by parameter, or not at all") {
    House house;
    for (const char* target :
         {"/reader/api/0/stream/contents/feed%2F2?n=20", "/reader/api/0/stream/contents/feed/2",
          "/reader/api/0/stream/contents?s=feed/2", "/api/greader.php/reader/api/0/stream/contents/feed/2"}) {
        const auto answer = house.get_json(target);
        CHECK(answer.at("id") == "feed/2");
        CHECK(answer.at("items").as_array().size() == 1);
    }
    const auto all = house.get_json("/reader/api/0/stream/contents?n=3");
    CHECK(text(all.at("id")) == k_all);
    CHECK(all.at("items").as_array().size() == 3);
    CHECK(all.at("continuation") == "2");
}

TEST_CASE("the Atom form names items by their ids and states by categories") {
    House house;
    (void)house.post("/reader/api/0/edit-tag", "i=2&a=" + k_read);
    pugi::xml_document document;
    REQUIRE(document.load_string(house.get("/reader/atom/feed%2F1?n=100").body->c_str()));
    CHECK(std::string(document.child("feed").child_value("title")) == "alpha & co");
    std::vector<std::string> ids;
    for (const auto entry : document.child("feed").children("entry")) {
        ids.emplace_back(entry.child_value("id"));
        const auto read = entry.find_child_by_attribute("category", "term", k_read.c_str());
        CHECK(static_cast<bool>(read) == (ids.back() == long_item_id(StoryId{2})));
        if (!read) continue;
        CHECK(std::string(read.attribute("scheme").value()) == "http://www.google.com/reader/");
        CHECK(std::string(read.attribute("label").value()) == "read");
    }
    CHECK(ids ==
          std::vector<std::string>{long_item_id(StoryId{3}), long_item_id(StoryId{2}), long_item_id(StoryId{1})});
}

TEST_CASE("unread counts are those of feeds, of labels and of all, with the time of the newest") {
    House house;
    (void)house.post("/reader/api/0/edit-tag", "i=1&a=" + k_read);
    const auto answer = house.get_json("/reader/api/0/unread-count?output=json");
    CHECK(answer.at("max") == 3);
    std::string counts;
    for (const auto& each : answer.at("unreadcounts").as_array())
        counts += fmt::format("{}={} ", json::value_to<std::string>(each.at("id")), each.at("count").to_number<int>());
    CHECK(counts == "feed/1=2 user/-/label/News=2 user/-/label/far away=2 " + k_all + "=3 feed/2=1 ");
    CHECK(text(answer.at("unreadcounts").at(0).at("newestItemTimestampUsec")) ==
          std::to_string(to_unix_ms(at("2022-01-10T10:00:00Z"))) + "000");
}

TEST_CASE("edit-tag sets and takes states and labels, and answers OK without a line end") {
    House house;
    const auto edit = [&](const std::string& form) {
        const Response answer = house.post("/reader/api/0/edit-tag", form);
        CHECK(answer.status == 200);
        CHECK(*answer.body == "OK");
    };
    edit(
        "i=tag%3Agoogle.com%2C2005%3Areader%2Fitem%2F0000000000000001&a=user/-/state/com.google/read&r=user/-/state/"
        "com.google/kept-unread&ac=edit&T=x");
    CHECK(house.story(1).is_read);
    edit("i=1&r=" + k_read);
    CHECK_FALSE(house.story(1).is_read);
    edit("i=1&a=" + k_read);
    edit("i=1&a=user/9/state/com.google/kept-unread");
    CHECK_FALSE(house.story(1).is_read);
    edit("i=1&i=2&a=user/-/state/com.google/starred&a=user/-/label/later%20on");
    CHECK(house.story(2).is_starred);
    CHECK(house.story(2).tags == std::vector<std::string>{"later on"});
    CHECK(house.ids("s=user/-/label/later%20on") == "2 1");
    edit("i=2&r=user/-/state/com.google/starred&r=user/-/label/later%20on");
    CHECK_FALSE(house.story(2).is_starred);
    CHECK(house.story(2).tags.empty());
    edit("i=2&a=user/-/state/com.google/tracking-kept-unread");
    edit("i=zz&a=" + k_read);
    CHECK(house.get("/reader/api/0/edit-tag?i=1&a=" + k_read).status == 405);
}

TEST_CASE("mark-all-as-read leaves alone what arrived after ts, and what is at home in another feed") {
    House house;
    const auto mark = [&](const std::string& form) { return house.post("/reader/api/0/mark-all-as-read", form); };
    CHECK(mark("s=feed/2&ts=" + std::to_string(to_unix_ms(at("2022-01-10T10:30:00Z"))) + "000").status == 200);
    CHECK_FALSE(house.story(4).is_read);
    CHECK(*mark("s=feed/2&T=x").body == "OK");
    CHECK(house.ids("xt=" + k_read) == "3 2 1");
    CHECK(mark("s=user/-/label/News&ts=" + std::to_string(to_unix_ms(at("2022-01-10T10:30:00Z")) / 1000)).status ==
          200);
    CHECK(house.ids("xt=" + k_read) == "");
    (void)house.post("/reader/api/0/edit-tag", "i=1&r=" + k_read);
    CHECK(mark("").status == 200);
    CHECK(house.ids("xt=" + k_read) == "");
    CHECK(mark("s=feed/77").status == 404);
    CHECK(mark("s=nonsense").status == 400);
}

TEST_CASE("subscriptions are edited by form or by query, and that is feeds.conf") {
    House house;
    const auto edit = [&](const std::string& target, const std::string& form = "") {
        house.admin.asked.clear();
        const Response answer = house.post("/reader/api/0/" + target, form);
        CHECK(answer.status == 200);
        return house.admin.asked.empty() ? std::string() : house.admin.asked.front();
    };
    CHECK(
        edit("subscription/edit", "ac=subscribe&s=feed/https://new.example/feed%3Fx%3D1&t=New&a=user/-/label/World") ==
        "add https://new.example/feed?x=1 name= title=New tags=World interval=");
    CHECK(edit("subscription/edit?ac=unsubscribe&s=feed%2F2") == "remove beta");
    CHECK(edit("subscription/edit", "ac=edit&s=feed/1&t=Mine&a=user/-/label/x&r=user/-/label/News") ==
          "change alpha title=Mine +x -News");
    CHECK(edit("subscription/edit", "ac=edit&s=feed/1&a=user/-/label/x") == "change alpha title=(same) +x -");
    CHECK(edit("subscription/quickadd", "quickadd=feed/https://new.example/") ==
          "add https://new.example/ name= title= tags= interval=");
    CHECK(edit("rename-tag", "s=user/-/label/News&dest=user/-/label/Neues") ==
          "change alpha title=(same) +Neues -News");
    CHECK(edit("disable-tag", "s=user/-/label/News") == "change alpha title=(same) + -News");
    CHECK(house.post("/reader/api/0/disable-tag", "s=user/-/label/none").status == 400);
    CHECK(house.post("/reader/api/0/subscription/edit", "ac=unsubscribe&s=feed/77").status == 404);
    CHECK(house.post("/reader/api/0/subscription/edit", "ac=dance").status == 400);
    CHECK(*house
               .ask(request("POST", "/reader/api/0/subscription/import",
                            {{"Authorization", "GoogleLogin auth=TOKEN"}, {"Content-Type", "text/xml"}}, "<opml/>"))
               .body == "OK");
    CHECK(house.admin.asked.back() == "import <opml/> dry_run=false");
}

TEST_CASE("quickadd says what it found, or why not") {
    House house;
    const auto added = json::parse(*house.post("/reader/api/0/subscription/quickadd", "quickadd=x.example").body);
    CHECK(added.at("numResults") == 1);
    CHECK(added.at("streamId") == "feed/1");
    house.admin.error = Error{ErrorKind::not_a_feed, "x.example is a web page."};
    const auto failed = json::parse(*house.post("/reader/api/0/subscription/quickadd", "quickadd=x.example").body);
    CHECK(failed.at("numResults") == 0);
    CHECK(failed.at("error") == "x.example is a web page.");
    CHECK(house.post("/reader/api/0/subscription/edit", "ac=subscribe&s=feed/x.example").status == 422);
    house.admin.error = Error{ErrorKind::conflict, "subscribed already"};
    CHECK(house.post("/reader/api/0/subscription/edit", "ac=subscribe&s=feed/x.example").status == 200);
}

TEST_CASE("a list of subscriptions that has not changed is not sent again") {
    House house;
    const std::string target = "/reader/api/0/subscription/list?output=json";
    const auto ask_with = [&](const std::string& etag) {
        return house.ask(
            request("GET", target, {{"Authorization", "GoogleLogin auth=TOKEN"}, {"If-None-Match", etag}}));
    };
    const std::string etag(house.get(target).header("ETag").value_or(""));
    REQUIRE_FALSE(etag.empty());
    CHECK(ask_with(etag).status == 304);
    house.admin.subscribed[0].title = "Another";
    CHECK(ask_with(etag).status == 200);
}

TEST_CASE("the unread are counted where a story is at home, however many tell it") {
    House house;
    const auto count = [&](const char* stream) -> std::int64_t {
        const json::object answer = house.get_json("/reader/api/0/unread-count?output=json");
        for (const json::value& each : answer.at("unreadcounts").as_array())
            if (each.at("id") == stream) return each.at("count").to_number<std::int64_t>();
        return 0;
    };
    const std::string alpha = fmt::format("feed/{}", static_cast<std::int64_t>(house.admin.subscribed[0].id));
    const std::string beta = fmt::format("feed/{}", static_cast<std::int64_t>(house.admin.subscribed[1].id));
    CHECK(count(alpha.c_str()) == 3);
    CHECK(count(beta.c_str()) == 1);
    (void)house.writer.mark({.mark = store::Mark::read, .stories = {StoryId{1}}});
    CHECK(count(alpha.c_str()) == 2);
    CHECK(count(beta.c_str()) == 1);
}
