#include "store/statistics.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include <SQLiteCpp/SQLiteCpp.h>

#include "store/columns.hpp"

namespace agg::store {
namespace {

constexpr std::int64_t k_day_ms = 86'400'000;

struct Telling {
    std::int64_t story = 0;
    std::size_t outlet = 0;  // its place among the outlets
    std::size_t day = 0;
};

std::int64_t first_day_of(TimePoint now) {
    return to_unix_ms(now) / k_day_ms - static_cast<std::int64_t>(k_statistics_days) + 1;
}

// What each feed told. story_feed is narrow and ordered by feed and time: 100,000 rows take some ten milliseconds,
// where the items themselves would take a second.
std::vector<Telling> read_tellings(SQLite::Database& database, TimePoint now, std::vector<OutletDays>& outlets) {
    const std::int64_t first_day = first_day_of(now);
    SQLite::Statement feeds(database,
                            "SELECT id, name, coalesce(nullif(user_title, ''), nullif(title, ''), name) FROM feed");
    SQLite::Statement rows(database, "SELECT story_id, sort_ms FROM story_feed WHERE feed_id = ? AND sort_ms >= ?");
    std::vector<Telling> all;
    while (feeds.executeStep()) {
        OutletDays outlet{.feed = FeedId{feeds.getColumn(0).getInt64()},
                          .name = feeds.getColumn(1).getString(),
                          .title = feeds.getColumn(2).getString()};
        InUse row(rows);
        row.bind(to_column(outlet.feed), first_day * k_day_ms);
        while (row->executeStep()) {
            const std::int64_t day = row->getColumn(1).getInt64() / k_day_ms - first_day;
            const auto place = std::min(static_cast<std::size_t>(day), k_statistics_days - 1);
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

}  // namespace

std::vector<OutletDays> outlet_days(SQLite::Database& database, TimePoint now) {
    std::vector<OutletDays> outlets;
    (void)read_tellings(database, now, outlets);
    return outlets;
}

Statistics statistics(SQLite::Database& database, TimePoint now, std::size_t most_in_matrix) {
    Statistics made;
    made.tellings.resize(k_statistics_days);
    made.repeated.resize(k_statistics_days);
    for (std::size_t day = 0; day < k_statistics_days; ++day)
        made.days.push_back(from_unix_ms((first_day_of(now) + static_cast<std::int64_t>(day)) * k_day_ms));
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
    return made;
}

}  // namespace agg::store
