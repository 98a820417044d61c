#include <array>
#include <charconv>

#include "base/text.hpp"
#include "parse/duration.hpp"
#include "parse/element_table.hpp"
#include "parse/elements.hpp"
#include "parse/markup.hpp"
#include "parse/person.hpp"

namespace agg::parse {
namespace {

// Ranks of what says the same thing: the dialect's own words first, then what was made for the purpose, then the rest.
enum Rank { k_own = 0, k_other_dialect = 1, k_module = 2, k_weak_module = 3, k_weaker_module = 4, k_last_resort = 9 };

std::optional<std::uint64_t> length_of(std::string_view text) {
    text = trim(text);
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

bool is_web_address(std::string_view text) { return istarts_with(text, "http://") || istarts_with(text, "https://"); }

// "foo, bar" of itunes:keywords and media:keywords.
void read_keywords(ItemDraft& draft, const Element& element) {
    const std::string text = element.text();
    for (const std::string_view word : split(text, ',')) add_category(draft.categories, word);
}

void read_media_element(ItemDraft& draft, const Element& element);

void read_media_player(ItemDraft& draft, const Element& element);

void read_media_children(ItemDraft& draft, const Element& element) {
    constexpr int k_deepest = 4;  // group, content, thumbnail
    if (draft.media_depth >= k_deepest) return;
    ++draft.media_depth;
    for (const Element& child : element)
        if (child.name().space == Space::media) read_media_element(draft, child);
    --draft.media_depth;
}

void read_media_content(ItemDraft& draft, const Element& element) {
    Enclosure enclosure{.url = element.link(element.attribute("url")),
                        .type = element.attribute("type"),
                        .length_bytes = length_of(element.attribute("fileSize"))};
    const std::string medium = element.attribute("medium");
    if (medium == "image" || enclosure.type.starts_with("image/")) offer_text(draft.image, k_weak_module, enclosure.url);
    if (const auto duration = parse_media_duration(element.attribute("duration"))) draft.duration.offer(k_module, *duration);
    add_enclosure(draft.enclosures, std::move(enclosure));
    read_media_children(draft, element);
}

void read_media_element(ItemDraft& draft, const Element& element) {
    const std::string_view local = element.name().local;
    if (local == "group") read_media_children(draft, element);
    else if (local == "content") read_media_content(draft, element);
    else if (local == "thumbnail") {
        std::string url = element.link(element.attribute("url"));
        if (url.empty()) url = element.link(element.text());
        offer_text(draft.image, k_own, std::move(url));
    } else if (local == "title") offer_markup(draft.title, k_weaker_module, short_text(element));
    else if (local == "description" || local == "text") offer_markup(draft.summary, k_weaker_module, html_body(element));
    else if (local == "keywords") read_keywords(draft, element);
    else if (local == "category") add_category(draft.categories, element.text());
    else if (local == "player") read_media_player(draft, element);
    else if (local == "credit") add_person(draft.fallback_authors, person_of_text(element.text()));
}

void read_rss_link(ItemDraft& draft, const Element& element) {
    std::string link = element.link(element.text());
    if (link.empty() && !element.attribute("href").empty()) return read_atom_link(draft, element);
    offer_text(draft.link, k_own, std::move(link));
}

void read_guid(ItemDraft& draft, const Element& element) {
    const std::string id = element.trimmed();
    offer_text(draft.id, k_own, id);
    const std::string permalink = element.attribute("isPermaLink");
    // Without the attribute a guid is a permalink by the rules, but only an address can be one.
    if (iequals(trim(permalink), "true") || (permalink.empty() && is_web_address(id))) offer_text(draft.link, k_last_resort, element.link(id));
}

// Some feeds say the address only in the id.
void read_atom_id(ItemDraft& draft, const Element& element) {
    std::string id = element.trimmed();
    // "/2022/01/hare" identifies nothing by itself: it is an address without its first half.
    if (id.starts_with('/')) id = element.link(id);
    offer_text(draft.id, k_own, id);
    if (is_web_address(id)) offer_text(draft.link, k_last_resort + 3, id);
}

void read_enclosure(ItemDraft& draft, const Element& element) {
    std::string url = element.attribute("url");
    if (trim(url).empty()) url = element.attribute("href");
    add_enclosure(draft.enclosures, {.url = element.link(url),
                                     .type = std::string(trim(element.attribute("type"))),
                                     .length_bytes = length_of(element.attribute("length"))});
}

void read_source(ItemDraft& draft, const Element& element) {
    if (element.has_elements()) {  // atom:source
        FeedDraft source;
        for (const Element& child : element) read_feed_element(source, child);
        draft.source.title = source.title.take();
        draft.source.link = source.link.take();
        draft.source_authors = std::move(source.authors);
        return;
    }
    draft.source.title = short_text(element);
    draft.source.link = element.link(element.attribute("url"));
}

void read_image_child(ItemDraft& draft, const Element& element) {
    std::string url = element.attribute("href");
    if (url.empty()) url = element.attribute("url");
    if (url.empty()) url = element.child(Space::feed, "url").operator bool() ? element.child(Space::feed, "url").text() : std::string{};
    if (url.empty() && !element.has_elements()) url = element.text();
    offer_text(draft.image, k_module, element.link(url));
}

void read_atom_category(ItemDraft& draft, const Element& element) {
    add_atom_category(draft.categories, element);
}

void read_rss_category(ItemDraft& draft, const Element& element) {
    std::string text = element.text();
    if (trim(text).empty()) return read_atom_category(draft, element);
    add_category(draft.categories, text);
}

void read_atom_content(ItemDraft& draft, const Element& element) {
    if (const std::string source = element.attribute("src"); !trim(source).empty()) {
        offer_text(draft.link, k_last_resort, element.link(source));
        return;
    }
    offer_markup(draft.content, k_own, atom_text(element));
}

// An item with a description and a summary means the description; the other text is not thrown away.
void read_rss_summary(ItemDraft& draft, const Element& element) {
    const Markup markup = html_body(element);
    offer_markup(draft.summary, k_other_dialect, markup);
    offer_markup(draft.spare_body, k_last_resort, markup);
}

void read_duration(ItemDraft& draft, const Element& element) {
    if (const auto duration = parse_media_duration(element.text())) draft.duration.offer(k_own, *duration);
}

// The player's page is where an entry leads that has no link of its own.
void read_media_player(ItemDraft& draft, const Element& element) {
    offer_text(draft.link, k_last_resort, element.link(element.attribute("url")));
}

void read_original_enclosure(ItemDraft& draft, const Element& element) { draft.original_enclosure = element.link(element.text()); }

void read_original_link(ItemDraft& draft, const Element& element) { draft.original_link = element.link(element.text()); }

using Row = ElementRow<ItemDraft>;
const auto k_rows = std::to_array<Row>({
    {Space::feed, "title", [](ItemDraft& d, const Element& e) { offer_markup(d.title, k_own, short_text(e)); }},
    {Space::feed, "link", read_rss_link},
    {Space::feed, "guid", read_guid},
    {Space::feed, "id", [](ItemDraft& d, const Element& e) { offer_text(d.id, k_other_dialect, e.trimmed()); }},
    {Space::feed, "description", [](ItemDraft& d, const Element& e) { offer_markup(d.summary, k_own, html_body(e)); }},
    {Space::feed, "summary", read_rss_summary},
    {Space::feed, "content", [](ItemDraft& d, const Element& e) { offer_markup(d.content, k_other_dialect, html_body(e)); }},
    {Space::feed, "body", [](ItemDraft& d, const Element& e) { offer_markup(d.content, k_module, html_body(e)); }},
    {Space::feed, "fullitem", [](ItemDraft& d, const Element& e) { offer_markup(d.content, k_module, html_body(e)); }},
    {Space::feed, "author", [](ItemDraft& d, const Element& e) { add_person(d.authors, person_of_element(e)); }},
    {Space::feed, "category", read_rss_category},
    {Space::feed, "keywords", read_keywords},
    {Space::feed, "tags", read_keywords},
    {Space::feed, "enclosure", read_enclosure},
    {Space::feed, "pubdate", [](ItemDraft& d, const Element& e) { offer_date(d.published, k_own, e.text()); }},
    {Space::feed, "published", [](ItemDraft& d, const Element& e) { offer_date(d.published, k_other_dialect, e.text()); }},
    {Space::feed, "issued", [](ItemDraft& d, const Element& e) { offer_date(d.published, k_other_dialect, e.text()); }},
    {Space::feed, "date", [](ItemDraft& d, const Element& e) { offer_date(d.published, k_weaker_module, e.text()); }},
    {Space::feed, "updated", [](ItemDraft& d, const Element& e) { offer_date(d.updated, k_other_dialect, e.text()); }},
    {Space::feed, "modified", [](ItemDraft& d, const Element& e) { offer_date(d.updated, k_other_dialect, e.text()); }},
    {Space::feed, "lastbuilddate", [](ItemDraft& d, const Element& e) { offer_date(d.updated, k_weaker_module, e.text()); }},
    {Space::feed, "comments", [](ItemDraft& d, const Element& e) { offer_text(d.comments, k_own, e.link(e.text())); }},
    {Space::feed, "source", read_source},
    {Space::feed, "image", read_image_child},
    {Space::feed, "thumbnail", read_image_child},
    {Space::feed, "language", [](ItemDraft& d, const Element& e) { offer_text(d.language, k_own, e.trimmed()); }},
    {Space::atom, "title", [](ItemDraft& d, const Element& e) { offer_markup(d.title, k_other_dialect, atom_text(e)); }},
    {Space::atom, "link", static_cast<void (*)(ItemDraft&, const Element&)>(read_atom_link)},
    {Space::atom, "id", read_atom_id},
    {Space::atom, "summary", [](ItemDraft& d, const Element& e) { offer_markup(d.summary, k_other_dialect, atom_text(e)); }},
    {Space::atom, "content", read_atom_content},
    {Space::atom, "author", [](ItemDraft& d, const Element& e) { add_person(d.authors, person_of_element(e)); }},
    {Space::atom, "category", read_atom_category},
    {Space::atom, "published", [](ItemDraft& d, const Element& e) { offer_date(d.published, k_other_dialect, e.text()); }},
    {Space::atom, "issued", [](ItemDraft& d, const Element& e) { offer_date(d.published, k_module, e.text()); }},
    {Space::atom, "created", [](ItemDraft& d, const Element& e) { offer_date(d.published, k_weak_module, e.text()); }},
    {Space::atom, "updated", [](ItemDraft& d, const Element& e) { offer_date(d.updated, k_own, e.text()); }},
    {Space::atom, "modified", [](ItemDraft& d, const Element& e) { offer_date(d.updated, k_other_dialect, e.text()); }},
    {Space::atom, "source", read_source},
    {Space::dc, "title", [](ItemDraft& d, const Element& e) { offer_markup(d.title, k_module, short_text(e)); }},
    {Space::dc, "creator", [](ItemDraft& d, const Element& e) { add_person(d.authors, person_of_text(e.text())); }},
    {Space::dc, "author", [](ItemDraft& d, const Element& e) { add_person(d.authors, person_of_text(e.text())); }},
    {Space::dc, "contributor", [](ItemDraft& d, const Element& e) { add_person(d.fallback_authors, person_of_text(e.text())); }},
    {Space::dc, "subject", [](ItemDraft& d, const Element& e) { add_category(d.categories, e.text()); }},
    {Space::dc, "description", [](ItemDraft& d, const Element& e) { offer_markup(d.summary, k_module, html_body(e)); }},
    {Space::dc, "date", [](ItemDraft& d, const Element& e) { offer_date(d.published, k_weak_module, e.text()); }},
    {Space::dc, "language", [](ItemDraft& d, const Element& e) { offer_text(d.language, k_module, e.trimmed()); }},
    {Space::dc, "identifier", [](ItemDraft& d, const Element& e) { offer_text(d.id, k_weaker_module, e.trimmed()); }},
    {Space::dcterms, "issued", [](ItemDraft& d, const Element& e) { offer_date(d.published, k_module, e.text()); }},
    {Space::dcterms, "created", [](ItemDraft& d, const Element& e) { offer_date(d.published, k_module, e.text()); }},
    {Space::dcterms, "modified", [](ItemDraft& d, const Element& e) { offer_date(d.updated, k_module, e.text()); }},
    {Space::dcterms, "date", [](ItemDraft& d, const Element& e) { offer_date(d.published, k_weak_module, e.text()); }},
    {Space::content, "encoded", [](ItemDraft& d, const Element& e) { offer_markup(d.content, k_own, html_body(e)); }},
    {Space::xhtml, "body", [](ItemDraft& d, const Element& e) { offer_markup(d.content, k_module, html_body(e)); }},
    {Space::xhtml, "div", [](ItemDraft& d, const Element& e) { offer_markup(d.content, k_weak_module, html_body(e)); }},
    {Space::media, "group", read_media_element},
    {Space::media, "content", read_media_element},
    {Space::media, "thumbnail", read_media_element},
    {Space::media, "title", read_media_element},
    {Space::media, "description", read_media_element},
    {Space::media, "text", read_media_element},
    {Space::media, "keywords", read_media_element},
    {Space::media, "category", read_media_element},
    {Space::media, "credit", read_media_element},
    {Space::media, "player", read_media_player},
    {Space::itunes, "author", [](ItemDraft& d, const Element& e) { add_person(d.fallback_authors, person_of_text(e.text())); }},
    {Space::itunes, "title", [](ItemDraft& d, const Element& e) { offer_markup(d.title, k_weak_module, short_text(e)); }},
    {Space::itunes, "summary", [](ItemDraft& d, const Element& e) { offer_markup(d.summary, k_weak_module, html_body(e)); }},
    {Space::itunes, "subtitle", [](ItemDraft& d, const Element& e) { offer_markup(d.summary, k_last_resort, html_body(e)); }},
    {Space::itunes, "image", read_image_child},
    {Space::itunes, "duration", read_duration},
    {Space::itunes, "keywords", read_keywords},
    {Space::feedburner, "origlink", read_original_link},
    {Space::feedburner, "origenclosurelink", read_original_enclosure},
});

}  // namespace

void add_atom_category(std::vector<std::string>& categories, const Element& element) {
    const std::string term = element.attribute("term");
    const std::string label = element.attribute("label");
    add_category(categories, term);
    if (!iequals(trim(term), trim(label))) add_category(categories, label);
    if (trim(term).empty() && trim(label).empty()) add_category(categories, element.text());
}

void read_atom_link(ItemDraft& draft, const Element& element) {
    std::string href = element.link(element.attribute("href"));
    if (href.empty()) href = element.link(element.text());
    std::string relation = ascii_lower(trim(element.attribute("rel")));
    constexpr std::string_view k_registry = "http://www.iana.org/assignments/relation/";
    if (relation.starts_with(k_registry)) relation.erase(0, k_registry.size());
    const std::string type = ascii_lower(trim(element.attribute("type")));
    if (relation.empty() || relation == "alternate") {
        // Of several alternates the web page is meant.
        const bool page = type.empty() || type == "text/html" || type == "application/xhtml+xml" || type == "text/plain";
        offer_text(draft.link, page ? k_other_dialect : k_weaker_module, href);
    } else if (relation == "enclosure") {
        add_enclosure(draft.enclosures, {.url = href, .type = type, .length_bytes = length_of(element.attribute("length"))});
    } else if (relation == "replies") {
        if (type.empty() || type == "text/html" || type == "application/xhtml+xml") offer_text(draft.comments, k_module, href);
    } else if (relation == "via" || relation == "related" || relation == "self") {
        offer_text(draft.link, k_last_resort + (relation == "self" ? 2 : 1), href);
    }
}

void read_item_element(ItemDraft& draft, const Element& element) {
    static const ElementTable<ItemDraft> table(k_rows);
    table.read(draft, element);
}

}  // namespace agg::parse
