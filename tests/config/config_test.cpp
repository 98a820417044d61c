#include "config/config.hpp"

#include <catch2/catch.hpp>

#include "base/paths.hpp"
#include "support/files.hpp"
#include "support/temporary_folder.hpp"

using namespace agg;
using namespace agg::config;
using namespace std::chrono_literals;

namespace {

Config read(const std::string& text) {
    auto config = parse_config(text, "/etc/aggd/feeds.conf");
    if (!config) FAIL(to_string(config.error()));
    return *config;
}

std::string problems_of(const std::string& text) {
    const auto config = parse_config(text, "feeds.conf");
    return config ? "" : to_string(config.error());
}

}  // namespace

TEST_CASE("an empty file is a whole configuration") {
    const Config config = read("");
    CHECK(config.serve.unix_socket == default_socket_path());
    CHECK(config.serve.tcp == "127.0.0.1:8137");
    CHECK(config.database == default_database_path());
    CHECK(config.fetch.max_body_bytes == 16 * 1024 * 1024);
    CHECK(config.feeds.empty());
}

TEST_CASE("every key has its effect") {
    const Config config = read(R"(
        [serve]
        unix = "/run/news.sock"
        tcp = "[::1]:9000"
        [store]
        path = "/var/lib/aggd/news.db"
        [fetch]
        contact = "mailto:me@example.org"
        user_agent = "my-reader/1.0"
        ca_file = "/etc/ssl/own.pem"
        proxy = "socks5h://joe:pw@127.0.0.1:1080"
        credentials_file = "passwords"
        allow_private = ["10.0.0.0/8", "nas.local:8080"]
        max_transfers = 4
        timeout = "20s"
        max_body = "2M"
        [defaults]
        interval = "2h"
        min_interval = "1h"
        max_interval = "2d"
        [feed.one]
        url = "https://example.org/feed.xml"
        title = "One"
        tags = ["news", "world", "news"]
        interval = "auto"
        min_interval = "30min"
        max_interval = "12h"
        paused = true
        allow_private = true
        proxy = "none"
        user_agent = "special/2"
        headers = { "Accept-Language" = "de", X-Token = "4711" }
        credentials_file = "/run/own"
    )");
    CHECK(config.serve.unix_socket == "/run/news.sock");
    CHECK(config.serve.tcp == "[::1]:9000");
    CHECK(config.database == "/var/lib/aggd/news.db");
    CHECK(config.fetch.contact == "mailto:me@example.org");
    CHECK(config.fetch.user_agent == "my-reader/1.0");
    CHECK(config.fetch.ca_file == "/etc/ssl/own.pem");
    CHECK(config.fetch.proxy == "socks5h://joe:pw@127.0.0.1:1080");
    CHECK(config.fetch.credentials_file == "/etc/aggd/passwords");
    CHECK(config.fetch.allow_private == std::vector<std::string>{"10.0.0.0/8", "nas.local:8080"});
    CHECK(config.fetch.max_transfers == 4);
    CHECK(config.fetch.timeout == 20s);
    CHECK(config.fetch.max_body_bytes == 2 * 1024 * 1024);
    REQUIRE(config.feeds.size() == 1);
    CHECK(config.feeds[0] == Feed{.name = "one",
                                  .url = "https://example.org/feed.xml",
                                  .title = "One",
                                  .tags = {"news", "world"},
                                  .interval = std::nullopt,
                                  .min_interval = 30min,
                                  .max_interval = 12h,
                                  .paused = true,
                                  .allow_private = true,
                                  .transfer = {.proxy = "",
                                               .user_agent = "special/2",
                                               .headers = {{"Accept-Language", "de"}, {"X-Token", "4711"}},
                                               .credentials_file = "/run/own"}});
}

