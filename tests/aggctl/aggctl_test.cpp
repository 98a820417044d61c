#include "aggctl/aggctl.hpp"

#include <algorithm>
#include <sstream>

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "aggctl/table.hpp"
#include "support/scripted_daemon.hpp"
#include "support/temporary_folder.hpp"

using namespace agg;
using namespace agg::aggctl;

namespace {

const TimePoint k_now = *parse_rfc3339("2022-01-10T12:00:00Z");

constexpr const char* k_bbc =
    R"({"name":"bbc-news","title":"BBC News","url":"https://feeds.bbci.co.uk/news/rss.xml","site":"","tags":["news"],
    "state":"fine","last_poll":"2022-01-10T11:56:00Z","last_result":"200, 34 items, 2 new","next_poll":"2022-01-10T12:16:00Z",
    "next_poll_reason":"every 20 min by its own rhythm","failures":0,"items":1204})";
constexpr const char* k_old =
    R"({"name":"old-blog","title":"Старый блог","url":"https://old.example/","site":"","tags":[],"state":"gone",
    "last_poll":"2021-11-12T12:00:00Z","last_result":"410 Gone","next_poll_reason":"gone","failures":1,"items":7})";
const std::string k_feeds = std::string(R"({"feeds":[)") + k_bbc + "," + k_old + "]}";

// A daemon, and what aggctl said to it and to us.
class Session {
  public:
    test::ScriptedDaemon& daemon() { return daemon_; }

    int run(std::vector<std::string> arguments, std::size_t width = 0, bool asks = false,
            const std::string& typed = "") {
        out.str("");
        err.str("");
        std::istringstream in(typed);
        Surroundings around{in, out, err, asks, false, width, k_now};
        arguments.insert(arguments.begin(), {"--socket", daemon_.socket()});
        return aggctl::run(arguments, around);
    }

    std::ostringstream out, err;

  private:
    test::TemporaryFolder folder_;
    test::ScriptedDaemon daemon_{folder_ / "aggd.sock"};
};

}  // namespace

TEST_CASE("list shows a line per feed and the sum") {
    Session session;
    session.daemon().on("GET /v1/feeds", {200, k_feeds});
    CHECK(session.run({"list"}) == 0);
    CHECK(session.out.str() ==
          "FEED      STATE  ITEMS    LAST POLL  NEXT POLL  TITLE\n"
          "bbc-news  fine   1,204    4 min ago  in 16 min  BBC News\n"
          "old-blog  gone       7  59 days ago          -  Старый блог\n"
          "\n"
          "2 feeds: 1 fine, 1 gone\n");
    CHECK(session.run({"list", "--no-legend"}) == 0);
    CHECK(session.out.str() ==
          "bbc-news  fine  1,204    4 min ago  in 16 min  BBC News\n"
          "old-blog  gone      7  59 days ago          -  Старый блог\n");
}

TEST_CASE("list fits the terminal") {
    Session session;
    session.daemon().on("GET /v1/feeds", {200, k_feeds});
    CHECK(session.run({"list"}, 57) == 0);
    std::istringstream lines(session.out.str());
    for (std::string line; std::getline(lines, line);) CHECK(display_width(line) <= 57);
    CHECK_THAT(session.out.str(), Catch::Contains("Старый б…"));
}

TEST_CASE("list --failing gives the reasons, as text and as JSON") {
    Session session;
    session.daemon().on("GET /v1/feeds", {200, k_feeds});
    CHECK(session.run({"list", "--failing"}) == 0);
    CHECK(session.out.str() ==
          "FEED      STATE  FAILURES    LAST POLL  NEXT POLL  RESULT\n"
          "old-blog  gone          1  59 days ago          -  410 Gone\n"
          "\n"
          "1 feed: 1 gone\n"
          "A feed that is gone is not polled any more: aggctl remove FEED\n");
    CHECK(session.run({"list", "--failing", "--json"}) == 0);
    CHECK_THAT(session.out.str(), Catch::StartsWith(R"({"feeds":[{"name":"old-blog")"));
}

