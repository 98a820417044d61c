#include "clean/plain_text.hpp"

#include "base/text.hpp"
#include "clean/allowed_markup.hpp"
#include "clean/html_tokenizer.hpp"
#include "clean/safe_text.hpp"

namespace agg::clean {
namespace {

// Words in angle brackets that are looked for; each search may read the whole text.
constexpr std::size_t k_max_words = 16;

// Whether `tag`, which is no element of HTML proper, is part of a word ("vector<int>") and no markup. `before` is the
// text up to it.
bool is_part_of_word(const HtmlToken& tag, std::string_view before, std::string_view rest) {
    if (tag.kind == TokenKind::end_tag || !tag.attributes.empty() || tag.self_closing) return false;
    if (before.empty() || !(is_ascii_alpha(before.back()) || is_ascii_digit(before.back()) || before.back() == '_'))
        return false;
    return ifind(rest, "</" + std::string(tag.text)) == std::string_view::npos;
}

bool sets_apart(const Element& element) {
    return element.is(k_closes_p | k_special | k_heading) || element.name == "br" || element.name == "option";
}

std::string text_of_html(std::string_view html) {
    HtmlTokenizer tokenizer(html, OddDeclarations::text);
    HtmlToken token;
    std::string out;
    std::string alternative;
    std::size_t words = 0;
    const Element* skipped = nullptr;
    while (true) {
        const std::size_t begin = tokenizer.position();
        if (!tokenizer.next(token)) {
            // "a <b" at the end: browsers drop an unfinished tag, but in a title it was meant to be read.
            if (tokenizer.cut_in_tag() && skipped == nullptr)
                out += html.substr(html.rfind('<') < begin ? begin : html.rfind('<'));
            break;
        }
        if (token.kind == TokenKind::text) {
            if (skipped == nullptr) out += token.text;
            continue;
        }
        if (token.kind != TokenKind::start_tag && token.kind != TokenKind::end_tag) continue;
        const Element* element = find_element(token.text);
        if (element == nullptr || element->is(k_svg | k_math)) {
            if (skipped == nullptr && words < k_max_words &&
                is_part_of_word(token, out, html.substr(tokenizer.position()))) {
                out += token.source;
                ++words;
            }
            continue;
        }
        if (skipped != nullptr) {
            if (token.kind == TokenKind::end_tag && element == skipped) skipped = nullptr;
            continue;
        }
        if (sets_apart(*element)) out += ' ';
        if (token.kind == TokenKind::end_tag) continue;
        if (element->is(k_script | k_rawtext) && !token.self_closing) {
            tokenizer.read_as(element->is(k_script) ? ContentModel::script_data : ContentModel::rawtext, element->name);
            if (element->treatment == Treatment::drop) skipped = element;
        }
        if (element->name == "img" && alternative.empty()) alternative = token.attribute("alt");
    }
    return trim(out).empty() ? alternative : out;
}

}  // namespace

std::string plain_text(const Markup& markup, std::size_t max_bytes) {
    if (markup.type == MarkupType::plain || markup.text.find_first_of("<&") == std::string::npos)
        return clean_line(markup.text, max_bytes);
    return clean_line(text_of_html(markup.text), max_bytes);
}

}  // namespace agg::clean
