// The completions, run by the shells that are installed.
#include <catch2/catch.hpp>

#include "daemon_under_test.hpp"

using namespace agg::test;
using Catch::Contains;

namespace {

const std::string k_completions = std::string(AGGD_SOURCE_DIR) + "/completions/";

// A PATH on which aggctl is the one under test.
std::map<std::string, std::string> environment(const std::string& socket) {
    const std::string program = AGGCTL_PROGRAM;
    return {{"PATH", program.substr(0, program.rfind('/')) + ":" + std::getenv("PATH")}, {"AGGD_SOCKET", socket}};
}

// What bash offers for `words`, of which the last one is being typed.
std::string bash_offers(const std::string& socket, const std::string& words) {
    return run({"bash", "--norc", "-c",
                "source '" + k_completions + "aggctl.bash'; COMP_WORDS=(aggctl " + words +
                    "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); compopt() { echo files; }; _aggctl; "
                    "printf '%s\\n' \"${COMPREPLY[@]}\""},
               environment(socket))
        .out;
}

}  // namespace

TEST_CASE("aggctl completes verbs, options, feeds and tags, and says nothing when the daemon is down") {
    DaemonUnderTest aggd(feed_table("alpha", "http://127.0.0.1:1/a", "tags = ['news']\npaused = true") +
                         feed_table("another", "http://127.0.0.1:1/b", "paused = true"));
    aggd.start();
    const auto offers = [&](std::vector<std::string> words) {
        words.insert(words.begin(), {AGGCTL_PROGRAM, "complete"});
        return run(words, environment(aggd.socket()));
    };
    CHECK(offers({"rem"}).out == "remove\n");
    CHECK_THAT(offers({""}).out, Contains("status\n") && Contains("import\n") && !Contains("complete"));
    CHECK(offers({"remove", "--p"}).out == "--purge\n");
    CHECK(offers({"--no-color", "pause", "a"}).out == "alpha\nanother\n");
    CHECK(offers({"pause", "alpha", "an"}).out == "another\n");
    CHECK(offers({"set", "al"}).out == "alpha\n");
    CHECK(offers({"add", "--tag", "n"}).out == "news\n");
    CHECK(offers({"opml", ""}).out == "import\nexport\n");
    CHECK(offers({"import", ""}).exit_code == 1);
    CHECK(offers({"--socket", "/x", "no-verb", ""}).out.empty());
    const Finished down = offers({"--socket", "/nowhere", "pause", ""});
    CHECK(down.out + down.err == "");
    CHECK(down.exit_code == 0);
}

TEST_CASE("bash completes with what aggctl offers") {
    if (!is_installed("bash")) {
        WARN("skipped: bash is not installed");
        return;
    }
    DaemonUnderTest aggd(feed_table("alpha", "http://127.0.0.1:1/a", "paused = true"));
    aggd.start();
    CHECK(bash_offers(aggd.socket(), "ref") == "refresh\n");
    CHECK(bash_offers(aggd.socket(), "restore --dr") == "--dry-run\n");
    CHECK(bash_offers(aggd.socket(), "pause ''") == "alpha\n");
    CHECK(bash_offers(aggd.socket(), "check ''") == "files\n\n");
    CHECK(bash_offers(aggd.socket(), "backup ''") == "files\n\n");
    CHECK(bash_offers("/nowhere", "pause ''") == "\n");
}

TEST_CASE("zsh completes with what aggctl offers") {
    if (!is_installed("zsh")) {
        WARN("skipped: zsh is not installed");
        return;
    }
    DaemonUnderTest aggd(feed_table("alpha", "http://127.0.0.1:1/a", "paused = true"));
    aggd.start();
    // What zsh's completion system gives the function, and what it takes from it.
    const auto offers = [&](const std::string& words) {
        const Finished offered = run({"zsh", "-f", "-c",
                                      "compadd() { print -l -- ${(P)2}; }; _files() { print files; }; words=(aggctl " +
                                          words + "); CURRENT=$#words; source '" + k_completions + "_aggctl'"},
                                     environment(aggd.socket()));
        INFO(offered.err);
        CHECK(offered.err.empty());
        return offered.out;
    };
    CHECK(offers("ref") == "refresh\n");
    CHECK(offers("restore --dr") == "--dry-run\n");
    CHECK(offers("pause ''") == "alpha\n");
    CHECK(offers("backup ''") == "files\n");
    // The completion system itself takes the file for aggctl's.
    const Finished taken =
        run({"zsh", "-f", "-c",
             "fpath=('" + k_completions + "' $fpath); autoload -Uz compinit; compinit -u -D; print $_comps[aggctl]"},
            environment(aggd.socket()));
    CHECK(taken.out == "_aggctl\n");
}

TEST_CASE("fish completes with what aggctl offers") {
    if (!is_installed("fish")) {
        WARN("skipped: fish is not installed");
        return;
    }
    DaemonUnderTest aggd(feed_table("alpha", "http://127.0.0.1:1/a", "paused = true"));
    aggd.start();
    const auto offers = [&](const std::string& line) {
        const Finished offered =
            run({"fish", "--no-config", "-c", "source '" + k_completions + "aggctl.fish'; complete -C '" + line + "'"},
                environment(aggd.socket()));
        INFO(offered.err);
        return offered.out;
    };
    CHECK(offers("aggctl refr") == "refresh\n");
    CHECK(offers("aggctl restore --dr") == "--dry-run\n");
    CHECK(offers("aggctl pause ") == "alpha\n");
    CHECK_THAT(offers("aggctl backup " + k_completions + "_agg"), Contains("_aggctl"));
}