TEST_CASE("hosts shows how each host is treated, and which are held") {
    Session session;
    session.daemon().on("GET /v1/hosts", {200, R"({"hosts":[
        {"name":"reddit.com","feeds":7,"spacing_ms":60000,"max_transfers":1,"held_until":"2022-01-10T12:20:00Z",
         "held_reason":"it answered 429 Too Many Requests","limited":2},
        {"name":"bbci.co.uk","feeds":3,"spacing_ms":5000,"max_transfers":1,"spacing_until":"2022-01-10T12:20:00Z","limited":0},
        {"name":"nas","feeds":1,"limited":0}]})"});
    CHECK(session.run({"hosts"}) == 0);
    CHECK(session.out.str() ==
          "HOST        FEEDS  SPACING  AT ONCE   HELD FOR  WHY\n"
          "reddit.com      7    1 min        1  in 20 min  it answered 429 Too Many Requests\n"
          "bbci.co.uk      3      5 s        1          -  spacing learned from its rate headers\n"
          "nas             1        -        -          -\n"
          "\n"
          "3 hosts, 1 held\n");
    CHECK(session.run({"hosts", "--held", "--json"}) == 0);
    CHECK_THAT(session.out.str(), Catch::Contains("reddit.com") && !Catch::Contains("nas"));
}

TEST_CASE("status says since when aggd is offline") {
    Session session;
    session.daemon().on("GET /v1/status", {200, R"({"version":"0.1.0","offline_since":"2022-01-10T11:56:00Z"})"});
    CHECK(session.run({"status"}) == 0);
    CHECK_THAT(session.out.str(),
               Catch::Contains("offline   since 4 min ago: no host can be reached; no feed is charged, tried every 5 min"));
}

TEST_CASE("an empty list says how to begin") {
    Session session;
    session.daemon().on("GET /v1/feeds", {200, R"({"feeds":[]})"});
    CHECK(session.run({"list"}) == 0);
    CHECK(session.out.str() == "No feeds yet. Add one: aggctl add URL\n");
}

TEST_CASE("--json prints what the daemon said, unchanged") {
    Session session;
    session.daemon().on("GET /v1/feeds", {200, k_feeds});
    CHECK(session.run({"list", "--json"}) == 0);
    CHECK(session.out.str() == k_feeds + "\n");
}

TEST_CASE("add tells what was found and how it is called") {
    Session session;
    session.daemon().on("POST /v1/feeds",
                        {201, std::string(R"({"feed":)") + k_bbc +
                                  R"(,"format":"RSS","found_on_page":true,"items":34,"known_elsewhere":6})"});
    CHECK(session.run({"add", "bbc.co.uk/news", "--tag", "news", "--interval", "30min"}) == 0);
    CHECK(session.out.str() ==
          "Found on that page: https://feeds.bbci.co.uk/news/rss.xml  (BBC News, RSS, 34 items)\n"
          "Added as bbc-news; next poll in 16 min (every 20 min by its own rhythm). 6 of its items were known from "
          "other outlets.\n");
    CHECK(session.daemon().requests()[0].body == R"({"url":"bbc.co.uk/news","tags":["news"],"interval":"30min"})");
}