TEST_CASE("feeds start from [defaults], wherever it stands, and keep the order of the file") {
    const Config config = read(R"(
        [feed.zebra]
        url = "https://z.example/"
        [feed.ant]
        url = "https://a.example/"
        max_interval = "1d"
        [defaults]
        interval = "1h"
        max_interval = "6h"
    )");
    REQUIRE(config.feeds.size() == 2);
    CHECK(config.feeds[0].name == "zebra");
    CHECK(config.feeds[0].interval == 1h);
    CHECK(config.feeds[0].max_interval == 6h);
    CHECK(config.feeds[1].max_interval == 24h);
}

TEST_CASE("a feed may be written as a table, an inline table or dotted keys") {
    const Config config = read(R"(
        [feed."a.b"]
        url = "https://t.example/"
        [feed]
        inline = { url = "https://i.example/" }
        dotted.url = "file:///srv/feed.xml"
    )");
    REQUIRE(config.feeds.size() == 3);
    CHECK(config.feeds[0].name == "a.b");
    CHECK(config.feeds[2].url == "file:///srv/feed.xml");
}

TEST_CASE("relative paths are taken from the folder of the file") {
    const Config config = read("serve.unix = \"aggd.sock\"\nstore.path = \"../db/aggd.db\"");
    CHECK(config.serve.unix_socket == "/etc/aggd/aggd.sock");
    CHECK(config.database == "/etc/db/aggd.db");
}

TEST_CASE("systemd's folder of credentials goes before the folder of the file") {
    ::setenv("CREDENTIALS_DIRECTORY", "/run/credentials/aggd.service", 1);
    const Config config = read(
        "fetch.credentials_file = \"passwords\"\n[feed.a]\nurl = \"https://a.example/\"\n"
        "credentials_file = \"/etc/own\"");
    ::unsetenv("CREDENTIALS_DIRECTORY");
    CHECK(config.fetch.credentials_file == "/run/credentials/aggd.service/passwords");
    CHECK(config.feeds.at(0).transfer.credentials_file == "/etc/own");
}

TEST_CASE("no header that HTTP, aggd or good manners need may be set") {
    const std::string name =
        GENERATE("Host", "Connection", "Keep-Alive", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Content-Length",
                 "content-type", "Accept-Encoding", "If-None-Match", "If-Modified-Since", "If-Range", "Range", "A-IM",
                 "Cache-Control", "Pragma", "Cookie", "Referer", "Expect", "Proxy-Authorization", "Sec-Fetch-Mode");
    CHECK_THAT(problems_of("[feed.a]\nurl = \"https://a.example/\"\nheaders = { \"" + name + "\" = \"secret\" }"),
               Catch::Contains("cannot set " + name + ": that ") && !Catch::Contains("secret"));
}

TEST_CASE("TCP can be turned off") { CHECK(read("serve.tcp = \"off\"").serve.tcp.empty()); }

TEST_CASE("the group that may change things is named, or there is none") {
    CHECK(read("serve.group = \"readers\"").serve.group == "readers");
    CHECK(read("serve.group = \"none\"").serve.group.empty());
    CHECK(read("").serve.group.empty());
}

