// The manual, the help and the parser know the same verbs and options.
#include <algorithm>
#include <set>

#include <catch2/catch.hpp>

#include "aggctl/options.hpp"
#include "base/text.hpp"
#include "support/files.hpp"

using namespace agg;
using namespace agg::aggctl;

namespace {

// "list --failing" for each ".It Fl -failing" within ".It Cm list", "--json" for those below ".Ss Options".
std::set<std::string> options_of_manual() {
    std::set<std::string> options;
    std::string verb;
    const std::string manual = test::read_file(AGGD_SOURCE_DIR "/man/aggctl.1");
    for (const std::string_view line : split(manual, '\n')) {
        if (line == ".Ss Options") verb.clear();
        if (line.starts_with(".Sh ") && line != ".Sh DESCRIPTION") verb = "(none)";
        if (line.starts_with(".It Cm ")) {
            verb = split(line, ' ')[2];
            options.insert(verb);
        }
        if (!line.starts_with(".It Fl ") || verb == "(none)") continue;
        for (const std::string_view word : split(line, ' '))
            if (word.starts_with('-')) options.insert((verb.empty() ? "" : verb + " ") + "-" + std::string(word));
    }
    return options;
}

std::string help_of(const std::vector<std::string>& arguments) {
    const auto parsed = parse_options(arguments);
    REQUIRE(std::holds_alternative<Stop>(parsed));
    return std::get<Stop>(parsed).text;
}

}  // namespace

TEST_CASE("the manual describes every verb and option, and no other") {
    const auto known = known_options();
    CHECK(options_of_manual() == std::set<std::string>(known.begin(), known.end()));
}

TEST_CASE("what the README types is understood") {
    const std::string page = test::read_file(AGGD_SOURCE_DIR "/README.md");
    std::size_t count = 0;
    for (std::string_view line : split(page, '\n')) {
        if (line.starts_with("    $ ")) line.remove_prefix(2);
        line.remove_prefix(std::min<std::size_t>(line.size(), 4));
        if (!line.starts_with("aggctl ")) continue;
        std::vector<std::string> words;
        for (const std::string_view word : split(line.substr(0, line.find_first_of("|#")), ' '))
            if (!word.empty() && word != "aggctl") words.emplace_back(word);
        INFO(line);
        CHECK(std::holds_alternative<Options>(parse_options(words)));
        ++count;
    }
    CHECK(count >= 15);
}

TEST_CASE("the help shows every verb and option") {
    for (const std::string& known : known_options()) {
        const auto words = split(known, ' ');
        const std::string verb(words.front().starts_with('-') ? "" : words.front());
        const std::string help = verb.empty() || words.size() == 1 ? help_of({"--help"}) : help_of({verb, "--help"});
        CHECK_THAT(help, Catch::Contains(std::string(words.back())));
    }
}

TEST_CASE("the synopsis of a verb in the manual names each of its options") {
    const std::string manual = test::read_file(AGGD_SOURCE_DIR "/man/aggctl.1");
    for (const std::string& known : known_options()) {
        const auto words = split(known, ' ');
        if (words.size() < 2) continue;
        const std::size_t begin = manual.find("\n.It Cm " + std::string(words[0])) + 1;
        const std::string synopsis = manual.substr(begin, manual.find('\n', begin) - begin);
        CHECK_THAT(synopsis, Catch::Contains("Fl " + std::string(words[1].substr(1))));
    }
}
