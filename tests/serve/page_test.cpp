// The page for people, without a browser: what is sent, to whom, and what a form may do.
#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "serve/fake_admin.hpp"
#include "serve/page/frame.hpp"
#include "serve/page/words.hpp"
#include "serve/password.hpp"
#include "serve/routes.hpp"
#include "store/writer.hpp"
#include "support/temporary_folder.hpp"

using namespace agg;
using namespace agg::serve;
using namespace agg::serve::test;
using Catch::Contains;

namespace {

const TimePoint k_now = at("2022-01-10T12:00:00Z");

Item telling(const std::string& id, const std::string& title, const std::string& address) {
    Item item;
    item.id = id;
    item.title = title;
    item.link = "https://" + address;
    item.canonical_url = address;
    item.content_html = "<p>The body of " + id + "</p>";
    item.published = k_now - std::chrono::hours{3};
    return item;
}

// Two outlets: "quay" tells of the ferry and of a headline that is an attack, "harbour" of the ferry, too.
struct House {
    asio::thread_pool pool{1};
    Views views{pool, [](const store::Selection&, std::uint64_t) { return store::Page{}; },
                ViewsSetup{"test", 1, 1, ""}};
    FakeAdmin admin;
    HealthFeed health{pool, [](std::size_t) { return std::vector<store::StoredHealthEvent>{}; }, "test", ""};
    agg::test::TemporaryFolder folder;
    store::Writer writer = *store::Writer::open(folder / "aggd.db");
    store::ReaderPool readers{folder / "aggd.db"};
    SignIn sign_in{pool};
    asio::io_context io;
    Events events{io.get_executor(), pool, readers, "test", 1};
    Catalog catalog{{"quay", "harbour"}, {"news"}, {View{.name = "calm", .query_text = "", .query = {}}}};
    Services services{views, admin, health, catalog, [] { return k_now; }, pool, readers, sign_in, events};
    Router router{routes(), services, {.owner_uid = 1000}};
    std::vector<Feed> wanted = std::vector<Feed>(2);
    std::vector<store::StoredFeed> feeds;

    House() {
        wanted[0].name = "quay";
        wanted[0].url = "https://quay.example/feed";
        wanted[1].name = "harbour";
        wanted[1].url = "https://harbour.example/feed";
        feeds = writer.subscribe(wanted, k_now);
        store_items(0, {telling("1", "Ferry sinks", "quay.example/1"),
                        telling("2", "<script>go()</script> \"&'", "quay.example/2")});
        store_items(1, {telling("a", "Ferry lost off the quay", "quay.example/1")});
    }

    void store_items(std::size_t feed, const std::vector<Item>& items) {
        store::Poll poll;
        poll.feed = feeds.at(feed).id;
        poll.now = k_now;
        poll.items = dedup::keyed_items(items);
        (void)writer.commit({poll});
    }

    void poll_counts(std::size_t feed, const store::PollCounts& counts) {
        store::Poll poll;
        poll.feed = feeds.at(feed).id;
        poll.now = k_now;
        poll.counts = counts;
        (void)writer.commit({poll});
    }

    void set_password() { sign_in.use(store::Account{"me", hash_password("secret"), "token"}); }

    Response ask(Request asked) { return run(router.answer(std::move(asked))); }
    Response get(std::string_view target, Headers headers = {}) {
        headers.emplace_back("Accept", "text/html");
        return ask(request("GET", target, std::move(headers)));
    }
    std::string page(std::string_view target) { return *get(target).body; }
    Response post(std::string_view target, std::string form, Headers headers = {}) {
        return ask(request("POST", target, std::move(headers), std::move(form)));
    }
    // The cookie of a session that has been signed in.
    std::string session() {
        const Response in = post("/sign-in", "user=me&password=secret&return=/");
        const std::string cookie(in.header("Set-Cookie").value_or(""));
        return cookie.substr(0, cookie.find(';'));
    }
};

std::size_t count(const std::string& text, std::string_view part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
}

}  // namespace

