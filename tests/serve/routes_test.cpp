#include "serve/routes.hpp"

#include <regex>

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "serve/fake_admin.hpp"
#include "store/writer.hpp"
#include "support/temporary_folder.hpp"

using namespace agg;
using namespace agg::serve;
using namespace agg::serve::test;

namespace {

constexpr std::uint32_t k_owner = 1000;
constexpr std::uint32_t k_stranger = 1001;

struct House {
    asio::thread_pool pool{1};
    Views views{pool,
                [](const store::Selection&, std::uint64_t) {
                    store::Page page;
                    page.generation = 1;
                    page.fingerprint = 5;
                    page.stories.push_back(simple_story());
                    return page;
                },
                ViewsSetup{"test", 1, 1, "http://127.0.0.1:8137/"}};
    FakeAdmin admin;
    HealthFeed health{
        pool,
        [](std::size_t) {
            return std::vector<store::StoredHealthEvent>{
                {7, {.title = "Quay Notes has recovered", .text = "It is back.", .fix = "aggctl show q"}}};
        },
        "test", "http://127.0.0.1:8137/"};
    agg::test::TemporaryFolder folder;
    store::Writer writer = *store::Writer::open(folder / "aggd.db");
    store::ReaderPool readers{folder / "aggd.db"};
    SignIn sign_in{pool};
    asio::io_context io;
    Events events{io.get_executor(), pool, readers, "test", 1};
    Catalog catalog{
        {"bbc.world"}, {"far away"}, {View{.name = "calm", .title = "Calm", .query_text = "", .query = {}}}};
    Services services{views, admin,   health,  catalog, [] { return at("2022-01-10T12:00:00Z"); },
                      pool,  readers, sign_in, events};
    Router router{routes(), services, {.owner_uid = k_owner}};

    // One item, which the admin finds under every name.
    House() {
        Feed feed;
        feed.name = "quay";
        feed.url = "https://quay.example/feed";
        store::Poll poll;
        poll.feed = writer.subscribe({feed}, at("2022-01-10T10:00:00Z")).front().id;
        poll.now = at("2022-01-10T10:00:00Z");
        Item item;
        item.id = "1";
        item.title = "Ferry sinks";
        poll.items = dedup::keyed_items({item});
        (void)writer.commit({poll});
    }

    Response ask(Request asked) { return run(router.answer(std::move(asked))); }
};

std::string error_kind(const Response& response) {
    return boost::json::value_to<std::string>(boost::json::parse(*response.body).at("error").at("kind"));
}

}  // namespace

TEST_CASE("reading is for everybody, by media type") {
    struct Case {
        const char* target;
        const char* media_type;
    };
    const Case each = GENERATE(values<Case>({
        {"/", "text/plain; charset=utf-8"},
        {"/healthz", "text/plain; charset=utf-8"},
        {"/feed.atom", "application/atom+xml; charset=utf-8"},
        {"/feed.rss", "application/rss+xml; charset=utf-8"},
        {"/feed.json", "application/feed+json"},
        {"/feed%2Eatom?n=5", "application/atom+xml; charset=utf-8"},
        {"/health.atom", "application/atom+xml; charset=utf-8"},
        {"/health.rss", "application/rss+xml; charset=utf-8"},
        {"/health.json", "application/feed+json"},
        {"/tag/far%20away.rss", "application/rss+xml; charset=utf-8"},
        {"/source/bbc.world.json", "application/feed+json"},
        {"/view/calm.atom", "application/atom+xml; charset=utf-8"},
        {"/search.json?q=rain+OR+wind", "application/feed+json"},
        {"/opml", "text/x-opml; charset=utf-8"},
        {"/views.opml", "text/x-opml; charset=utf-8"},
    }));
    CAPTURE(each.target);
    House house;
    for (const char* method : {"GET", "HEAD"}) {
        const Response answer = house.ask(request(method, each.target));
        CHECK(answer.status == 200);
        CHECK(answer.header("content-type") == each.media_type);
        CHECK_FALSE(answer.body->empty());
        CHECK(house.ask(over_unix(request(method, each.target), k_stranger)).status == 200);
    }
}

