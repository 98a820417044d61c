#include "serve/entry.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/url.hpp"

namespace agg::serve {
namespace {

constexpr std::size_t k_title_bytes = 120;

bool is_web(std::string_view url) { return istarts_with(url, "http://") || istarts_with(url, "https://"); }

// The code point that the reference at the start of `text` ("&amp;", "&#39;") stands for, and its length; 0 when it is
// none.
std::pair<char32_t, std::size_t> reference_at(std::string_view text) {
    struct Named {
        std::string_view name;
        char32_t code_point;
    };
    static constexpr std::array<Named, 7> k_named = {
        {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}, {"nbsp", 0xA0}, {"shy", 0xAD}}};
    const std::size_t end = text.substr(0, 12).find(';');
    if (end == std::string_view::npos) return {0, 0};
    const std::string_view name = text.substr(1, end - 1);
    for (const Named& named : k_named)
        if (named.name == name) return {named.code_point, end + 1};
    if (!name.starts_with('#')) return {0, 0};
    const bool hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
    const std::string_view digits = name.substr(hex ? 2 : 1);
    std::uint32_t value = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, hex ? 16 : 10);
    if (digits.empty() || read.ec != std::errc{} || read.ptr != digits.data() + digits.size() || value == 0)
        return {0, 0};
    return {value, end + 1};
}

std::string shortened(const std::string& text, std::size_t max_bytes) {
    if (text.size() <= max_bytes) return text;
    std::string_view cut = truncate_utf8(text, max_bytes);
    // Between words where the script has spaces between words.
    if (const std::size_t space = cut.rfind(' '); space != std::string_view::npos && space > max_bytes / 2)
        cut = cut.substr(0, space);
    return std::string(cut) + "…";
}

std::string link_of(const store::Member& member) {
    const Item& item = member.item;
    if (!item.link.empty()) return item.link;
    if (!item.canonical_url.empty()) return item.canonical_url;
    // RSS allows a guid that is the only address an item has.
    if (is_web(item.id)) return item.id;
    return item.enclosures.empty() ? std::string{} : item.enclosures.front().url;
}

std::string outlet_title(const store::Member& member) {
    std::string title = collapse_space(member.feed_title);
    return title.empty() ? member.feed_name : title;
}

Outlet outlet_of(const store::Member& member) {
    Outlet outlet;
    outlet.title = outlet_title(member);
    outlet.site = member.feed_site;
    if (Url::parse(member.feed_url)) outlet.feed_url = shown_url(member.feed_url);
    outlet.id = outlet.feed_url.empty() ? "urn:x-aggd:feed:" + member.feed_name : outlet.feed_url;
    return outlet;
}

// A readable title for an item without one: how its text begins, else its link, else where it is from.
std::string title_of(const store::Story& story, const std::string& link) {
    for (const store::Member& member : story.members)
        if (std::string title = collapse_space(member.item.title); !title.empty()) return title;
    const Item& leading = story.members.front().item;
    for (const std::string* html : {&leading.summary_html, &leading.content_html})
        if (const std::string text = plain_text(*html); !text.empty()) return shortened(text, k_title_bytes);
    if (!link.empty()) return shortened(shown_url(link), k_title_bytes);
    return fmt::format("Untitled ({})", outlet_title(story.members.front()));
}

std::vector<Author> authors_of(const store::Member& member) {
    std::vector<Author> authors;
    for (Author author : member.item.authors) {
        author.name = collapse_space(author.name);
        if (author.name.empty()) author.name = author.email.empty() ? author.url : author.email;
        if (author.email.find('@') == std::string::npos) author.email.clear();
        if (!author.name.empty()) authors.push_back(std::move(author));
    }
    if (authors.empty()) authors.push_back({outlet_title(member), "", member.feed_site});
    return authors;
}

std::vector<std::string> categories_of(const Item& item) {
    std::vector<std::string> categories;
    std::set<std::string> seen;
    for (const std::string& each : item.categories)
        if (std::string category = collapse_space(each); !category.empty() && seen.insert(ascii_lower(category)).second)
            categories.push_back(std::move(category));
    return categories;
}

std::vector<AlsoTold> also_told(const store::Story& story) {
    std::vector<AlsoTold> also;
    std::set<std::string> seen = {story.members.front().feed_name};
    for (const store::Member& member : story.members)
        if (seen.insert(member.feed_name).second) also.push_back({outlet_title(member), link_of(member)});
    return also;
}

std::string also_line(const std::vector<AlsoTold>& also) {
    std::string line;
    for (const AlsoTold& other : also) {
        line += line.empty() ? "" : ", ";
        const std::string name = escape_markup(other.outlet);
        line += other.url.empty() ? name : fmt::format("<a href=\"{}\">{}</a>", escape_markup(other.url), name);
    }
    return fmt::format("<p><small>Also: {}</small></p>", line);
}

