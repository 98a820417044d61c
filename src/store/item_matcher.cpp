#include "store/item_matcher.hpp"

#include <algorithm>
#include <stdexcept>

#include "dedup/plain.hpp"
#include "store/search_text.hpp"

namespace agg::store {
namespace {

using Kind = Query::Kind;

// As in the full-text index.
constexpr std::size_t k_body_bytes = 64 * 1024;
// No word has a line break.
constexpr const char* k_line_end = "\n ";

}  // namespace

ItemText::Field& ItemText::field(Kind kind) {
    switch (kind) {
        case Kind::title: return title_;
        case Kind::author: return author_;
        case Kind::link: return link_;
        case Kind::category: return category_;
        default: return body_;
    }
}

const std::string& ItemText::words(Kind kind) {
    auto& words = field(kind).words;
    if (words) return *words;
    words = " ";
    const auto add = [&](std::string_view text) {
        std::string prepared;
        append_search_text(prepared, text);
        tokenizer_.append_words(*words, prepared);
        *words += k_line_end;
    };
    switch (kind) {
        case Kind::title: add(item_.title); break;
        case Kind::link: add(item_.link); break;
        case Kind::author:
            for (const Author& author : item_.authors) add(author.name);
            break;
        case Kind::category:
            for (const std::string& category : item_.categories) add(category);
            break;
        default:
            for (const std::string* html : {&item_.summary_html, &item_.content_html}) {
                std::string prepared;
                append_search_html(prepared, *html, k_body_bytes);
                tokenizer_.append_words(*words, prepared);
                *words += k_line_end;
            }
    }
    return *words;
}

const std::string& ItemText::plain(Kind kind) {
    auto& plain = field(kind).plain;
    if (plain) return *plain;
    plain.emplace();
    const auto add = [&](std::string_view text) {
        if (!plain->empty()) *plain += '\n';
        *plain += text;
    };
    switch (kind) {
        case Kind::title: add(item_.title); break;
        case Kind::link: add(item_.link); break;
        case Kind::author:
            for (const Author& author : item_.authors) add(author.name);
            break;
        case Kind::category:
            for (const std::string& category : item_.categories) add(category);
            break;
        default:
            for (const std::string* html : {&item_.summary_html, &item_.content_html})
                if (!html->empty()) add(dedup::plain_text_of(*html).text);
    }
    return *plain;
}

ItemMatcher::ItemMatcher(const Query& match, Tokenizer& tokenizer) : kind_(match.kind) {
    for (const Query& part : match.parts) parts_.emplace_back(part, tokenizer);
    if (!match.parts.empty()) return;
    if (match.form != Query::Form::words) {
        auto pattern = Pattern::read(
            match.text, match.form == Query::Form::pattern ? Pattern::Case::matters : Pattern::Case::ignored);
        if (!pattern) throw std::invalid_argument(pattern.error().message);
        pattern_ = std::move(*pattern);
        return;
    }
    std::string prepared;
    append_search_text(prepared, match.text);
    tokenizer.append_words(words_, prepared);
    if (words_.empty()) return;
    words_.insert(0, " ");
    if (match.is_beginning) words_.pop_back();
}

bool ItemMatcher::has(ItemText& text, Kind field) const {
    if (pattern_) return pattern_->is_in(text.plain(field));
    return !words_.empty() && text.words(field).find(words_) != std::string::npos;
}

bool ItemMatcher::fits(ItemText& text) const {
    const auto fit = [&](const ItemMatcher& part) { return part.fits(text); };
    switch (kind_) {
        case Kind::all_of: return std::all_of(parts_.begin(), parts_.end(), fit);
        case Kind::any_of: return std::any_of(parts_.begin(), parts_.end(), fit);
        case Kind::none_of: return std::none_of(parts_.begin(), parts_.end(), fit);
        case Kind::text:
            // As a search: what the full-text index has of an item.
            return has(text, Kind::title) || has(text, Kind::author) || has(text, Kind::category) ||
                   has(text, Kind::body);
        default: return has(text, kind_);
    }
}

}  // namespace agg::store