TEST_CASE("a problem says where it is, what was expected and what was probably meant") {
    struct Row {
        std::string text, problem;
    };
    const std::string feed = "[feed.a]\nurl = \"https://a.example/\"\n";
    const auto row = GENERATE_COPY(values<Row>({
        {feed + "intervall = \"1h\"",
         "feeds.conf:3:1: unknown key \"intervall\" in [feed.a]; did you mean \"interval\"?"},
        {"[server]\nunix = \"/x\"", "feeds.conf:1:2: unknown table [server]; did you mean [serve]?"},
        {"[feeds.a]\nurl = \"https://a.example/\"", "feeds.conf:1:2: unknown table [feeds]; did you mean [feed.NAME]?"},
        {"[fetch]\ninterval = \"1h\"",
         "feeds.conf:2:1: unknown key \"interval\" in [fetch]; it belongs in [defaults] or [feed.NAME]"},
        {"tcp = \"off\"", "feeds.conf:1:1: unknown key \"tcp\" above all tables; it belongs in [serve]"},
        {"[weather]", "feeds.conf:1:2: unknown table [weather]"},
        {"serve = 1", "feeds.conf:1:1: serve is an integer; write a table: [serve]"},
        {"[feed]\na = \"https://a.example/\"",
         "feeds.conf:2:1: \"a\" in [feed] is a string; a feed is a table with a name: [feed.bbc-world]"},
        {"[[feed]]\nurl = \"https://a.example/\"", "feeds.conf:1:3: a feed is a table with a name: [feed.bbc-world]"},
        {feed + "interval = 30",
         "feeds.conf:3:12: interval in [feed.a] takes \"auto\" or a duration such as \"30min\", not an integer"},
        {feed + "interval = \"often\"",
         "feeds.conf:3:12: interval in [feed.a] takes \"auto\" or a duration such as \"30min\", not \"often\""},
        {feed + "max_interval = \"0s\"", "feeds.conf:3:16: max_interval in [feed.a] must be one second or more"},
        {feed + "tags = \"news\"",
         "feeds.conf:3:8: tags in [feed.a] takes an array such as [\"news\", \"world\"], not a string"},
        {feed + "tags = [\"a\", 2]",
         "feeds.conf:3:14: tags in [feed.a] takes an array such as [\"news\", \"world\"]; this element is an integer"},
        {feed + "paused = \"yes\"", "feeds.conf:3:10: paused in [feed.a] takes true or false, not a string"},
        {feed + "title = \"a\\nb\"",
         "feeds.conf:3:9: title in [feed.a] contains a line break or another control character"},
        {"fetch.max_body = \"16 MB\"",
         "feeds.conf:1:18: max_body in [fetch] takes a size such as \"16M\", \"512K\" or a number of bytes, not \"16 "
         "MB\""},
        {"fetch.max_transfers = 0",
         "feeds.conf:1:23: max_transfers in [fetch] takes a whole number from 1 to 1000, not 0"},
        {"fetch.allow_private = [\"10.0.0.0/33\"]",
         "feeds.conf:1:23: allow_private in [fetch] has \"10.0.0.0/33\", which is neither a network such as "
         "\"10.0.0.0/8\" nor a host or host:port"},
        {"fetch.allow_private = [\"fd00::/8\", \"[::1]:80\", \"bücher.local:8080\", \"nas:0\"]",
         "feeds.conf:1:23: allow_private in [fetch] has \"nas:0\", which is neither a network such as \"10.0.0.0/8\" "
         "nor a host or host:port"},
        {"fetch.contact = \"\"",
         "feeds.conf:1:17: contact in [fetch] is empty; publishers need someone to ask, give a web or mail address"},
        {"fetch.user_agent = \" \"",
         "feeds.conf:1:20: user_agent in [fetch] is empty; leave the key out to have the default"},
        {"fetch.proxy = \"ftp://joe:horse@proxy.example\"",
         "feeds.conf:1:15: proxy in [fetch] begins with \"ftp:\"; aggd knows http, https, socks5 and socks5h proxies"},
        {feed + "headers = \"X-Token: 1\"",
         "feeds.conf:3:11: headers in [feed.a] takes a table such as { \"Accept-Language\" = \"de\" }, not a string"},
        {feed + "headers = { Host = \"b.example\" }",
         "feeds.conf:3:20: headers in [feed.a] cannot set Host: that follows from the feed's url"},
        {feed + "headers = { \"if-none-match\" = \"x\" }",
         "feeds.conf:3:31: headers in [feed.a] cannot set if-none-match: that is what aggd remembers of the feed"},
        {feed + "headers = { User-Agent = \"x\" }",
         "feeds.conf:3:26: headers in [feed.a] cannot set User-Agent: that has a key of its own: user_agent"},
        {feed + "headers = { \"X Y\" = \"x\" }",
         "feeds.conf:3:21: headers in [feed.a] has \"X Y\", which cannot be the name of a header"},
        {feed + "headers = { X-Token = \"secret\\r\\nHost: b.example\" }",
         "feeds.conf:3:23: headers in [feed.a] has a line break or another control character in X-Token"},
        {feed + "headers = { X-Token = 4711 }",
         "feeds.conf:3:23: headers in [feed.a] takes a string for X-Token, not an integer"},
        {feed + "headers = { A = \"1\", a = \"2\" }",
         "feeds.conf:3:26: headers in [feed.a] sets a twice; case makes no difference"},
        {"store.path = \"~/aggd.db\"",
         "feeds.conf:1:14: path in [store] begins with \"~\", which is not expanded; write the path in full"},
        {"serve.tcp = \"localhost\"",
         "feeds.conf:1:13: tcp in [serve] takes \"127.0.0.1:PORT\", \"[::1]:PORT\" or \"off\", not \"localhost\""},
        {"serve.tcp = \"0.0.0.0:8137\"",
         "feeds.conf:1:13: tcp in [serve] is \"0.0.0.0:8137\", which other machines can reach, and this server has "
         "neither encryption nor users; "
         "use \"127.0.0.1:8137\" and put a web server with TLS in front of it"},
    }));
    CHECK(problems_of(row.text) == row.problem);
}