TEST_CASE("the river shows a story once, with what every outlet calls it, under its day") {
    House house;
    const std::string page = house.page("/");
    CHECK(count(page, "<article") == 2);
    CHECK_THAT(page, Contains("<h2>Monday, 10 January 2022</h2>"));
    CHECK_THAT(page, Contains("Also in"));
    CHECK_THAT(page, Contains("Ferry lost off the quay"));
    CHECK_THAT(page, Contains("3 h ago"));
    CHECK_THAT(page, Contains("The body of 1"));
}

TEST_CASE("what a feed says is text, whatever it says") {
    House house;
    const std::string page = house.page("/");
    CHECK(count(page, "<script") == 1);  // the page's own
    CHECK_THAT(page, Contains("&lt;script&gt;go()&lt;/script&gt; &quot;&amp;&#39;"));
    page::Html html;
    html.link("javascript:go()", "a").link("//evil.example", "b").link("/\\evil.example", "c").link("/health", "d");
    CHECK(html.take() == "<span>a</span><span>b</span><span>c</span><a href=\"/health\">d</a>");
}

TEST_CASE("curl at the front door is told what there is; a browser gets the page") {
    House house;
    CHECK(house.ask(request("GET", "/")).header("Content-Type") == "text/plain; charset=utf-8");
    CHECK(house.get("/").header("Content-Type") == "text/html; charset=utf-8");
}

TEST_CASE("a page may run and load nothing but aggd's own script and style") {
    House house;
    for (const char* target : {"/", "/item/2", "/item/none", "/health", "/stats", "/sign-in"}) {
        INFO(target);
        const Response answer = house.get(target);
        const std::string policy(answer.header("Content-Security-Policy").value_or(""));
        CHECK_THAT(policy, Contains("default-src 'none'"));
        CHECK_THAT(policy, Contains("script-src 'self';"));
        CHECK_THAT(policy, Contains("img-src 'none'"));
        CHECK_THAT(policy, Contains("frame-ancestors 'none'"));
        CHECK(answer.header("Referrer-Policy") == "no-referrer");
        CHECK(answer.header("X-Content-Type-Options") == "nosniff");
        CHECK(answer.header("X-Frame-Options") == "DENY");
        CHECK(answer.body->find(" style=") == std::string::npos);
    }
    CHECK_THAT(std::string(*house.get("/?images=on").header("Content-Security-Policy")),
               Contains("img-src http: https:;"));
    for (const char* asset : {"/page.css", "/page.js"})
        CHECK(house.get(asset).header("X-Content-Type-Options") == "nosniff");
}

TEST_CASE("the river is narrowed by feed, tag, view and state") {
    House house;
    CHECK(count(house.page("/?source=harbour"), "<article") == 1);
    CHECK(count(house.page("/?state=unread"), "<article") == 2);
    CHECK(count(house.page("/?state=starred"), "<article") == 0);
    CHECK_THAT(house.page("/?tag=news"), Contains("No story fits."));
    CHECK(count(house.page("/?view=calm"), "<article") == 2);
    CHECK(house.get("/?view=none").status == 400);
    CHECK(house.get("/?source=none").status == 400);
    CHECK(house.get("/?before=x").status == 400);
}

TEST_CASE("a query that cannot be read shows where it is wrong") {
    House house;
    const Response answer = house.get("/?q=rain+tga%3Anews");
    CHECK(answer.status == 400);
    CHECK_THAT(*answer.body, Contains("rain tga:news\n     ^"));
    CHECK_THAT(*answer.body, Contains("unknown key"));
}

