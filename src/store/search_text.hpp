// Text as the full-text index takes it and as it is looked up: the same on both sides.
#pragma once

#include <string>
#include <string_view>

namespace agg::store {

// Appends `text` so that FTS5's unicode61 makes of it what people search by: characters of scripts that are written
// without spaces (Han, kana, Hangul, Thai, Lao, Khmer, Myanmar) stand alone, so that a phrase of them is found
// anywhere; "ё" is "е". Case and Latin diacritics are the tokenizer's business.
void append_search_text(std::string& out, std::string_view text);

// The same of the text of safe HTML: tags are spaces or nothing, references are resolved. Stops at `max_bytes` of
// `out`.
void append_search_html(std::string& out, std::string_view html, std::size_t max_bytes);

}  // namespace agg::store
