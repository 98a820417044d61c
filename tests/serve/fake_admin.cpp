#include "serve/fake_admin.hpp"

#include <fmt/ranges.h>

namespace agg::serve::test {
namespace {

Task<Result<std::string>> next_of(std::shared_ptr<std::vector<std::string>> pieces) {
    std::string piece = std::move(pieces->back());
    pieces->pop_back();
    co_return piece;
}

}  // namespace

FeedStatus sample_feed() {
    FeedStatus feed;
    feed.id = FeedId{1};
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

Task<Result<DaemonStatus>> FakeAdmin::status() {
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

Task<Result<Metrics>> FakeAdmin::metrics() {
    asked.emplace_back("metrics");
    if (error) co_return tl::unexpected(*error);
    co_return Metrics{};
}

Task<Result<void>> FakeAdmin::health() {
    asked.emplace_back("health");
    if (error) co_return tl::unexpected(*error);
    co_return Result<void>();
}

Task<Result<std::vector<FeedStatus>>> FakeAdmin::feeds() {
    asked.emplace_back("feeds");
    if (error) co_return tl::unexpected(*error);
    std::vector<FeedStatus> all = {sample_feed(), FeedStatus{}};
    co_return all;
}

Task<Result<FeedDetails>> FakeAdmin::feed(std::string feed) {
    asked.push_back("feed " + feed);
    if (error) co_return tl::unexpected(*error);
    FeedDetails details;
    details.status = sample_feed();
    details.why = "bbc-world is polled next in 4 min: it failed.";
    co_return details;
}

Task<Result<std::vector<FeedMove>>> FakeAdmin::moves() {
    asked.emplace_back("moves");
    if (error) co_return tl::unexpected(*error);
    std::vector<FeedMove> all(1);
    all[0].feed = "bbc-world";
    co_return all;
}

Task<Result<std::vector<FeedMove>>> FakeAdmin::accept_moves(std::vector<std::string> feeds) {
    asked.push_back(fmt::format("accept {}", fmt::join(feeds, "+")));
    if (error) co_return tl::unexpected(*error);
    co_return std::vector<FeedMove>{};
}

Task<Result<AddedFeed>> FakeAdmin::add(AddRequest request) {
    asked.push_back(fmt::format("add {} name={} title={} tags={} interval={}", request.url, request.name, request.title,
                                fmt::join(request.tags, "+"), request.interval));
    if (error) co_return tl::unexpected(*error);
    AddedFeed added;
    added.feed = sample_feed();
    added.format = Format::rdf;
    added.found_on_page = true;
    added.items = 34;
    added.known_elsewhere = 6;
    co_return added;
}

Task<Result<FeedStatus>> FakeAdmin::remove(std::string feed) {
    asked.push_back("remove " + feed);
    if (error) co_return tl::unexpected(*error);
    co_return sample_feed();
}

Task<Result<std::vector<RefreshedFeed>>> FakeAdmin::refresh(RefreshRequest request) {
    asked.push_back(fmt::format("refresh {}{}{} wait={}", fmt::join(request.feeds, "+"),
                                request.tags.empty() ? "" : " tags=", fmt::join(request.tags, "+"), request.wait));
    if (error) co_return tl::unexpected(*error);
    std::vector<RefreshedFeed> refreshed = {{"bbc-world", true, "timed out", 0},
                                            {"heise", false, "200, 34 items, 2 new", 2}};
    co_return refreshed;
}

Task<Result<std::vector<HostStatus>>> FakeAdmin::hosts() {
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

Task<Result<RuleReport>> FakeAdmin::rules() {
    asked.emplace_back("rules");
    if (error) co_return tl::unexpected(*error);
    RuleReport report;
    report.rules = {Rule{.name = "no-football", .match_text = "title:football", .feeds = {"bbc-world"}}};
    report.items = {3};
    report.waiting = 40;
    co_return report;
}

Task<Result<ReloadReport>> FakeAdmin::preview_reload() {
    asked.emplace_back("preview reload");
    if (error) co_return tl::unexpected(*error);
    co_return ReloadReport{};
}

Task<Result<FeedStatus>> FakeAdmin::set(SetRequest request) {
    asked.push_back("set " + request.feed);
    for (const auto& [key, text] : request.settings) asked.back() += fmt::format(" {}={}", key, text);
    if (error) co_return tl::unexpected(*error);
    co_return sample_feed();
}

Task<Result<FeedStatus>> FakeAdmin::purge(std::string feed) {
    asked.push_back("purge " + feed);
    if (error) co_return tl::unexpected(*error);
    co_return sample_feed();
}

Task<Result<ImportReport>> FakeAdmin::import_list(ImportRequest request) {
    asked.push_back(fmt::format("import {} dry_run={}", request.list, request.dry_run));
    if (error) co_return tl::unexpected(*error);
    co_return ImportReport{};
}

Task<Result<std::string>> FakeAdmin::export_list() {
    asked.emplace_back("export");
    if (error) co_return tl::unexpected(*error);
    co_return std::string("<opml/>");
}

Task<Result<CheckReport>> FakeAdmin::check(CheckRequest request) {
    asked.push_back(fmt::format("check {} {}", request.url, request.document));
    if (error) co_return tl::unexpected(*error);
    co_return CheckReport{};
}

Task<Result<ReloadReport>> FakeAdmin::reload() {
    asked.emplace_back("reload");
    if (error) co_return tl::unexpected(*error);
    ReloadReport report;
    report.added = {"a"};
    report.changed = {"b", "c"};
    co_return report;
}

Task<Result<std::vector<store::FoundItem>>> FakeAdmin::find_items(std::vector<std::string> names) {
    asked.push_back(fmt::format("find {}", fmt::join(names, "+")));
    if (error) co_return tl::unexpected(*error);
    std::vector<store::FoundItem> found;
    for (std::size_t i = 0; i < names.size(); ++i) found.push_back({ItemId{1}, StoryId{static_cast<int>(i) + 7}});
    co_return found;
}

Task<Result<void>> FakeAdmin::split(ItemId item) {
    asked.push_back(fmt::format("split {}", static_cast<std::int64_t>(item)));
    if (error) co_return tl::unexpected(*error);
    co_return Result<void>();
}

Task<Result<void>> FakeAdmin::merge(ItemId a, ItemId b) {
    asked.push_back(fmt::format("merge {} {}", static_cast<std::int64_t>(a), static_cast<std::int64_t>(b)));
    if (error) co_return tl::unexpected(*error);
    co_return Result<void>();
}

Task<Result<std::uint64_t>> FakeAdmin::undo_heal(std::string feed) {
    asked.push_back("undo-heal " + feed);
    if (error) co_return tl::unexpected(*error);
    co_return std::uint64_t{6};
}

Task<Result<store::Marked>> FakeAdmin::mark(store::MarkRequest request) {
    asked.push_back(fmt::format("mark {} of {} stories", static_cast<int>(request.mark), request.stories.size()));
    marked = request;
    if (error) co_return tl::unexpected(*error);
    co_return store::Marked{request.stories.size(), 1};
}

Task<Result<store::Marked>> FakeAdmin::tag(store::TagRequest request) {
    asked.push_back(
        fmt::format("tag {} {} of {} stories", request.given ? "+" : "-", request.tag, request.stories.size()));
    co_return store::Marked{request.stories.size(), 1};
}

Task<Result<store::Marked>> FakeAdmin::rename_tag(std::string from, std::string to) {
    asked.push_back(fmt::format("rename tag {} to {}", from, to));
    co_return store::Marked{from == "none" ? 0U : 1U, 1};
}

Task<Result<void>> FakeAdmin::change_feed(std::string feed, FeedChange change) {
    asked.push_back(fmt::format("change {} title={} +{} -{}", feed, change.title.value_or("(same)"),
                                fmt::join(change.add_tags, "+"), fmt::join(change.remove_tags, "-")));
    if (error) co_return tl::unexpected(*error);
    co_return Result<void>{};
}

Task<Result<void>> FakeAdmin::set_password(std::string user, std::string password) {
    asked.push_back(fmt::format("password of {}: {}", user, password));
    if (error) co_return tl::unexpected(*error);
    co_return Result<void>{};
}

Task<Result<std::vector<Work>>> FakeAdmin::work() {
    asked.emplace_back("work");
    std::vector<Work> under_way = {{"refresh", 3, 12, false}};
    co_return under_way;
}

Task<Result<Backup>> FakeAdmin::backup() {
    asked.emplace_back("backup");
    if (error) co_return tl::unexpected(*error);
    Backup backup;
    backup.bytes = 7;
    backup.pieces = [left = std::make_shared<std::vector<std::string>>(std::vector<std::string>{"", "ive", "arch"})] {
        return next_of(left);
    };
    co_return backup;
}

Task<Result<RestoreReport>> FakeAdmin::restore(RestoreRequest request) {
    std::string archive;
    while (request.archive) {
        const Result<std::string> piece = co_await request.archive();
        if (!piece) co_return tl::unexpected(piece.error());
        if (piece->empty()) break;
        archive += *piece;
    }
    asked.push_back(fmt::format("restore {} bytes{}", archive.size(), request.dry_run ? " (dry run)" : ""));
    if (error) co_return tl::unexpected(*error);
    RestoreReport report;
    report.dry_run = request.dry_run;
    report.archive.version = "0.1.0";
    co_return report;
}

}  // namespace agg::serve::test
