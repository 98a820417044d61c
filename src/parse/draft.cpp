#include "parse/draft.hpp"

#include "base/text.hpp"
#include "parse/date.hpp"
#include "parse/markup.hpp"

namespace agg::parse {

void offer_date(Choice<ParsedDate>& choice, int rank, std::string text) {
    if (trim(text).empty()) return;
    constexpr int k_unreadable = 1000;
    const auto time = parse_date(text);
    choice.offer_newer(time ? rank : rank + k_unreadable, {.text = std::string(trim(text)), .time = time});
}

void offer_text(Choice<std::string>& choice, int rank, std::string text) {
    if (!trim(text).empty()) choice.offer(rank, std::move(text));
}

void offer_markup(Choice<Markup>& choice, int rank, Markup markup) {
    if (!trim(markup.text).empty()) choice.offer(rank, std::move(markup));
}

void add_category(std::vector<std::string>& categories, std::string_view category) {
    std::string clean = collapse_space(category);
    if (clean.empty() || std::find(categories.begin(), categories.end(), clean) != categories.end()) return;
    categories.push_back(std::move(clean));
}

void add_enclosure(std::vector<Enclosure>& enclosures, Enclosure enclosure) {
    if (enclosure.url.empty()) return;
    for (Enclosure& known : enclosures) {
        if (known.url != enclosure.url) continue;
        if (known.type.empty()) known.type = std::move(enclosure.type);
        if (!known.length_bytes) known.length_bytes = enclosure.length_bytes;
        return;
    }
    enclosures.push_back(std::move(enclosure));
}

ParsedItem ItemDraft::finish() {
    ParsedItem item;
    const bool has_body = content.has_value() || !spare_body.has_value() || spare_body.value().text == summary.value().text;
    if (!has_body) content = spare_body;
    if (!original_enclosure.empty() && !enclosures.empty()) enclosures[0].url = original_enclosure;
    item.id = id.take();
    item.link = link.take();
    item.original_link = std::move(original_link);
    item.comments = comments.take();
    item.title = title.take();
    item.summary = summary.take();
    item.content = content.take();
    item.authors = !authors.empty() ? std::move(authors) : !fallback_authors.empty() ? std::move(fallback_authors) : std::move(source_authors);
    item.categories = std::move(categories);
    item.enclosures = std::move(enclosures);
    item.image = image.take();
    if (item.image.empty()) item.image = first_image(item.content);
    if (item.image.empty()) item.image = first_image(item.summary);
    if (duration.has_value()) item.duration = duration.value();
    item.source = std::move(source);
    item.language = language.take();
    item.published = published.take();
    item.updated = updated.take();
    return item;
}

void FeedDraft::finish(ParsedFeed& feed) {
    feed.title = title.take();
    feed.subtitle = subtitle.take();
    feed.link = link.take();
    feed.id = id.take();
    feed.language = language.take();
    feed.icon = icon.take();
    feed.logo = logo.take();
    if (feed.logo.empty()) feed.logo = first_image(feed.subtitle);
    feed.published = published.take();
    feed.updated = updated.take();
    feed.authors = !authors.empty() ? std::move(authors) : !fallback_authors.empty() ? std::move(fallback_authors) : std::move(last_authors);
    feed.categories = std::move(categories);
    feed.hints = std::move(hints);
}

}  // namespace agg::parse
