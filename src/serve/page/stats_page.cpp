#include "serve/page/stats_page.hpp"

#include <boost/json.hpp>

#include "base/text.hpp"
#include "serve/page/frame.hpp"
#include "serve/page/picture.hpp"
#include "serve/page/words.hpp"

namespace agg::serve::page {
namespace {

namespace json = boost::json;

constexpr std::size_t k_outlets = 20;

struct StatsView {
    DaemonStatus status;
    store::Statistics figures;
    store::DedupStats dedup;
};

// "2026-11-23": days are counted in UTC.
std::string date_of(TimePoint day) { return to_rfc3339(day).substr(0, 10); }

std::string number(std::uint64_t value) { return fmt::format("{}", value); }

void open_numbers(Html& page, std::initializer_list<const char*> headings) {
    page.open("details").element("summary", "The numbers").open("div", {{"class", "scroll"}, {"tabindex", "0"}});
    page.open("table", {{"class", "data"}}).open("thead").open("tr");
    for (const char* heading : headings) page.element("th", heading, {{"scope", "col"}});
    page.close().close().open("tbody");
}

void close_numbers(Html& page) { page.close().close().close().close(); }

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

void write_days(Html& page, const store::Statistics& figures) {
    open_section(page, "by-day", "By day");
    Bars bars{.title = "Tellings of each of the last 30 days, and those of them that repeat a story",
              .names = {},
              .values = figures.tellings,
              .parts = figures.repeated};
    for (const TimePoint day : figures.days) bars.names.push_back(date_of(day).substr(5));
    write_bars(page, bars);
    page.open("p", {{"class", "hint"}})
        .element("span", "", {{"class", "key"}})
        .text(" tellings: a story once for each outlet. ");
    page.element("span", "", {{"class", "key two"}}).text(" of these, stories that another outlet had told.").close();
    open_numbers(page, {"Day", "Tellings", "Told elsewhere"});
    for (std::size_t day = 0; day < figures.days.size(); ++day) {
        page.open("tr").element("th", date_of(figures.days[day]), {{"scope", "row"}});
        write_number(page, figures.tellings[day]);
        write_number(page, figures.repeated[day]);
        page.close();
    }
    close_numbers(page);
    page.close();
}

void write_outlets(Html& page, const store::Statistics& figures) {
    open_section(page, "by-outlet", "By outlet");
    page.open("table", {{"class", "data stack"}}).open("thead").open("tr");
    for (const char* heading : {"Outlet", "30 days", "Stories", "Also told by others"})
        page.element("th", heading, {{"scope", "col"}});
    page.close().close().open("tbody");
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
    page.close().close();
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
    open_section(page, "by-rule", "By rule");
    if (dedup.rules.empty()) {
        page.element("p", "No story has been told twice yet.").close();
        return;
    }
    page.open("table", {{"class", "data stack"}}).open("thead").open("tr");
    for (const char* heading : {"What made items one story", "Items", "Split again by hand"})
        page.element("th", heading, {{"scope", "col"}});
    page.close().close().open("tbody");
    for (const store::RuleCount& rule : dedup.rules) {
        page.open("tr").element("th", in_words(rule.rule), {{"scope", "row"}});
        page.element("td", number(rule.joined), {{"class", "number"}, {"data-label", "Items"}});
        page.element("td", number(rule.split), {{"class", "number"}, {"data-label", "Split again by hand"}});
        page.close();
    }
    page.close().close().close();
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
    page.close().open("div", {{"class", "scroll"}, {"tabindex", "0"}});
    write_squares(page, squares);
    page.close();
    open_numbers(page, {"Outlet", "Other outlet", "Stories of both", "The first was first", "The second was first"});
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
    page.open("p", {{"class", "hint"}})
        .link("/stats.json", "The numbers as JSON")
        .text("; days are those of UTC.")
        .close();
    return end_page(std::move(page), frame);
}

json::string text(std::string_view value) { return json::string(to_valid_utf8(value)); }

std::string write_stats_json(const StatsView& view) {
    const store::Statistics& figures = view.figures;
    json::array days, outlets, pairs, rules;
    for (std::size_t day = 0; day < figures.days.size(); ++day)
        days.push_back(json::object{{"day", text(date_of(figures.days[day]))},
                                    {"tellings", figures.tellings[day]},
                                    {"told_elsewhere", figures.repeated[day]}});
    for (const store::OutletDays& outlet : figures.outlets)
        outlets.push_back(json::object{{"feed", text(outlet.name)},
                                       {"title", text(outlet.title)},
                                       {"stories", outlet.total},
                                       {"shared", outlet.shared},
                                       {"by_day", json::array(outlet.stories.begin(), outlet.stories.end())}});
    const std::vector<std::size_t>& names = figures.sharing.outlets;
    for (std::size_t a = 0; a < names.size(); ++a)
        for (std::size_t b = 0; b < names.size(); ++b)
            if (figures.sharing.first[a][b] > 0)
                pairs.push_back(json::object{{"first", text(figures.outlets[names[a]].name)},
                                             {"then", text(figures.outlets[names[b]].name)},
                                             {"stories", figures.sharing.first[a][b]}});
    for (const store::RuleCount& rule : view.dedup.rules)
        rules.push_back(
            json::object{{"rule", dedup::to_string(rule.rule)}, {"joined", rule.joined}, {"split", rule.split}});
    const json::object all{{"days", std::move(days)},
                           {"outlets", std::move(outlets)},
                           {"pairs", std::move(pairs)},
                           {"rules", std::move(rules)},
                           {"database_bytes", view.status.database_bytes}};
    return json::serialize(all) + "\n";
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