TEST_CASE("of several addresses each is tried, and one that fails is the exit code") {
    Session session;
    session.daemon().on(
        "POST /v1/feeds",
        {422, R"({"error":{"kind":"not_a_feed","message":"https://example.org/ is a web page without a feed link"}})"});
    CHECK(session.run({"add", "example.org", "example.net"}) == 1);
    CHECK(session.daemon().requests().size() == 2);
    CHECK(session.err.str() ==
          "aggctl: https://example.org/ is a web page without a feed link\naggctl: https://example.org/ is a web page "
          "without a feed link\n");
}

TEST_CASE("remove asks where somebody sits, and takes scripts at their word") {
    Session session;
    session.daemon().on("DELETE /v1/feeds/bbc-news", {200, std::string(R"({"feed":)") + k_bbc + "}"});
    CHECK(session.run({"remove", "bbc-news"}, 80, true, "n\n") == 1);
    CHECK(session.err.str() ==
          "Take bbc-news out of feeds.conf? What is stored of it stays. [y/N] aggctl: nothing was removed\n");
    CHECK(session.daemon().requests().empty());

    CHECK(session.run({"remove", "bbc-news"}, 80, true, "y\n") == 0);
    CHECK(session.out.str() == "Removed bbc-news (BBC News); its 1,204 items stay stored.\n");
    CHECK(session.run({"remove", "bbc-news", "--yes"}, 80, true) == 0);
    CHECK(session.run({"remove", "bbc-news"}) == 0);
    CHECK(session.daemon().requests().size() == 3);
}

TEST_CASE("a feed that is not there is exit code 4") {
    Session session;
    session.daemon().on("DELETE /v1/feeds/BBC%20N",
                        {404, R"({"error":{"kind":"not_found","message":"there is no feed \"BBC N\""}})"});
    CHECK(session.run({"remove", "BBC N"}) == 4);
    CHECK(session.err.str() == "aggctl: there is no feed \"BBC N\"\n");
}

TEST_CASE("refresh starts polls, and with --wait tells how they went") {
    Session session;
    session.daemon().on(
        "POST /v1/refresh",
        {200,
         R"({"feeds":[{"name":"bbc-news","asked":true,"failed":false,"result":"200, 34 items, 2 new","new_items":2},
        {"name":"example","asked":true,"failed":true,"result":"could not resolve feeds.example","new_items":0}]})"});
    CHECK(session.run({"refresh", "bbc-news", "example", "--wait"}) == 1);
    CHECK(session.daemon().requests()[0].body == R"({"feeds":["bbc-news","example"],"wait":true,"force":false})");
    CHECK(session.out.str() ==
          "FEED      NEW  RESULT\n"
          "bbc-news    2  200, 34 items, 2 new\n"
          "example     -  could not resolve feeds.example\n"
          "\n"
          "2 feeds polled: 2 new items, 1 failed\n");

    session.daemon().on(
        "POST /v1/refresh",
        {200, R"({"feeds":[{"name":"bbc-news","asked":true,"failed":false,"result":"","new_items":0}]})"});
    CHECK(session.run({"refresh"}) == 0);
    CHECK(session.out.str() == "Polling 1 feed now.\n");
}

TEST_CASE("refresh says which feeds were not asked, and why; --force asks them") {
    Session session;
    session.daemon().on(
        "POST /v1/refresh",
        {200,
         R"({"feeds":[{"name":"lwn","asked":false,"failed":false,"result":"not asked again for 2 h: ttl","new_items":0}]})"});
    CHECK(session.run({"refresh", "lwn"}) == 0);
    CHECK(session.out.str() == "Nothing to poll.\nlwn: not asked again for 2 h: ttl\n");
    CHECK(session.run({"refresh", "lwn", "--force"}) == 0);
    CHECK(session.daemon().requests()[1].body == R"({"feeds":["lwn"],"wait":false,"force":true})");
}