TEST_CASE("what a question found is counted, and what found nothing says how to find beginnings") {
    House house;
    CHECK_THAT(house.page("/"), Contains("<div id=\"outcome\" role=\"status\"></div>"));
    CHECK_THAT(house.page("/?source=quay"), Contains("<p class=\"hint\">2 stories</p>"));
    CHECK_THAT(house.page("/?source=harbour"), Contains("<p class=\"hint\">1 story</p>"));
    while (house.writer.index_pending(100).stories > 0) {
    }
    CHECK_THAT(house.page("/?q=ferr"), Contains("<a dir=\"auto\" href=\"/?q=ferr%2A\">ferr*</a>"));
    CHECK(count(house.page("/?q=ferr*"), "<article") == 1);
}

TEST_CASE("older stories are a link away, to the last one") {
    House house;
    std::vector<Item> many;
    for (int i = 10; i < 55; ++i)
        many.push_back(telling(fmt::format("{}", i), fmt::format("Report {}", i), fmt::format("quay.example/n{}", i)));
    house.store_items(0, many);
    std::string target = "/";
    std::size_t seen = 0, pages = 0;
    while (!target.empty() && pages < 5) {
        const std::string page = house.page(target);
        seen += count(page, "<article");
        ++pages;
        const std::size_t link = page.find("id=\"older\" href=\"");
        target = link == std::string::npos ? "" : page.substr(link + 17, page.find('"', link + 17) - link - 17);
    }
    CHECK(pages == 2);
    CHECK(seen == 47);
}

TEST_CASE("without a feed the page tells the first steps") {
    House house;
    house.catalog = {};
    agg::test::TemporaryFolder empty;
    (void)*store::Writer::open(empty / "aggd.db");
    store::ReaderPool readers{empty / "aggd.db"};
    Services services{house.views, house.admin, house.health,  house.catalog, [] { return k_now; },
                      house.pool,  readers,     house.sign_in, house.events};
    Router router{routes(), services, {.owner_uid = 1000}};
    const Response answer = run(router.answer(request("GET", "/", {{"Accept", "text/html"}})));
    CHECK_THAT(*answer.body, Contains("aggctl add"));
}

TEST_CASE("an item's page has its body, its tellings, why they are one story, and its versions") {
    House house;
    Item revised = telling("1", "Ferry raised", "quay.example/1");
    house.store_items(0, {revised});
    const std::string page = house.page("/item/2");  // a feed's newest item stands first and is stored last
    CHECK_THAT(page, Contains("<p>The body of 1</p>"));
    CHECK_THAT(page, Contains("both lead to the same address"));
    CHECK_THAT(page, Contains("aggctl split 3"));
    CHECK_THAT(page, Contains("<del>sinks</del>"));
    CHECK_THAT(page, Contains("<ins>raised</ins>"));
    CHECK(house.get("/item/99").status == 404);
    CHECK(house.get("/item/Ferry").status == 404);
    house.store_items(0, {telling("y", "99 boats at the quay", "quay.example/99")});
    CHECK(house.get("/item/99").status == 404);
}

TEST_CASE("the versions of an item stand side by side, each with the words that only it has") {
    House house;
    house.store_items(0, {telling("1", "Ferry raised", "quay.example/1")});
    const std::string page = house.page("/item/2");
    CHECK_THAT(page, Contains("<h4>Before</h4><p class=\"headline\" dir=\"auto\">Ferry <del>sinks</del></p>"));
    CHECK_THAT(page, Contains("<h4>After</h4><p class=\"headline\" dir=\"auto\">Ferry <ins>raised</ins></p>"));
}

TEST_CASE("an item's page tells what rules did to it, also of one that they hide") {
    House house;
    const Rule hide{.name = "no-attacks", .match_text = "title:script", .match = *parse_match("title:script")};
    const Rule tag{.name = "sea",
                   .match_text = "title:ferry",
                   .match = *parse_match("title:ferry"),
                   .action = Rule::Action::tag,
                   .add_tags = {"boats"}};
    (void)house.writer.subscribe(house.wanted, k_now, {hide, tag});
    (void)house.writer.rule_on_waiting(100, k_now);
    const std::string hidden = house.page("/item/1");
    CHECK_THAT(hidden, Contains("Rules hide it from the merged feed."));
    CHECK_THAT(hidden, Contains("Hidden, because it matches <code>[rule.no-attacks]</code>"));
    CHECK_THAT(house.page("/item/2"),
               Contains("Tagged <a href=\"/?tag=boats\">boats</a> by <code>[rule.sea]</code>"));
}

