#include "config/change_feed.hpp"

#include <catch2/catch.hpp>

#include "config/config.hpp"

using namespace agg;
using namespace agg::config;

namespace {

const std::string k_text =
    "# mine\n[feed.a]\nurl = \"https://a.example/\"  # the first\ntags = [ # of it\n  \"x\", # \"]\n]  # end\n\n"
    "[feed.\"b.c\"]\n# before\nurl = 'https://b.example/'\n\n# last\n";

std::string changed(const std::string& text, const char* name, const FeedChange& change) {
    const auto after = with_feed_changed(text, name, change);
    if (!after) FAIL(after.error().message);
    return *after;
}

}  // namespace

TEST_CASE("a key that stands there is changed in its place, and the comment behind it stays") {
    CHECK(changed(k_text, "a", {.tags = {{"y", "z \"q\""}}}) ==
          "# mine\n[feed.a]\nurl = \"https://a.example/\"  # the first\ntags = [\"y\", \"z \\\"q\\\"\"]  # end\n\n"
          "[feed.\"b.c\"]\n# before\nurl = 'https://b.example/'\n\n# last\n");
}

TEST_CASE("a key that is not there comes below the feed's last one") {
    CHECK(changed(k_text, "b.c", {.title = "Bé", .tags = {{"t"}}}) ==
          k_text.substr(0, k_text.find("\n\n# last")) + "\ntitle = \"Bé\"\ntags = [\"t\"]\n\n# last\n");
    CHECK(changed("[feed.a]\nurl = \"https://a.example/\"", "a", {.title = "T"}) ==
          "[feed.a]\nurl = \"https://a.example/\"\ntitle = \"T\"\n");
    CHECK(changed("[feed.a]\r\nurl = \"https://a.example/\"\r\n", "a", {.title = "T"}) ==
          "[feed.a]\r\nurl = \"https://a.example/\"\r\ntitle = \"T\"\r\n");
}

TEST_CASE("an empty value takes its key out; a change of nothing changes no byte") {
    CHECK(changed(k_text, "a", {.tags = std::vector<std::string>{}}).find("tags") == std::string::npos);
    CHECK(changed(k_text, "a", {}) == k_text);
    CHECK(changed(k_text, "b.c", {.title = ""}) == k_text);
}

TEST_CASE("a feed that cannot be found or edited is left alone") {
    CHECK(with_feed_changed(k_text, "none", {.title = "x"}).error().kind == ErrorKind::not_found);
    CHECK(with_feed_changed("[feed.a]\n", "a", {.title = "x"}).error().kind == ErrorKind::invalid);
    const auto inline_table = with_feed_changed("[feed]\na = { url = \"https://a.example/\" }\n", "a", {.title = "x"});
    CHECK_THAT(inline_table.error().message, Catch::Contains("change it by hand"));
}
