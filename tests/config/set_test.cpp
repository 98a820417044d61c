// with_settings: values change where they stand.
#include <catch2/catch.hpp>

#include "config/config.hpp"
#include "config/edit.hpp"

using namespace agg;
using namespace agg::config;
using Catch::Contains;

namespace {

std::string set(std::string_view text, const std::vector<Setting>& settings) {
    const auto result = with_settings(text, "a", settings);
    if (!result) FAIL(result.error().message);
    return *result;
}

}  // namespace

TEST_CASE("a value changes where it stands, and a new key stands behind the feed's last one") {
    struct Row {
        const char* rule;
        std::string before;
        Setting setting;
        std::string after;
    };
    const std::string url = "url = \"https://a.example/\"\n";
    const auto row = GENERATE_COPY(values<Row>({
        {"a changed value keeps its comment",
         "[feed.a]\nurl = \"https://a.example/\"  # here\n",
         {"url", "https://b.example/"},
         "[feed.a]\nurl = \"https://b.example/\"  # here\n"},
        {"space around the sign stays",
         "[feed.a]\nurl=\"https://a.example/\"\ninterval   =   '1h'\n",
         {"interval", "2h"},
         "[feed.a]\nurl=\"https://a.example/\"\ninterval   =   \"2h\"\n"},
        {"a new key",
         "[feed.a]\n" + url + "# below\n\n[feed.b]\nurl = \"https://b.example/\"\n",
         {"paused", "true"},
         "[feed.a]\n" + url + "paused = true\n# below\n\n[feed.b]\nurl = \"https://b.example/\"\n"},
        {"a new key in the feed's own style",
         "  [feed.a]\n  url=\"https://a.example/\"\n",
         {"tags", "x, y"},
         "  [feed.a]\n  url=\"https://a.example/\"\n  tags=[\"x\", \"y\"]\n"},
        {"a new key behind the last line",
         "[feed.a]\nurl = \"https://a.example/\"",
         {"title", "A"},
         "[feed.a]\nurl = \"https://a.example/\"\ntitle = \"A\""},
        {"an empty text takes the key out",
         "[feed.a]\n" + url + "interval = \"2h\" # slow\n# more\n",
         {"interval", ""},
         "[feed.a]\n" + url + "# more\n"},
        {"taking out what is not there", "[feed.a]\n" + url, {"title", ""}, "[feed.a]\n" + url},
        {"a list over several lines",
         "[feed.a]\n" + url + "tags = [\n  'x', # ]\n]\n",
         {"tags", "y"},
         "[feed.a]\n" + url + "tags = [\"y\"]\n"},
        {"dotted keys",
         "feed.a.url = \"https://a.example/\"\nfeed.b.url = \"https://b.example/\"\n",
         {"interval", "1h"},
         "feed.a.url = \"https://a.example/\"\nfeed.a.interval = \"1h\"\nfeed.b.url = \"https://b.example/\"\n"},
        {"dotted keys in [feed]",
         "[feed]\n'a'.url = \"https://a.example/\"\n",
         {"paused", "true"},
         "[feed]\n'a'.url = \"https://a.example/\"\n'a'.paused = true\n"},
        {"an inline table, changed",
         "[feed]\na = { url = \"https://a.example/\", tags = [\"x\", \"}\"] } # a\n",
         {"tags", "y"},
         "[feed]\na = { url = \"https://a.example/\", tags = [\"y\"] } # a\n"},
        {"an inline table, longer",
         "feed.a = {url=\"https://a.example/\"}\n",
         {"paused", "true"},
         "feed.a = {url=\"https://a.example/\", paused=true}\n"},
        {"an inline table, first pair out",
         "feed.a = { interval = \"1h\", url = \"https://a.example/\" }\n",
         {"interval", ""},
         "feed.a = { url = \"https://a.example/\" }\n"},
        {"an inline table, last pair out",
         "feed.a = { url = \"https://a.example/\", interval = \"1h\" }\n",
         {"interval", ""},
         "feed.a = { url = \"https://a.example/\" }\n"},
        {"inline tables within",
         "feed = { a = { url = \"https://a.example/\" }, b = { url = \"https://b.example/\" } }\n",
         {"title", "A"},
         "feed = { a = { url = \"https://a.example/\", title = \"A\" }, b = { url = \"https://b.example/\" } }\n"},
        {"CRLF",
         "[feed.a]\r\nurl = \"https://a.example/\"\r\n",
         {"paused", "true"},
         "[feed.a]\r\nurl = \"https://a.example/\"\r\npaused = true\r\n"},
    }));
    INFO(row.rule);
    CHECK(set(row.before, {row.setting}) == row.after);
}

TEST_CASE("several settings are one edit: what only one of them would break is fine") {
    const std::string text = "[feed.a]\nurl = \"https://a.example/\"\n";
    CHECK(set(text, {{"interval", "5min"}, {"min_interval", "5min"}}) ==
          text + "interval = \"5min\"\nmin_interval = \"5min\"\n");
    CHECK_FALSE(with_settings(text, "a", {{"interval", "5min"}}));
}

TEST_CASE("what cannot be set says why") {
    const std::string text = "[feed.a]\nurl = \"https://a.example/\"\n[feed.b]\nurl = \"https://b.example/\"\n";
    struct Row {
        Setting setting;
        const char* message;
    };
    const auto row = GENERATE(values<Row>({
        {{"intervall", "1h"}, "did you mean \"interval\"?"},
        {{"spacing", "1h"}, "it belongs in [host.NAME]"},
        {{"interval", "soon"}, "takes \"auto\" or a duration"},
        {{"paused", "yes"}, "takes true or false"},
        {{"paused", "true\nurl = 'x'"}, "takes true or false"},
        {{"url", ""}, "every feed needs one"},
        {{"url", "https://b.example"}, "that of [feed."},
        {{"nothing", ""}, "no setting \"nothing\""},
    }));
    const auto refused = with_settings(text, "a", {row.setting});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::invalid);
    CHECK_THAT(refused.error().message, Contains(row.message));
}

TEST_CASE("a feed that is not there is not found") {
    CHECK(with_settings("", "a", {{"paused", "true"}}).error().kind == ErrorKind::not_found);
}
