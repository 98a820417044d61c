#include "parse/parse.hpp"

#include "base/encoding.hpp"
#include "base/text.hpp"
#include "base/url_reference.hpp"
#include "base/xml_repair.hpp"
#include "parse/dialects.hpp"
#include "parse/discovery.hpp"
#include "parse/limits.hpp"
#include "parse/xml.hpp"

namespace agg::parse {
namespace {

bool is_json(std::string_view text) {
    text = trim(text.substr(0, 4096));
    return text.starts_with("{") || text.starts_with("[");
}

ParsedFeed with_warnings(ParsedFeed feed, const Decoded& decoded, const std::vector<std::string>& warnings) {
    feed.warnings.insert(feed.warnings.end(), warnings.begin(), warnings.end());
    if (decoded.replaced > 0)
        feed.warnings.push_back(fmt::format("{} byte sequences are no {} and were replaced", decoded.replaced, decoded.encoding));
    if (decoded.contradicted) feed.warnings.push_back(fmt::format("the declared encoding is wrong; read as {}", decoded.encoding));
    keep_within_limits(feed);
    return feed;
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

// Reads what pugixml cannot, and names what is no feed.
Result<ParsedFeed> parse_broken(const Document& document, std::string base, std::vector<std::string> warnings) {
    Decoded decoded = decode_document(document.bytes, document.content_type);
    decoded.text = without_forbidden_characters(decoded.text);
    RepairedXml repaired = repair_xml(decoded.text);
    // The document type went with the repair; its entities are still used.
    const Xml xml(std::move(repaired.text), std::move(base), References(decoded.text));
    const Element root = feed_root(xml);
    if (!root) return fail(ErrorKind::not_a_feed, "{}", describe(decoded.text));
    warnings.insert(warnings.end(), repaired.warnings.begin(), repaired.warnings.end());
    ParsedFeed feed = with_warnings(read_xml_feed(root), decoded, warnings);
    feed.cut_short = repaired.cut_short;
    feed.last_item_cut_short = repaired.item_cut_short;
    return feed;
}

}  // namespace

Result<ParsedFeed> parse(const Document& document) {
    Decoded decoded = decode_document(document.bytes, document.content_type);
    std::string base = base_of(document);
    if (is_json(decoded.text)) {
        auto feed = read_json_feed(decoded.text, base);
        if (!feed) return feed;
        return with_warnings(std::move(*feed), decoded, {});
    }
    std::vector<std::string> warnings;
    if (has_forbidden_characters(decoded.text)) {
        decoded.text = without_forbidden_characters(decoded.text);
        warnings.emplace_back("characters that XML forbids were removed");
    }
    {
        // The tree is built in the text itself, which is gone after it; what is broken is decoded once more.
        const Xml xml(std::move(decoded.text), base);
        const Element root = xml.is_well_formed() ? feed_root(xml) : Element();
        if (root) return with_warnings(read_xml_feed(root), decoded, warnings);
    }
    return parse_broken(document, std::move(base), warnings);
}

std::vector<FeedLink> feed_links(const Document& document) {
    const Decoded decoded = decode_document(document.bytes, document.content_type);
    return feed_links_in(decoded.text, document.url);
}

}  // namespace agg::parse
