#include "parse/vocabulary.hpp"

#include <array>

#include "base/text.hpp"

namespace agg::parse {
namespace {

struct Row {
    std::string_view key;
    Space space;
};

// Without scheme and the slashes and "#" at the end, in lower case.
constexpr auto k_uris = std::to_array<Row>({
    {"www.w3.org/2005/atom", Space::atom},
    {"purl.org/atom/ns", Space::atom},
    {"purl.org/atom", Space::atom},
    {"purl.org/atom-blog/ns", Space::atom},
    {"www.w3.org/1999/02/22-rdf-syntax-ns", Space::rdf},
    {"purl.org/dc/elements/1.1", Space::dc},
    {"purl.org/dc/elements/1.0", Space::dc},
    {"purl.org/dc", Space::dc},
    {"dublincore.org/documents/dcmi-terms", Space::dcterms},
    {"purl.org/dc/terms", Space::dcterms},
    {"purl.org/rss/1.0/modules/content", Space::content},
    {"purl.org/rss/modules/content", Space::content},
    {"search.yahoo.com/mrss", Space::media},
    {"search.yahoo.com/rss", Space::media},
    {"search.yahoo.com/mrss/media", Space::media},
    {"tools.search.yahoo.com/mrss", Space::media},
    {"video.search.yahoo.com/mrss", Space::media},
    {"api.maven.com/dtds/mavenrss/1.0", Space::media},
    {"www.rssboard.org/media-rss", Space::media},
    {"www.itunes.com/dtds/podcast-1.0.dtd", Space::itunes},
    {"itunes.com/dtds/podcast-1.0.dtd", Space::itunes},
    {"www.itunes.com/dtds/podcast-1.0", Space::itunes},
    {"podcastindex.org/namespace/1.0", Space::podcast},
    {"github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md", Space::podcast},
    {"purl.org/rss/1.0/modules/slash", Space::slash},
    {"wellformedweb.org/commentapi", Space::wfw},
    {"purl.org/rss/1.0/modules/syndication", Space::sy},
    {"purl.org/syndication/thread/1.0", Space::thr},
    {"rssnamespace.org/feedburner/ext/1.0", Space::feedburner},
    {"www.w3.org/1999/xhtml", Space::xhtml},
    {"www.w3.org/xml/1998/namespace", Space::xml},
    {"a9.com/-/spec/opensearch/1.1", Space::opensearch},
    {"a9.com/-/spec/opensearchrss/1.0", Space::opensearch},
    {"www.google.com/schemas/play-podcasts/1.0", Space::googleplay},
    {"backend.userland.com/rss", Space::feed},
    {"backend.userland.com/rss2", Space::feed},
    {"backend.userland.com/rss091", Space::feed},
    {"blogs.law.harvard.edu/tech/rss", Space::feed},
    {"cyber.law.harvard.edu/rss", Space::feed},
    {"my.netscape.com/rdf/simple/0.9", Space::feed},
    {"my.netscape.com/publish/formats/rss-0.91.dtd", Space::feed},
    {"channel.netscape.com/rdf/simple/0.9", Space::feed},
    {"purl.org/rss/1.0", Space::feed},
    {"purl.org/net/rss1.1", Space::feed},
    {"www.rssboard.org/rss-specification", Space::feed},
});

constexpr auto k_prefixes = std::to_array<Row>({
    {"atom", Space::atom},       {"atom10", Space::atom},       {"atom03", Space::atom}, {"a10", Space::atom},
    {"rdf", Space::rdf},         {"dc", Space::dc},             {"dcterms", Space::dcterms},
    {"content", Space::content}, {"media", Space::media},       {"itunes", Space::itunes},
    {"podcast", Space::podcast}, {"slash", Space::slash},       {"wfw", Space::wfw},     {"sy", Space::sy},
    {"thr", Space::thr},         {"feedburner", Space::feedburner}, {"xhtml", Space::xhtml}, {"xml", Space::xml},
    {"rss", Space::feed},        {"opensearch", Space::opensearch}, {"googleplay", Space::googleplay},
});

}  // namespace

Space space_of_uri(std::string_view uri) {
    std::string key = ascii_lower(trim(uri));
    for (const std::string_view scheme : {"http://", "https://"})
        if (key.starts_with(scheme)) key.erase(0, scheme.size());
    while (!key.empty() && (key.back() == '/' || key.back() == '#')) key.pop_back();
    if (key.empty()) return Space::feed;
    for (const Row& row : k_uris)
        if (row.key == key) return row.space;
    return Space::unknown;
}

Space space_of_prefix(std::string_view prefix) {
    for (const Row& row : k_prefixes)
        if (row.key == prefix) return row.space;
    return Space::unknown;
}

}  // namespace agg::parse