bool is_language_tag(std::string_view text) {
    return !text.empty() && is_ascii_alpha(text[0]) && std::all_of(text.begin(), text.end(), [](char c) {
        return is_ascii_alpha(c) || is_ascii_digit(c) || c == '-';
    });
}

}  // namespace

std::string plain_text(std::string_view html) {
    std::string text;
    text.reserve(html.size());
    for (std::size_t at = 0; at < html.size();) {
        if (html[at] == '<') {
            const std::size_t end = html.find('>', at);
            if (end == std::string_view::npos) break;
            // Inline elements do not part words, all others do.
            const std::string_view tag = html.substr(at + (html.substr(at + 1, 1) == "/" ? 2 : 1));
            const std::string_view name = tag.substr(0, tag.find_first_of(" />\t\n"));
            static constexpr std::array<std::string_view, 12> k_inline = {"a",     "b", "i", "em",  "strong", "span",
                                                                          "small", "u", "s", "sub", "sup",    "code"};
            if (std::none_of(k_inline.begin(), k_inline.end(),
                             [&](std::string_view each) { return iequals(each, name); }))
                text += ' ';
            at = end + 1;
            continue;
        }
        const auto [code_point, length] =
            html[at] == '&' ? reference_at(html.substr(at)) : std::pair<char32_t, std::size_t>{0, 0};
        if (length > 0)
            append_utf8(text, code_point);
        else
            text += html[at];
        at += std::max<std::size_t>(length, 1);
    }
    return collapse_space(text);
}

Entry entry_of(const store::Story& story) {
    const store::Member& leading = story.members.front();
    const Item& item = leading.item;
    Entry entry;
    entry.id = story.uid;
    for (const store::Member& member : story.members)
        if (entry.link.empty()) entry.link = link_of(member);
    entry.title = title_of(story, entry.link);
    entry.published = item.published;
    entry.updated = std::max({item.published, item.updated.value_or(item.published), story.changed_at});
    entry.authors = authors_of(leading);
    entry.categories = categories_of(item);
    for (Enclosure enclosure : item.enclosures) {
        if (enclosure.url.empty()) continue;
        if (enclosure.type.empty()) enclosure.type = "application/octet-stream";
        entry.enclosures.push_back(std::move(enclosure));
    }
    entry.summary_html = item.summary_html;
    if (item.content_html != item.summary_html) entry.content_html = item.content_html;
    entry.also = also_told(story);
    if (!entry.also.empty())
        (entry.content_html.empty() ? entry.summary_html : entry.content_html) += also_line(entry.also);
    entry.image = item.image;
    entry.comments = item.comments;
    if (is_language_tag(item.language)) entry.language = item.language;
    entry.duration = item.duration;
    entry.outlet = outlet_of(leading);
    return entry;
}

std::vector<Entry> entries_of(const store::Story& story, const EntryRules& rules) {
    store::Story ordered = story;
    std::stable_partition(ordered.members.begin(), ordered.members.end(),
                          [&](const store::Member& member) { return member.feed_name == rules.leading_feed; });
    std::vector<store::Story> parts;
    for (store::Member& member : ordered.members) {
        const auto belongs = [&](const store::Story& part) {
            const std::string& url = part.members.front().item.canonical_url;
            return rules.dedup == Dedup::story ||
                   (rules.dedup == Dedup::exact && !url.empty() && url == member.item.canonical_url);
        };
        auto part = std::find_if(parts.begin(), parts.end(), belongs);
        if (part == parts.end()) {
            part = parts.insert(parts.end(), store::Story{.uid = "", .members = {}});
            part->changed_at = member.item.updated.value_or(member.item.published);
        }
        part->members.push_back(std::move(member));
    }
    std::vector<Entry> entries;
    for (store::Story& part : parts) {
        ItemId item = part.members.front().id;
        for (const store::Member& member : part.members) item = std::min(item, member.id);
        // The item that came first may be one that rules hide: then no part is the story but the whole.
        part.uid = rules.dedup == Dedup::story || item == story.first
                       ? story.uid
                       : fmt::format("urn:x-aggd:{}:item:{}", rules.store_identity, static_cast<std::int64_t>(item));
        if (parts.size() == 1) part.changed_at = story.changed_at;
        entries.push_back(entry_of(part));
        if (!rules.id_scope.empty()) entries.back().id = fmt::format("urn:x-aggd:{}:{}", rules.id_scope, part.uid);
    }
    return entries;
}

}  // namespace agg::serve
