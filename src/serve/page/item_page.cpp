#include "serve/page/item_page.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "serve/page/story.hpp"
#include "serve/page/words.hpp"

namespace agg::serve::page {
namespace {

constexpr std::size_t k_shown_differences = 8;

struct Telling {
    std::optional<store::Origin> origin;
    std::vector<store::Change> changes;
};

// All that the page shows, read in one go.
struct ItemView {
    ItemId item{};
    store::Origin origin;  // of the item
    store::Story story;
    std::vector<Telling> tellings;  // of the story's members, in their order
};

std::string number_of(ItemId item) { return fmt::format("{}", static_cast<std::int64_t>(item)); }

std::optional<ItemView> read_item(store::Reader& reader, const std::string& number) {
    const auto found = reader.find_item(number);
    // A title may begin with the same digits.
    if (!found || number_of(found->item) != number) return std::nullopt;
    auto story = reader.story(found->story);
    auto origin = reader.origin_of(found->item);
    if (!story || !origin) return std::nullopt;
    ItemView view{.item = found->item, .origin = std::move(*origin), .story = std::move(*story), .tellings = {}};
    for (const store::Member& member : view.story.members)
        view.tellings.push_back({reader.origin_of(member.id), reader.changes_of(member.id)});
    // The telling that was asked for leads on its own page.
    const auto asked = std::find_if(view.story.members.begin(), view.story.members.end(),
                                    [&](const store::Member& member) { return member.id == found->item; });
    const auto index = asked - view.story.members.begin();
    if (asked != view.story.members.end() && index > 0) {
        std::rotate(view.story.members.begin(), asked, asked + 1);
        std::rotate(view.tellings.begin(), view.tellings.begin() + index, view.tellings.begin() + index + 1);
    }
    return view;
}

const char* in_words(dedup::Rule rule) {
    switch (rule) {
        case dedup::Rule::fresh: return "nothing that was known told the same";
        case dedup::Rule::same_identity: return "it is the same item of its feed";
        case dedup::Rule::same_url: return "both lead to the same address";
        case dedup::Rule::same_guid: return "both carry the same id, and their words agree";
        case dedup::Rule::same_page: return "both are the same page of one outlet, and their words agree";
        case dedup::Rule::same_text: return "their texts are the same, but for what outlets change";
        case dedup::Rule::same_title: return "their titles are equal, and no text says otherwise";
        case dedup::Rule::by_hand: return "a person decided so";
    }
    return "";
}

void write_body(Html& page, const ItemView& view, Images images) {
    const Item& item = view.story.members.front().item;
    const std::string& body = item.content_html.empty() ? item.summary_html : item.content_html;
    if (images == Images::on && !item.image.empty() && body.find("<img") == std::string::npos)
        page.empty_element("img", {{"src", item.image}, {"alt", ""}});
    page.open("div", {{"class", "body"}, {"dir", "auto"}, {"lang", item.language.empty() ? k_absent : item.language}});
    if (body.empty())
        page.element("p", "The feed brings no text for this item.", {{"class", "hint"}});
    else
        page.safe_html(body);
    page.close();
    if (item.enclosures.empty()) return;
    page.open("ul", {{"class", "enclosures"}, {"aria-label", "Enclosures"}});
    for (const Enclosure& enclosure : item.enclosures) {
        page.open("li").link(enclosure.url, enclosure.url, {{"rel", "noreferrer"}});
        if (!enclosure.type.empty()) page.text(" " + enclosure.type);
        if (enclosure.length_bytes) page.text(", " + bytes_in_words(*enclosure.length_bytes));
        page.close();
    }
    page.close();
}

void write_ground(Html& page, const store::Ground& ground) {
    page.open("p").text("It is told as one with ");
    if (ground.other)
        page.element("q", ground.other->title, {{"dir", "auto"}}).text(fmt::format(" ({})", ground.other->feed));
    else
        page.text("an item that is gone");
    page.text(fmt::format(": {}.", in_words(static_cast<dedup::Rule>(ground.reason)))).close();
    const dedup::Evidence& evidence = ground.evidence;
    if (evidence.shorter == 0) return;
    page.element(
        "p",
        fmt::format("Titles share {:.0f} % of their words. {:.0f} % of the shorter text ({} of {} words) stands in the "
                    "other ({} words).",
                    100 * evidence.title_similarity, 100 * evidence.containment, evidence.matched, evidence.shorter,
                    evidence.longer),
        {{"class", "hint"}});
    if (evidence.differences.empty()) return;
    page.element("p", "Words that differ, there and here:");
    page.open("ul", {{"class", "differences"}});
    for (std::size_t i = 0; i < std::min(evidence.differences.size(), k_shown_differences); ++i) {
        const dedup::Difference& one = evidence.differences[i];
        page.open("li", {{"dir", "auto"}}).element("del", one.a).text(" ").element("ins", one.b).close();
    }
    page.close();
}

void write_tellings(Html& page, const ItemView& view, Images images, TimePoint now) {
    if (view.story.members.size() < 2) return;
    page.open("section", {{"aria-labelledby", "told-by"}});
    page.element("h2", fmt::format("Told {} times", view.story.members.size()), {{"id", "told-by"}});
    page.open("ol", {{"class", "tellings"}});
    for (std::size_t i = 0; i < view.story.members.size(); ++i) {
        const store::Member& member = view.story.members[i];
        page.open("li");
        page.open("p", {{"dir", "auto"}});
        page.link(member.item.link, outlet_of(member), {{"rel", "noreferrer"}}).text(": ");
        if (i == 0)
            page.element("strong", headline_of(member));
        else
            page.link(item_address(member.id, images), headline_of(member));
        page.text(" · ");
        write_time(page, member.item.published, now);
        page.close();
        const auto& origin = view.tellings[i].origin;
        if (origin && origin->match) {
            page.open("details").element("summary", "Why");
            write_ground(page, *origin->match);
            page.open("p").text("If it does not belong here: ");
            page.element("code", "aggctl split " + number_of(member.id), {{"class", "command"}}).close();
            page.close();
        }
        page.close();
    }
    page.close().close();
}

// One of the two texts: what both have, and what only this one has, marked.
void write_side(Html& page, const char* label, store::Passage::Of side, const store::Change& change) {
    const auto write = [&](const std::vector<store::Passage>& difference, const char* look) {
        if (difference.empty()) return;
        page.open("p", {{"class", look}, {"dir", "auto"}});
        bool is_first = true;
        for (const store::Passage& passage : difference) {
            if (passage.of != store::Passage::Of::both && passage.of != side) continue;
            if (!is_first) page.text(" ");
            is_first = false;
            if (passage.of == store::Passage::Of::both)
                page.text(passage.words);
            else
                page.element(side == store::Passage::Of::older ? "del" : "ins", passage.words);
        }
        page.close();
    };
    page.open("div").element("h4", label);
    write(change.title, "headline");
    write(change.text, "words");
    page.close();
}

void write_changes(Html& page, const ItemView& view, TimePoint now) {
    page.open("section", {{"aria-labelledby", "versions"}}).element("h2", "Versions", {{"id", "versions"}});
    const auto& changes = view.tellings.front().changes;
    if (changes.empty()) page.element("p", "It reads as it did when it came.", {{"class", "hint"}});
    for (const store::Change& change : changes) {
        page.open("article", {{"class", "version"}}).open("h3").text("Changed ");
        write_time(page, change.at, now);
        page.close();
        if (change.kept) {
            page.open("div", {{"class", "sides"}});
            write_side(page, "Before", store::Passage::Of::older, change);
            write_side(page, "After", store::Passage::Of::newer, change);
            page.close();
        } else {
            page.element("p", "The version before was not kept: the change was too large.", {{"class", "hint"}});
        }
        page.close();
    }
    page.close();
}

// What the rules of feeds.conf did to the item.
void write_rulings(Html& page, const store::Origin& origin) {
    if (origin.rules.empty()) return;
    page.open("section", {{"aria-labelledby", "rules"}}).element("h2", "Rules", {{"id", "rules"}});
    page.open("ul", {{"class", "rulings"}});
    for (const Hit& hit : origin.rules) {
        page.open("li");
        switch (hit.action) {
            case Rule::Action::drop: page.text("Hidden, because it matches "); break;
            case Rule::Action::keep: page.text("Hidden, because only what matches is kept by "); break;
            case Rule::Action::tag:
                page.text("Tagged ").link("/?tag=" + percent_encode(hit.tag), hit.tag).text(" by ");
                break;
            case Rule::Action::star: page.text("Starred by "); break;
            case Rule::Action::read: page.text("Marked as read by "); break;
        }
        page.element("code", fmt::format("[rule.{}]", hit.rule)).close();
    }
    page.close().close();
}

std::string write_item_page(const ItemView& view, const Frame& frame, const std::string& back, TimePoint now) {
    Html page = begin_page(frame);
    page.open("article", {{"class", view.story.is_read ? "story full read" : "story full"}, {"dir", "auto"}});
    page.element("h1", frame.title);
    if (view.origin.is_dropped)
        page.open("p", {{"class", "problem"}})
            .text(view.story.is_hidden ? "Rules hide it from the merged feed. "
                                       : "Rules hide this telling; the story is shown as others tell it. ")
            .link("#rules", "Which")
            .close();
    write_byline(page, view.story, now);
    write_marks(page, view.story, frame.visitor, back);
    write_body(page, view, frame.images);
    page.close();
    write_tellings(page, view, frame.images, now);
    write_rulings(page, view.origin);
    write_changes(page, view, now);
    page.open("p", {{"class", "hint"}});
    const bool shows = frame.images == Images::on;
    page.link(item_address(view.item, shows ? Images::off : Images::on), shows ? "Hide images" : "Show images");
    page.text(shows ? "" : " (their publishers see who asks)");
    page.text(" · ").element("code", "aggctl why " + number_of(view.item), {{"class", "command"}}).close();
    return end_page(std::move(page), frame);
}

}  // namespace

Task<Response> item_page(Services& services, Request request) {
    Frame frame{.title = "", .here = "/", .images = images_of(request), .visitor = visitor_of(services, request)};
    if (!frame.visitor.may_read) co_return redirect_to_sign_in(request);
    const std::string number = request.captures.front();
    const bool is_number = number.size() < 19 && std::all_of(number.begin(), number.end(), is_ascii_digit);
    auto work = [number, is_number, frame, back = address_of(request),
                 now = services.now()](store::Reader& reader) mutable -> std::optional<std::string> {
        const auto view = is_number ? read_item(reader, number) : std::nullopt;
        if (!view) return std::nullopt;
        frame.title = headline_of(view->story.members.front());
        return write_item_page(*view, frame, back, now);
    };
    Task<std::optional<std::string>> rendering = services.read(std::move(work));
    auto html = co_await std::move(rendering);
    if (!html) {
        Task<Response> missing = send_message(services, std::move(request), 404, "No such item",
                                              fmt::format("There is no item {}.", truncate_utf8(number, 100)));
        co_return co_await std::move(missing);
    }
    Task<Response> sending = send_page(services, std::move(request), 200, std::move(*html), frame.images);
    co_return co_await std::move(sending);
}

}  // namespace agg::serve::page
