// Text that wants to be XML becomes XML. For readers of feeds and of OPML: both arrive broken.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace agg {

struct RepairedXml {
    std::string text;                   // balanced, quoted, one line of open elements at most k_max_xml_depth deep
    std::vector<std::string> warnings;  // what was repaired, each kind once, for people
    bool cut_short = false;             // the text ended while elements were open
    bool item_cut_short = false;        // an item or entry was among them
};

constexpr std::size_t k_max_xml_depth = 256;

// Makes `utf8` balanced XML: quotes attributes, closes what is open, drops end tags of nothing, escapes "<" that starts no tag,
// drops document types and processing instructions. Character references are left as they are, known or not: the reader
// resolves them. What HTML never closes (br, img, hr) is closed at once, and items never nest. Linear in the size of `utf8`.
[[nodiscard]] RepairedXml repair_xml(std::string_view utf8);

// Without the characters that XML 1.0 forbids (2.2): C0 controls but tab, line feed and carriage return, U+FFFE, U+FFFF.
[[nodiscard]] std::string without_forbidden_characters(std::string_view utf8);
[[nodiscard]] bool has_forbidden_characters(std::string_view utf8);

}  // namespace agg
