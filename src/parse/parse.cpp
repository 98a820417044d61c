#include "parse/parse.hpp"

#include "base/encoding.hpp"
#include "base/text.hpp"
#include "base/url_reference.hpp"
#include "parse/dialects.hpp"
#include "parse/discovery.hpp"
#include "parse/xml.hpp"

namespace agg::parse {
namespace {

bool is_json(std::string_view text) {
    text = trim(text.substr(0, 4096));
    return text.starts_with("{") || text.starts_with("[");
}

void warn_of_encoding(ParsedFeed& feed, const Decoded& decoded) {
    if (decoded.replaced > 0)
        feed.warnings.push_back(fmt::format("{} byte sequences are no {} and were replaced", decoded.replaced, decoded.encoding));
    if (decoded.contradicted) feed.warnings.push_back(fmt::format("the declared encoding is wrong; read as {}", decoded.encoding));
}

// RFC 9110, 8.7: Content-Location names the document more exactly than the address that was asked for. Only the web's schemes
// are believed.
std::string base_of(const Document& document) {
    if (!document.content_location.empty()) {
        std::string base = resolve_reference(document.url, document.content_location);
        if (istarts_with(base, "http://") || istarts_with(base, "https://")) return base;
    }
    return std::string(trim(document.url));
}

}  // namespace

Result<ParsedFeed> parse(const Document& document) {
    Decoded decoded = decode_document(document.bytes, document.content_type);
    std::string base = base_of(document);
    if (is_json(decoded.text)) {
        auto feed = read_json_feed(decoded.text, base);
        if (feed) warn_of_encoding(*feed, decoded);
        return feed;
    }
    const Xml xml(std::move(decoded.text), std::move(base));
    const Element root = feed_root(xml);
    if (!root) return fail(ErrorKind::not_a_feed, "{}", describe(xml.text()));
    ParsedFeed feed = read_xml_feed(root);
    warn_of_encoding(feed, decoded);
    feed.warnings.insert(feed.warnings.end(), xml.warnings().begin(), xml.warnings().end());
    return feed;
}

std::vector<FeedLink> feed_links(const Document& document) {
    const Decoded decoded = decode_document(document.bytes, document.content_type);
    return feed_links_in(decoded.text, document.url);
}

}  // namespace agg::parse
