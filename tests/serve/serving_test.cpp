// The reading and the control side as the daemon puts them together: a real database, real sockets.
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <map>
#include <regex>
#include <set>
#include <thread>

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <pugixml.hpp>

#include "serve/fake_admin.hpp"
#include "serve/routes.hpp"
#include "serve/running_server.hpp"
#include "store/reader.hpp"
#include "store/writer.hpp"
#include "support/temporary_folder.hpp"

using namespace agg;
using namespace agg::serve;
using namespace agg::serve::test;

namespace {

Item told(const std::string& id, const std::string& title) {
    Item item;
    item.id = id;
    item.link = "https://paper.example/" + id;
    item.canonical_url = "paper.example/" + id;
    item.title = title;
    item.content_html = "<p>Тело " + id + "</p>";
    item.published = at("2022-01-10T09:00:00Z");
    return item;
}

class House {
  public:
    House() {
        Feed alpha;
        alpha.name = "alpha";
        alpha.url = "https://alpha.example/feed";
        Feed beta = alpha;
        beta.name = "beta";
        beta.url = "https://beta.example/feed";
        feeds_ = writer_.subscribe({alpha, beta}, TimePoint{});
        commit(0, {told("1", "Told by both"), told("2", "Told by alpha")});
        commit(1, {told("1", "Told by both, differently")});
        views_ = std::make_unique<Views>(
            pool_,
            [this](const store::Selection& selection, std::uint64_t known) {
                return store::Reader(folder_ / "aggd.db").page(selection, known);
            },
            ViewsSetup{writer_.uid(), writer_.generation(), 1, "http://127.0.0.1:8137/"});
        services_.emplace(Services{*views_, admin_, health_, catalog_, [] { return at("2022-01-10T12:00:00Z"); }, pool_,
                                   readers_, sign_in_, events_});
        router_.emplace(routes(), *services_, Changers{::geteuid(), {}, {}});
        server_ =
            std::make_unique<RunningServer>([this](Request request) { return router_->answer(std::move(request)); });
    }

    std::uint64_t commit(std::size_t feed, const std::vector<Item>& items) {
        store::Poll poll;
        poll.feed = feeds_[feed].id;
        poll.now = at("2022-01-10T10:00:00Z");
        poll.items = dedup::keyed_items(items);
        return writer_.commit({poll}).generation;
    }
    void commit_and_tell(std::size_t feed, const std::vector<Item>& items) {
        const std::uint64_t generation = commit(feed, items);
        server_->on_io_thread([&] { views_->changed(generation); });
    }
    RunningServer& server() { return *server_; }
    FakeAdmin& admin() { return admin_; }

  private:
    agg::test::TemporaryFolder folder_;
    store::Writer writer_ = *store::Writer::open(folder_ / "aggd.db");
    std::vector<store::StoredFeed> feeds_;
    asio::thread_pool pool_{2};
    store::ReaderPool readers_{folder_ / "aggd.db"};
    SignIn sign_in_{pool_};
    asio::io_context events_io_;
    Events events_{events_io_.get_executor(), pool_, readers_, "test", 1};
    std::unique_ptr<Views> views_;
    FakeAdmin admin_;
    HealthFeed health_{pool_,
                       [this](std::size_t limit) { return store::Reader(folder_ / "aggd.db").health_events(limit); },
                       "test", "http://127.0.0.1:8137/"};
    Catalog catalog_{{"alpha", "beta"}, {}, {}};
    std::optional<Services> services_;
    std::optional<Router> router_;
    std::unique_ptr<RunningServer> server_;
};

}  // namespace

TEST_CASE("one entry stands for the two outlets that told it") {
    House house;
    const Reply reply = house.server().tcp_client().ask(get("/feed.atom"));
    REQUIRE(reply.status() == 200);
    pugi::xml_document document;
    REQUIRE(document.load_string(reply.body.c_str()));
    const auto entries = document.child("feed").children("entry");
    CHECK(std::distance(entries.begin(), entries.end()) == 2);
    const auto both = document.child("feed").find_child(
        [](pugi::xml_node node) { return std::string_view(node.child("title").text().get()) == "Told by both"; });
    REQUIRE(both);
    CHECK(std::string(both.child("source").child("title").text().get()) == "alpha");
    CHECK(std::string(both.find_child_by_attribute("link", "rel", "related").attribute("title").value()) == "beta");
    CHECK_THAT(both.child("content").text().get(),
               Catch::Contains("Also: <a href=\"https://paper.example/1\">beta</a>"));
}

TEST_CASE("a reader that comes back gets 304 until something is new") {
    House house;
    Client reader = house.server().tcp_client();
    const std::string etag = reader.ask(get("/feed.rss")).field("ETag");
    REQUIRE_FALSE(etag.empty());
    const std::string again = get("/feed.rss", "If-None-Match: " + etag + "\r\n");
    CHECK(reader.ask(again).status() == 304);
    house.commit_and_tell(0, {told("1", "Told by both"), told("2", "Told by alpha")});
    CHECK(reader.ask(again).status() == 304);
    house.commit_and_tell(1, {told("3", "Свежее")});
    const Reply fresh = reader.ask(again);
    CHECK(fresh.status() == 200);
    CHECK_THAT(fresh.body, Catch::Contains("Свежее"));
}