TEST_CASE("the first page names every feed there is") {
    House house;
    const std::string page = *house.ask(request("GET", "/")).body;
    for (const Route& route : routes()) {
        if (route.reach != Reach::everywhere) continue;
        const std::string pattern = route.pattern;
        CHECK_THAT(page, Catch::Contains(pattern.substr(0, pattern.find('{'))));
    }
}

TEST_CASE("an unknown path is 404 with a short text") {
    House house;
    const char* target =
        GENERATE("/feed", "/feed.atom/", "//", "/FEED.ATOM", "/%2e%2e/etc/passwd", "/feed%zz", "/v2/status");
    const Response answer = house.ask(request("GET", target));
    CHECK(answer.status == 404);
    CHECK(answer.header("Content-Type") == "text/plain; charset=utf-8");
    CHECK(answer.body->size() < 300);
}

TEST_CASE("a method that a path does not take is 405 and says which it takes") {
    House house;
    const Response posted = house.ask(request("POST", "/feed.atom"));
    CHECK(posted.status == 405);
    CHECK(posted.header("Allow") == "GET, HEAD, OPTIONS");
    CHECK(house.ask(request("get", "/feed.atom")).status == 405);
    const Response put = house.ask(over_unix(request("PUT", "/v1/feeds"), k_owner));
    CHECK(put.status == 405);
    CHECK(put.header("Allow") == "GET, HEAD, POST, OPTIONS");
    CHECK(error_kind(put) == "invalid");
    CHECK(house.ask(over_unix(request("GET", "/v1/reload"), k_owner)).header("Allow") == "POST, OPTIONS");
}

TEST_CASE("OPTIONS answers what is allowed, and nothing for other sites") {
    House house;
    const Response one = house.ask(request("OPTIONS", "/feed.atom", {{"Origin", "https://evil.example"}}));
    CHECK(one.status == 204);
    CHECK(one.header("Allow") == "GET, HEAD, OPTIONS");
    CHECK_FALSE(one.header("Access-Control-Allow-Origin"));
    CHECK_FALSE(one.body);
    CHECK(house.ask(request("OPTIONS", "*")).header("Allow") == "GET, HEAD, POST, OPTIONS");
    CHECK(house.ask(over_unix(request("OPTIONS", "*"), 5)).header("Allow") ==
          "GET, HEAD, POST, DELETE, PATCH, PUT, OPTIONS");
    CHECK(house.ask(request("OPTIONS", "/nothing")).status == 404);
}

TEST_CASE("over TCP the control API does not exist") {
    House house;
    for (const Route& route : routes()) {
        if (route.reach != Reach::unix_socket) continue;
        Request asked = request(route.method, route.pattern);
        asked.path = "/v1/feeds/x";
        if (std::string_view(route.pattern).find('{') == std::string_view::npos) asked.path = route.pattern;
        CAPTURE(route.method, asked.path);
        asked.peer.uid = 0;
        CHECK(house.ask(asked).status == 404);
        asked.method = "OPTIONS";
        CHECK(house.ask(asked).status == 404);
    }
    CHECK(house.admin.asked.empty());
}

TEST_CASE("members of the group that feeds.conf names may change things, by their first group or another") {
    House house;
    const Router with_group(routes(), house.services, {.owner_uid = k_owner, .group = 50, .group_name = "readers"});
    const auto status_for = [&](std::uint32_t gid, std::vector<std::uint32_t> groups) {
        Request asked = over_unix(request("POST", "/v1/reload"), k_stranger);
        asked.peer.gid = gid;
        asked.peer.groups = std::move(groups);
        return run(with_group.answer(std::move(asked)));
    };
    CHECK(status_for(50, {}).status == 200);
    CHECK(status_for(1001, {4, 50}).status == 200);
    const Response refused = status_for(1001, {4, 51});
    CHECK(refused.status == 403);
    CHECK_THAT(*refused.body, Catch::Contains("sudo usermod -aG readers USER"));
}