TEST_CASE("a feed needs a good name and a good, unique URL") {
    struct Row {
        std::string text, problem;
    };
    const auto row = GENERATE(values<Row>({
        {"[feed.a]\ntitle = \"A\"", "feeds.conf:1:7: [feed.a] has no url; every feed needs one"},
        {"[feed.BBC]\nurl = \"https://a.example/\"",
         "feeds.conf:1:7: \"BBC\" cannot be a feed's name: up to 100 of a-z, 0-9, \"-\", \"_\" and \".\", a letter or "
         "digit first"},
        {"[feed.-a]\nurl = \"https://a.example/\"",
         "feeds.conf:1:7: \"-a\" cannot be a feed's name: up to 100 of a-z, 0-9, \"-\", \"_\" and \".\", a letter or "
         "digit first"},
        {"[feed.bbc.news]\nurl = \"https://a.example/\"",
         "feeds.conf:1:7: [feed.bbc] has no url; every feed needs one\n"
         "feeds.conf:1:11: a table inside [feed.bbc]; a feed's name with a dot is written in quotes: [feed.\"a.b\"]"},
        {"[feed.a]\nurl = \"a.example/feed\"",
         "feeds.conf:2:7: url in [feed.a] is not an absolute URL such as \"https://example.org/feed.xml\""},
        {"[feed.a]\nurl = \"ftp://a.example/feed\"",
         "feeds.conf:2:7: url in [feed.a] begins with \"ftp:\"; aggd polls http, https and file only"},
        {"[feed.a]\nurl = \"https://a.example\"\n[feed.\"b.c\"]\nurl = \"HTTPS://A.example:443/#top\"",
         "feeds.conf:4:7: url in [feed.\"b.c\"] is that of [feed.a] in line 2 already; remove one of the two"},
    }));
    CHECK(problems_of(row.text) == row.problem);
}

TEST_CASE("a host may be treated in its own way") {
    const Config config = read("[host.\"Reddit.com\"]\nspacing = \"60s\"\n[host.nas]\nmax_transfers = 8");
    CHECK(config.hosts == std::vector<HostRule>{{.name = "reddit.com", .spacing = 60s, .max_transfers = {}},
                                                {.name = "nas", .spacing = {}, .max_transfers = 8}});
    CHECK(
        problems_of("[host.reddit.com]\nspacing = \"60s\"") ==
        "feeds.conf:1:14: a table inside [host.reddit]; a host's name with a dot is written in quotes: [host.\"a.b\"]");
    CHECK(problems_of("[host.\"https://reddit.com\"]\nspacing = \"60s\"") ==
          "feeds.conf:1:7: \"https://reddit.com\" is no host's name: write it without scheme, port and path, as in "
          "[host.\"reddit.com\"]");
    CHECK(problems_of("[host]\n\"reddit.com\" = \"60s\"") ==
          "feeds.conf:2:1: \"reddit.com\" in [host] is a string; a host's name stands in quotes, for its dots: "
          "[host.\"reddit.com\"]");
    CHECK(problems_of("[host.\"reddit.com\"]\nspaceing = \"60s\"") ==
          "feeds.conf:2:1: unknown key \"spaceing\" in [host.\"reddit.com\"]; did you mean \"spacing\"?");
}

