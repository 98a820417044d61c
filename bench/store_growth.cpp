// What storing costs as the database grows: recognised and stored in transactions of 1,000 items, as when twenty feeds
// of fifty items each are polled together; then the same made searchable.
//
//     bench_store_growth DATABASE [ITEMS [STEP]]
//
// A line for every STEP items, with what judging an item alone costs by then, and the memory that takes. DATABASE
// stays: bench_serve takes it.
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include "cpu_time.hpp"
#include "dedup/decide.hpp"
#include "dedup/identity.hpp"
#include "store/archive.hpp"
#include "store/ingest.hpp"
#include "store/key_index.hpp"
#include "store/rule_book.hpp"
#include "store/writer.hpp"
#include "synthetic_news.hpp"

namespace {

using namespace agg;

constexpr std::size_t k_feeds = 500;
constexpr std::size_t k_polls_a_commit = 20;
constexpr std::size_t k_items_a_poll = 50;
constexpr std::size_t k_judged = 2'000;

double resident_mib() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    return static_cast<double>(used.ru_maxrss) / 1024;
}

// Every feed brings its items in turn: item n belongs to feed n modulo the number of feeds.
std::vector<store::Poll> next_polls(const bench::SyntheticNews& news, const std::vector<store::StoredFeed>& feeds,
                                    std::uint64_t first, std::uint64_t& text_bytes) {
    std::vector<store::Poll> polls;
    for (std::size_t n = 0; n < k_polls_a_commit; ++n) {
        std::vector<Item> items;
        for (std::size_t k = 0; k < k_items_a_poll; ++k) {
            items.push_back(news.item(first + n * k_items_a_poll + k));
            const Item& item = items.back();
            text_bytes += item.id.size() + item.link.size() + item.canonical_url.size() + item.title.size() +
                          item.content_html.size() + item.authors[0].name.size() + item.categories[0].size();
        }
        store::Poll poll;
        poll.feed = feeds[(first / k_items_a_poll + n) % feeds.size()].id;
        poll.now = items.back().published;
        poll.info =
            FeedInfo{.format = Format::rss, .title = "News", .subtitle = {}, .site = {}, .icon = {}, .language = {}};
        poll.items = dedup::keyed_items(std::move(items));
        polls.push_back(std::move(poll));
    }
    return polls;
}

struct Judged {
    double us_an_item = 0;
    double index_bytes_an_item = 0;
};

// What recognising alone costs: the items that come next are decided about and not stored.
Judged judge(const std::string& path, const bench::SyntheticNews& news, std::uint64_t first) {
    SQLite::Database database(path, SQLite::OPEN_READONLY);
    store::KeyIndex key_index(database);
    key_index.reload();
    store::Archive archive(database, key_index);
    store::RuleBook book(database);
    store::Ingester ingester(database, book, path + "-anchors");  // for its index
    ingester.load();
    std::vector<Item> items;
    for (std::uint64_t n = 0; n < k_judged; ++n) items.push_back(news.item(first + n));
    const auto keyed = dedup::keyed_items(std::move(items));
    const double begin = bench::thread_cpu_seconds();
    for (std::size_t n = 0; n < keyed.size(); ++n)
        (void)dedup::decide(keyed[n], FeedId{static_cast<std::int64_t>(n / k_items_a_poll % k_feeds) + 1}, {}, archive,
                            ingester.index());
    return {(bench::thread_cpu_seconds() - begin) * 1e6 / k_judged,
            static_cast<double>(ingester.index().bytes()) / static_cast<double>(ingester.index().size())};
}

int run(const std::string& path, std::uint64_t items, std::uint64_t step) {
    const auto end = std::chrono::time_point_cast<TimePoint::duration>(std::chrono::system_clock::now());
    // About 16,000 items a day.
    const bench::SyntheticNews news(items + k_judged, end,
                                    std::chrono::hours{std::max<std::uint64_t>(24, items * 24 / 16'000)});
    auto writer = store::Writer::open(path);
    if (!writer) throw std::runtime_error(writer.error().message);
    const auto feeds = writer->subscribe(bench::synthetic_feeds(k_feeds), end);
    std::uint64_t text_bytes = 0, told_again = 0;
    double store_seconds = 0, search_seconds = 0;
    std::uint64_t reported = 0;
    std::printf("%10s %14s %14s %14s %11s %10s %12s %10s\n", "items", "judge us/item", "store us/item",
                "search us/item", "index B/item", "database", "of the text", "memory");
    for (std::uint64_t first = 0; first < items; first += k_polls_a_commit * k_items_a_poll) {
        const auto polls = next_polls(news, feeds, first, text_bytes);
        const double begin = bench::thread_cpu_seconds();
        const store::Commit commit = writer->commit(polls);
        const double stored = bench::thread_cpu_seconds();
        const std::uint64_t done = first + k_polls_a_commit * k_items_a_poll;
        const bool is_reported = done % step == 0 || done == step / 10 || done >= items;
        // As the daemon, while nothing pauses.
        while ((is_reported || done % 5'000 == 0) &&
               writer->index_pending(store::k_indexed_at_once).stories == store::k_indexed_at_once) {
        }
        store_seconds += stored - begin;
        search_seconds += bench::thread_cpu_seconds() - stored;
        for (const store::Ingest& ingest : commit.polls) told_again += ingest.same_story;
        if (!is_reported) continue;
        const auto count = static_cast<double>(done - reported);
        const double bytes = static_cast<double>(std::filesystem::file_size(path));
        const double memory_mib = resident_mib();
        const Judged judged = judge(path, news, done);
        std::printf("%10lu %14.1f %14.1f %14.1f %11.1f %7.0f MB %11.2fx %6.1f MiB\n", done, judged.us_an_item,
                    store_seconds * 1e6 / count, search_seconds * 1e6 / count, judged.index_bytes_an_item, bytes / 1e6,
                    bytes / static_cast<double>(text_bytes), memory_mib);
        std::fflush(stdout);
        reported = done;
        store_seconds = search_seconds = 0;
    }
    std::printf("%lu of %lu items were told before\n", told_again, items);
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    if (count < 2 || arguments[1][0] == '-') {
        std::fputs("usage: bench_store_growth DATABASE [ITEMS [STEP]]\n", stderr);
        return 2;
    }
    const auto number = [&](int position, std::uint64_t otherwise) {
        return position < count ? std::strtoull(arguments[position], nullptr, 10) : otherwise;
    };
    try {
        if (std::filesystem::exists(arguments[1])) throw std::runtime_error("the database exists already");
        return run(arguments[1], number(2, 1'000'000), number(3, 100'000));
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "bench_store_growth: %s\n", failure.what());
        return 1;
    }
}