TEST_CASE("status is a short account of the daemon") {
    Session session;
    session.daemon().on(
        "GET /v1/status",
        {200, R"({"version":"0.3.0","started":"2022-01-07T10:00:00Z","config_file":"/etc/aggd/feeds.conf",
        "config_problem":"","database":"/var/lib/aggd/aggd.db","database_bytes":190000000,"listening":["unix:/run/aggd.sock","http://127.0.0.1:8137/"],
        "feeds":312,"fine":309,"failing":3,"gone":0,"paused":0,"unpolled":0,"items":58911,"stories":41208,"polls":9287,"not_modified":8241,"errors":2,
        "bytes_received":1900000,"next_poll":"2022-01-10T12:00:12Z",
        "needs":[{"feed":"quay","what":"moved for good","command":"aggctl moves"},
                 {"feed":"old-blog","what":"gone since 2021-11-12","command":"aggctl remove old-blog"}]})"});
    CHECK(session.run({"status"}) == 0);
    CHECK(session.out.str() ==
          "● aggd 0.3.0 up 3 days, 312 feeds: 309 fine, 3 failing; next poll in 12 s\n"
          "  stories   41,208 (58,911 items, 30 % told more than once)\n"
          "  polls     9,287 since the start, 8,241 not modified, 2 errors, 1.9 MB\n"
          "  database  /var/lib/aggd/aggd.db (190 MB)\n"
          "  config    /etc/aggd/feeds.conf\n"
          "  listens   unix:/run/aggd.sock\n"
          "  listens   http://127.0.0.1:8137/\n"
          "  needs you quay: moved for good (aggctl moves)\n"
          "  needs you old-blog: gone since 2021-11-12 (aggctl remove old-blog)\n");
}

TEST_CASE("status says when the file is newer than what runs") {
    Session session;
    session.daemon().on(
        "GET /v1/status",
        {200, R"({"version":"0.3.0","feeds":1,"fine":1,"config_problem":"feeds.conf:1:1: a\nfeeds.conf:2:1: b"})"});
    CHECK(session.run({"status"}) == 0);
    CHECK_THAT(session.out.str(),
               Catch::EndsWith("  needs you the file was changed but not taken over; what runs is older:\n"
                               "            feeds.conf:1:1: a\n"
                               "            feeds.conf:2:1: b\n"));
}

TEST_CASE("reload prints what changed") {
    Session session;
    session.daemon().on("POST /v1/reload", {200, R"({"added":["lwn"],"removed":["old-blog"],"changed":["heise"]})"});
    CHECK(session.run({"reload"}) == 0);
    CHECK(session.out.str() == "+lwn\n-old-blog\n~heise\n");
    session.daemon().on("POST /v1/reload", {200, R"({"added":[],"removed":[],"changed":[]})"});
    CHECK(session.run({"reload"}) == 0);
    CHECK(session.out.str() == "Read feeds.conf anew: no feed changed.\n");
}

TEST_CASE("a bad file fails the reload with all its problems") {
    Session session;
    session.daemon().on("POST /v1/reload",
                        {400, R"({"error":{"kind":"invalid","message":"feeds.conf:1:1: a\nfeeds.conf:2:1: b"}})"});
    CHECK(session.run({"reload"}) == 1);
    CHECK(session.err.str() == "aggctl: feeds.conf:1:1: a\nfeeds.conf:2:1: b\n");
}

TEST_CASE("version needs no daemon") {
    Session session;
    session.daemon().on("GET /v1/status", {200, R"({"version":"9.9"})"});
    CHECK(session.run({"version"}) == 0);
    CHECK_THAT(session.out.str(), Catch::Matches("aggctl [0-9.]+\naggd   9.9\n"));
    CHECK(session.run({"version", "--json"}) == 0);
    CHECK_THAT(session.out.str(), Catch::Matches(R"(\{"aggctl":"[0-9.]+","aggd":"9.9"\}\n)"));
    CHECK(session.run({"version", "--socket", "/nowhere/aggd.sock"}) == 0);
    CHECK_THAT(session.out.str(), Catch::EndsWith("aggd   is not running\n"));
}

TEST_CASE("--quiet leaves errors only") {
    Session session;
    session.daemon().on("GET /v1/feeds", {200, k_feeds});
    CHECK(session.run({"list", "--quiet"}) == 0);
    CHECK(session.out.str().empty());
    CHECK(session.run({"status", "--quiet"}) == 4);
    CHECK(session.err.str() == "aggctl: no such path\n");
}

