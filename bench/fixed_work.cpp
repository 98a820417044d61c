// Work that is the same on every machine and at any hour, for bench/instructions to count what measured() does:
//
//     bench_fixed_work parse|store|view
//
// parse: made-up documents to clean items. store: items recognised, stored in a new database and made searchable. view:
// the merged feed read and written as Atom.
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "clean/clean.hpp"
#include "dedup/identity.hpp"
#include "parse/parse.hpp"
#include "serve/writers.hpp"
#include "store/reader.hpp"
#include "store/writer.hpp"
#include "synthetic_news.hpp"

namespace {

using namespace agg;

constexpr TimePoint k_now = from_unix_ms(1'700'000'000'000);
constexpr std::uint64_t k_polls = 40;
constexpr std::uint64_t k_items_a_poll = 50;
constexpr int k_views = 20;

using Work = std::function<void()>;

// callgrind counts only while this runs.
[[gnu::noinline]] void measured(const Work& work) { work(); }

std::vector<Item> items_of(std::uint64_t poll) {
    static const bench::SyntheticNews news(k_polls * k_items_a_poll, k_now, std::chrono::hours{5 * 24});
    std::vector<Item> items;
    for (std::uint64_t n = 0; n < k_items_a_poll; ++n) items.push_back(news.item(poll * k_items_a_poll + n));
    return items;
}

std::string document(const std::vector<Item>& items) {
    std::string text = "<rss version=\"2.0\"><channel><title>News</title><link>https://news.example/</link>";
    for (const Item& item : items)
        text += fmt::format(
            R"(<item><title>{}</title><link>{}?utm_source=rss</link><guid isPermaLink="false">{}</guid><pubDate>Mon, 13 Nov )"
            R"(2023 10:00:00 GMT</pubDate><description><![CDATA[<img src="https://img.news.example/1.jpg" onclick="x">{}<p>)"
            R"(<a href="https://news.example/more?utm_medium=rss">more &raquo;</a></p>]]></description></item>)",
            item.title, item.link, item.id, item.content_html);
    return text + "</channel></rss>";
}

void parse_and_clean() {
    std::vector<std::string> documents;
    for (std::uint64_t poll = 0; poll < k_polls; ++poll) documents.push_back(document(items_of(poll)));
    std::uint64_t read = 0;
    measured([&] {
        for (const std::string& bytes : documents) {
            const auto feed = parse::parse(
                {.bytes = bytes, .content_type = {}, .url = "https://news.example/feed", .content_location = {}});
            if (!feed) throw std::runtime_error(feed.error().message);
            for (const ParsedItem& item : feed->items)
                read += clean::clean_item(item, *feed, k_now).summary_html.empty() ? 0 : 1;
        }
    });
    if (read != k_polls * k_items_a_poll) throw std::runtime_error("items are missing");
}

store::Writer open(const std::string& path) {
    auto writer = store::Writer::open(path);
    if (!writer) throw std::runtime_error(writer.error().message);
    return std::move(*writer);
}

// Returns what is to be measured: the polls of one moment.
Work recognise_and_store(store::Writer& writer) {
    const auto feeds = writer.subscribe(bench::synthetic_feeds(k_polls), k_now);
    std::vector<store::Poll> polls;
    for (std::uint64_t n = 0; n < feeds.size(); ++n) {
        store::Poll poll;
        poll.feed = feeds[n].id;
        poll.now = k_now;
        poll.info =
            FeedInfo{.format = Format::rss, .title = "News", .subtitle = {}, .site = {}, .icon = {}, .language = {}};
        poll.items = dedup::keyed_items(items_of(n));
        polls.push_back(std::move(poll));
    }
    return [&writer, polls = std::move(polls)] {
        (void)writer.commit(polls);
        while (writer.index_pending(store::k_indexed_at_once).stories > 0) {
        }
    };
}

void store(const std::string& database) {
    store::Writer writer = open(database);
    const Work work = recognise_and_store(writer);
    measured(work);
}

void view(const std::string& database) {
    store::Writer writer = open(database);
    recognise_and_store(writer)();
    store::Reader reader(database);
    store::Selection selection;
    selection.now = k_now;
    const serve::ViewInfo info{.id = "urn:x", .title = "News", .self_url = "http://a/", .home_url = "http://a/"};
    measured([&] {
        for (int round = 0; round < k_views; ++round) {
            std::vector<serve::Entry> entries;
            for (const store::Story& story : reader.page(selection, 0).stories)
                for (serve::Entry& entry : serve::entries_of(story, {})) entries.push_back(std::move(entry));
            if (serve::write_atom(info, entries).empty() || entries.size() < selection.limit)
                throw std::runtime_error("the view is short");
        }
    });
}

int run(const std::string& work) {
    std::string folder = (std::filesystem::temp_directory_path() / "aggd-bench-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) throw std::runtime_error("cannot make a folder");
    if (work == "parse") parse_and_clean();
    if (work == "store") store(folder + "/aggd.db");
    if (work == "view") view(folder + "/aggd.db");
    std::filesystem::remove_all(folder);
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    try {
        if (count == 2) return run(arguments[1]);
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "bench_fixed_work: %s\n", failure.what());
        return 1;
    }
    std::fputs("usage: bench_fixed_work parse|store|view\n", stderr);
    return 2;
}
