// Any bytes in any encoding become UTF-8; what was UTF-8 stays as it was. The first byte chooses the encoding.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/encoding.hpp"
#include "base/encoding_labels.hpp"
#include "base/text.hpp"
#include "base/xml_repair.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto labels = agg::encoding_labels();
    const std::string encoding(labels[data[0] % labels.size()].iconv);
    if (!agg::is_utf8(agg::decode_as(bytes, encoding).text)) std::abort();
    const agg::Decoded decoded = agg::decode_document(bytes, "text/xml; charset=" + encoding);
    if (!agg::is_utf8(decoded.text)) std::abort();
    if (agg::decode_as(decoded.text, "UTF-8").text != decoded.text) std::abort();
    if (const auto mended = agg::undo_double_encoding(decoded.text); mended && !agg::is_utf8(*mended)) std::abort();
    if (!agg::is_utf8(agg::repair_xml(decoded.text).text)) std::abort();
    return 0;
}
