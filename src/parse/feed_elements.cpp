#include <array>
#include <charconv>

#include "base/text.hpp"
#include "parse/element_table.hpp"
#include "parse/elements.hpp"
#include "parse/hints.hpp"
#include "parse/markup.hpp"
#include "parse/person.hpp"

namespace agg::parse {
namespace {

enum Rank { k_own = 0, k_other_dialect = 1, k_module = 2, k_weak_module = 3, k_last_resort = 9 };

// <image><url>, an image with an address of its own, or an address as text.
void read_image(FeedDraft& draft, const Element& element) {
    std::string url = element.attribute("href");
    if (url.empty()) url = element.attribute("url");
    if (const Element child = element.child(Space::feed, "url"); url.empty() && child) url = child.text();
    if (url.empty()) url = element.attribute("resource");
    if (url.empty() && !element.has_elements()) url = element.text();
    offer_text(draft.logo, element.name().space == Space::feed ? k_own : k_module, element.link(url));
}

void read_media_image(FeedDraft& draft, const Element& element) {
    if (element.attribute("medium") == "image" || element.attribute("type").starts_with("image/")) read_image(draft, element);
}

void read_link(FeedDraft& draft, const Element& element) {
    std::string link = element.link(element.text());
    if (link.empty() && !element.attribute("href").empty()) return read_atom_link(draft, element);
    offer_text(draft.link, k_own, std::move(link));
}

void read_owner(FeedDraft& draft, const Element& element) { add_person(draft.fallback_authors, person_of_element(element)); }

void read_category(FeedDraft& draft, const Element& element) {
    add_atom_category(draft.categories, element);
    add_category(draft.categories, element.attribute("text"));  // itunes:category
    for (const Element& child : element)
        if (child.name().space == Space::itunes) add_category(draft.categories, child.attribute("text"));
}

void read_id(FeedDraft& draft, const Element& element) {
    const std::string id = element.trimmed();
    offer_text(draft.id, k_own, id.starts_with('/') ? element.link(id) : id);
}

void read_keywords(FeedDraft& draft, const Element& element) {
    const std::string text = element.text();
    for (const std::string_view word : split(text, ',')) add_category(draft.categories, word);
}

using Row = ElementRow<FeedDraft>;
const auto k_rows = std::to_array<Row>({
    {Space::feed, "title", [](FeedDraft& d, const Element& e) { offer_markup(d.title, k_own, short_text(e)); }},
    {Space::feed, "link", read_link},
    {Space::feed, "id", [](FeedDraft& d, const Element& e) { offer_text(d.id, k_other_dialect, e.trimmed()); }},
    {Space::feed, "description", [](FeedDraft& d, const Element& e) { offer_markup(d.subtitle, k_own, short_text(e)); }},
    {Space::feed, "subtitle", [](FeedDraft& d, const Element& e) { offer_markup(d.subtitle, k_other_dialect, short_text(e)); }},
    {Space::feed, "tagline", [](FeedDraft& d, const Element& e) { offer_markup(d.subtitle, k_other_dialect, short_text(e)); }},
    {Space::feed, "language", [](FeedDraft& d, const Element& e) { offer_text(d.language, k_own, e.trimmed()); }},
    {Space::feed, "managingeditor", [](FeedDraft& d, const Element& e) { add_person(d.authors, person_of_text(e.text())); }},
    {Space::feed, "webmaster", [](FeedDraft& d, const Element& e) { add_person(d.last_authors, person_of_text(e.text())); }},
    {Space::feed, "author", [](FeedDraft& d, const Element& e) { add_person(d.authors, person_of_element(e)); }},
    {Space::feed, "category", read_category},
    {Space::feed, "keywords", read_keywords},
    {Space::feed, "pubdate", [](FeedDraft& d, const Element& e) { offer_date(d.published, k_own, e.text()); }},
    {Space::feed, "published", [](FeedDraft& d, const Element& e) { offer_date(d.published, k_other_dialect, e.text()); }},
    {Space::feed, "lastbuilddate", [](FeedDraft& d, const Element& e) { offer_date(d.updated, k_own, e.text()); }},
    {Space::feed, "updated", [](FeedDraft& d, const Element& e) { offer_date(d.updated, k_other_dialect, e.text()); }},
    {Space::feed, "modified", [](FeedDraft& d, const Element& e) { offer_date(d.updated, k_other_dialect, e.text()); }},
    {Space::feed, "image", read_image},
    {Space::feed, "logo", [](FeedDraft& d, const Element& e) { offer_text(d.logo, k_other_dialect, e.link(e.text())); }},
    {Space::feed, "icon", [](FeedDraft& d, const Element& e) { offer_text(d.icon, k_own, e.link(e.text())); }},
    {Space::feed, "ttl", read_ttl},
    {Space::feed, "skiphours", read_skip_hours},
    {Space::feed, "skipdays", read_skip_days},
    {Space::atom, "title", [](FeedDraft& d, const Element& e) { offer_markup(d.title, k_other_dialect, atom_text(e)); }},
    {Space::atom, "subtitle", [](FeedDraft& d, const Element& e) { offer_markup(d.subtitle, k_other_dialect, atom_text(e)); }},
    {Space::atom, "tagline", [](FeedDraft& d, const Element& e) { offer_markup(d.subtitle, k_other_dialect, atom_text(e)); }},
    {Space::atom, "info", [](FeedDraft& d, const Element& e) { offer_markup(d.subtitle, k_last_resort, atom_text(e)); }},
    {Space::atom, "link", static_cast<void (*)(FeedDraft&, const Element&)>(read_atom_link)},
    {Space::atom, "id", read_id},
    {Space::atom, "author", [](FeedDraft& d, const Element& e) { add_person(d.authors, person_of_element(e)); }},
    {Space::atom, "category", read_category},
    {Space::atom, "published", [](FeedDraft& d, const Element& e) { offer_date(d.published, k_other_dialect, e.text()); }},
    {Space::atom, "updated", [](FeedDraft& d, const Element& e) { offer_date(d.updated, k_other_dialect, e.text()); }},
    {Space::atom, "modified", [](FeedDraft& d, const Element& e) { offer_date(d.updated, k_other_dialect, e.text()); }},
    {Space::atom, "logo", [](FeedDraft& d, const Element& e) { offer_text(d.logo, k_own, e.link(e.text())); }},
    {Space::atom, "icon", [](FeedDraft& d, const Element& e) { offer_text(d.icon, k_own, e.link(e.text())); }},
    {Space::dc, "title", [](FeedDraft& d, const Element& e) { offer_markup(d.title, k_module, short_text(e)); }},
    {Space::dc, "description", [](FeedDraft& d, const Element& e) { offer_markup(d.subtitle, k_module, short_text(e)); }},
    {Space::dc, "creator", [](FeedDraft& d, const Element& e) { add_person(d.authors, person_of_text(e.text())); }},
    {Space::dc, "author", [](FeedDraft& d, const Element& e) { add_person(d.authors, person_of_text(e.text())); }},
    {Space::dc, "publisher", [](FeedDraft& d, const Element& e) { add_person(d.fallback_authors, person_of_text(e.text())); }},
    {Space::dc, "subject", [](FeedDraft& d, const Element& e) { add_category(d.categories, e.text()); }},
    {Space::dc, "language", [](FeedDraft& d, const Element& e) { offer_text(d.language, k_module, e.trimmed()); }},
    {Space::dc, "date", [](FeedDraft& d, const Element& e) { offer_date(d.published, k_weak_module, e.text()); }},
    {Space::dcterms, "issued", [](FeedDraft& d, const Element& e) { offer_date(d.published, k_module, e.text()); }},
    {Space::dcterms, "created", [](FeedDraft& d, const Element& e) { offer_date(d.published, k_module, e.text()); }},
    {Space::dcterms, "modified", [](FeedDraft& d, const Element& e) { offer_date(d.updated, k_module, e.text()); }},
    {Space::itunes, "author", [](FeedDraft& d, const Element& e) { add_person(d.fallback_authors, person_of_text(e.text())); }},
    {Space::itunes, "owner", read_owner},
    {Space::itunes, "subtitle", [](FeedDraft& d, const Element& e) { offer_markup(d.subtitle, k_weak_module, short_text(e)); }},
    {Space::itunes, "summary", [](FeedDraft& d, const Element& e) { offer_markup(d.subtitle, k_module, short_text(e)); }},
    {Space::itunes, "title", [](FeedDraft& d, const Element& e) { offer_markup(d.title, k_weak_module, short_text(e)); }},
    {Space::itunes, "image", read_image},
    {Space::itunes, "category", read_category},
    {Space::itunes, "keywords", read_keywords},
    {Space::googleplay, "image", read_image},
    {Space::media, "thumbnail", read_image},
    {Space::media, "content", read_media_image},
    {Space::sy, "updateperiod", read_update_period},
    {Space::sy, "updatefrequency", read_update_frequency},
});

}  // namespace

void read_atom_link(FeedDraft& draft, const Element& element) {
    const std::string relation = ascii_lower(trim(element.attribute("rel")));
    const std::string href = element.link(element.attribute("href"));
    if (!relation.empty() && relation != "alternate" && relation != "http://www.iana.org/assignments/relation/alternate") return;
    const std::string type = ascii_lower(trim(element.attribute("type")));
    const bool page = type.empty() || type == "text/html" || type == "application/xhtml+xml" || type == "text/plain";
    offer_text(draft.link, page ? k_other_dialect : k_last_resort, href.empty() ? element.link(element.text()) : href);
}

void read_feed_element(FeedDraft& draft, const Element& element) {
    static const ElementTable<FeedDraft> table(k_rows);
    table.read(draft, element);
}

}  // namespace agg::parse
