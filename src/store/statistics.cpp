#include "store/statistics.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include <SQLiteCpp/SQLiteCpp.h>

#include "store/columns.hpp"
#include "store/poll_rows.hpp"

namespace agg::store {
namespace {

struct Telling {
    std::int64_t story = 0;
    std::size_t outlet = 0;  // its place among the outlets
    std::size_t day = 0;
};

std::int64_t first_day_of(TimePoint now) { return day_number(now) - static_cast<std::int64_t>(k_statistics_days) + 1; }

// The place of a stored day; days after `now`, of a clock that was set back, count for the last one.
std::size_t place_of(std::int64_t day, std::int64_t first_day) {
    return std::min(static_cast<std::size_t>(std::max<std::int64_t>(day - first_day, 0)), k_statistics_days - 1);
}

constexpr const char* k_feeds = "SELECT id, name, coalesce(nullif(user_title, ''), nullif(title, ''), name) FROM feed";

OutletDays outlet_from(SQLite::Statement& row) {
    return {.feed = FeedId{row.getColumn(0).getInt64()},
            .name = row.getColumn(1).getString(),
            .title = row.getColumn(2).getString()};
}

// What each feed told. story_feed is narrow and ordered by feed and time: 100,000 rows take some ten milliseconds,
// where the items themselves would take a second.
std::vector<Telling> read_tellings(SQLite::Database& database, TimePoint now, std::vector<OutletDays>& outlets) {
    const std::int64_t first_day = first_day_of(now);
    SQLite::Statement feeds(database, k_feeds);
    SQLite::Statement rows(database, "SELECT story_id, sort_ms FROM story_feed WHERE feed_id = ? AND sort_ms >= ?");
    std::vector<Telling> all;
    while (feeds.executeStep()) {
        OutletDays outlet = outlet_from(feeds);
        InUse row(rows);
        row.bind(to_column(outlet.feed), to_unix_ms(beginning_of(first_day)));
        while (row->executeStep()) {
            const std::size_t place = place_of(day_number(from_unix_ms(row->getColumn(1).getInt64())), first_day);
            ++outlet.stories[place];
            ++outlet.total;
            all.push_back({row->getColumn(0).getInt64(), outlets.size(), place});
        }
        if (outlet.total > 0) outlets.push_back(std::move(outlet));
    }
    return all;
}

// `visit` is called with each run of tellings of one story.
template <typename Visit>
void each_story(std::vector<Telling>& tellings, Visit visit) {
    std::sort(tellings.begin(), tellings.end(), [](const Telling& a, const Telling& b) { return a.story < b.story; });
    for (auto begin = tellings.begin(); begin != tellings.end();) {
        const auto end =
            std::find_if(begin, tellings.end(), [&](const Telling& each) { return each.story != begin->story; });
        visit(begin, end);
        begin = end;
    }
}

std::vector<std::size_t> by_size(const std::vector<OutletDays>& outlets, std::uint32_t OutletDays::*size) {
    std::vector<std::size_t> order(outlets.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return outlets[a].*size > outlets[b].*size; });
    return order;
}

// Who told the stories first that several of the outlets of the matrix told: by the date of publication, then by
// arrival.
void compare(SQLite::Database& database, Statistics& made, const std::vector<std::int64_t>& stories) {
    std::unordered_map<std::int64_t, std::size_t> rows;
    for (std::size_t row = 0; row < made.sharing.outlets.size(); ++row)
        rows.emplace(to_column(made.outlets[made.sharing.outlets[row]].feed), row);
    made.sharing.first.assign(rows.size(), std::vector<std::uint32_t>(rows.size()));
    SQLite::Statement items(database,
                            "SELECT feed_id FROM item WHERE story_id = ? AND is_dropped = 0 ORDER BY published_ms, id");
    for (const std::int64_t story : stories) {
        InUse item(items);
        item.bind(story);
        std::vector<std::size_t> order;  // rows of the matrix, each once
        while (item->executeStep()) {
            const auto row = rows.find(item->getColumn(0).getInt64());
            if (row != rows.end() && std::find(order.begin(), order.end(), row->second) == order.end())
                order.push_back(row->second);
        }
        for (std::size_t early = 0; early < order.size(); ++early)
            for (std::size_t late = early + 1; late < order.size(); ++late)
                ++made.sharing.first[order[early]][order[late]];
    }
}

// `visit` is called with each feed's polls of each day of the statistics.
template <typename Visit>
void each_polled_day(SQLite::Database& database, std::int64_t first_day, Visit visit) {
    SQLite::Statement days(database, R"sql(
        SELECT feed_id, day, polls, answers, not_modified, failures, bytes_received, bytes_saved, duration_ms, longest_ms
        FROM poll_day WHERE day >= ?)sql");
    days.bind(1, first_day);
    while (days.executeStep()) {
        const auto number = [&](int column) { return days.getColumn(column).getInt64(); };
        visit(number(0), place_of(number(1), first_day),
              PollCounts{.polls = from_column(number(2)),
                         .answers = from_column(number(3)),
                         .not_modified = from_column(number(4)),
                         .failures = from_column(number(5)),
                         .bytes_received = from_column(number(6)),
                         .bytes_saved = from_column(number(7)),
                         .duration = std::chrono::milliseconds{number(8)},
                         .longest = std::chrono::milliseconds{number(9)}});
    }
    SQLite::Statement last_days(database, "SELECT feed_id, today FROM poll WHERE today <> ''");
    while (last_days.executeStep()) {
        const PolledDay polled = polled_day_from(last_days.getColumn(1).getString());
        if (polled.day >= first_day)
            visit(last_days.getColumn(0).getInt64(), place_of(polled.day, first_day), polled.counts);
    }
}

void read_sizes(SQLite::Database& database, std::int64_t first_day, Statistics& made) {
    made.database_bytes.resize(k_statistics_days);
    SQLite::Statement rows(database, "SELECT day, database_bytes FROM size_day WHERE day >= ?");
    rows.bind(1, first_day);
    while (rows.executeStep())
        made.database_bytes[place_of(rows.getColumn(0).getInt64(), first_day)] =
            from_column(rows.getColumn(1).getInt64());
    made.database_bytes.back() = from_column(database.execAndGet("PRAGMA page_size").getInt64() *
                                             database.execAndGet("PRAGMA page_count").getInt64());
}

Outlook look_ahead(SQLite::Database& database, const Statistics& made) {
    Outlook outlook;
    const auto items = from_column(database.execAndGet("SELECT coalesce(sum(item_count), 0) FROM feed").getInt64());
    if (items == 0) return outlook;
    outlook.bytes_an_item = *made.database_bytes.back() / items;
    // Nothing is known of the days before the first story.
    std::size_t quiet_days = k_statistics_days - 1;
    for (const OutletDays& outlet : made.outlets) {
        const auto first =
            std::find_if(outlet.stories.begin(), outlet.stories.end(), [](auto count) { return count > 0; });
        quiet_days = std::min(quiet_days, static_cast<std::size_t>(first - outlet.stories.begin()));
    }
    const auto days = static_cast<double>(k_statistics_days - quiet_days);
    std::unordered_map<std::int64_t, double> items_a_day;
    for (const OutletDays& outlet : made.outlets)
        items_a_day[to_column(outlet.feed)] = static_cast<double>(outlet.total) / days;
    double days_of_items = 0, for_ever = 0;
    SQLite::Statement feeds(database, "SELECT id, keep_ms FROM feed WHERE subscribed = 1");
    while (feeds.executeStep()) {
        const double pace = items_a_day[feeds.getColumn(0).getInt64()];
        outlook.items_a_day += pace;
        if (feeds.getColumn(1).isNull()) {
            for_ever += pace;
            ++outlook.feeds_for_ever;
        } else {
            const std::chrono::milliseconds keep{feeds.getColumn(1).getInt64()};
            days_of_items += pace * std::chrono::duration<double, std::ratio<86'400>>(keep).count();
        }
    }
    const auto bytes = static_cast<double>(outlook.bytes_an_item);
    outlook.settles_at_bytes = static_cast<std::uint64_t>(days_of_items * bytes);
    outlook.grows_bytes_a_day = for_ever * bytes;
    return outlook;
}

}  // namespace

