// An Admin that knows two feeds and remembers what it was asked.
#pragma once

#include <fmt/ranges.h>

#include "serve/admin.hpp"
#include "serve/samples.hpp"

namespace agg::serve::test {

inline FeedStatus sample_feed() {
    FeedStatus feed;
    feed.name = "bbc-world";
    feed.title = "BBC «World»";
    feed.url = "https://feeds.example/world.xml";
    feed.site = "https://www.example/";
    feed.tags = {"news", "мир"};
    feed.state = FeedState::failing;
    feed.last_poll = at("2022-01-10T09:00:00Z");
    feed.last_result = "could not resolve feeds.example";
    feed.next_poll = at("2022-01-10T09:20:00Z");
    feed.next_poll_reason = "2nd failure in a row";
    feed.failures = 2;
    feed.items = 34;
    return feed;
}

class FakeAdmin : public Admin {
  public:
    std::vector<std::string> asked;
    std::optional<Error> error;  // what every call fails with

    Task<Result<DaemonStatus>> status() override {
        asked.emplace_back("status");
        if (error) co_return tl::unexpected(*error);
        DaemonStatus status;
        status.version = "0.1.0";
        status.started = at("2022-01-10T08:00:00Z");
        status.config_file = "/etc/aggd/feeds.conf";
        status.database = "/var/lib/aggd/aggd.db";
        status.listening = {"unix:/run/aggd.sock"};
        status.feeds = 2;
        status.items = 18446744073709551615u;
        co_return status;
    }
    Task<Result<std::vector<FeedStatus>>> feeds() override {
        asked.emplace_back("feeds");
        if (error) co_return tl::unexpected(*error);
        std::vector<FeedStatus> all = {sample_feed(), FeedStatus{}};
        co_return all;
    }
    Task<Result<AddedFeed>> add(AddRequest request) override {
        asked.push_back(fmt::format("add {} name={} title={} tags={} interval={}", request.url, request.name,
                                    request.title, fmt::join(request.tags, "+"), request.interval));
        if (error) co_return tl::unexpected(*error);
        AddedFeed added;
        added.feed = sample_feed();
        added.format = Format::rdf;
        added.found_on_page = true;
        added.items = 34;
        added.known_elsewhere = 6;
        co_return added;
    }
    Task<Result<FeedStatus>> remove(std::string feed) override {
        asked.push_back("remove " + feed);
        if (error) co_return tl::unexpected(*error);
        co_return sample_feed();
    }
    Task<Result<std::vector<RefreshedFeed>>> refresh(RefreshRequest request) override {
        asked.push_back(fmt::format("refresh {} wait={}", fmt::join(request.feeds, "+"), request.wait));
        if (error) co_return tl::unexpected(*error);
        std::vector<RefreshedFeed> refreshed = {{"bbc-world", true, "timed out", 0},
                                                {"heise", false, "200, 34 items, 2 new", 2}};
        co_return refreshed;
    }
    Task<Result<std::vector<HostStatus>>> hosts() override {
        asked.emplace_back("hosts");
        std::vector<HostStatus> hosts = {{.name = "reddit.com",
                                          .feeds = 7,
                                          .spacing = std::chrono::seconds{60},
                                          .max_transfers = 1,
                                          .held_until = from_unix_ms(1'641'816'000'000),
                                          .held_reason = "it answered 429 Too Many Requests",
                                          .limited = 2},
                                         {.name = "127.0.0.1", .feeds = 1}};
        co_return hosts;
    }
    Task<Result<ReloadReport>> preview_reload() override {
        asked.emplace_back("preview reload");
        if (error) co_return tl::unexpected(*error);
        co_return ReloadReport{};
    }
    Task<Result<FeedStatus>> set(SetRequest request) override {
        asked.push_back("set " + request.feed);
        for (const auto& [key, text] : request.settings) asked.back() += fmt::format(" {}={}", key, text);
        if (error) co_return tl::unexpected(*error);
        co_return sample_feed();
    }
    Task<Result<FeedStatus>> purge(std::string feed) override {
        asked.push_back("purge " + feed);
        if (error) co_return tl::unexpected(*error);
        co_return sample_feed();
    }
    Task<Result<ImportReport>> import_list(ImportRequest request) override {
        asked.push_back(fmt::format("import {} dry_run={}", request.list, request.dry_run));
        if (error) co_return tl::unexpected(*error);
        co_return ImportReport{};
    }
    Task<Result<std::string>> export_list() override {
        asked.emplace_back("export");
        if (error) co_return tl::unexpected(*error);
        co_return std::string("<opml/>");
    }
    Task<Result<CheckReport>> check(CheckRequest request) override {
        asked.push_back(fmt::format("check {} {}", request.url, request.document));
        if (error) co_return tl::unexpected(*error);
        co_return CheckReport{};
    }
    Task<Result<ReloadReport>> reload() override {
        asked.emplace_back("reload");
        if (error) co_return tl::unexpected(*error);
        ReloadReport report;
        report.added = {"a"};
        report.changed = {"b", "c"};
        co_return report;
    }
};

}  // namespace agg::serve::test
