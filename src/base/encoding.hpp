// Bytes in any encoding that real sites use become UTF-8. Labels mean what the WHATWG Encoding Standard
// (https://encoding.spec.whatwg.org/) says; what it does not know is asked of iconv.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace agg {

// The name that iconv has for what `label` means ("latin1" is windows-1252, "gb2312" is GB18030, case and outer space ignored);
// absent when neither the standard nor iconv knows it.
[[nodiscard]] std::optional<std::string> encoding_of_label(std::string_view label);

struct Decoded {
    std::string text;           // well-formed UTF-8, without byte order mark
    std::string encoding;       // the one that was used, by iconv's name
    std::size_t replaced = 0;   // sequences that are nothing in `encoding`: U+FFFD or a guess stands for each
    bool contradicted = false;  // another encoding than the declared one was used, because that could not be right
};

// Decodes `bytes` as `encoding` (a name that encoding_of_label returned).
[[nodiscard]] Decoded decode_as(std::string_view bytes, const std::string& encoding);

// Decodes a document of XML, HTML or JSON. A byte order mark decides; after it the charset of `content_type` (an HTTP header,
// may be empty), the document's own declaration (XML declaration, HTML meta), the bytes themselves. A declaration that the bytes
// contradict is overruled: what is well-formed UTF-8 beyond doubt is read as UTF-8 whatever was declared.
[[nodiscard]] Decoded decode_document(std::string_view bytes, std::string_view content_type);

// Text that was UTF-8, was read as windows-1252 and written as UTF-8 again ("â€¦", "Ã©"), mended; absent when any part of it
// cannot have come about that way.
[[nodiscard]] std::optional<std::string> undo_double_encoding(std::string_view utf8);

// The charset parameter of a Content-Type header, quotes removed; empty when there is none.
[[nodiscard]] std::string_view charset_of(std::string_view content_type);

// The encoding that the document names in its first bytes (XML declaration or HTML meta element); empty when it names none.
[[nodiscard]] std::string_view declared_encoding(std::string_view bytes);

}  // namespace agg