std::vector<OutletDays> outlet_days(SQLite::Database& database, TimePoint now) {
    // Counted by SQLite: a third of what it costs to take every row out.
    const std::int64_t first_day = first_day_of(now);
    SQLite::Statement feeds(database, k_feeds);
    SQLite::Statement rows(database, R"sql(
        SELECT sort_ms / 86400000, count(*) FROM story_feed WHERE feed_id = ? AND sort_ms >= ? GROUP BY 1)sql");
    std::vector<OutletDays> outlets;
    while (feeds.executeStep()) {
        OutletDays outlet = outlet_from(feeds);
        InUse row(rows);
        row.bind(to_column(outlet.feed), to_unix_ms(beginning_of(first_day)));
        while (row->executeStep()) {
            const std::uint32_t stories = row->getColumn(1).getUInt();
            outlet.stories[place_of(row->getColumn(0).getInt64(), first_day)] += stories;
            outlet.total += stories;
        }
        if (outlet.total > 0) outlets.push_back(std::move(outlet));
    }
    return outlets;
}

std::vector<PollDays> poll_days(SQLite::Database& database, TimePoint now) {
    const std::int64_t first_day = first_day_of(now);
    std::unordered_map<std::int64_t, std::size_t> places;
    std::vector<PollDays> all;
    each_polled_day(database, first_day, [&](std::int64_t feed, std::size_t day, const PollCounts& counts) {
        const auto [place, is_new] = places.emplace(feed, all.size());
        if (is_new) all.push_back({.feed = FeedId{feed}});
        all[place->second].polls[day] += static_cast<std::uint32_t>(counts.polls);
        all[place->second].failures[day] += static_cast<std::uint32_t>(counts.failures);
    });
    return all;
}

