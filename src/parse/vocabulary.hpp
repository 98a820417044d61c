// The names that feeds are made of: element and namespace, whatever prefix a document gives it.
#pragma once

#include <cstdint>
#include <string_view>

namespace agg::parse {

// A namespace we know. `feed` stands for the elements of the document's own dialect: no namespace, or one of RSS's many.
enum class Space : std::uint8_t {
    unknown, feed, atom, rdf, dc, dcterms, content, media, itunes, podcast, slash, wfw, sy, thr, feedburner, xhtml, xml, opensearch, googleplay
};

// The namespace that an address names, by whatever spelling feeds use ("http://" or "https://", with or without a slash).
[[nodiscard]] Space space_of_uri(std::string_view uri);

// What a prefix means by custom, when a document forgets to declare it.
[[nodiscard]] Space space_of_prefix(std::string_view prefix);

struct Name {
    Space space = Space::unknown;
    std::string_view local;
};

}  // namespace agg::parse
