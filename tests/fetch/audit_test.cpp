#include "fetch/audit.hpp"

#include <catch2/catch.hpp>

#include "base/time.hpp"

using namespace agg;
using namespace agg::fetch;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

const TimePoint k_now = *parse_rfc3339("2022-01-10T12:00:00Z");
const Validators k_pair{"\"a\"", ""};
const Policy k_policy;  // eight days

// A document came `ago`; its newest `items` items are `distance` apart.
PollState document(milliseconds ago, unsigned items = 0, milliseconds distance = 0ms) {
    PollState state;
    state.validators = k_pair;
    state.last_document = state.last_success = k_now - ago;
    state.rhythm_items = items;
    if (items > 0) {
        state.newest_item = k_now - ago;
        state.rhythm_since = *state.newest_item - distance * (items - 1);
    }
    return state;
}

// The same, and 304s since, the last one an hour ago.
PollState told_304(milliseconds ago) {
    PollState state = document(ago, 20, 1h);
    state.item_identities = {1, 2, 3};
    state.last_success = k_now - 1h;
    return state;
}

}  // namespace

TEST_CASE("a server is audited when its 304s outlast the feed's own rhythm: eight distances, a day to eight days") {
    struct Case {
        unsigned items;
        milliseconds distance;
        milliseconds longest;
    };
    const auto test = GENERATE(values<Case>({
        {20, 10min, 24h},
        {20, 6h, 48h},
        {20, 24h * 7, 24h * 8},
        {1, 1h, 24h * 8},  // one item is no rhythm
        {0, 0h, 24h * 8},
    }));
    INFO(test.items << " items, " << test.distance.count() << " ms apart");
    CHECK(is_conditional(document(test.longest - 1ms, test.items, test.distance), k_policy, k_now));
    CHECK_FALSE(is_conditional(document(test.longest, test.items, test.distance), k_policy, k_now));
}

TEST_CASE("a server whose validators lie is audited every day") {
    PollState state = document(24h - 1ms);
    state.lying_since = k_now - 24h * 30;
    CHECK(is_conditional(state, k_policy, k_now));
    state.last_document = k_now - 24h;
    CHECK_FALSE(is_conditional(state, k_policy, k_now));
}

TEST_CASE("a shorter time in feeds.conf holds for all") {
    const Policy quick{.revalidate = 5s};
    CHECK(is_conditional(document(4s), quick, k_now));
    CHECK_FALSE(is_conditional(document(5s), quick, k_now));
    CHECK_FALSE(is_conditional(document(5s, 20, 24h), quick, k_now));
}

TEST_CASE("without validators there is no condition") {
    PollState state = document(1h);
    state.validators = {};
    CHECK_FALSE(is_conditional(state, k_policy, k_now));
    CHECK_FALSE(is_conditional(PollState{}, k_policy, k_now));
}

TEST_CASE("items that were not told before, under validators that are still the same, are a lie") {
    CHECK(proves_a_lie(told_304(24h), k_pair, {9, 1, 2, 3}, {}));
    CHECK_FALSE(proves_a_lie(told_304(24h), k_pair, {1, 2, 3}, {}));            // a clock in its comments
    CHECK_FALSE(proves_a_lie(told_304(24h), k_pair, {1, 2}, {}));               // an item was taken back
    CHECK_FALSE(proves_a_lie(told_304(24h), {"\"b\"", ""}, {9, 1, 2, 3}, {}));  // the server had not said so yet
    CHECK_FALSE(proves_a_lie(document(24h), k_pair, {9, 1, 2, 3}, {}));         // it was never asked with them
}

TEST_CASE("of a long document only the first items are compared, because no more are remembered") {
    PollState before = told_304(24h);
    std::vector<std::uint64_t> longer;
    for (std::uint64_t identity = 1; identity <= 40; ++identity) longer.push_back(identity);
    before.item_identities.assign(longer.begin(), longer.begin() + k_remembered_items);
    CHECK_FALSE(proves_a_lie(before, k_pair, longer, {}));
    longer.insert(longer.begin(), 99);
    CHECK(proves_a_lie(before, k_pair, longer, {}));
}

TEST_CASE("items dated hours before the last 304 and after all that were known are a lie, whatever the validators") {
    const PollState before = told_304(48h);  // the newest item is two days old, the last 304 an hour
    CHECK(proves_a_lie(before, {"\"b\"", ""}, {9, 1}, {k_now - 24h}));
    CHECK_FALSE(proves_a_lie(before, {"\"b\"", ""}, {9, 1}, {k_now - 30min}));  // after the 304
    CHECK_FALSE(proves_a_lie(before, {"\"b\"", ""}, {9, 1}, {k_now - 3h}));     // editors date back
    CHECK_FALSE(proves_a_lie(before, {"\"b\"", ""}, {9, 1}, {k_now - 72h}));    // an old one, found again
}

TEST_CASE("a document is of the same feed when it holds an item that is known") {
    PollState before;
    CHECK_FALSE(has_known_items(before, {1, 2}));
    before.item_identities = {2, 3};
    CHECK(has_known_items(before, {1, 2}));
    CHECK_FALSE(has_known_items(before, {1, 4}));
    CHECK_FALSE(has_known_items(before, {}));
}
