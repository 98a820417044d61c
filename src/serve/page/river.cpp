#include "serve/page/river.hpp"

#include <charconv>

#include "base/text.hpp"
#include "serve/page/story.hpp"
#include "serve/page/words.hpp"

namespace agg::serve::page {
namespace {

struct Option {
    std::string value, label;
};

void write_choice(Html& page, const char* name, const char* label, std::string_view chosen,
                  const std::vector<Option>& options) {
    page.open("label").text(label).text(" ");
    page.open("select", {{"name", name}});
    page.element("option", "all", {{"value", ""}});
    for (const Option& each : options)
        page.element("option", each.label,
                     {{"value", each.value}, {"selected", each.value == chosen ? "selected" : k_absent}});
    page.close().close();
}

// The query, and a mark under the column that its problem names.
void write_problem(Html& page, const RiverRequest& river) {
    page.open("div", {{"class", "problem"}});
    std::size_t column = 0;
    constexpr std::string_view k_column = "column ";
    if (river.problem.starts_with(k_column)) {
        const char* const end = river.problem.data() + river.problem.size();
        std::from_chars(river.problem.data() + k_column.size(), end, column);
    }
    if (column > 0 && !river.query.empty())
        page.element("pre", fmt::format("{}\n{:>{}}", river.query, "^", column), {{"aria-hidden", "true"}});
    page.element("p", river.problem).close();
}

// What came of the question; the script that asks while one types puts the next answer here, and screen readers say it.
void write_outcome(Html& page, const RiverRequest& river, const store::Page& stories) {
    page.open("div", {{"id", "outcome"}, {"role", "status"}});
    if (!river.problem.empty()) {
        write_problem(page, river);
    } else if (!river.is_everything() && !river.selection.before && !stories.stories.empty()) {
        const std::size_t count = stories.stories.size();
        page.element("p",
                     stories.next ? fmt::format("More than {} stories", count)
                                  : fmt::format("{} {}", count, count == 1 ? "story" : "stories"),
                     {{"class", "hint"}});
    }
    page.close();
}

void write_filters(Html& page, const RiverRequest& river, const Catalog& catalog) {
    page.open("form", {{"method", "get"}, {"action", "/"}, {"class", "filters"}, {"role", "search"}});
    page.open("label", {{"class", "search"}}).element("span", "Search ", {{"class", "unseen"}});
    page.empty_element("input", {{"type", "search"},
                                 {"name", "q"},
                                 {"value", river.query},
                                 {"placeholder", "Search: words, \"a phrase\", title:…, since:7d"},
                                 {"dir", "auto"},
                                 {"autocomplete", "off"},
                                 {"aria-invalid", river.problem.empty() ? k_absent : "true"},
                                 {"aria-describedby", "outcome"}});
    page.close();
    std::vector<Option> tags, sources, views;
    for (const std::string& tag : catalog.tags) tags.push_back({tag, tag});
    for (const std::string& source : catalog.sources) sources.push_back({source, source});
    for (const View& view : catalog.views) views.push_back({view.name, view.title.empty() ? view.name : view.title});
    if (!tags.empty()) write_choice(page, "tag", "Tag", river.tag, tags);
    if (sources.size() > 1) write_choice(page, "source", "Feed", river.source, sources);
    if (!views.empty()) write_choice(page, "view", "View", river.view, views);
    write_choice(page, "state", "Show", river.state, {{"unread", "unread"}, {"starred", "starred"}});
    if (river.images == Images::on)
        page.empty_element("input", {{"type", "hidden"}, {"name", "images"}, {"value", "on"}});
    page.element("button", "Apply").close();
}

void write_first_steps(Html& page) {
    page.open("section", {{"class", "first-steps"}}).element("h2", "No feeds yet");
    page.element("p", "Give aggd the address of a feed, or of a page that has one. In a terminal on this machine:");
    page.element("pre", "aggctl add lwn.net");
    page.element("p", "A whole list of another reader (OPML, newsboat's urls) comes in at once:");
    page.element("pre", "aggctl import subscriptions.opml");
    page.element("p",
                 "What it brings shows up here as soon as it has been polled. To mark stories as read from this page:");
    page.element("pre", "aggctl passwd USER").close();
}

// Of a letter or a digit, in any script.
bool is_word_byte(char c) { return is_ascii_alpha(c) || is_ascii_digit(c) || static_cast<unsigned char>(c) >= 0x80; }

void write_nothing(Html& page, const RiverRequest& river) {
    page.open("p", {{"class", "nothing"}});
    if (river.is_everything() && !river.selection.before)
        page.text("No stories yet: the feeds have not been polled, or brought nothing. ")
            .link("/health", "How they do");
    else if (river.selection.before)
        page.text("These were the last stories. ").link(river.address(), "To the newest");
    else
        page.text("No story fits. ").link("/", "Show all");
    if (!river.query.empty() && is_word_byte(river.query.back())) {
        RiverRequest beginnings = river;
        beginnings.query += '*';
        page.text(". Words are looked for as they are; a star finds those that begin so: ");
        page.link(beginnings.address(), beginnings.query, {{"dir", "auto"}});
    }
    page.close();
}

void write_stories(Html& page, const RiverRequest& river, const store::Page& stories, const Frame& frame,
                   TimePoint now) {
    const std::string back = river.address(river.selection.before);
    std::string day;
    for (const store::Story& story : stories.stories) {
        const std::string its_day = river.is_search ? "found" : day_of(story.place);
        if (its_day != day) {
            if (!day.empty()) page.close();
            day = its_day;
            page.open("section",
                      {{"class", "day"}, {"data-day", day}, {"aria-label", river.is_search ? "Found" : day}});
            page.element("h2", river.is_search ? "Found" : day_in_words(story.place));
        }
        write_story(page, story, frame, back, now);
    }
    if (!day.empty()) page.close();
}

std::string title_of(const RiverRequest& river) {
    if (!river.query.empty()) return "Search: " + river.query;
    for (const std::string* name : {&river.view, &river.source, &river.tag, &river.state})
        if (!name->empty()) return *name;
    return "River";
}

std::string write_river(const RiverRequest& river, const Catalog& catalog, const store::Page& stories,
                        const Frame& frame, TimePoint now) {
    Html page = begin_page(frame);
    page.element("h1", frame.title, {{"dir", "auto"}, {"class", river.is_everything() ? "unseen" : k_absent}});
    write_filters(page, river, catalog);
    write_outcome(page, river, stories);
    if (!frame.visitor.may_mark && !catalog.sources.empty())
        page.open("p", {{"class", "hint"}})
            .text("To mark stories as read or starred, ")
            .link("/sign-in", "sign in")
            .text(".")
            .close();
    const auto query = river.as_query();
    const bool follows = river.problem.empty() && !river.selection.before && query;
    const std::string events = fmt::format("/events?q={}{}{}", percent_encode(query.value_or("")),
                                           river.view.empty() ? "" : "&view=", percent_encode(river.view));
    // Filled by the script when something new comes.
    page.open("p", {{"id", "news"},
                    {"class", "news"},
                    {"aria-live", "polite"},
                    {"data-events", follows ? std::string_view(events) : k_absent},
                    {"data-address", river.address()}});
    page.close();
    page.open("div", {{"id", "stories"}});
    if (catalog.sources.empty() && stories.stories.empty() && river.is_everything())
        write_first_steps(page);
    else if (stories.stories.empty() && river.problem.empty())
        write_nothing(page, river);
    else
        write_stories(page, river, stories, frame, now);
    page.close();
    page.open("p", {{"class", "paging"}, {"id", "paging"}});
    if (stories.next) page.link(river.address(stories.next), "Older stories", {{"rel", "next"}, {"id", "older"}});
    page.close();
    RiverRequest other = river;
    other.images = river.images == Images::on ? Images::off : Images::on;
    page.open("p", {{"class", "hint"}, {"id", "images"}});
    page.link(other.address(), river.images == Images::on ? "Hide images" : "Show images").text(". ");
    page.text("Images are asked for at their publishers, who see by that who reads. Keys: ");
    page.element("kbd", "?").text(" lists them.").close();
    return end_page(std::move(page), frame);
}

}  // namespace

Task<Response> river(Services& services, Request request) {
    Frame frame{.title = "", .here = "/", .visitor = visitor_of(services, request)};
    if (!frame.visitor.may_read) co_return redirect_to_sign_in(request);
    const TimePoint now = services.now();
    const RiverRequest asked = read_river(request, services.catalog, now);
    frame.title = title_of(asked);
    frame.images = asked.images;
    const int status = asked.problem.empty() ? 200 : 400;
    auto work = [asked, frame, now, catalog = services.catalog](store::Reader& reader) {
        const store::Page stories = asked.problem.empty() ? reader.page(asked.selection) : store::Page{};
        return write_river(asked, catalog, stories, frame, now);
    };
    Task<std::string> rendering = services.read(std::move(work));
    std::string html = co_await std::move(rendering);
    Task<Response> sending = send_page(services, std::move(request), status, std::move(html), frame.images);
    co_return co_await std::move(sending);
}

}  // namespace agg::serve::page
