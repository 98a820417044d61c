// What cleaning costs: bodies of the size that feeds have, whole items, and growth with size.
#include <benchmark/benchmark.h>

#include "clean/canonical_url.hpp"
#include "clean/clean.hpp"
#include "clean/html_tokenizer.hpp"
#include "clean/plain_text.hpp"
#include "clean/sanitize.hpp"

namespace {

using namespace agg;

constexpr const char* k_base = "https://news.example/2022/01/10/storm.html";

// 620 bytes, the mean body of real feeds.
const std::string& body() {
    static const std::string html = [] {
        std::string text =
            "<p>Heavy rain and a storm over the coast kept the fire brigades busy during the night; <a href=\"https://news.example/storm?id=17&amp;utm_source=rss\">"
            "more than 200 calls</a> came in between ten and six.</p>\n<p><img src=\"/pictures/2022/storm-620x350.jpg\" alt=\"A tree on a road\" width=\"620\" "
            "height=\"350\" class=\"wide\"></p>\n<p>&#8220;Nobody was hurt,&#8221; said the spokeswoman &mdash; <em>but</em> the damage is <strong>considerable</strong>. "
            "Trains between the two towns start again at noon.<br>\nThe forecast for tomorrow: dry &amp; cold.</p>\n";
        text += "<ul><li>One road stays closed</li><li>Schools are open</li></ul>";
        text.resize(620, '.');
        return text;
    }();
    return html;
}

std::string repeated(const std::string& unit, std::size_t size) {
    std::string out;
    while (out.size() < size) out += unit;
    return out;
}

void set_bytes(benchmark::State& state, std::size_t bytes) {
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(bytes));
}

void tokenize(benchmark::State& state) {
    for (auto _ : state) {
        clean::HtmlTokenizer tokenizer(body());
        clean::HtmlToken token;
        while (tokenizer.next(token)) benchmark::DoNotOptimize(token.text.data());
    }
    set_bytes(state, body().size());
}
BENCHMARK(tokenize);

void safe_html(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(clean::safe_html(body(), k_base));
    set_bytes(state, body().size());
}
BENCHMARK(safe_html);

void plain_text(benchmark::State& state) {
    const Markup markup{body(), MarkupType::html, k_base};
    for (auto _ : state) benchmark::DoNotOptimize(clean::plain_text(markup));
    set_bytes(state, body().size());
}
BENCHMARK(plain_text);

void canonical_url(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(clean::canonical_url("https://www.news.example/2022/01/10/storm.html?id=17&utm_source=rss&utm_medium=feed"));
}
BENCHMARK(canonical_url);

void clean_item(benchmark::State& state) {
    ParsedItem item;
    item.id = "https://news.example/?p=17";
    item.link = "https://news.example/2022/01/10/storm.html?utm_source=rss&utm_medium=feed";
    item.title = {"Storm &amp; rain over the coast", MarkupType::html, k_base};
    item.summary = {"<p>Heavy rain and a storm over the coast kept the fire brigades busy.</p>", MarkupType::html, k_base};
    item.content = {body(), MarkupType::html, k_base};
    item.authors = {{"Ann Lee", "", ""}};
    item.categories = {"weather", "coast"};
    item.published = {"Mon, 10 Jan 2022 08:00:00 GMT", from_unix_ms(1'641'801'600'000)};
    ParsedFeed feed;
    feed.items = {item};
    const TimePoint now = from_unix_ms(1'641'900'000'000);
    for (auto _ : state) benchmark::DoNotOptimize(clean::clean_item(feed.items[0], feed, now));
    set_bytes(state, item.content.text.size() + item.summary.text.size() + item.title.text.size() + item.link.size());
}
BENCHMARK(clean_item);

// Documents that make a careless cleaner quadratic: the time for 10 n is ten times that for n.
void grows(benchmark::State& state, const char* unit) {
    const std::string html = repeated(unit, static_cast<std::size_t>(state.range(0)));
    for (auto _ : state) benchmark::DoNotOptimize(clean::safe_html(html, k_base));
    set_bytes(state, html.size());
    state.SetComplexityN(state.range(0));
}
#define GROWS(name, unit) BENCHMARK_CAPTURE(grows, name, unit)->RangeMultiplier(10)->Range(10'000, 1'000'000)->Unit(benchmark::kMicrosecond)
GROWS(paragraphs, "<p>Rain over the coast &amp; more.</p>");
GROWS(open_elements, "<div>");
GROWS(open_formatting, "<b><i><u>");
GROWS(misnested_formatting, "<b><i>x</b></i>");
GROWS(end_tags, "</p></div></li>");
GROWS(less_than, "<");
GROWS(comments_without_end, "<!--");
GROWS(odd_declarations, "<!'");
GROWS(doctypes_without_end, "<!doctype ");
GROWS(drawings_without_end, "<svg>");
GROWS(templates_without_end, "<template><xml>");
GROWS(drawings_and_paragraphs, "<svg><p><template></template>");
GROWS(titles_without_end, "<title>x</t");
GROWS(quotes_without_end, "<a b='");
GROWS(attributes, " a=b c='d' ");
GROWS(one_tag, "<a a=b c=d e=f>");
GROWS(references, "&amp&notit;&#x41");
GROWS(nested_lists, "<ul><li>");
GROWS(nested_tables, "<table><tr><td>");

}  // namespace

BENCHMARK_MAIN();
