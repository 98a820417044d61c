#include "base/encoding.hpp"

#include <catch2/catch.hpp>

using namespace agg;

namespace {

std::string text_of(std::string_view bytes, std::string_view content_type = {}) { return decode_document(bytes, content_type).text; }

}  // namespace

TEST_CASE("labels mean what the Encoding Standard says") {
    CHECK(encoding_of_label("latin1") == "CP1252");
    CHECK(encoding_of_label(" ISO-8859-1 ") == "CP1252");
    CHECK(encoding_of_label("gb2312") == "GB18030");
    CHECK(encoding_of_label("x-sjis") == "CP932");
    CHECK(encoding_of_label("windows_1250") == "CP1250");
    CHECK(encoding_of_label("utf8") == "UTF-8");
    CHECK_FALSE(encoding_of_label("klingon"));
    CHECK_FALSE(encoding_of_label("//TRANSLIT"));
    CHECK_FALSE(encoding_of_label(""));
}

TEST_CASE("the encoding is the mark's, then the header's, then the document's") {
    CHECK(text_of("\xEF\xBB\xBF<a>é</a>", "text/xml; charset=koi8-r") == "<a>é</a>");
    CHECK(text_of(std::string_view("\xFF\xFE<\0a\0>\0", 8)) == "<a>");
    CHECK(text_of(std::string_view("\0<\0a\0>", 6)) == "<a>");
    CHECK(text_of("<?xml version='1.0' encoding='koi8-r'?>\xC1", "text/xml; charset=windows-1251") ==
          "<?xml version='1.0' encoding='koi8-r'?>Б");
    CHECK(text_of("<?xml version='1.0' encoding='windows-1251'?>\xC1") == "<?xml version='1.0' encoding='windows-1251'?>Б");
    CHECK(text_of("<meta http-equiv=Content-Type content='text/html; charset=windows-1251'>\xC1").ends_with("Б"));
}

TEST_CASE("a single-byte declaration cannot turn UTF-8 into nonsense") {
    const Decoded decoded = decode_document("<a>Новости</a>", "text/xml; charset=ISO-8859-1");
    CHECK(decoded.text == "<a>Новости</a>");
    CHECK(decoded.contradicted);
}

TEST_CASE("bytes foreign to UTF-8 cost themselves only") {
    const Decoded decoded = decode_document("<a>Espa\xF1" "a, señor, año, mañana, qué, «más», así: caf\xE9. cut: \xE2\x82</a>", {});
    CHECK(decoded.text == "<a>España, señor, año, mañana, qué, «más», así: café. cut: \uFFFD</a>");
    CHECK(decoded.replaced == 3);
}

TEST_CASE("an encoding that nobody names is guessed from the bytes") {
    CHECK(text_of("<title>\xCD\xEE\xE2\xEE\xF1\xF2\xE8 \xE4\xED\xFF</title>") == "<title>Новости дня</title>");              // windows-1251
    CHECK(text_of("<title>\xEE\xCF\xD7\xCF\xD3\xD4\xC9 \xC4\xCE\xD1</title>") == "<title>Новости дня</title>");              // KOI8-R
    CHECK(text_of("<title>\x82\xB1\x82\xEA\x82\xCD\x93\xFA\x96\x7B\x8C\xEA\x82\xC5\x82\xB7</title>") == "<title>これは日本語です</title>");  // Shift_JIS
    CHECK(text_of("<title>caf\xE9 na\xEFve</title>") == "<title>café naïve</title>");
}

TEST_CASE("double encoding is undone only where all of a text shows it") {
    CHECK(undo_double_encoding("donâ€™t") == "don’t");
    CHECK(undo_double_encoding("cafÃ©") == "café");
    CHECK_FALSE(undo_double_encoding("café"));
    CHECK_FALSE(undo_double_encoding("cafÃ© Привет"));
    CHECK_FALSE(undo_double_encoding("plain"));
}

TEST_CASE("the charset of a header is found in any spelling") {
    CHECK(charset_of("text/xml; charset=utf-8") == "utf-8");
    CHECK(charset_of("TEXT/XML;CHARSET=\"windows-1251\"; x=y") == "windows-1251");
    CHECK(charset_of("text/xml; charset = 'koi8-r'") == "koi8-r");
    CHECK(charset_of("text/xml") == "");
}