TEST_CASE("without a password everybody reads, and nobody marks over TCP") {
    House house;
    CHECK(house.get("/").status == 200);
    CHECK(count(house.page("/"), "action=\"/mark\"") == 0);
    const Response refused = house.post("/mark", "story=1&mark=read&token=" + house.sign_in.form_token());
    CHECK(refused.status == 403);
    CHECK_THAT(*refused.body, Contains("aggctl passwd"));
    CHECK_THAT(house.page("/sign-in"), Contains("aggctl passwd"));
    CHECK(house.admin.asked.empty());
}

TEST_CASE("with a password the pages ask to sign in, and lead back") {
    House house;
    house.set_password();
    const Response away = house.get("/?q=rain&state=unread");
    CHECK(away.status == 303);
    CHECK(away.header("Location") == "/sign-in?return=%2F%3Fq%3Drain%26state%3Dunread");
    for (const char* target : {"/item/1", "/health", "/stats"}) CHECK(house.get(target).status == 303);
    CHECK(house.get("/stats.json").status == 403);
    CHECK(house.post("/sign-in", "user=me&password=wrong&return=/").status == 403);
    const Response in = house.post("/sign-in", "user=me&password=secret&return=%2F%3Fq%3Drain");
    CHECK(in.status == 303);
    CHECK(in.header("Location") == "/?q=rain");
    const std::string cookie(*in.header("Set-Cookie"));
    CHECK_THAT(cookie, Contains("HttpOnly; SameSite=Strict"));
    CHECK(house.get("/", {{"Cookie", "other=1; " + cookie.substr(0, cookie.find(';'))}}).status == 200);
    CHECK(house.get("/", {{"Cookie", "aggd_session="}}).status == 303);
    // Another password ends the session.
    house.set_password();
    CHECK(house.get("/", {{"Cookie", cookie}}).status == 303);
}

TEST_CASE("a form leads to a page of ours alone") {
    CHECK(page::safe_return("/?q=a%20b") == "/?q=a%20b");
    for (const char* elsewhere :
         {"", "https://evil.example", "//evil.example", "/\\evil.example", "/a\r\nSet-Cookie: x"})
        CHECK(page::safe_return(elsewhere) == "/");
}

TEST_CASE("marking takes the session and the page's own token") {
    House house;
    house.set_password();
    const Headers signed_in = {{"Cookie", house.session()}};
    const std::string token = "&token=" + house.sign_in.form_token();
    CHECK_THAT(*house.get("/", signed_in).body, Contains("action=\"/mark\""));
    CHECK(house.post("/mark", "story=1&mark=read" + token).status == 403);
    CHECK(house.post("/mark", "story=1&mark=read", signed_in).status == 403);
    CHECK(house.post("/mark", "story=1&mark=read&token=x", signed_in).status == 403);
    CHECK(house.admin.asked.empty());
    CHECK(house.post("/mark", "story=1&mark=nothing" + token, signed_in).status == 400);
    CHECK(house.post("/mark", "story=1&mark=starred&quiet=1" + token, signed_in).status == 204);
    CHECK(house.admin.marked.mark == store::Mark::starred);
    CHECK(house.admin.marked.stories == std::vector{StoryId{1}});
    const Response back = house.post("/mark", "story=1&mark=read&return=%2F%3Fq%3Dx%23s1" + token, signed_in);
    CHECK(back.status == 303);
    CHECK(back.header("Location") == "/?q=x#s1");
    CHECK(house.post("/sign-out", token.substr(1), signed_in).status == 303);
    CHECK(house.get("/", signed_in).status == 303);
}

