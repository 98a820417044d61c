#include "serve/page/story.hpp"

#include "base/text.hpp"
#include "base/url.hpp"
#include "serve/entry.hpp"
#include "serve/page/words.hpp"

namespace agg::serve::page {
namespace {

constexpr std::size_t k_summary_bytes = 360;

std::string number_of(StoryId story) { return fmt::format("{}", static_cast<std::int64_t>(story)); }

// The beginning of what it says, as text.
std::string summary_of(const Item& item) {
    std::string text = plain_text(item.summary_html.empty() ? item.content_html : item.summary_html);
    if (text.size() <= k_summary_bytes) return text;
    std::string_view cut = truncate_utf8(text, k_summary_bytes);
    if (const std::size_t space = cut.rfind(' '); space != std::string_view::npos && space > k_summary_bytes / 2)
        cut = cut.substr(0, space);
    return std::string(cut) + "…";
}

// Sent when the script is away; the script sends it without leaving the page.
void write_mark(Html& page, const char* mark, const char* key, std::string_view label, bool is_pressed) {
    page.element(
        "button", label,
        {{"name", "mark"}, {"value", mark}, {"data-key", key}, {"aria-pressed", is_pressed ? "true" : "false"}});
}

void write_also(Html& page, const store::Story& story, Images images) {
    if (story.members.size() < 2) return;
    page.open("p", {{"class", "also-in"}}).text("Also in").close();
    page.open("ul", {{"class", "also"}});
    for (std::size_t i = 1; i < story.members.size(); ++i) {
        const store::Member& member = story.members[i];
        page.open("li", {{"dir", "auto"}}).link(member.item.link, outlet_of(member), {{"rel", "noreferrer"}});
        page.text(": ").link(item_address(member.id, images), headline_of(member)).close();
    }
    page.close();
}

}  // namespace

std::string item_address(ItemId item, Images images) {
    return fmt::format("/item/{}{}", static_cast<std::int64_t>(item), images == Images::on ? "?images=on" : "");
}

std::string headline_of(const store::Member& member) {
    if (std::string title = collapse_space(member.item.title); !title.empty()) return title;
    const std::string summary = summary_of(member.item);
    if (!summary.empty()) return std::string(truncate_utf8(summary, 120));
    return member.item.link.empty() ? "Untitled" : shown_url(member.item.link);
}

std::string outlet_of(const store::Member& member) {
    std::string title = collapse_space(member.feed_title);
    return title.empty() ? member.feed_name : title;
}

void write_byline(Html& page, const store::Story& story, TimePoint now) {
    const store::Member& leading = story.members.front();
    page.open("p", {{"class", "by"}});
    page.link(leading.item.link, outlet_of(leading),
              {{"class", "original"}, {"rel", "noreferrer"}, {"title", "Read it there"}, {"dir", "auto"}});
    page.text(" · ");
    write_time(page, leading.item.published, now);
    const std::vector<Author>& authors = leading.item.authors;
    if (!authors.empty() && !authors.front().name.empty() && authors.front().name != outlet_of(leading))
        page.text(" · ").element("span", authors.front().name, {{"dir", "auto"}});
    page.close();
}

void write_marks(Html& page, const store::Story& story, const Visitor& visitor, std::string_view back) {
    if (!visitor.may_mark) return;
    page.open("form", {{"method", "post"}, {"action", "/mark"}, {"class", "marks"}});
    page.empty_element("input", {{"type", "hidden"}, {"name", "token"}, {"value", visitor.form_token}});
    page.empty_element("input", {{"type", "hidden"}, {"name", "story"}, {"value", number_of(story.id)}});
    page.empty_element("input", {{"type", "hidden"}, {"name", "return"}, {"value", back}});
    write_mark(page, story.is_read ? "unread" : "read", "m", "Read", story.is_read);
    write_mark(page, story.is_starred ? "unstarred" : "starred", "s", "Star", story.is_starred);
    page.close();
}

void write_story(Html& page, const store::Story& story, const Frame& frame, std::string_view back, TimePoint now) {
    const store::Member& leading = story.members.front();
    const std::string id = "s" + number_of(story.id);
    const std::string heading = id + "h";
    // In the direction of its headline, all of it.
    page.open("article", {{"id", id},
                          {"dir", "auto"},
                          {"class", story.is_read ? "story read" : "story"},
                          {"aria-labelledby", heading},
                          {"lang", leading.item.language.empty() ? k_absent : leading.item.language}});
    page.open("h3", {{"id", heading}});
    page.link(item_address(leading.id, frame.images), headline_of(leading), {{"class", "title"}}).close();
    write_byline(page, story, now);
    if (frame.images == Images::on && !leading.item.image.empty())
        page.empty_element("img", {{"src", leading.item.image}, {"alt", ""}, {"loading", "lazy"}});
    if (const std::string summary = summary_of(leading.item); !summary.empty())
        page.element("p", summary, {{"class", "summary"}, {"dir", "auto"}});
    write_also(page, story, frame.images);
    write_marks(page, story, frame.visitor, fmt::format("{}#{}", back, id));
    page.close();
}

}  // namespace agg::serve::page
