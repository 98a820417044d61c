#include "aggctl/options.hpp"

#include <catch2/catch.hpp>

using namespace agg::aggctl;

namespace {

Options options_of(const std::vector<std::string>& arguments) {
    const auto parsed = parse_options(arguments);
    if (const auto* stop = std::get_if<Stop>(&parsed)) FAIL(stop->text);
    return std::get<Options>(parsed);
}

Stop stop_of(const std::vector<std::string>& arguments) {
    const auto parsed = parse_options(arguments);
    if (!std::holds_alternative<Stop>(parsed)) FAIL("this is no reason to stop");
    return std::get<Stop>(parsed);
}

}  // namespace

TEST_CASE("options for all verbs stand before or behind the verb") {
    for (const auto& arguments :
         {std::vector<std::string>{"--json", "--socket", "/s", "list"}, {"list", "--socket=/s", "--json"}}) {
        const Options options = options_of(arguments);
        CHECK(options.verb == Verb::list);
        CHECK(options.json);
        CHECK(options.socket == "/s");
    }
}

TEST_CASE("add takes addresses, and tags one by one") {
    const Options options =
        options_of({"add", "--tag", "news", "a.example", "--tag", "world", "b.example", "--interval", "30min"});
    CHECK(options.verb == Verb::add);
    CHECK(options.targets == std::vector<std::string>{"a.example", "b.example"});
    CHECK(options.tags == std::vector<std::string>{"news", "world"});
    CHECK(options.interval == "30min");
}

TEST_CASE("what cannot be understood is a usage error that says where to look") {
    struct Row {
        std::vector<std::string> arguments;
        std::string text;
    };
    const auto row = GENERATE(values<Row>({
        {{"lst"}, "aggctl: unknown verb \"lst\"; did you mean \"list\"?\nTry: aggctl --help\n"},
        {{"frobnicate"}, "aggctl: unknown verb \"frobnicate\"\nTry: aggctl --help\n"},
        {{"--json"}, "aggctl: a verb is missing\nTry: aggctl --help\n"},
        {{"add"}, "aggctl: URL is required\nTry: aggctl add --help\n"},
        {{"remove"}, "aggctl: FEED is required\nTry: aggctl remove --help\n"},
        {{"list", "--bogus"}, "aggctl: the following argument was not expected: --bogus\nTry: aggctl list --help\n"},
        {{"list", "--tags", "x"},
         "aggctl: the following arguments were not expected: x --tags; did you mean --tag?\nTry: aggctl list --help\n"},
        {{"add", "a", "b", "--name", "x"},
         "aggctl: --name and --title are for one feed, but several addresses are given\nTry: aggctl add --help\n"},
    }));
    const Stop stop = stop_of(row.arguments);
    CHECK(stop.exit_code == 2);
    CHECK(stop.text == row.text);
}

TEST_CASE("help is no failure, however it is asked for") {
    CHECK(stop_of({"--help"}).exit_code == 0);
    CHECK(stop_of({"help", "add"}).text == stop_of({"add", "-h"}).text);
    CHECK_THAT(stop_of({"add", "--help"}).text, Catch::Contains("Usage: aggctl add [OPTION...] URL..."));
    CHECK_THAT(stop_of({"refresh", "--help"}).text, Catch::Contains("Usage: aggctl refresh [OPTION...] [FEED...]"));
}

TEST_CASE("no arguments at all show the help, as a failure") {
    CHECK(stop_of({}).exit_code == 2);
    CHECK(stop_of({}).text == stop_of({"--help"}).text);
}
