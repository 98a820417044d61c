#include "serve/page/health_page.hpp"

#include <algorithm>
#include <numeric>

#include "serve/page/frame.hpp"
#include "serve/page/picture.hpp"
#include "serve/page/words.hpp"

namespace agg::serve::page {
namespace {

struct HealthView {
    DaemonStatus status;
    std::vector<FeedStatus> feeds;
    std::vector<HostStatus> hosts;
    std::vector<store::OutletDays> stories;
    std::vector<store::PollDays> polls;
};

void write_needs(Html& page, const DaemonStatus& status, TimePoint now) {
    page.open("section", {{"aria-labelledby", "needs"}}).element("h2", "What needs you", {{"id", "needs"}});
    if (status.offline_since) {
        page.open("p", {{"class", "problem"}}).text("No host can be reached: aggd is offline since ");
        write_time(page, *status.offline_since, now);
        page.text(". No feed is charged for it.").close();
    }
    if (!status.storage_problem.empty())
        page.open("p", {{"class", "problem"}}).text(status.storage_problem).close();
    if (!status.config_problem.empty()) {
        page.open("p", {{"class", "problem"}}).text("feeds.conf was not taken: " + status.config_problem).close();
        page.element("pre", "aggctl check");
    } else if (status.config_changed) {
        page.element("p", "feeds.conf holds another text by now than the one that runs.")
            .element("pre", "aggctl reload");
    }
    if (status.needs.empty()) {
        page.element("p", "Nothing: time will do.");
    } else {
        page.open("ul", {{"class", "needs"}});
        for (const Need& need : status.needs) {
            page.open("li").element("strong", need.feed).text(" " + need.what + " ");
            page.element("code", need.command, {{"class", "command"}}).close();
        }
        page.close();
    }
    page.close();
}

// Those that need a look first.
int rank_of(const FeedStatus& feed) {
    switch (feed.state) {
        case FeedState::gone: return 0;
        case FeedState::failing: return 1;
        case FeedState::unpolled: return 3;
        case FeedState::fine: return feed.condition == Condition::fine && !feed.lying_since ? 4 : 2;
        case FeedState::paused: return 5;
    }
    return 5;
}

void write_poll(Html& page, const std::optional<TimePoint>& time, TimePoint now) {
    if (time)
        write_time(page, *time, now);
    else
        page.text("–");
}

std::uint64_t sum(const std::vector<std::uint32_t>& values) {
    return std::accumulate(values.begin(), values.end(), std::uint64_t{0});
}

struct FeedDays {
    std::vector<std::uint32_t> stories = std::vector<std::uint32_t>(store::k_statistics_days);
    store::PollDays polls;
};

void write_days(Html& page, const FeedDays& days) {
    page.open("td", {{"data-label", "Stories of 30 days"}});
    write_sparkline(page, days.stories, fmt::format("{} stories in 30 days", sum(days.stories)));
    page.close().open("td", {{"data-label", "Answers of 30 days"}});
    const std::uint64_t polls = sum(days.polls.polls), failures = sum(days.polls.failures);
    write_answers(page, days.polls.polls, days.polls.failures,
                  failures == 0 ? fmt::format("{} polls in 30 days, all answered well", polls)
                                : fmt::format("{} polls in 30 days, {} of them failed", polls, failures));
    page.close();
}

void write_feed(Html& page, const FeedStatus& feed, const FeedDays& days, TimePoint now) {
    page.open("tr").open("th", {{"scope", "row"}, {"dir", "auto"}});
    page.link("/?source=" + percent_encode(feed.name), feed.title.empty() ? feed.name : feed.title);
    page.close();
    const std::string state = to_string(feed.state);
    page.open("td", {{"data-label", "State"}}).element("span", state, {{"class", "state state-" + state}});
    if (feed.condition != Condition::fine) page.text(fmt::format(", {}", to_string(feed.condition)));
    if (feed.failures > 0) page.text(fmt::format(", {} in a row", feed.failures));
    page.close();
    page.open("td", {{"data-label", "Last poll"}});
    write_poll(page, feed.last_poll, now);
    if (!feed.last_result.empty()) page.text(": " + feed.last_result);
    if (feed.lying_since) page.text("; its server says that nothing is new although something is");
    if (!feed.moved_to.empty()) page.text("; asked at ").link(feed.moved_to, feed.moved_to, {{"rel", "noreferrer"}});
    page.close().open("td", {{"data-label", "Next poll"}});
    write_poll(page, feed.next_poll, now);
    if (!feed.next_poll_reason.empty()) page.text(": " + feed.next_poll_reason);
    page.close();
    page.open("td", {{"class", "number"}, {"data-label", "Items"}}).text(fmt::format("{}", feed.items)).close();
    write_days(page, days);
    page.open("td").element("code", "aggctl why " + feed.name, {{"class", "command"}}).close().close();
}

void write_feeds(Html& page, HealthView& view, TimePoint now) {
    page.open("section", {{"aria-labelledby", "feeds"}});
    page.element("h2", fmt::format("{} feeds", view.feeds.size()), {{"id", "feeds"}});
    if (view.feeds.empty()) {
        page.element("p", "None yet.").element("pre", "aggctl add lwn.net").close();
        return;
    }
    std::stable_sort(view.feeds.begin(), view.feeds.end(),
                     [](const FeedStatus& a, const FeedStatus& b) { return rank_of(a) < rank_of(b); });
    std::map<FeedId, FeedDays> days;
    for (store::OutletDays& outlet : view.stories) days[outlet.feed].stories = std::move(outlet.stories);
    for (store::PollDays& polls : view.polls) days[polls.feed].polls = std::move(polls);
    open_table(page, "data stack",
               {{"Feed"},
                {"State"},
                {"Last poll"},
                {"Next poll"},
                {"Items", true},
                {"Stories, 30 days"},
                {"Answers, 30 days"},
                {"More"}});
    for (const FeedStatus& feed : view.feeds) write_feed(page, feed, days[feed.id], now);
    close_table(page);
    page.close();
}

void write_hosts(Html& page, const std::vector<HostStatus>& hosts, TimePoint now) {
    if (hosts.empty()) return;
    page.open("section", {{"aria-labelledby", "hosts"}}).element("h2", "Hosts", {{"id", "hosts"}});
    open_table(page, "data stack", {{"Host"}, {"Feeds", true}, {"Between two requests"}, {"At once", true}, {"Held"}});
    for (const HostStatus& host : hosts) {
        page.open("tr").element("th", host.name, {{"scope", "row"}});
        page.element("td", fmt::format("{}", host.feeds), {{"class", "number"}, {"data-label", "Feeds"}});
        page.open("td", {{"data-label", "Between two requests"}}).text(host.spacing ? to_words(*host.spacing) : "any");
        if (host.spacing_until) page.text(" (learned from its rate headers)");
        page.close();
        page.element("td", host.max_transfers ? fmt::format("{}", *host.max_transfers) : "any",
                     {{"class", "number"}, {"data-label", "At once"}});
        page.open("td", {{"data-label", "Held"}});
        if (host.held_until) {
            page.text("until ");
            write_time(page, *host.held_until, now);
            page.text(": " + host.held_reason);
        } else {
            page.text("no");
        }
        page.close().close();
    }
    close_table(page);
    page.close();
}

std::string write_health(HealthView view, const Frame& frame, TimePoint now) {
    Html page = begin_page(frame);
    page.element("h1", "Health");
    const DaemonStatus& status = view.status;
    page.open("dl", {{"class", "figures"}});
    const auto figure = [&](const char* name, std::uint64_t value) {
        page.open("div").element("dt", name).element("dd", fmt::format("{}", value)).close();
    };
    figure("fine", status.fine);
    figure("failing", status.failing);
    figure("gone", status.gone);
    figure("paused", status.paused);
    figure("not polled yet", status.unpolled);
    page.close();
    write_needs(page, status, now);
    write_feeds(page, view, now);
    write_hosts(page, view.hosts, now);
    page.open("p", {{"class", "hint"}}).text("What changes here is a feed of its own: ");
    page.link("/health.atom", "/health.atom").close();
    return end_page(std::move(page), frame);
}

}  // namespace

Task<Response> health_page(Services& services, Request request) {
    const Frame frame{
        .title = "Health", .here = "/health", .visitor = visitor_of(services, request), .width = Width::wide};
    if (!frame.visitor.may_read) co_return redirect_to_sign_in(request);
    const TimePoint now = services.now();
    auto status = co_await services.admin.status();
    auto feeds = co_await services.admin.feeds();
    auto hosts = co_await services.admin.hosts();
    for (const Error* error :
         {status ? nullptr : &status.error(), feeds ? nullptr : &feeds.error(), hosts ? nullptr : &hosts.error()}) {
        if (error == nullptr) continue;
        Task<Response> failing =
            send_message(services, std::move(request), http_status(error->kind), "Health", error->message);
        co_return co_await std::move(failing);
    }
    HealthView view{std::move(*status), std::move(*feeds), std::move(*hosts), {}, {}};
    auto work = [view = std::move(view), frame, now](store::Reader& reader) mutable {
        view.stories = reader.outlet_days(now);
        view.polls = reader.poll_days(now);
        return write_health(std::move(view), frame, now);
    };
    Task<std::string> rendering = services.read(std::move(work));
    std::string html = co_await std::move(rendering);
    Task<Response> sending = send_page(services, std::move(request), 200, std::move(html));
    co_return co_await std::move(sending);
}

}  // namespace agg::serve::page