TEST_CASE("intervals must fit each other, inherited ones included") {
    struct Row {
        std::string text, problem;
    };
    const std::string feed = "[feed.a]\nurl = \"https://a.example/\"\n";
    const auto row = GENERATE_COPY(values<Row>({
        {feed + "interval = \"5min\"",
         "feeds.conf:3:12: interval (5min) is below min_interval (15min, inherited) in [feed.a]; set a longer "
         "interval, or min_interval there too"},
        {feed + "interval = \"5min\"\nmin_interval = \"5min\"", ""},
        {feed + "max_interval = \"10min\"",
         "feeds.conf:3:16: min_interval (15min, inherited) is above max_interval (10min) in [feed.a]"},
        {feed + "min_interval = \"8d\"",
         "feeds.conf:3:16: min_interval (8d) is above max_interval (7d, inherited) in [feed.a]"},
        {feed + "interval = \"8d\"",
         "feeds.conf:3:12: interval (8d) is above max_interval (7d, inherited) in [feed.a]; set a shorter interval, or "
         "max_interval there too"},
        {feed + "min_interval = \"2h\"\n[defaults]\ninterval = \"1h\"",
         "feeds.conf:3:16: interval (1h, inherited) is below min_interval (2h) in [feed.a]; set a longer interval, or "
         "min_interval there too"},
        // Told once, not once per feed.
        {feed + "[defaults]\nmin_interval = \"8d\"",
         "feeds.conf:4:16: min_interval (8d) is above max_interval (7d, inherited) in [defaults]"},
    }));
    CHECK(problems_of(row.text) == row.problem);
}

TEST_CASE("all problems are told at once, in the order of the file") {
    CHECK(problems_of("[feed.a]\nurl = 1\npause = true\n[serve]\nunix = true\n[feed.b]\n") ==
          "feeds.conf:2:7: url in [feed.a] takes the address of a feed as a string, not an integer\n"
          "feeds.conf:3:1: unknown key \"pause\" in [feed.a]; did you mean \"paused\"?\n"
          "feeds.conf:5:8: unix in [serve] takes a path, not a boolean\n"
          "feeds.conf:6:7: [feed.b] has no url; every feed needs one");
}

TEST_CASE("what is no TOML is one problem, where it stands") {
    CHECK(problems_of("[serve]\nunix = \n") ==
          "feeds.conf:2:8: cannot read the key-value pair: expected value, saw '\\n'");
    CHECK(problems_of("[feed.a]\n[feed.a]\n") ==
          "feeds.conf:2:1: cannot read the table header: cannot redefine existing table 'feed.a'");
}

TEST_CASE("columns count characters, not bytes") {
    CHECK(problems_of("feed.a = { title = \"Газета\", url = 1 }") ==
          "feeds.conf:1:36: url in [feed.a] takes the address of a feed as a string, not an integer");
}

TEST_CASE("a URL with a password in it is not repeated in a problem") {
    CHECK(problems_of("[feed.a]\nurl = \"https://user:hunter2@/\"").find("hunter2") == std::string::npos);
}

TEST_CASE("two spellings of one address have one identity") {
    CHECK(url_identity("HTTP://Example.ORG:80") == url_identity("http://example.org/"));
    CHECK(url_identity("https://example.org/a?b=1#c") == url_identity("https://example.org:443/a?b=1"));
    CHECK(url_identity("https://example.org/a") != url_identity("https://example.org/A"));
    CHECK(url_identity("https://one@example.org/") != url_identity("https://two@example.org/"));
    CHECK(url_identity("http://example.org/") != url_identity("https://example.org/"));
}

TEST_CASE("a file that is not there says how to start") {
    const test::TemporaryFolder folder;
    const auto config = load_config(folder / "feeds.conf");
    REQUIRE_FALSE(config);
    CHECK(to_string(config.error()) ==
          (folder / "feeds.conf") +
              ": there is no such file; create it (feeds.conf(5) shows how), or pass --config FILE");
}