TEST_CASE("an answer that is no JSON object is not taken for one") {
    Session session;
    session.daemon().on("GET /v1/status", {200, "[]"});
    CHECK(session.run({"status"}) == 1);
    CHECK_THAT(session.err.str(), Catch::Contains("cannot read the answer of aggd"));
}

TEST_CASE("a title cannot command the terminal") {
    Session session;
    session.daemon().on("GET /v1/feeds", {200, R"({"feeds":[{"name":"x","title":"\u001b[2Jgone","state":"fine"}]})"});
    CHECK(session.run({"list"}) == 0);
    CHECK(session.out.str().find('\x1b') == std::string::npos);
}

TEST_CASE("of many needs ten are shown, and how many more there are") {
    Session session;
    std::string needs;
    for (int n = 0; n < 12; ++n) needs += R"({"feed":"f","what":"gone","command":"c"},)";
    needs.pop_back();
    session.daemon().on("GET /v1/status", {200, R"({"version":"0.3.0","needs":[)" + needs + "]}"});
    CHECK(session.run({"status"}) == 0);
    CHECK_THAT(session.out.str(), Catch::Contains("and 2 more: aggctl list --failing"));
}

TEST_CASE("list shows only what its filters let through") {
    constexpr const char* paused =
        R"({"name":"later","title":"Later","url":"","site":"","tags":["slow"],"state":"paused","items":1,
            "newest_item":"2022-01-09T12:00:00Z"})";
    constexpr const char* quiet =
        R"({"name":"quiet","title":"Quiet","url":"","site":"","tags":["slow","blog"],"state":"fine","items":1,
            "newest_item":"2021-10-01T12:00:00Z"})";
    Session session;
    session.daemon().on("GET /v1/feeds",
                        {200, std::string(R"({"feeds":[)") + k_bbc + "," + paused + "," + quiet + "]}"});
    struct Case {
        std::vector<std::string> arguments;
        std::vector<std::string> names;
    };
    const auto test = GENERATE_COPY(values<Case>({
        {{"--paused"}, {"later"}},
        {{"--tag", "slow"}, {"later", "quiet"}},
        {{"--tag", "news", "--tag", "blog"}, {"bbc-news", "quiet"}},
        {{"--stale", "30d"}, {"quiet"}},
        {{"--stale", "1h", "--paused"}, {"later"}},
    }));
    auto arguments = test.arguments;
    arguments.insert(arguments.begin(), {"list", "--json"});
    CHECK(session.run(arguments) == 0);
    std::vector<std::string> names;
    const auto answer = boost::json::parse(session.out.str());
    for (const auto& feed : answer.at("feeds").as_array())
        names.push_back(boost::json::value_to<std::string>(feed.at("name")));
    CHECK(names == test.names);
    arguments.erase(arguments.begin() + 1);
    arguments.emplace_back("--no-legend");
    CHECK(session.run(arguments) == 0);
    const std::string lines = session.out.str();
    CHECK(std::count(lines.begin(), lines.end(), '\n') == static_cast<std::ptrdiff_t>(test.names.size()));
}

TEST_CASE("a duration that is none is a wrong command line") {
    Session session;
    CHECK(session.run({"list", "--stale", "soon"}) == 2);
    CHECK_THAT(session.err.str(), Catch::Contains("--stale: \"soon\" is no duration"));
}

TEST_CASE("why prints the paragraph") {
    Session session;
    session.daemon().on("GET /v1/feeds/bbc-news/why",
                        {200, R"({"feed":{"name":"bbc-news"},"why":"bbc-news is polled next in 4 min: so."})"});
    CHECK(session.run({"why", "bbc-news"}) == 0);
    CHECK(session.out.str() == "bbc-news is polled next in 4 min: so.\n");
    CHECK(session.run({"why"}) == 2);
}

