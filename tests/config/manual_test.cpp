// The sample and the manual page say what config knows: no key less, none more.
#include <algorithm>
#include <regex>

#include <catch2/catch.hpp>

#include "base/text.hpp"
#include "config/config.hpp"
#include "support/files.hpp"

using namespace agg;
using namespace agg::config;

namespace {

const std::string k_sample = AGGD_SOURCE_DIR "/feeds.conf";
const std::string k_manual = AGGD_SOURCE_DIR "/man/feeds.conf.5";

std::vector<std::string> sorted(std::vector<std::string> words) {
    std::sort(words.begin(), words.end());
    return words;
}

// "[serve] unix" for each ".It Cm unix ..." below ".Ss [serve]".
std::vector<std::string> keys_of_manual() {
    std::vector<std::string> keys;
    std::string table;
    const std::string manual = test::read_file(k_manual);
    for (const std::string_view line : split(manual, '\n')) {
        if (line.starts_with(".Sh ")) table.clear();
        if (line.starts_with(".Ss [")) table = line.substr(4, line.find(']') - 3);
        if (!table.empty() && line.starts_with(".It Cm "))
            keys.push_back(table + " " + std::string(split(line, ' ')[2]));
    }
    return keys;
}

// The sample with its commented keys put to use.
std::string sample_with_all_keys() {
    return std::regex_replace(test::read_file(k_sample), std::regex("(^|\n)# ([a-z_]+ = )"), "$1$2");
}

}  // namespace

TEST_CASE("the manual describes every key, and no other") { CHECK(sorted(keys_of_manual()) == sorted(known_keys())); }

TEST_CASE("the sample is a valid file with some feeds") {
    const auto sample = load_config(k_sample);
    if (!sample) FAIL(to_string(sample.error()));
    CHECK(sample->feeds.size() >= 5);
}

TEST_CASE("the sample shows every key with its default") {
    const std::string text = sample_with_all_keys();
    const auto shown = parse_config(text, k_sample);
    if (!shown) FAIL(to_string(shown.error()));
    const auto defaults = parse_config(
        "[feed.bbc-world]\nurl = \"https://feeds.bbci.co.uk/news/world/rss.xml\"\ntags = [\"news\", \"world\"]\n",
        "feeds.conf");
    REQUIRE(defaults);
    CHECK(shown->serve.tcp == defaults->serve.tcp);
    CHECK(shown->serve.group == "aggd");  // as it is for the system service
    CHECK(shown->fetch.contact == defaults->fetch.contact);
    CHECK(shown->fetch.allow_private == defaults->fetch.allow_private);
    CHECK(shown->fetch.max_transfers == defaults->fetch.max_transfers);
    CHECK(shown->fetch.timeout == defaults->fetch.timeout);
    CHECK(shown->fetch.max_body_bytes == defaults->fetch.max_body_bytes);
    CHECK(shown->fetch.move_polls == defaults->fetch.move_polls);
    CHECK(shown->fetch.move_age == defaults->fetch.move_age);
    CHECK(shown->fetch.revalidate == defaults->fetch.revalidate);
    CHECK(shown->feeds.front() == defaults->feeds.front());
    const auto default_view = parse_config("[view.morning]\nquery = \"tag:news -tag:german since:2d\"\n", "feeds.conf");
    REQUIRE(default_view);
    CHECK(shown->views == default_view->views);

    REQUIRE(shown->rules.size() == 1);
    CHECK((shown->rules[0].feeds.empty() && shown->rules[0].tags.empty()));

    std::string table;
    std::vector<std::string> keys;
    for (const std::string_view line : split(text, '\n')) {
        if (line.starts_with('['))
            table = line.starts_with("[feed.")   ? "[feed.NAME]"
                    : line.starts_with("[host.") ? "[host.NAME]"
                    : line.starts_with("[view.") ? "[view.NAME]"
                    : line.starts_with("[tag.")  ? "[tag.NAME]"
                    : line.starts_with("[rule.") ? "[rule.NAME]"
                                                 : std::string(line);
        else if (!line.empty() && is_ascii_alpha(line[0]))
            keys.push_back(table + " " + std::string(line.substr(0, line.find(' '))));
    }
    keys = sorted(keys);
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    CHECK(keys == sorted(known_keys()));
}