TEST_CASE("over the Unix socket everybody reads, and its owner marks") {
    House house;
    house.set_password();
    const std::string form = "story=1&mark=read&quiet=1&token=" + house.sign_in.form_token();
    const Request page = request("GET", "/", {{"Accept", "text/html"}});
    CHECK(house.ask(over_unix(page, 1001)).status == 200);
    CHECK(house.ask(over_unix(request("POST", "/mark", {}, form), 1001)).status == 403);
    CHECK(house.ask(over_unix(request("POST", "/mark", {}, form), 1000)).status == 204);
}

TEST_CASE("the health page names what every feed needs, with the command") {
    House house;
    const std::string page = house.page("/health");
    CHECK_THAT(page, Contains("BBC «World»"));
    CHECK_THAT(page, Contains("could not resolve feeds.example"));
    CHECK_THAT(page, Contains("2nd failure in a row"));
    CHECK_THAT(page, Contains("aggctl why bbc-world"));
    house.admin.error = Error{ErrorKind::unavailable, "aggd is stopping."};
    CHECK(house.get("/health").status == 503);
    CHECK(house.get("/stats").status == 503);
}

TEST_CASE("the health page shows how the polls of every feed went") {
    House house;
    house.poll_counts(0, {.polls = 47, .answers = 47});
    CHECK_THAT(house.page("/health"), Contains("47 polls in 30 days, all answered well"));
    house.poll_counts(0, {.polls = 3, .failures = 2});
    CHECK_THAT(house.page("/health"), Contains("50 polls in 30 days, 2 of them failed"));
}

TEST_CASE("the statistics are a picture, a table, and JSON") {
    House house;
    CHECK_THAT(house.page("/stats"), Contains("Nothing has been polled in these days."));
    house.poll_counts(0, {.polls = 3,
                          .answers = 2,
                          .not_modified = 1,
                          .failures = 1,
                          .bytes_received = 1'500,
                          .bytes_saved = 4'500,
                          .duration = std::chrono::milliseconds{500},
                          .longest = std::chrono::milliseconds{400}});
    const std::string page = house.page("/stats");
    CHECK_THAT(page, Contains("<svg"));
    CHECK_THAT(page, Contains("Who tells whose story"));
    CHECK_THAT(page, Contains("quay before harbour: 1"));
    const auto numbers = boost::json::parse(*house.get("/stats.json").body).as_object();
    CHECK(numbers.at("days").as_array().size() == 30);
    const auto today = numbers.at("days").as_array().at(29).as_object();
    CHECK(today.at("polls") == 3);
    CHECK(today.at("bytes_saved") == 4'500);
    CHECK(today.at("mean_ms") == 250);
    CHECK(today.at("database_bytes").to_number<std::uint64_t>() > 0);
    CHECK_FALSE(numbers.at("days").as_array().at(3).as_object().contains("database_bytes"));
    CHECK(numbers.at("outlook").as_object().contains("settles_at_bytes"));
    CHECK_THAT(page, Contains("6.0 kB, of these 1.5 kB") && Contains("250 ms"));
    CHECK(numbers.at("pairs").as_array().at(0).at("first") == "quay");
    CHECK(numbers.at("rules").as_array().at(0).at("rule") == "same_url");
}

TEST_CASE("times are said in their largest unit") {
    using namespace std::chrono_literals;
    CHECK(page::relative(k_now - 10s, k_now) == "now");
    CHECK(page::relative(k_now - 90min, k_now) == "1 h ago");
    CHECK(page::relative(k_now + 20min, k_now) == "in 20 min");
    CHECK(page::grouped(0) == "0");
    CHECK(page::grouped(123) == "123");
    CHECK(page::grouped(1'234'567) == "1,234,567");
    CHECK(page::milliseconds_in_words(999) == "999 ms");
    CHECK(page::milliseconds_in_words(1'250) == "1.2 s");
    CHECK(page::bytes_in_words(999) == "999 bytes");
    CHECK(page::bytes_in_words(1'234'567) == "1.2 MB");
}
