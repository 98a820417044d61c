// Lists, settings and checks on the command line.
#include <sstream>

#include <catch2/catch.hpp>

#include "aggctl/aggctl.hpp"
#include "support/files.hpp"
#include "support/scripted_daemon.hpp"
#include "support/temporary_folder.hpp"

using namespace agg;
using Catch::Contains;

namespace {

class Desk {
  public:
    test::TemporaryFolder folder;
    test::ScriptedDaemon daemon{folder / "aggd.sock"};
    std::ostringstream out, err;

    int run(std::vector<std::string> arguments, const std::string& typed = "") {
        out.str("");
        err.str("");
        std::istringstream in(typed);
        aggctl::Surroundings around{in, out, err, false, false, 0, *parse_rfc3339("2022-01-10T12:00:00Z")};
        arguments.insert(arguments.begin(), {"--socket", daemon.socket()});
        return aggctl::run(arguments, around);
    }
};

constexpr const char* k_feed = R"({"feed":{"name":"bbc","title":"BBC","state":"fine","items":7,
    "next_poll":"2022-01-10T12:16:00Z","next_poll_reason":"every 20 min by its own rhythm"}})";

}  // namespace

TEST_CASE("set sends what was typed, and KEY= sends the default") {
    Desk desk;
    desk.daemon.on("PATCH /v1/feeds/bbc%20news", {200, k_feed});
    CHECK(desk.run({"set", "bbc news", "interval=30min", "tags=a,b", "title="}) == 0);
    CHECK(desk.daemon.requests().back().body == R"({"interval":"30min","tags":"a,b","title":""})");
    CHECK(desk.out.str() == "bbc: fine, next poll in 16 min (every 20 min by its own rhythm)\n");
    CHECK(desk.run({"set", "bbc", "interval"}) == 2);
    CHECK_THAT(desk.err.str(), Contains("KEY=VALUE"));
    CHECK(desk.run({"set", "bbc"}) == 2);
}

TEST_CASE("pause and resume are settings of each feed; a feed that is not there does not stop the others") {
    Desk desk;
    desk.daemon.on("PATCH /v1/feeds/a", {200, k_feed});
    CHECK(desk.run({"pause", "nobody", "a"}) == 4);
    CHECK(desk.daemon.requests().back().body == R"({"paused":"true"})");
    CHECK(desk.run({"resume", "a"}) == 0);
    CHECK(desk.daemon.requests().back().body == R"({"paused":""})");
}

TEST_CASE("an import sends the file's bytes and tells what was not simply added") {
    Desk desk;
    desk.daemon.on("POST /v1/import",
                   {200, R"({"dry_run":false,"format":"OPML","added":2,"skipped":1,"invalid":1,"feeds":[
        {"result":"added","name":"a","url":"https://a.example/","reason":""},
        {"result":"added","name":"b","url":"https://b.example/","reason":"without its settings: x"},
        {"result":"skipped","name":"c","url":"https://c.example/","reason":"subscribed already"},
        {"result":"invalid","name":"line 3","url":"","reason":"runs a command"}],"warnings":["a bare &"]})"});
    const std::string file = test::write_file(desk.folder / "list.opml", "\xFF<opml/>");
    CHECK(desk.run({"opml", "import", file}) == 1);
    CHECK(desk.daemon.requests().back().body == "\xFF<opml/>");
    CHECK(desk.out.str() ==
          "added    b  https://b.example/: without its settings: x\n"
          "skipped  c  https://c.example/: subscribed already\n"
          "invalid  line 3: runs a command\n"
          "repaired: a bare &\n"
          "OPML: 2 feeds added, 1 skipped, 1 invalid\n"
          "They are polled one after the other; aggctl list shows how they do.\n");
    CHECK(desk.run({"import", "-"}, "https://a.example/\n") == 1);
    CHECK(desk.daemon.requests().back().body == "https://a.example/\n");
    CHECK(desk.run({"import", desk.folder / "nothing"}) == 1);
    CHECK_THAT(desk.err.str(), Contains("nothing cannot be read: No such file"));
}

TEST_CASE("a dry run says so and lists what would be added") {
    Desk desk;
    desk.daemon.on("POST /v1/import?dry_run=true",
                   {200, R"({"dry_run":true,"format":"sfeedrc","added":1,"skipped":0,"invalid":0,"feeds":[
        {"result":"added","name":"a","url":"https://a.example/","reason":""}],"warnings":[]})"});
    CHECK(desk.run({"import", "--dry-run"}, "x") == 0);
    CHECK(desk.out.str() == "added    a  https://a.example/\nsfeedrc: would be 1 feed added, 0 skipped, 0 invalid\n");
}

TEST_CASE("an export goes to standard output or makes the file anew, whole") {
    Desk desk;
    desk.daemon.on("GET /v1/opml", {200, "<opml/>\n"});
    CHECK(desk.run({"opml", "export"}) == 0);
    CHECK(desk.out.str() == "<opml/>\n");
    const std::string file = test::write_file(desk.folder / "out.opml", "old");
    CHECK(desk.run({"opml", "export", file}) == 0);
    CHECK(test::read_file(file) == "<opml/>\n");
    CHECK(desk.run({"opml", "export", desk.folder / "no/such"}) == 1);
    CHECK_THAT(desk.err.str(), Contains("cannot be written: No such file"));
    CHECK(desk.run({"opml", "exprot"}) == 2);
}

TEST_CASE("a check lists findings, and fails on errors only") {
    Desk desk;
    desk.daemon.on("POST /v1/check?url=a.example%2Ffeed",
                   {200, R"({"what":"RSS feed with 3 items","requests":2,"findings":[
        {"severity":"error","rule":"id-repeated","message":"one"},{"severity":"note","rule":"uncompressed","message":"two"}]})"});
    CHECK(desk.run({"check", "a.example/feed"}) == 1);
    CHECK(desk.out.str() ==
          "error   id-repeated     one\n"
          "note    uncompressed    two\n"
          "RSS feed with 3 items: 1 error, 0 warnings; 2 requests made\n");
    desk.daemon.on("POST /v1/check", {200, R"({"what":"feeds.conf with 2 feeds","requests":0,"findings":[]})"});
    const std::string file = test::write_file(desk.folder / "feeds.conf", "[feed.a]");
    CHECK(desk.run({"check", file}) == 0);
    CHECK(desk.daemon.requests().back().body == "[feed.a]");
    CHECK(desk.run({"check"}) == 0);
    CHECK(desk.daemon.requests().back().body.empty());
    CHECK(desk.run({"check", "nothing"}) == 1);
    CHECK_THAT(desk.err.str(), Contains("no file nothing"));
}

TEST_CASE("remove --purge and reload --dry-run say so to the daemon") {
    Desk desk;
    desk.daemon.on("DELETE /v1/feeds/bbc?purge=true", {200, k_feed});
    CHECK(desk.run({"remove", "--purge", "bbc"}) == 0);
    CHECK(desk.out.str() == "Removed bbc, and deleted its 7 items.\n");
    desk.daemon.on("POST /v1/reload?dry_run=true", {200, R"({"added":["x"],"removed":[],"changed":[]})"});
    CHECK(desk.run({"reload", "--dry-run"}) == 0);
    CHECK(desk.out.str() == "+x\n");
}

TEST_CASE("status tells that feeds.conf was changed since it was read") {
    Desk desk;
    desk.daemon.on("GET /v1/status",
                   {200, R"({"version":"1","config_file":"f","config_problem":"","config_changed":true})"});
    CHECK(desk.run({"status"}) == 0);
    CHECK_THAT(desk.out.str(), Contains("aggctl reload"));
}
