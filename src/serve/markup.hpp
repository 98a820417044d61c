// Writing XML as text. Not through pugixml's tree: a page of 1,000 bodies would be copied into the tree first, and the
// tree lets characters pass that XML forbids.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace agg::serve {

// Valid UTF-8 without control characters (C0 but tab and line feed, DEL, C1) and without U+FFFE and U+FFFF, which XML
// forbids even as references (XML 1.0, 2.2). Carriage returns become line feeds, as an XML parser would make them.
[[nodiscard]] std::string scrub(std::string_view text);

// Elements one below the other, scrubbed and escaped. Names are the writer's own and taken as they are.
class XmlWriter {
  public:
    // An attribute with an empty value is left out.
    using Attributes = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    XmlWriter() : out_("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n") {}

    void open(const char* name, Attributes attributes = {});
    void close();
    void element(const char* name, std::string_view text, Attributes attributes = {});
    void empty_element(const char* name, Attributes attributes);

    // The document. Every element must be closed.
    [[nodiscard]] std::string take() { return std::move(out_); }

  private:
    void start(const char* name, Attributes attributes);
    void end(const char* name);
    std::string out_;
    std::vector<const char*> open_;
};

}  // namespace agg::serve
