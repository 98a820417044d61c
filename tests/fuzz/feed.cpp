// Any bytes: no crash, and what is read is UTF-8 and within its bounds. The first byte chooses what the transfer said.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.hpp"
#include "parse/parse.hpp"

namespace {

void check(std::string_view text) {
    if (!agg::is_utf8(text)) std::abort();
}

void check(const agg::ParsedItem& item) {
    for (const std::string_view text : {std::string_view(item.id), std::string_view(item.link), std::string_view(item.title.text),
                                        std::string_view(item.summary.text), std::string_view(item.content.text),
                                        std::string_view(item.image), std::string_view(item.comments)})
        check(text);
    for (const agg::Author& author : item.authors) check(author.name);
    for (const std::string& category : item.categories) check(category);
    for (const agg::Enclosure& enclosure : item.enclosures) check(enclosure.url);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    constexpr const char* k_types[] = {"", "text/xml; charset=windows-1251", "application/rss+xml; charset=utf-8", "text/xml; charset=gb2312"};
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const agg::parse::Document document{
        .bytes = bytes, .content_type = k_types[data[0] % 4], .url = "https://a.example/b/feed", .content_location = {}};
    if (const auto feed = agg::parse::parse(document)) {
        check(feed->title.text);
        for (const agg::ParsedItem& item : feed->items) check(item);
    } else {
        check(feed.error().message);
        for (const agg::parse::FeedLink& link : agg::parse::feed_links(document)) check(link.url);
    }
    return 0;
}
