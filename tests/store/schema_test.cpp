// Databases that older versions left.
#include "store/schema.hpp"

#include <sys/stat.h>

#include <SQLiteCpp/SQLiteCpp.h>
#include <catch2/catch.hpp>

#include "samples.hpp"
#include "support/temporary_folder.hpp"

using namespace agg;
using namespace agg::test;

namespace {

const std::string k_old_name = "urn:uuid:01234567-89ab-8cde-8f01-23456789abc";  // and a digit

// A feed with two items, as the first version wrote them; later versions know more of each, and may say so.
void write_first_shape(const std::string& path, std::uint64_t version) {
    SQLite::Database old(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    REQUIRE(store::migrate(old, version));
    old.exec(
        "INSERT INTO feed (id, name, url, subscribed, title, item_count) VALUES (1, 'a', 'https://a.example/feed', 1, "
        "'A', 2)");
    old.exec("INSERT INTO poll (feed_id, etag, failures) VALUES (1, '\"kept\"', 3)");
    for (const char* number : {"1", "2"}) {
        const std::string n = number;
        const std::string time = std::to_string(to_unix_ms(k_noon));
        old.exec("INSERT INTO story (id, uid, sort_ms, changed_ms) VALUES (" + n + ", '" + k_old_name + n + "', " +
                 time + ", " + time + ")");
        old.exec(
            "INSERT INTO item (id, feed_id, story_id, rule, identity, url_key, content, first_seen_ms, guid, link, "
            "canonical_url, "
            "title, published_ms, published_repaired) VALUES (" +
            n + ", 1, " + n + ", 0, " + n + ", " + n + ", 7, " + time + ", 'guid-" + n + "', 'https://a.example/" + n +
            "', 'a.example/" + n + "', 'Weather " + n + "', " + time + ", 0)");
        old.exec("INSERT INTO item_body (item_id, summary_html, content_html, details) VALUES (" + n +
                 ", '', '<p>Rain in Almaty</p>', '{}')");
    }
}

}  // namespace

TEST_CASE("a database of every older version comes to this shape with its items, findable and unread, and its polls") {
    for (std::uint64_t version = 1; version <= store::newest_schema(); ++version) {
        INFO("version " << version);
        const TemporaryFolder folder;
        const std::string path = folder / "aggd.db";
        write_first_shape(path, version);
        auto writer = store::Writer::open(path);
        REQUIRE(writer);
        store::Reader reader(path);
        const auto feeds = writer->subscribe({feed("a")}, k_noon);
        CHECK(feeds.at(0).poll.validators.etag == "\"kept\"");
        CHECK(feeds.at(0).poll.failures == 3);
        CHECK(feeds.at(0).items == 2);
        CHECK(reader.page({.query = *parse_query("source:a is:unread")}).stories.size() == 2);
        CHECK(writer->index_pending(10).stories == 2);
        CHECK(test::titles(reader.page({.query = *parse_query("weather 2")})) == std::vector<std::string>{"Weather 2"});
        CHECK(reader.find_item(k_old_name + "2")->story == StoryId{2});
        CHECK(reader.newest(10).stories.front().uid == k_old_name + "2");
        CHECK(writer->commit({poll(feeds[0].id, k_noon + 1h, {item("a", "3")})}).polls.at(0).fresh == 1);
        SQLite::Database database(path);
        CHECK(database.execAndGet("PRAGMA integrity_check").getString() == "ok");
        CHECK(database.execAndGet("SELECT count(*) FROM pragma_foreign_key_check").getInt() == 0);
    }
}

TEST_CASE("a database of a newer version is left alone, and the message says what to do") {
    const TemporaryFolder folder;
    const std::string path = folder / "aggd.db";
    {
        SQLite::Database database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        database.exec("PRAGMA user_version = 1000");
    }
    const auto writer = store::Writer::open(path);
    REQUIRE_FALSE(writer);
    CHECK_THAT(writer.error().message,
               Catch::Contains("made by a newer aggd") && Catch::Contains("Install that version again"));
}

TEST_CASE("what was read and starred before there were rules was so by a person") {
    TemporaryFolder folder;
    const std::string path = folder / "aggd.db";
    write_first_shape(path, 4);
    SQLite::Database(path, SQLite::OPEN_READWRITE).exec("UPDATE story SET is_read = 1, is_starred = 1 WHERE id = 1");
    auto writer = *store::Writer::open(path);
    store::Reader reader(path);
    Rule all{.name = "all",
             .match_text = "title:weather",
             .match = *parse_match("title:weather"),
             .action = Rule::Action::read};
    for (const std::vector<Rule>& rules : {std::vector<Rule>{all}, std::vector<Rule>{}}) {
        (void)writer.subscribe({feed("a")}, k_noon, rules);
        CHECK(writer.rule_on_waiting(10, k_noon).items == 2);
        CHECK(reader.page({.query = *parse_query("is:read")}).stories.size() == (rules.empty() ? 1 : 2));
        CHECK(titles(reader.page({.query = *parse_query("is:starred")})) == std::vector<std::string>{"Weather 1"});
    }
}