TEST_CASE("everything that changes something needs root or the owner") {
    House house;
    for (const Route& route : routes()) {
        if (std::string_view(route.method) != "GET")
            CHECK((route.permission == Permission::change || route.permission == Permission::account));
        if (route.permission != Permission::change) continue;
        CHECK(route.reach == Reach::unix_socket);
        Request asked = request(route.method, route.pattern, {}, R"({"url":"x"})");
        asked.path = std::regex_replace(route.pattern, std::regex("\\{[a-z]+\\}"), "x");
        if (asked.path == "/v1/refresh" || asked.path == "/v1/moves") asked.body.clear();
        if (asked.path == "/v1/password") asked.body = R"({"user":"me","password":"x"})";
        if (asked.path == "/v1/merges") asked.body = R"({"items":["1","2"]})";
        if (asked.path == "/v1/marks") asked.body = R"({"mark":"read","items":["1"]})";
        CAPTURE(route.method, asked.path);
        const Response refused = house.ask(over_unix(asked, k_stranger));
        CHECK(refused.status == 403);
        CHECK(error_kind(refused) == "forbidden");
        CHECK(house.admin.asked.empty());
        CHECK(house.ask(over_unix(asked, k_owner)).status / 100 == 2);
        CHECK(house.ask(over_unix(asked, 0)).status / 100 == 2);
        CHECK(house.admin.asked.size() >= 2);
        house.admin.asked.clear();
    }
}

TEST_CASE("the control API asks the daemon and answers in JSON") {
    struct Case {
        const char* method;
        const char* target;
        const char* body;
        int status;
        const char* asked;
        const char* first_member;
    };
    const Case each = GENERATE(values<Case>({
        {"GET", "/v1/status", "", 200, "status", "version"},
        {"GET", "/v1/feeds", "", 200, "feeds", "feeds"},
        {"POST", "/v1/feeds", R"({"url":"bbc.co.uk/news","name":"bbc","title":"T","tags":["a","b"],"interval":"1h"})",
         201, "add bbc.co.uk/news name=bbc title=T tags=a+b interval=1h", "feed"},
        {"DELETE", "/v1/feeds/bbc-world", "", 200, "remove bbc-world", "feed"},
        {"DELETE", "/v1/feeds/https%3A%2F%2Ffeeds.example%2Fworld.xml%3Fa%3D1", "", 200,
         "remove https://feeds.example/world.xml?a=1", "feed"},
        {"DELETE", "/v1/feeds/%D0%91%D0%B8%20b+c", "", 200, "remove Би b+c", "feed"},
        {"POST", "/v1/refresh", R"({"feeds":["a","b"],"wait":true})", 200, "refresh a+b wait=true", "feeds"},
        {"POST", "/v1/refresh", "", 200, "refresh  wait=false", "feeds"},
        {"POST", "/v1/reload", "", 200, "reload", "added"},
        {"POST", "/v1/password", R"({"user":"me","password":"secret"})", 200, "password of me: secret", "(none)"},
        {"GET", "/v1/items/https%3A%2F%2Fquay.example%2F1/why", "", 200, "find https://quay.example/1", "item"},
        {"GET", "/v1/items/7/changes", "", 200, "find 7", "changes"},
        {"POST", "/v1/items/7/split", "", 200, "find 7", "item"},
        {"POST", "/v1/merges", R"({"items":["7","a b"]})", 200, "find 7+a b", "item"},
        {"POST", "/v1/feeds/quay/undo-heal", "", 200, "undo-heal quay", "items"},
        {"POST", "/v1/marks", R"({"mark":"unstar","items":["12"]})", 200, "find 12", "changed"},
        {"POST", "/v1/reload?dry_run=true", "", 200, "preview reload", "added"},
        {"DELETE", "/v1/feeds/bbc-world?purge=true", "", 200, "purge bbc-world", "feed"},
        {"PATCH", "/v1/feeds/a%20b", R"({"interval":"2h","paused":true,"tags":["x","y"],"title":null})", 200,
         "set a b interval=2h paused=true tags=[\"x\",\"y\"] title=", "feed"},
        {"POST", "/v1/import?dry_run=true", "https://a.example/", 200, "import https://a.example/ dry_run=true",
         "dry_run"},
        {"POST", "/v1/check?url=https://a.example/", "", 200, "check https://a.example/ ", "what"},
        {"GET", "/v1/work", "", 200, "work", "work"},
        {"PUT", "/v1/restore?dry_run=true", "", 200, "restore 0 bytes (dry run)", "dry_run"},
        {"PUT", "/v1/restore", "", 200, "restore 0 bytes", "dry_run"},
        {"POST", "/v1/check", "<rss/>", 200, "check  <rss/>", "what"},
    }));
    CAPTURE(each.target, each.body);
    House house;
    const Response answer = house.ask(over_unix(request(each.method, each.target, {}, each.body), k_owner));
    CHECK(answer.status == each.status);
    CHECK(answer.header("Content-Type") == "application/json");
    CHECK(house.admin.asked.front() == each.asked);
    const auto members = boost::json::parse(*answer.body).as_object();
    CHECK((members.empty() ? "(none)" : std::string(members.begin()->key())) == each.first_member);
}