TEST_CASE("show prints a line for all that is known of a feed, and none for what is not") {
    Session session;
    session.daemon().on("GET /v1/feeds/quay", {200, R"({"feed":{"name":"quay","title":"Quay Notes",
        "url":"https://old.example/feed","site":"","tags":["sea","news"],"state":"failing","condition":"broken",
        "last_poll":"2022-01-10T11:56:00Z","last_result":"404 Not Found","next_poll":"2022-01-10T12:16:00Z",
        "next_poll_reason":"2 h after 2 failures in a row","failures":2,"failing_since":"2022-01-10T10:00:00Z",
        "items":1204,"min_interval_ms":900000,"max_interval_ms":604800000,"usual_interval_ms":3600000,"last_status":404,
        "last_bytes":1234,"last_duration_ms":56,"last_new_items":0,"etag":"\"a\"","last_modified":"",
        "move":{"to":"https://new.example/feed","polls":2,"since":"2022-01-10T00:00:00Z","believed":false}}})"});
    CHECK(session.run({"show", "quay"}) == 0);
    CHECK(session.out.str() ==
          "quay\n"
          "  title          Quay Notes\n"
          "  url            https://old.example/feed\n"
          "  redirected to  https://new.example/feed (in 2 polls since 2022-01-10T00:00:00Z (12 h ago))\n"
          "  tags           sea, news\n"
          "  state          failing, broken\n"
          "  items          1,204\n"
          "  interval       auto: 1 h, between 15 min and 7 days\n"
          "  next poll      2022-01-10T12:16:00Z (in 16 min)\n"
          "  by rule        2 h after 2 failures in a row\n"
          "  last poll      2022-01-10T11:56:00Z (4 min ago)\n"
          "  result         404 Not Found\n"
          "  received       1.2 kB in 56 ms, 0 new items\n"
          "  failures       2 in a row, since 2022-01-10T10:00:00Z (2 h ago)\n"
          "  etag           \"a\"\n");
}

TEST_CASE("moves lists the offers; --accept takes them") {
    Session session;
    const std::string moves =
        R"({"moves":[{"feed":"quay","title":"Quay","from":"http://q.example/","to":"https://q.example/","polls":3,"joins":""},
                     {"feed":"bay","title":"Bay","from":"http://b.example/","to":"https://q.example/","polls":3,"joins":"quay"}]})";
    session.daemon().on("GET /v1/moves", {200, moves});
    session.daemon().on("POST /v1/moves", {200, moves});
    CHECK(session.run({"moves"}) == 0);
    CHECK(session.out.str() ==
          "quay  http://q.example/ -> https://q.example/\n"
          "bay  http://b.example/ -> https://q.example/  (joins quay)\n"
          "\n"
          "2 feeds have moved for good. Write the new addresses to feeds.conf: aggctl moves --accept\n");
    CHECK(session.run({"moves", "bay"}) == 0);
    CHECK_THAT(session.out.str(), Catch::StartsWith("bay  http://b.example/"));
    CHECK(session.run({"moves", "--json", "bay"}) == 0);
    CHECK_THAT(session.out.str(), Catch::StartsWith(R"({"moves":[{"feed":"bay")"));
    CHECK(session.run({"moves", "--accept", "quay", "bay"}) == 0);
    CHECK(session.daemon().requests()[3].body == R"({"feeds":["quay","bay"]})");
    CHECK_THAT(session.out.str(),
               Catch::Contains("(joined with quay)") && Catch::Contains("2 feeds changed in feeds.conf."));
    session.daemon().on("GET /v1/moves", {200, R"({"moves":[]})"});
    CHECK(session.run({"moves"}) == 0);
    CHECK(session.out.str() == "No feed has moved.\n");
}

TEST_CASE("refresh takes tags") {
    Session session;
    session.daemon().on("POST /v1/refresh", {200, R"({"feeds":[]})"});
    CHECK(session.run({"refresh", "--tag", "news"}) == 0);
    CHECK(session.daemon().requests()[0].body == R"({"feeds":[],"wait":false,"force":false,"tags":["news"]})");
}