TEST_CASE("HEAD tells what GET would send, plain and compressed") {
    House house;
    Client client = house.server().unix_client();
    for (const char* fields : {"", "Accept-Encoding: gzip\r\n"}) {
        const Reply full = client.ask(get("/feed.json", fields));
        const Reply head = client.ask(fmt::format("HEAD /feed.json HTTP/1.1\r\nHost: a\r\n{}\r\n", fields), true);
        CHECK(head.status() == 200);
        for (const char* name : {"ETag", "Content-Type", "Content-Length", "Content-Encoding", "Vary", "Cache-Control"})
            CHECK(head.field(name) == full.field(name));
        CHECK(std::to_string(full.body.size()) == full.field("Content-Length"));
    }
}

TEST_CASE("whoever follows the next links sees every story once") {
    House house;
    std::vector<Item> items;
    for (int i = 10; i < 35; ++i) items.push_back(told(std::to_string(i), fmt::format("Number {}", i)));
    house.commit_and_tell(0, items);
    Client client = house.server().tcp_client();
    std::vector<std::string> ids;
    std::string target = "/feed.atom?n=4";
    for (int pages = 0; !target.empty(); ++pages) {
        REQUIRE(pages < 20);
        pugi::xml_document document;
        REQUIRE(document.load_string(client.ask(get(target)).body.c_str()));
        for (const auto entry : document.child("feed").children("entry")) ids.emplace_back(entry.child_value("id"));
        const std::string next =
            document.child("feed").find_child_by_attribute("link", "rel", "next").attribute("href").value();
        target = next.empty() ? "" : next.substr(next.find("/feed"));
    }
    CHECK(ids.size() == 27);
    CHECK(std::set<std::string>(ids.begin(), ids.end()).size() == 27);
}

TEST_CASE("a source's view shows what that source told") {
    House house;
    const Reply reply = house.server().tcp_client().ask(get("/source/beta.atom"));
    CHECK_THAT(reply.body,
               Catch::Contains("<title>Told by both, differently</title>") && !Catch::Contains("Told by alpha"));
}

TEST_CASE("the socket's owner may change things over the Unix socket, nobody may over TCP") {
    House house;
    const std::string add =
        "POST /v1/feeds HTTP/1.1\r\nHost: localhost\r\nContent-Length: 19\r\n\r\n{\"url\":\"x.example\"}";
    CHECK(house.server().tcp_client().ask(add).status() == 404);
    CHECK(house.admin().asked.empty());
    const Reply added = house.server().unix_client().ask(add);
    CHECK(added.status() == 201);
    CHECK(added.field("Content-Type") == "application/json");
    CHECK(house.admin().asked.size() == 1);
}

TEST_CASE("items are listed over the control API with what people name them by") {
    House house;
    Client client = house.server().unix_client();
    const Reply reply = client.ask(get("/v1/items?n=1"));
    CHECK(reply.status() == 200);
    const auto answer = boost::json::parse(reply.body).as_object();
    const auto& item = answer.at("items").at(0).as_object();
    CHECK(item.at("id").as_int64() == 2);
    CHECK(item.at("feed") == "alpha");
    CHECK(item.at("title") == "Told by both");
    CHECK(item.at("read") == false);
    CHECK(item.at("also").at(0).at("feed") == "beta");
    const std::string next = boost::json::value_to<std::string>(answer.at("next"));
    CHECK_THAT(client.ask(get("/v1/items?n=1&before=" + next)).body,
               Catch::Contains("Told by alpha") && !Catch::Contains("\"next\""));
    CHECK(client.ask(get("/v1/items?view=none")).status() == 404);
    CHECK(client.ask(get("/v1/items?q=tga:x")).status() == 400);
}

TEST_CASE("no response holds half a transaction, however much is stored meanwhile") {
    constexpr int k_commits = 60;
    constexpr std::size_t k_together = 7;
    House house;
    std::atomic<bool> done = false;
    std::thread storing([&] {
        for (int commit = 0; commit < k_commits; ++commit) {
            std::vector<Item> items;
            for (std::size_t i = 0; i < k_together; ++i)
                items.push_back(told(fmt::format("{}-{}", commit, i), fmt::format("batch {} item {}", commit, i)));
            house.commit_and_tell(static_cast<std::size_t>(commit % 2), items);
        }
        done = true;
    });
    std::map<std::string, std::size_t> seen;
    Client client = house.server().unix_client();
    const auto targets = {"/feed.json?n=1000", "/v1/items?n=1000", "/source/alpha.json?n=1000",
                          "/reader/api/0/stream/contents?n=1000", "/feed.atom?n=1000"};
    for (bool last = false; !last;) {
        last = done;
        for (const std::string target : targets) {
            const Reply reply = client.ask(get(target));
            REQUIRE(reply.status() == 200);
            std::map<std::string, std::set<std::string>> batches;
            static const std::regex pattern("batch ([0-9]+) item ([0-9]+)");
            for (std::sregex_iterator each(reply.body.begin(), reply.body.end(), pattern), end; each != end; ++each)
                batches[(*each)[1]].insert((*each)[2]);
            for (const auto& [batch, items] : batches) {
                CAPTURE(target, batch);
                CHECK(items.size() == k_together);
            }
            CHECK(batches.size() >= seen[target]);
            seen[target] = batches.size();
        }
    }
    storing.join();
    CHECK(seen["/feed.json?n=1000"] == k_commits);
    CHECK(seen["/source/alpha.json?n=1000"] == k_commits / 2);
}