TEST_CASE("the daemon's errors become statuses and keep their words") {
    struct Case {
        ErrorKind kind;
        int status;
    };
    const Case each = GENERATE(values<Case>({
        {ErrorKind::invalid, 400},
        {ErrorKind::not_found, 404},
        {ErrorKind::ambiguous, 409},
        {ErrorKind::conflict, 409},
        {ErrorKind::forbidden, 403},
        {ErrorKind::not_a_feed, 422},
        {ErrorKind::too_large, 422},
        {ErrorKind::network, 502},
        {ErrorKind::http_status, 502},
        {ErrorKind::timeout, 504},
        {ErrorKind::unavailable, 503},
        {ErrorKind::storage, 500},
    }));
    CAPTURE(to_string(each.kind));
    House house;
    house.admin.error = Error{each.kind, "Because «so»."};
    const Response answer = house.ask(over_unix(request("DELETE", "/v1/feeds/x"), k_owner));
    CHECK(answer.status == each.status);
    const auto error = boost::json::parse(*answer.body).at("error").as_object();
    CHECK(error.at("kind") == to_string(each.kind));
    CHECK(error.at("message") == "Because «so».");
}

TEST_CASE("a request the daemon would not understand never reaches it") {
    House house;
    const Response answer = house.ask(over_unix(request("POST", "/v1/feeds", {}, R"({"link":"x"})"), k_owner));
    CHECK(answer.status == 400);
    CHECK(error_kind(answer) == "invalid");
    CHECK(house.ask(over_unix(request("DELETE", "/v1/feeds/"), k_owner)).status == 404);
    CHECK(house.admin.asked.empty());
}

TEST_CASE("what a mark is must be said, and of which items") {
    House house;
    for (const char* body : {R"({"items":["1"]})", R"({"mark":"red","items":["1"]})", R"({"mark":"read"})"}) {
        const Response answer = house.ask(over_unix(request("POST", "/v1/marks", {}, body), k_owner));
        CHECK(answer.status == 400);
        CHECK(error_kind(answer) == "invalid");
    }
    CHECK(house.admin.asked.empty());
    CHECK(house.ask(over_unix(request("POST", "/v1/marks", {}, R"({"mark":"star","items":["a","b"]})"), 0)).status ==
          200);
    CHECK(house.admin.marked.mark == store::Mark::starred);
    CHECK(house.admin.marked.stories == std::vector<StoryId>{StoryId{7}, StoryId{8}});
}

TEST_CASE("healthz tells what no longer gets on with its work") {
    House house;
    CHECK(*house.ask(request("GET", "/healthz")).body == "ok\n");
    house.admin.error = Error{ErrorKind::unavailable, "the thread that writes the database has not answered for 12 s"};
    const Response answer = house.ask(request("GET", "/healthz"));
    CHECK(answer.status == 503);
    CHECK_THAT(*answer.body, Catch::Contains("has not answered for 12 s"));
}
