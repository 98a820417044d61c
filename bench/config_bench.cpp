// feeds.conf with many feeds: what a start, a reload and an edit cost.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "config/config.hpp"
#include "config/edit.hpp"
#include "config/import.hpp"

namespace {

std::string file_with(std::int64_t feeds) {
    std::string text = "# my feeds\n";
    for (std::int64_t i = 0; i < feeds; ++i)
        text += fmt::format(
            "\n# number {0}\n[feed.feed-{0}]\nurl = \"https://site-{0}.example/feed.xml\"\ntitle = \"Feed {0}\"\n"
            "tags = [\"news\", \"tag-{1}\"]\n",
            i, i % 50);
    return text;
}

void load(benchmark::State& state) {
    const std::string text = file_with(state.range(0));
    for (auto _ : state) {
        auto config = agg::config::parse_config(text, "feeds.conf");
        if (!config) state.SkipWithError("no feeds.conf");
        benchmark::DoNotOptimize(config);
    }
}
BENCHMARK(load)->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMillisecond);

void set_one(benchmark::State& state) {
    const std::string text = file_with(state.range(0));
    for (auto _ : state) {
        auto changed = agg::config::with_settings(text, "feed-7", {{"interval", "2h"}});
        if (!changed) state.SkipWithError("no change");
        benchmark::DoNotOptimize(changed);
    }
}
BENCHMARK(set_one)->Arg(10'000)->Unit(benchmark::kMillisecond);

void import_all(benchmark::State& state) {
    agg::config::FeedList list;
    for (std::int64_t i = 0; i < state.range(0); ++i)
        list.feeds.push_back({.url = fmt::format("https://new-{}.example/feed.xml", i), .title = "News"});
    for (auto _ : state) {
        auto imported = agg::config::with_feeds("", list);
        if (!imported) state.SkipWithError("no import");
        benchmark::DoNotOptimize(imported);
    }
}
BENCHMARK(import_all)->Arg(10'000)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
