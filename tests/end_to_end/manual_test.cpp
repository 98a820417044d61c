// aggd(8) in step with aggd --help; the other manuals are tested beside what they describe.
#include <regex>
#include <sstream>

#include <catch2/catch.hpp>

#include "support/process.hpp"

using namespace agg::test;

namespace {

const std::string k_manuals = std::string(AGGD_SOURCE_DIR) + "/man/";

}  // namespace

TEST_CASE("every option of aggd is in its manual, and no other") {
    const std::string help = run({AGGD_PROGRAM, "--help"}).out;
    const std::string manual = read_file(k_manuals + "aggd.8");
    static const std::regex option("--([a-z][a-z-]+)");
    std::size_t count = 0;
    for (std::sregex_iterator match(help.begin(), help.end(), option), end; match != end; ++match, ++count) {
        INFO("--" << (*match)[1]);
        CHECK(manual.find("Fl Fl " + (*match)[1].str()) != std::string::npos);
    }
    CHECK(count >= 6);
    static const std::regex documented("Fl Fl ([a-z][a-z-]+)");
    for (std::sregex_iterator match(manual.begin(), manual.end(), documented), end; match != end; ++match) {
        INFO("--" << (*match)[1]);
        CHECK(help.find("--" + (*match)[1].str()) != std::string::npos);
    }
}

TEST_CASE("the manuals are free of mistakes that mandoc knows") {
    if (!is_installed("mandoc")) {
        WARN("skipped: mandoc is not installed");
        return;
    }
    for (const char* page : {"aggd.8", "aggctl.1", "feeds.conf.5"}) {
        const Finished lint = run({"mandoc", "-T", "lint", "-W", "style", k_manuals + page});
        std::istringstream lines(lint.out);
        for (std::string line; std::getline(lines, line);)
            if (line.find("referenced manual not found") == std::string::npos) FAIL_CHECK(line);  // not installed
    }
}

TEST_CASE("--version names the program and its version") {
    const Finished version = run({AGGD_PROGRAM, "--version"});
    CHECK(version.exit_code == 0);
    CHECK(std::regex_search(version.out, std::regex("^aggd [0-9]+\\.[0-9]+\\.[0-9]+")));
}

TEST_CASE("a wrong option is exit 2") { CHECK(run({AGGD_PROGRAM, "--no-such-option"}).exit_code == 2); }
