#include "clean/clean.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "clean/canonical_url.hpp"
#include "clean/dates.hpp"
#include "clean/link_post.hpp"
#include "clean/plain_text.hpp"
#include "clean/safe_text.hpp"
#include "clean/safe_url.hpp"
#include "clean/sanitize.hpp"

namespace agg::clean {
namespace {

constexpr std::size_t k_max_title = 1024;
constexpr std::size_t k_max_subtitle = 4096;
constexpr std::size_t k_max_name = 512;
constexpr std::size_t k_max_id = 4096;
constexpr std::size_t k_max_language = 64;
constexpr std::size_t k_max_authors = 64;
constexpr std::size_t k_max_categories = 256;
constexpr std::size_t k_max_enclosures = 64;

std::string safe_markup(const Markup& markup) {
    if (markup.type == MarkupType::html) return safe_html(markup.text, markup.base);
    std::string text;
    append_escaped_text(text, truncate_utf8(to_valid_utf8(markup.text), k_max_html_bytes));
    return text;
}

std::string safe_link(std::string_view url) { return without_tracking(safe_absolute_url(url, UrlUse::link)); }

std::vector<Author> clean_authors(const std::vector<Author>& authors) {
    std::vector<Author> out;
    for (const Author& author : authors) {
        if (out.size() >= k_max_authors) break;
        Author cleaned{clean_line(author.name, k_max_name), clean_line(author.email, k_max_name),
                       safe_absolute_url(author.url, UrlUse::link)};
        if (cleaned != Author{} && std::find(out.begin(), out.end(), cleaned) == out.end())
            out.push_back(std::move(cleaned));
    }
    return out;
}

std::vector<std::string> clean_categories(const std::vector<std::string>& categories) {
    std::vector<std::string> out;
    for (const std::string& category : categories) {
        if (out.size() >= k_max_categories) break;
        std::string cleaned = clean_line(category, k_max_name);
        if (!cleaned.empty() && std::find(out.begin(), out.end(), cleaned) == out.end())
            out.push_back(std::move(cleaned));
    }
    return out;
}

std::vector<Enclosure> clean_enclosures(const std::vector<Enclosure>& enclosures) {
    std::vector<Enclosure> out;
    for (const Enclosure& enclosure : enclosures) {
        if (out.size() >= k_max_enclosures) break;
        Enclosure cleaned{safe_absolute_url(enclosure.url, UrlUse::link), clean_line(enclosure.type, k_max_name),
                          enclosure.length_bytes};
        const auto same_url = [&](const Enclosure& other) { return other.url == cleaned.url; };
        if (!cleaned.url.empty() && std::none_of(out.begin(), out.end(), same_url)) out.push_back(std::move(cleaned));
    }
    return out;
}

}  // namespace

Item clean_item(const ParsedItem& item, const ParsedFeed& feed, TimePoint now) {
    Item out;
    out.id = std::string(truncate_utf8(clean_text(item.id), k_max_id));
    const std::string& link = item.original_link.empty() ? item.link : item.original_link;
    out.link = safe_link(link);
    if (out.link.empty()) out.link = safe_link(item.link);
    out.canonical_url = canonical_url(out.link);
    // A redirector's target is not known, but the permanent link often is the id.
    if (out.canonical_url.empty()) out.canonical_url = canonical_url(out.id);
    out.title = plain_text(item.title, k_max_title);
    out.summary_html = safe_markup(item.summary);
    out.content_html = safe_markup(item.content);
    if (const std::string target = canonical_url(link_post_target(out.content_html.empty() ? out.summary_html
                                                                                           : out.content_html));
        !target.empty())
        out.canonical_url = target;
    out.authors = clean_authors(item.authors);
    out.categories = clean_categories(item.categories);
    out.enclosures = clean_enclosures(item.enclosures);
    out.image = safe_absolute_url(item.image, UrlUse::resource);
    out.comments = safe_absolute_url(item.comments, UrlUse::link);
    out.language = clean_line(item.language.empty() ? feed.language : item.language, k_max_language);
    out.duration = item.duration;
    out.source = {plain_text(item.source.title, k_max_title), safe_absolute_url(item.source.link, UrlUse::link)};
    ItemDates dates = repaired_dates(item, feed, now);
    out.published = dates.published;
    out.published_repaired = dates.published_repaired;
    out.published_text = std::move(dates.published_text);
    out.updated = dates.updated;
    return out;
}

FeedInfo clean_feed(const ParsedFeed& feed) {
    FeedInfo out;
    out.format = feed.format;
    out.title = plain_text(feed.title, k_max_title);
    out.subtitle = plain_text(feed.subtitle, k_max_subtitle);
    out.site = safe_link(feed.link);
    out.icon = safe_absolute_url(feed.icon.empty() ? feed.logo : feed.icon, UrlUse::resource);
    out.language = clean_line(feed.language, k_max_language);
    return out;
}

}  // namespace agg::clean