TEST_CASE("a folder is no configuration") {
    const test::TemporaryFolder folder;
    const auto config = load_config(folder.path());
    REQUIRE_FALSE(config);
    CHECK(to_string(config.error()) == folder.path() + ": cannot be read: Is a directory");
}

TEST_CASE("problems carry the path of the file they are in") {
    const test::TemporaryFolder folder;
    const auto config = load_config(test::write_file(folder / "feeds.conf", "[serve]\nport = 1\n"));
    REQUIRE_FALSE(config);
    CHECK(to_string(config.error()) == (folder / "feeds.conf") + ":2:1: unknown key \"port\" in [serve]");
}

TEST_CASE("a view is read with all its keys") {
    const auto config = parse_config(
        "[view.a]\nquery = \"tag:news -war\"\ntitle = \"Calm\"\nn = 20\ndedup = \"exact\"\nid_scope = "
        "\"view\"\n[view.b]\nquery = \"\"\n",
        "feeds.conf");
    REQUIRE(config);
    REQUIRE(config->views.size() == 2);
    CHECK(config->views[0] == View{.name = "a",
                                   .title = "Calm",
                                   .query_text = "tag:news -war",
                                   .query = *parse_query("tag:news -war"),
                                   .entries = 20,
                                   .dedup = Dedup::exact,
                                   .id_scope = IdScope::view});
    CHECK(config->views[1].query.is_everything());
}

TEST_CASE("what is wrong with a view is told with its place") {
    const auto config = parse_config(
        "[view.a]\nquery = \"tga:news\"\ndedup = \"some\"\n[view.b]\ntitel = \"x\"\n[view.\"B!\"]\nquery = \"a\"\n",
        "feeds.conf");
    REQUIRE_FALSE(config);
    const std::string problems = to_string(config.error());
    CHECK_THAT(problems, Catch::Contains("feeds.conf:2:9: query in [view.a] is \"tga:news\"; column 1: unknown key"));
    CHECK_THAT(problems, Catch::Contains("feeds.conf:3:9: dedup in [view.a] takes \"off\", \"exact\" or \"story\""));
    CHECK_THAT(problems, Catch::Contains("feeds.conf:4:7: [view.b] has no query"));
    CHECK_THAT(problems, Catch::Contains("unknown key \"titel\" in [view.b]; did you mean \"title\"?"));
    CHECK_THAT(problems, Catch::Contains("\"B!\" cannot be a view's name"));
}

TEST_CASE("rules are read with all their keys, in the order of the file") {
    const auto config = parse_config(R"(
[feed.a]
url = "https://a.example/feed"
[rule.sport]
match = 'title:/^(live|score):/i -author:"Ann Lee"'
action = "drop"
feeds = ["a"]
tags = ["news"]
[rule.later]
match = "longread"
action = "tag"
add_tags = ["later", "длинное"]
)",
                                     "feeds.conf");
    if (!config) FAIL(to_string(config.error()));
    REQUIRE(config->rules.size() == 2);
    CHECK(config->rules[0] == Rule{.name = "sport",
                                   .match_text = R"(title:/^(live|score):/i -author:"Ann Lee")",
                                   .match = *parse_match(R"(title:/^(live|score):/i -author:"Ann Lee")"),
                                   .action = Rule::Action::drop,
                                   .feeds = {"a"},
                                   .tags = {"news"}});
    CHECK(config->rules[1].action == Rule::Action::tag);
    CHECK(config->rules[1].add_tags == std::vector<std::string>{"later", "длинное"});
}

