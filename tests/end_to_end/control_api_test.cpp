// docs/control-api.md in step with the daemon: every endpoint has a line of curl, and every line works.
#include <catch2/catch.hpp>

#include "daemon_under_test.hpp"
#include "support/origin.hpp"

using namespace agg::test;

namespace {

void replace_all(std::string& text, const std::string& from, const std::string& to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
        text.replace(at, from.size(), to);
}

struct Endpoint {
    std::string heading;
    std::string command;  // its first indented line
};

std::vector<Endpoint> endpoints() {
    const std::string page = read_file(std::string(AGGD_SOURCE_DIR) + "/docs/control-api.md");
    std::vector<Endpoint> all;
    for (std::size_t at = 0; (at = page.find("\n## ", at)) != std::string::npos; ++at) {
        const std::size_t end = page.find('\n', at + 1);
        const std::string heading = page.substr(at + 4, end - at - 4);
        if (heading.find(" /v1/") == std::string::npos) continue;
        const std::size_t line = end + 2;
        all.push_back({heading, page.substr(line, page.find('\n', line) - line)});
    }
    return all;
}

}  // namespace

TEST_CASE("every endpoint of the control API begins with a line of curl, and it works") {
    REQUIRE(is_installed("curl"));
    Origin origin;
    origin.on("/lwn", document(rss("LWN", {"First"})));
    origin.on("/bbc", document(rss("BBC", {"World"})));
    DaemonUnderTest aggd(feed_table("bbc-world", origin.url("/bbc")) + feed_table("old-blog", origin.url("/old")));
    aggd.start();
    TemporaryFolder folder;
    write_file(folder / "feeds.opml", "<opml><body><outline xmlUrl='https://a.example/'/></body></opml>");

    wait_until("an item is there", [&] { return !aggd.titles().empty(); });
    const auto all = endpoints();
    CHECK(all.size() >= 11);
    for (const Endpoint& endpoint : all) {
        CAPTURE(endpoint.heading, endpoint.command);
        REQUIRE(endpoint.command.starts_with("    curl --unix-socket /run/aggd.sock "));
        std::string command = endpoint.command;
        replace_all(command, "curl ", "curl -sS --fail-with-body ");
        replace_all(command, "/run/aggd.sock", aggd.socket());
        replace_all(command, "https://lwn.net/headlines/rss", origin.url("/lwn"));
        replace_all(command, "aggd-backup.tar.zst", folder / "aggd-backup.tar.zst");
        replace_all(command, "@feeds.opml", "@" + (folder / "feeds.opml"));
        const Finished done = run({"sh", "-c", command});
        INFO(done.out << done.err);
        // Nothing is joined or healed here that could be taken apart: that is told, and is an answer too.
        CHECK((done.exit_code == 0 || done.out.find("\"conflict\"") != std::string::npos));
        CHECK((!done.out.empty() || command.find(" -o ") != std::string::npos));
    }
}
