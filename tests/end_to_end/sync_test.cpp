// Readers that keep what is read in step, by the Google Reader API.
#include <catch2/catch.hpp>

#include "daemon_under_test.hpp"
#include "support/origin.hpp"

using namespace agg::test;
using Catch::Contains;

namespace {

std::string set_password(const DaemonUnderTest& aggd) {
    return run({"sh", "-c",
                std::string("echo secret | ") + AGGCTL_PROGRAM + " --socket " + aggd.socket() + " passwd me"})
        .out;
}

std::string sign_in(const std::string& base) {
    const std::string answer = http(base + "/accounts/ClientLogin?Email=me&Passwd=secret").body;
    const std::size_t begin = answer.find("Auth=");
    return begin == std::string::npos ? "" : answer.substr(begin + 5, answer.find('\n', begin) - begin - 5);
}

// Runs newsboat once and returns "TITLE=unread" of all that it holds, sorted.
std::string newsboat(const TemporaryFolder& folder, const std::string& base) {
    write_file(folder / "urls", "");
    write_file(folder / "config", "urls-source \"feedhq\"\nfeedhq-url \"" + base +
                                      "\"\nfeedhq-login \"me\"\nfeedhq-password \"secret\"\nfeedhq-min-items 100\n");
    const Finished read = run(
        {"newsboat", "-q", "-C", folder / "config", "-u", folder / "urls", "-c", folder / "cache.db", "-x", "reload"},
        {{"HOME", folder.path()}, {"LC_ALL", "C.UTF-8"}});
    INFO(read.err);
    CHECK(read.exit_code == 0);
    return run({"sqlite3", folder / "cache.db", "SELECT title || '=' || unread FROM rss_item ORDER BY title"}).out;
}

}  // namespace

TEST_CASE("the password is set by aggctl, kept over a restart, and taken away again") {
    DaemonUnderTest aggd("");
    aggd.start();
    const std::string list = "/reader/api/0/subscription/list";
    CHECK(http(aggd.tcp_url() + list).status == 401);
    CHECK_THAT(set_password(aggd), Contains("sign in as me"));
    const std::string token = sign_in(aggd.tcp_url());
    REQUIRE(token.size() == 64);
    const std::vector<std::string> header = {"Authorization: GoogleLogin auth=" + token};
    CHECK(http(aggd.tcp_url() + list, header).status == 200);
    (void)aggd.stop();
    aggd.start();
    CHECK(http(aggd.tcp_url() + "/api/greader.php" + list, header).status == 200);
    CHECK_THAT(aggd.aggctl({"passwd", "--none"}).out, Contains("Nobody can sign in"));
    CHECK(http(aggd.tcp_url() + list, header).status == 401);
    CHECK(sign_in(aggd.tcp_url()).empty());
}

TEST_CASE("subscriptions edited by a reader are edited in feeds.conf") {
    Origin origin;
    origin.on("/a", document(rss("Alpha", {"A1"})));
    origin.on("/new", document(rss("New outlet", {"N1"})));
    DaemonUnderTest aggd(feed_table("alpha", origin.url("/a"), "tags = [\"old\"]  # of mine"));
    aggd.start();
    const auto post = [&](const std::string& call) {
        return aggd.get("/reader/api/0/subscription/edit?" + call, {}, "POST").body;
    };
    CHECK(post("ac=edit&s=feed/1&t=My%20Alpha&a=user/-/label/fresh&r=user/-/label/old") == "OK");
    CHECK_THAT(read_file(aggd.config_file()), Contains("tags = [\"fresh\"]  # of mine") &&
                                                  Contains("title = \"My Alpha\"") &&
                                                  Contains("# the user's own first line"));
    CHECK(post("ac=subscribe&s=feed/" + origin.url("/new")) == "OK");
    CHECK_THAT(aggd.aggctl({"list"}).out, Contains("new-outlet"));
    CHECK(post("ac=unsubscribe&s=feed/1") == "OK");
    CHECK_THAT(read_file(aggd.config_file()), !Contains("[feed.alpha]") && Contains("[feed.new-outlet]"));
}

TEST_CASE("newsboat shows the same items as read as aggd does") {
    if (!is_installed("newsboat") || !is_installed("sqlite3")) {
        WARN("skipped: newsboat and sqlite3 are not installed");
        return;
    }
    Origin origin;
    origin.on("/a", document(rss("Alpha", {"A2", "A1"}, "https://same.example")));
    origin.on("/b", document(rss("Beta", {"B1", "A1"}, "https://same.example")));
    DaemonUnderTest aggd(feed_table("alpha", origin.url("/a"), "tags = [\"news\"]") +
                         feed_table("beta", origin.url("/b")));
    aggd.start();
    aggd.refresh();
    (void)set_password(aggd);
    TemporaryFolder folder;
    CHECK(newsboat(folder, aggd.tcp_url()) == "A1=1\nA2=1\nB1=1\n");
    (void)aggd.aggctl({"read", "A2"});
    CHECK(newsboat(folder, aggd.tcp_url()) == "A1=1\nA2=0\nB1=1\n");
}
