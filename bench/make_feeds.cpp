// Feed documents that nobody wrote, as publishers have them: N.xml for every feed, for a web server to hand out.
//
//     bench_make_feeds FOLDER FEEDS ITEMS [FIRST [END]]
//
// Each feed has ITEMS items, the newest first, beginning with its FIRST one (0): 1 instead of 0 makes each feed's
// oldest item go and a new one come. The last items are of END (in seconds since 1970; now). Half are RSS with a text
// in escaped HTML, one in five is RSS with a full text beside the summary, one in five Atom, the rest RSS with bare
// summaries.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "synthetic_news.hpp"

namespace {

using namespace agg;

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            default: out += c;
        }
    }
    return out;
}

// The item's first paragraph without its tags.
std::string summary(const Item& item) {
    const std::size_t begin = item.content_html.find('>') + 1;
    return item.content_html.substr(begin, item.content_html.find('<', begin) - begin);
}

// Three texts of four are of one paragraph; who tells the same has the same text.
std::string text_of(const Item& item) {
    const std::string& html = item.content_html;
    return html.size() % 4 == 0 ? html : html.substr(0, html.find("</p>") + 4);
}

// What a publisher's system makes of the text: a picture, a link, a pixel that counts readers.
std::string marked_up(const Item& item, std::uint64_t number) {
    std::string html;
    if (number % 2 == 0)
        html += fmt::format(
            R"(<figure><img src="https://img.news.example/{}.jpg" alt="{}" width="640" height="360"/></figure>)",
            number, item.authors[0].name);
    html += text_of(item);
    if (number % 3 == 0)
        html += fmt::format(
            R"(<p><a href="{}?utm_source=rss&utm_medium=feed" target="_blank">Read more &raquo;</a></p>)", item.link);
    if (number % 4 == 0)
        html += fmt::format(R"(<img src="https://count.news.example/p?i={}" width="1" height="1"/>)", number);
    return html;
}

std::tm utc(TimePoint time) { return fmt::gmtime(static_cast<std::time_t>(to_unix_ms(time) / 1000)); }

std::string rss_item(const Item& item, std::uint64_t number, std::uint64_t kind) {
    std::string text = escaped(kind == 9 ? summary(item) : kind < 5 ? marked_up(item, number) : summary(item));
    if (kind < 9 && kind >= 5)
        text += "</description><content:encoded><![CDATA[" + marked_up(item, number) + "]]></content:encoded>";
    else
        text += "</description>";
    return fmt::format(
        "<item>\n<title>{}</title>\n<link>{}{}</link>\n<guid isPermaLink=\"false\">{}</guid>\n<pubDate>{:%a, %d %b %Y "
        "%H:%M:%S} GMT</pubDate>\n<dc:creator>{}</dc:creator>\n<category>{}</category>\n<description>{}\n</item>\n",
        item.title, item.link, kind < 3 ? "?utm_source=rss&amp;utm_campaign=feed" : "", item.id, utc(item.published),
        item.authors[0].name, item.categories[0], text);
}

std::string atom_entry(const Item& item, std::uint64_t number) {
    return fmt::format(
        "<entry>\n<title>{0}</title>\n<link rel=\"alternate\" type=\"text/html\" href=\"{1}\"/>\n<id>{2}</id>\n"
        "<published>{3:%Y-%m-%dT%H:%M:%SZ}</published>\n<updated>{3:%Y-%m-%dT%H:%M:%SZ}</updated>\n"
        "<author><name>{4}</name></author>\n<category term=\"{5}\"/>\n<content type=\"html\">{6}</content>\n</entry>\n",
        item.title, item.link, item.id, utc(item.published), item.authors[0].name, item.categories[0],
        escaped(marked_up(item, number)));
}

std::string document(const bench::SyntheticNews& news, std::uint64_t feed, std::uint64_t feeds, std::uint64_t items,
                     std::uint64_t first) {
    const std::uint64_t kind = feed % 10;
    const bool is_atom = kind == 7 || kind == 8;
    std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    text += is_atom ? fmt::format(
                          "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<title>News {0}</title>\n<id>tag:news-{0}."
                          "example,2026:feed</id>\n<link href=\"https://news-{0}.example/\"/>\n",
                          feed)
                    : fmt::format(
                          "<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
                          "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\">\n<channel>\n<title>News "
                          "{0}</title>\n<link>https://news-{0}.example/</link>\n<description>What happens at "
                          "{0}</description>\n<language>en</language>\n",
                          feed);
    for (std::uint64_t age = 0; age < items; ++age) {
        const std::uint64_t nth = first + items - 1 - age;
        // No feed is always the first, nor always the one that tells what another told before.
        const std::uint64_t number = nth * feeds + (feed + nth * 7) % feeds;
        const Item item = news.item(number);
        text += is_atom ? atom_entry(item, number) : rss_item(item, number, kind);
    }
    text += is_atom ? "</feed>\n" : "</channel>\n</rss>\n";
    return text;
}

}  // namespace

int main(int count, char** arguments) {
    if (count < 4) {
        std::fputs("usage: bench_make_feeds FOLDER FEEDS ITEMS [FIRST [END]]\n", stderr);
        return 2;
    }
    const auto number = [&](int position, std::uint64_t otherwise) {
        return position < count ? std::strtoull(arguments[position], nullptr, 10) : otherwise;
    };
    const std::filesystem::path folder = arguments[1];
    const std::uint64_t feeds = number(2, 0), items = number(3, 0), first = number(4, 0);
    const TimePoint end =
        from_unix_ms(static_cast<std::int64_t>(number(5, static_cast<std::uint64_t>(std::time(nullptr)))) * 1000);
    std::filesystem::create_directories(folder);
    const bench::SyntheticNews news(feeds * (items + 1), end, std::chrono::hours{5 * 24});
    for (std::uint64_t feed = 0; feed < feeds; ++feed) {
        std::ofstream file(folder / fmt::format("{}.xml", feed), std::ios::binary);
        file << document(news, feed, feeds, items, first);
        if (!file.flush()) {
            std::fprintf(stderr, "bench_make_feeds: cannot write below %s\n", arguments[1]);
            return 1;
        }
    }
}