TEST_CASE("what is wrong with a rule is told with its place, and where in the expression") {
    const auto config = parse_config(R"([rule.a]
match = 'rain tittle:x'
action = "hide"
[rule.b]
match = 'title:/ra(in/'
action = "tag"
feeds = ["nobody"]
[rule.c]
add_tags = ["x"]
[rule]
d = 1
)",
                                     "feeds.conf");
    REQUIRE_FALSE(config);
    const std::string problems = to_string(config.error());
    CHECK_THAT(problems, Catch::Contains("feeds.conf:2:9: match in [rule.a] is 'rain tittle:x'; column 6: unknown key "
                                         "\"tittle\"; did you mean \"title\"?"));
    CHECK_THAT(problems, Catch::Contains("feeds.conf:3:10: action in [rule.a] takes \"drop\", \"keep\", \"tag\", "
                                         "\"star\" or \"read\", not \"hide\""));
    CHECK_THAT(problems, Catch::Contains("feeds.conf:5:9: match in [rule.b] is 'title:/ra(in/'; column 8: this regular "
                                         "expression cannot be read: missing )"));
    CHECK_THAT(problems, Catch::Contains("feeds.conf:7:9: feeds in [rule.b] names \"nobody\", which is no feed"));
    CHECK_THAT(problems, Catch::Contains("[rule.b] has no add_tags"));
    CHECK_THAT(problems, Catch::Contains("[rule.c] has no match"));
    CHECK_THAT(problems, Catch::Contains("[rule.c] has no action"));
    CHECK_THAT(problems, Catch::Contains("add_tags in [rule.c] is for action = \"tag\""));
    CHECK_THAT(problems, Catch::Contains("\"d\" in [rule] is an integer; a rule is a table with a name"));
}

TEST_CASE("how far a feed is collapsed: its own word, else the narrowest of its tags, else the defaults") {
    const auto config = parse_config(R"(
[defaults]
dedup = "exact"
revisions = "quiet"
[dedup]
prefer = ["b", "a"]
[tag.sport]
dedup = "off"
[tag.news]
dedup = "story"
[feed.a]
url = "https://a.example/feed"
[feed.b]
url = "https://b.example/feed"
tags = ["news", "sport"]
[feed.c]
url = "https://c.example/feed"
tags = ["sport"]
dedup = "story"
revisions = "unread"
)",
                                     "feeds.conf");
    REQUIRE(config);
    CHECK(config->feeds[0].dedup == Dedup::exact);
    CHECK(config->feeds[0].revisions == Revisions::quiet);
    CHECK(config->feeds[0].preference == 2);
    CHECK(config->feeds[1].dedup == Dedup::off);
    CHECK(config->feeds[1].preference == 1);
    CHECK(config->feeds[2].dedup == Dedup::story);
    CHECK(config->feeds[2].revisions == Revisions::unread);
    CHECK(config->feeds[2].preference == 0);
}

TEST_CASE("items are kept for ninety days, or as long as is said, a week at least") {
    const std::string feeds = "[feed.a]\nurl = \"https://a.example/feed\"\n[feed.b]\nurl = \"https://b.example/feed\"\n";
    CHECK(parse_config(feeds, "feeds.conf")->feeds[0].keep == 24h * 90);
    const auto config = parse_config("[defaults]\nkeep = \"forever\"\n" + feeds + "keep = \"7d\"\n", "feeds.conf");
    REQUIRE(config);
    CHECK_FALSE(config->feeds[0].keep);
    CHECK(config->feeds[1].keep == 24h * 7);
    const auto wrong = parse_config(feeds + "keep = \"6d\"\n[defaults]\nkeep = \"always\"\n", "feeds.conf");
    REQUIRE_FALSE(wrong);
    CHECK(to_string(wrong.error()) ==
          "feeds.conf:5:8: keep in [feed.b] is 6d; items are kept for a week at least, \"7d\"\n"
          "feeds.conf:7:8: keep in [defaults] takes \"forever\" or a duration such as \"90d\", not \"always\"");
}

TEST_CASE("a preferred feed that is not there and a wrong word for dedup are told") {
    const auto config = parse_config("[dedup]\nprefer = [\"bcc\"]\n[defaults]\ndedup = \"some\"\n", "feeds.conf");
    REQUIRE_FALSE(config);
    CHECK_THAT(to_string(config.error()),
               Catch::Contains("\"bcc\", which is no feed") && Catch::Contains("not \"some\""));
}
