// Parses and cleans every document of a folder, again and again, and prints one line for bench/compare_parsers:
//     bench_throughput FOLDER SECONDS [parse]
//     BYTES DOCUMENTS FAILED ROUNDS CPU_SECONDS
// The documents are in memory before the time counts; CPU_SECONDS is this process's own, for ROUNDS times BYTES.
// With "parse" nothing is cleaned.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "clean/clean.hpp"
#include "cpu_time.hpp"
#include "parse/parse.hpp"

namespace {

using agg::bench::cpu_seconds;

constexpr double k_warm_up_seconds = 2;

std::vector<std::string> read_folder(const char* folder) {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.is_regular_file()) paths.push_back(entry.path());
    std::ranges::sort(paths);
    std::vector<std::string> documents;
    for (const auto& path : paths) {
        std::ifstream file(path, std::ios::binary);
        documents.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    return documents;
}

// What the daemon does with a document that arrived, up to the clean items. False: it is no feed.
bool read_feed(const std::string& bytes, bool cleans, agg::TimePoint now) {
    const auto feed = agg::parse::parse(
        {.bytes = bytes, .content_type = {}, .url = "https://a.example/feed", .content_location = {}});
    if (!feed) return false;
    if (!cleans) return true;
    const agg::FeedInfo info = agg::clean::clean_feed(*feed);
    std::vector<agg::Item> items;
    items.reserve(feed->items.size());
    for (const agg::ParsedItem& item : feed->items) items.push_back(agg::clean::clean_item(item, *feed, now));
    return true;
}

}  // namespace

int main(int count, char** arguments) {
    const bool cleans = count == 3;
    if (!cleans && (count != 4 || std::string_view(arguments[3]) != "parse")) {
        fmt::print(stderr, "usage: bench_throughput FOLDER SECONDS [parse]\n");
        return 2;
    }
    const std::vector<std::string> documents = read_folder(arguments[1]);
    const double seconds = std::atof(arguments[2]);
    const agg::TimePoint now = agg::from_unix_ms(1'700'000'000'000);

    // How many documents are no feed.
    const auto parse_all = [&] {
        return std::ranges::count_if(documents,
                                     [&](const std::string& bytes) { return !read_feed(bytes, cleans, now); });
    };
    const auto failed = parse_all();
    while (cpu_seconds() < k_warm_up_seconds) parse_all();

    int rounds = 0;
    const double start = cpu_seconds();
    do {
        parse_all();
        ++rounds;
    } while (cpu_seconds() - start < seconds);
    const double taken = cpu_seconds() - start;
    std::size_t bytes = 0;
    for (const std::string& document : documents) bytes += document.size();
    fmt::print("{} {} {} {} {:.6f}\n", bytes, documents.size(), failed, rounds, taken);
    return 0;
}
