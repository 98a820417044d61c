// Whole documents to ParsedFeed, and on to clean items, beside bare pugixml on the same bytes; and size n beside 10 n.
//     bench_parse [--feeds=FOLDER] [benchmark's options]
// FOLDER: real documents, which are no part of this project; without it, documents written here are read.
#include <benchmark/benchmark.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "base/xml_repair.hpp"
#include "clean/clean.hpp"
#include "parse/date.hpp"
#include "parse/parse.hpp"

namespace {

using agg::parse::Document;

// An RSS document of about `items` * 1.6 kB, as news sites write them.
std::string rss_of(std::size_t items) {
    std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
                      "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>News</title><link>https://a.example/</link>\n";
    for (std::size_t i = 0; i < items; ++i) {
        out += fmt::format("<item>\n  <title>Item {0} of the day &amp; more</title>\n  <link>https://a.example/{0}</link>\n  <guid>https://a.example/{0}</guid>\n"
                           "  <pubDate>Mon, 10 Jan 2022 10:05:00 +0100</pubDate>\n  <dc:creator>Ann Lee</dc:creator>\n  <category>World</category>\n"
                           "  <description>The hare and the tortoise met again today, and nobody knows who won.</description>\n  <content:encoded><![CDATA[", i);
        for (int paragraph = 0; paragraph < 8; ++paragraph)
            out += "<p>Slow and steady <a href=\"https://a.example/race\">wins the race</a>, says the tortoise; the hare was not there to say otherwise.</p>\n";
        out += "]]></content:encoded>\n</item>\n";
    }
    return out + "</channel></rss>\n";
}

// Documents that pugixml can read to the end, and those that it cannot: it stops at their first fault, or finds no XML at all.
struct Documents {
    std::vector<std::string> readable;
    std::vector<std::string> broken;

    void add(std::string bytes) {
        pugi::xml_document tree;
        const bool whole = tree.load_buffer(bytes.data(), bytes.size()).status == pugi::status_ok;
        (whole ? readable : broken).push_back(std::move(bytes));
    }
};

Documents& all_documents() {
    static Documents all;
    return all;
}
const std::vector<std::string>& documents() { return all_documents().readable; }

std::size_t bytes_of(const std::vector<std::string>& all) {
    std::size_t sum = 0;
    for (const std::string& one : all) sum += one.size();
    return sum;
}

Document document_of(const std::string& bytes) { return {.bytes = bytes, .content_type = {}, .url = "https://a.example/feed", .content_location = {}}; }

void report(benchmark::State& state, std::size_t bytes) {
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(bytes));
}

void pugixml_alone(benchmark::State& state) {
    for (auto _ : state)
        for (const std::string& bytes : documents()) {
            pugi::xml_document tree;
            benchmark::DoNotOptimize(tree.load_buffer(bytes.data(), bytes.size()).status);
        }
    report(state, bytes_of(documents()));
}

void parse_all(benchmark::State& state, const std::vector<std::string>& all) {
    for (auto _ : state)
        for (const std::string& bytes : all) benchmark::DoNotOptimize(agg::parse::parse(document_of(bytes)));
    report(state, bytes_of(all));
}
void parse_documents(benchmark::State& state) { parse_all(state, documents()); }
void parse_broken_documents(benchmark::State& state) { parse_all(state, all_documents().broken); }

void parse_and_clean_documents(benchmark::State& state) {
    const agg::TimePoint now = agg::from_unix_ms(1'700'000'000'000);
    for (auto _ : state)
        for (const std::string& bytes : documents()) {
            const auto feed = agg::parse::parse(document_of(bytes));
            if (!feed) continue;
            for (const agg::ParsedItem& item : feed->items) benchmark::DoNotOptimize(agg::clean::clean_item(item, *feed, now));
        }
    report(state, bytes_of(documents()));
}

// What costs the most to read for its size: each must cost ten times as much when it is ten times as long.
std::string hostile(int kind, std::size_t size) {
    const auto repeated = [size](std::string_view unit) {
        std::string out;
        while (out.size() < size) out += unit;
        return out;
    };
    switch (kind) {
        case 0: return rss_of(size / 1600);
        case 1: return "<rss><channel><item>" + repeated("<a>");                                 // depth
        case 2: return "<rss><channel><item>" + repeated("<a b='") ;                             // quotes that never close
        case 3: return "<rss><channel><item>" + repeated("<!-- <![CDATA[ <?x ");                 // sections that never close
        case 4: return "<rss><channel>" + repeated("<item><title>x") + "</rss";                  // items that never close
        case 5: return "<rss><channel><item " + repeated("a1 b=c ") + "/></channel></rss>";      // attributes
        case 6: return "<rss><channel>" + repeated("</x></y></channel>");                        // end tags of nothing
        case 7: return "<rss><channel><item><title>" + repeated("&amp;amp &#60;b ") + "</title></item></channel></rss>";
        case 8: return "<rss><channel><item>" + repeated("<x xmlns:a='b' xml:base='c/'>");       // scopes within scopes
        case 9: return "<html>" + repeated("<!-- <script> <a href='x' ");                        // a page
        default: return repeated("\xD0\xBF\xF1 ");                                               // bytes of no encoding
    }
}

void linear_time(benchmark::State& state) {
    const std::string bytes = hostile(static_cast<int>(state.range(0)), static_cast<std::size_t>(state.range(1)));
    for (auto _ : state) {
        benchmark::DoNotOptimize(agg::parse::parse(document_of(bytes)));
        benchmark::DoNotOptimize(agg::repair_xml(bytes));
    }
    report(state, bytes.size());
}

void read_dates(benchmark::State& state) {
    for (auto _ : state)
        for (const char* text : {"Mon, 10 Jan 2022 10:05:00 +0100", "2022-01-10T10:05:00Z", "10. März 2022 10:05"})
            benchmark::DoNotOptimize(agg::parse::parse_date(text));
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * 3);
}

void read_folder(const std::string& folder) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        std::ifstream file(entry.path(), std::ios::binary);
        all_documents().add({std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()});
    }
}

}  // namespace

int main(int count, char** arguments) {
    std::vector<char*> rest;
    for (int i = 0; i < count; ++i) {
        const std::string_view argument = arguments[i];
        if (argument.starts_with("--feeds=")) read_folder(std::string(argument.substr(8)));
        else rest.push_back(arguments[i]);
    }
    if (documents().empty())
        for (const std::size_t items : {20, 100, 5}) all_documents().add(rss_of(items));
    benchmark::RegisterBenchmark("pugixml alone", pugixml_alone)->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark("parse", parse_documents)->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark("parse and clean", parse_and_clean_documents)->Unit(benchmark::kMillisecond);
    if (!all_documents().broken.empty())
        benchmark::RegisterBenchmark("parse what pugixml cannot", parse_broken_documents)->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark("dates", read_dates);
    for (int kind = 0; kind <= 10; ++kind)
        for (const int size : {100'000, 1'000'000})
            benchmark::RegisterBenchmark("linear time", linear_time)->Args({kind, size})->Unit(benchmark::kMillisecond);
    int left = static_cast<int>(rest.size());
    benchmark::Initialize(&left, rest.data());
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