Statistics statistics(SQLite::Database& database, TimePoint now, std::size_t most_in_matrix) {
    Statistics made;
    made.tellings.resize(k_statistics_days);
    made.repeated.resize(k_statistics_days);
    for (std::size_t day = 0; day < k_statistics_days; ++day)
        made.days.push_back(beginning_of(first_day_of(now) + static_cast<std::int64_t>(day)));
    std::vector<OutletDays> outlets;
    std::vector<Telling> tellings = read_tellings(database, now, outlets);
    each_story(tellings, [&](auto begin, auto end) {
        made.tellings[begin->day] += static_cast<std::uint32_t>(end - begin);
        made.repeated[begin->day] += static_cast<std::uint32_t>(end - begin - 1);
        if (end - begin > 1)
            for (auto each = begin; each != end; ++each) ++outlets[each->outlet].shared;
    });
    // Those that share most, by their places in the final order.
    const std::vector<std::size_t> order = by_size(outlets, &OutletDays::total);
    std::vector<std::size_t> place_of(outlets.size());
    for (std::size_t place = 0; place < order.size(); ++place) {
        place_of[order[place]] = place;
        made.outlets.push_back(outlets[order[place]]);
    }
    for (const std::size_t outlet : by_size(made.outlets, &OutletDays::shared)) {
        if (made.sharing.outlets.size() == most_in_matrix || made.outlets[outlet].shared == 0) break;
        made.sharing.outlets.push_back(outlet);
    }
    std::vector<bool> is_in_matrix(outlets.size());
    for (const std::size_t outlet : made.sharing.outlets) is_in_matrix[outlet] = true;
    std::vector<std::int64_t> shared;
    each_story(tellings, [&](auto begin, auto end) {
        if (std::count_if(begin, end, [&](const Telling& each) { return is_in_matrix[place_of[each.outlet]]; }) > 1)
            shared.push_back(begin->story);
    });
    compare(database, made, shared);
    made.polls.resize(k_statistics_days);
    each_polled_day(database, first_day_of(now),
                    [&](std::int64_t, std::size_t day, const PollCounts& counts) { add(made.polls[day], counts); });
    read_sizes(database, first_day_of(now), made);
    made.outlook = look_ahead(database, made);
    return made;
}

}  // namespace agg::store
