#include "serve/page/stats_page.hpp"

#include <algorithm>
#include <cmath>

#include "serve/page/frame.hpp"
#include "serve/page/picture.hpp"
#include "serve/page/stats_json.hpp"
#include "serve/page/words.hpp"

namespace agg::serve::page {
namespace {

constexpr std::size_t k_outlets = 20;

std::string number(std::uint64_t value) { return grouped(value); }

void open_numbers(Html& page, std::initializer_list<Column> columns) {
    page.open("details").element("summary", "The numbers");
    page.open("div", {{"class", "scroll"}, {"tabindex", "0"}, {"role", "group"}, {"aria-label", "The numbers"}});
    open_table(page, "data", columns);
}

void close_numbers(Html& page) {
    close_table(page);
    page.close().close();
}

void write_number(Html& page, std::uint64_t value) { page.element("td", number(value), {{"class", "number"}}); }

void open_section(Html& page, const char* id, std::string_view heading) {
    page.open("section", {{"aria-labelledby", id}}).element("h2", heading, {{"id", id}});
}

void write_totals(Html& page, const DaemonStatus& status) {
    page.open("dl", {{"class", "figures"}});
    const auto figure = [&](const char* name, const std::string& value) {
        page.open("div").element("dt", name).element("dd", value).close();
    };
    figure("stories", number(status.stories));
    figure("items", number(status.items));
    figure("polls since the start", number(status.polls));
    figure("of these not modified", number(status.not_modified));
    figure("received", bytes_in_words(status.bytes_received));
    figure("database", bytes_in_words(status.database_bytes));
    page.close();
}

// Of each of the days, the latest last.
template <typename Figure>
Bars bars_of(const store::Statistics& figures, std::string title, Figure figure) {
    Bars bars{.title = std::move(title), .names = {}, .values = {}, .parts = {}, .in_words = number, .level = {}};
    for (std::size_t day = 0; day < figures.days.size(); ++day) {
        bars.names.push_back(day_in_short(figures.days[day]));
        bars.values.push_back(figure(day));
    }
    return bars;
}

void write_key(Html& page, std::string_view what, std::string_view part, const char* part_look = "key two") {
    page.open("p", {{"class", "hint"}});
    page.element("span", "", {{"class", "key"}}).text(fmt::format(" {} ", what));
    page.element("span", "", {{"class", part_look}}).text(fmt::format(" {}", part)).close();
}

void write_days(Html& page, const store::Statistics& figures) {
    open_section(page, "by-day", "Stories by day");
    Bars bars = bars_of(figures, "Tellings of each of the last 30 days, and those of them that repeat a story",
                        [&](std::size_t day) { return figures.tellings[day]; });
    bars.parts.assign(figures.repeated.begin(), figures.repeated.end());
    write_bars(page, bars);
    write_key(page, "tellings: a story once for each outlet", "of these, stories that another outlet had told");
    open_numbers(page, {{"Day"}, {"Tellings", true}, {"Told elsewhere", true}});
    for (std::size_t day = 0; day < figures.days.size(); ++day) {
        page.open("tr").element("th", date_of(figures.days[day]), {{"scope", "row"}});
        write_number(page, figures.tellings[day]);
        write_number(page, figures.repeated[day]);
        page.close();
    }
    close_numbers(page);
    page.close();
}

void write_answer_numbers(Html& page, const store::Statistics& figures) {
    open_numbers(page, {{"Day"},
                        {"Polls", true},
                        {"Not modified (304)", true},
                        {"Failed", true},
                        {"Received", true},
                        {"Saved by 304", true},
                        {"An answer took", true},
                        {"The longest", true}});
    for (std::size_t day = 0; day < figures.days.size(); ++day) {
        const store::PollCounts& polls = figures.polls[day];
        page.open("tr").element("th", date_of(figures.days[day]), {{"scope", "row"}});
        for (const std::uint64_t count : {polls.polls, polls.not_modified, polls.failures}) write_number(page, count);
        for (const std::uint64_t bytes : {polls.bytes_received, polls.bytes_saved})
            page.element("td", bytes_in_words(bytes), {{"class", "number"}});
        for (const std::chrono::milliseconds took : {mean_duration(polls), polls.longest})
            page.element("td", milliseconds_in_words(static_cast<std::uint64_t>(took.count())), {{"class", "number"}});
        page.close();
    }
    close_numbers(page);
}

void write_answers(Html& page, const store::Statistics& figures) {
    open_section(page, "answers", "Answers by day");
    if (std::all_of(figures.polls.begin(), figures.polls.end(), [](const auto& polls) { return polls.polls == 0; })) {
        page.element("p", "Nothing has been polled in these days.").close();
        return;
    }
    page.open("div", {{"class", "pictures"}}).open("div").element("h3", "Polls");
    Bars polls = bars_of(figures, "Polls of each of the last 30 days, and those of them that failed",
                         [&](std::size_t day) { return figures.polls[day].polls; });
    for (const store::PollCounts& day : figures.polls) polls.parts.push_back(day.failures);
    polls.part_look = "ill";
    write_bars(page, polls);
    write_key(page, "polls", "of these, failed", "key ill");
    page.close().open("div").element("h3", "Bytes");
    // Both together are what would have been sent without 304.
    Bars bytes =
        bars_of(figures, "What each of the last 30 days would have received without 304, and what it did",
                [&](std::size_t day) { return figures.polls[day].bytes_received + figures.polls[day].bytes_saved; });
    for (const store::PollCounts& day : figures.polls) bytes.parts.push_back(day.bytes_received);
    bytes.in_words = bytes_in_words;
    write_bars(page, bytes);
    write_key(page, "saved by 304: what those documents weighed when they came last", "received");
    page.close().open("div").element("h3", "How long an answer took");
    Bars latency =
        bars_of(figures, "How long an answer took on average on each of the last 30 days",
                [&](std::size_t day) { return static_cast<std::uint64_t>(mean_duration(figures.polls[day]).count()); });
    latency.in_words = milliseconds_in_words;
    write_bars(page, latency);
    page.element("p", "From the request to the last byte, redirects included, on average.", {{"class", "hint"}});
    page.close().close();
    write_answer_numbers(page, figures);
    page.close();
}

// What becomes of the database, in words.
std::string outlook_in_words(const store::Outlook& outlook) {
    if (outlook.bytes_an_item == 0 || outlook.items_a_day <= 0) return "Nothing is stored yet that would tell a pace.";
    std::string words =
        fmt::format("At the pace of these days, {:.0f} items a day of {} each with all that belongs to them, ",
                    std::max(1.0, outlook.items_a_day), bytes_in_words(outlook.bytes_an_item));
    if (outlook.settles_at_bytes > 0)
        words += fmt::format("it settles at about {} when items are as old as their feeds keep them.",
                             bytes_in_words(outlook.settles_at_bytes));
    if (outlook.feeds_for_ever > 0)
        words +=
            fmt::format("{}{} keep{} items for ever, which adds {} a month.", outlook.settles_at_bytes > 0 ? " " : "",
                        outlook.feeds_for_ever == 1 ? "one feed" : number(outlook.feeds_for_ever) + " feeds",
                        outlook.feeds_for_ever == 1 ? "s" : "",
                        bytes_in_words(static_cast<std::uint64_t>(30 * outlook.grows_bytes_a_day)));
    return words;
}

void write_database(Html& page, const store::Statistics& figures) {
    open_section(page, "database", "Database");
    Bars bars = bars_of(figures, "The size of the database on each of the last 30 days",
                        [&](std::size_t day) { return figures.database_bytes[day].value_or(0); });
    bars.in_words = bytes_in_words;
    if (figures.outlook.settles_at_bytes > 0) bars.level = figures.outlook.settles_at_bytes;
    write_bars(page, bars);
    page.open("p").text(outlook_in_words(figures.outlook)).text(" ");
    page.element("code", "keep", {{"class", "command"}}).text(" in feeds.conf says how long, ");
    page.element("code", "aggctl du", {{"class", "command"}}).text(" what takes the room.").close();
    open_numbers(page, {{"Day"}, {"Size", true}});
    for (std::size_t day = 0; day < figures.days.size(); ++day) {
        if (!figures.database_bytes[day]) continue;
        page.open("tr").element("th", date_of(figures.days[day]), {{"scope", "row"}});
        page.element("td", bytes_in_words(*figures.database_bytes[day]), {{"class", "number"}}).close();
    }
    close_numbers(page);
    page.close();
}

void write_outlets(Html& page, const store::Statistics& figures) {
    open_section(page, "by-outlet", "Stories by outlet");
    open_table(page, "data stack", {{"Outlet"}, {"30 days"}, {"Stories", true}, {"Also told by others", true}});
    for (std::size_t i = 0; i < std::min(figures.outlets.size(), k_outlets); ++i) {
        const store::OutletDays& outlet = figures.outlets[i];
        page.open("tr").open("th", {{"scope", "row"}, {"dir", "auto"}});
        page.link("/?source=" + percent_encode(outlet.name), outlet.title).close();
        page.open("td", {{"data-label", "30 days"}});
        write_sparkline(page, outlet.stories, fmt::format("{} stories in 30 days", outlet.total));
        page.close();
        page.element("td", number(outlet.total), {{"class", "number"}, {"data-label", "Stories"}});
        const std::uint64_t percent = 100ULL * outlet.shared / std::max(outlet.total, 1U);
        page.element("td", fmt::format("{} ({} %)", outlet.shared, percent),
                     {{"class", "number"}, {"data-label", "Also told by others"}});
        page.close();
    }
    close_table(page);
    if (figures.outlets.size() > k_outlets)
        page.open("p", {{"class", "hint"}})
            .text(fmt::format("The {} that told most, of {}; ", k_outlets, figures.outlets.size()))
            .link("/stats.json", "all of them as JSON")
            .text(".")
            .close();
    page.close();
}

const char* in_words(dedup::Rule rule) {
    switch (rule) {
        case dedup::Rule::fresh: return "none";
        case dedup::Rule::same_identity: return "the same item of its feed";
        case dedup::Rule::same_url: return "the same address";
        case dedup::Rule::same_guid: return "the same id, and words that agree";
        case dedup::Rule::same_page: return "the same page of an outlet, and words that agree";
        case dedup::Rule::same_text: return "the same text";
        case dedup::Rule::same_title: return "equal titles";
        case dedup::Rule::by_hand: return "by hand";
    }
    return "";
}

void write_rules(Html& page, const store::DedupStats& dedup) {
    open_section(page, "by-rule", "Why stories were joined");
    if (dedup.rules.empty()) {
        page.element("p", "No story has been told twice yet.").close();
        return;
    }
    open_table(page, "data stack", {{"What made items one story"}, {"Items", true}, {"Split again by hand", true}});
    for (const store::RuleCount& rule : dedup.rules) {
        page.open("tr").element("th", in_words(rule.rule), {{"scope", "row"}});
        page.element("td", number(rule.joined), {{"class", "number"}, {"data-label", "Items"}});
        page.element("td", number(rule.split), {{"class", "number"}, {"data-label", "Split again by hand"}});
        page.close();
    }
    close_table(page);
    page.close();
}

void write_sharing(Html& page, const store::Statistics& figures) {
    open_section(page, "who-tells", "Who tells whose story");
    const store::Sharing& sharing = figures.sharing;
    if (sharing.outlets.size() < 2) {
        page.element("p", "No two outlets have told the same story in the last 30 days.").close();
        return;
    }
    Squares squares{.title =
                        "Each row an outlet, each column another one; the stronger its colour, the more of the stories "
                        "that both told the outlet of the row told first. The table below has the numbers.",
                    .names = {},
                    .values = sharing.first};
    for (const std::size_t outlet : sharing.outlets) squares.names.push_back(figures.outlets[outlet].title);
    page.open("p").text(
        "The stronger the colour, the more often the outlet of the row told a story before that of the column did.");
    page.close().open("div", {{"class", "scroll"}, {"tabindex", "0"}, {"role", "group"}, {"aria-label", "Picture"}});
    write_squares(page, squares);
    page.close();
    open_numbers(page, {{"Outlet"},
                        {"Other outlet"},
                        {"Stories of both", true},
                        {"The first was first", true},
                        {"The second was first", true}});
    for (std::size_t a = 0; a < sharing.outlets.size(); ++a) {
        for (std::size_t b = a + 1; b < sharing.outlets.size(); ++b) {
            const std::uint32_t before = sharing.first[a][b];
            const std::uint32_t after = sharing.first[b][a];
            if (before + after == 0) continue;
            page.open("tr").element("th", squares.names[a], {{"scope", "row"}, {"dir", "auto"}});
            page.element("td", squares.names[b], {{"dir", "auto"}});
            write_number(page, before + after);
            write_number(page, before);
            write_number(page, after);
            page.close();
        }
    }
    close_numbers(page);
    page.close();
}

std::string write_stats(const StatsView& view, const Frame& frame) {
    Html page = begin_page(frame);
    page.element("h1", "The last 30 days");
    write_totals(page, view.status);
    write_days(page, view.figures);
    write_sharing(page, view.figures);
    write_outlets(page, view.figures);
    write_rules(page, view.dedup);
    write_answers(page, view.figures);
    write_database(page, view.figures);
    page.open("p", {{"class", "hint"}})
        .link("/stats.json", "The numbers as JSON")
        .text("; days are those of UTC.")
        .close();
    return end_page(std::move(page), frame);
}

// `write` makes the page or the JSON of what was read.
template <typename Write>
Task<Result<std::string>> render(Services& services, Write write) {
    auto status = co_await services.admin.status();
    if (!status) co_return tl::unexpected(status.error());
    auto work = [status = std::move(*status), write, now = services.now()](store::Reader& reader) {
        return write(StatsView{status, reader.statistics(now), reader.dedup_stats()});
    };
    Task<std::string> rendering = services.read(std::move(work));
    co_return co_await std::move(rendering);
}

}  // namespace

Task<Response> stats_page(Services& services, Request request) {
    const Frame frame{
        .title = "Stats", .here = "/stats", .visitor = visitor_of(services, request), .width = Width::wide};
    if (!frame.visitor.may_read) co_return redirect_to_sign_in(request);
    auto write = [frame](const StatsView& view) { return write_stats(view, frame); };
    Task<Result<std::string>> rendering = render(services, std::move(write));
    auto html = co_await std::move(rendering);
    if (!html) {
        Task<Response> failing =
            send_message(services, std::move(request), http_status(html.error().kind), "Stats", html.error().message);
        co_return co_await std::move(failing);
    }
    Task<Response> sending = send_page(services, std::move(request), 200, std::move(*html));
    co_return co_await std::move(sending);
}

Task<Response> stats_json(Services& services, Request request) {
    if (!visitor_of(services, request).may_read)
        co_return error_response({ErrorKind::forbidden, "A password is set: sign in at /sign-in first."});
    Task<Result<std::string>> rendering = render(services, write_stats_json);
    auto body = co_await std::move(rendering);
    if (!body) co_return error_response(body.error());
    co_return response(200, "application/json", std::move(*body));
}

}  // namespace agg::serve::page
