#include "clean/html_tokenizer.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "clean/character_references.hpp"

namespace agg::clean {
namespace {

constexpr std::string_view k_replacement = "\xEF\xBF\xBD";

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\f' || c == '\r'; }

}  // namespace

std::string_view HtmlToken::attribute(std::string_view name) const {
    for (const HtmlAttribute& candidate : attributes)
        if (candidate.name == name) return candidate.value;
    return {};
}

void HtmlTokenizer::read_as(ContentModel model, std::string_view element) {
    model_ = model;
    element_ = element;
}

bool HtmlTokenizer::next(HtmlToken& token) {
    pool_used_ = 0;
    token.attributes.clear();
    token.self_closing = false;
    token.has_public_id = token.has_system_id = token.force_quirks = false;
    while (!at_end()) {
        const std::size_t begin = at_;
        bool found = false;
        switch (model_) {
            case ContentModel::data: {
                if (html_[at_] == '<' && read_markup(token))
                    found = true;
                else if (at_ == begin)
                    found = read_text(token, std::min(html_.find('<', at_ + 1), html_.size()), true, true);
                break;
            }
            case ContentModel::rcdata:
            case ContentModel::rawtext:
            case ContentModel::script_data: found = read_raw(token); break;
            case ContentModel::plaintext: found = read_text(token, html_.size(), false, false); break;
            case ContentModel::cdata: found = read_cdata(token); break;
        }
        if (found) {
            token.source = html_.substr(begin, at_ - begin);
            return true;
        }
    }
    return false;
}

bool HtmlTokenizer::read_text(HtmlToken& token, std::size_t end, bool references, bool keep_nul) {
    const std::string_view text = html_.substr(at_, end - at_);
    at_ = end;
    token.kind = TokenKind::text;
    token.text = references ? resolved(text, false, keep_nul) : plain(text, keep_nul);
    return !text.empty();
}

// At "<". Returns false with `at_` unmoved when it is a character like any other, false with `at_` moved when what was
// read makes no token.
bool HtmlTokenizer::read_markup(HtmlToken& token) {
    const auto peek = [this](std::size_t ahead) { return at_ + ahead < html_.size() ? html_[at_ + ahead] : '\0'; };
    if (is_ascii_alpha(peek(1))) {
        at_ += 1;
        return read_tag(token, TokenKind::start_tag);
    }
    if (peek(1) == '/') {
        if (is_ascii_alpha(peek(2))) {
            at_ += 2;
            return read_tag(token, TokenKind::end_tag);
        }
        if (at_ + 2 >= html_.size()) return false;
        at_ += 2;
        if (html_[at_] == '>') {
            ++at_;
            return false;
        }
        return read_bogus_comment(token);
    }
    if (peek(1) == '?') {
        at_ += 1;
        return read_bogus_comment(token);
    }
    if (peek(1) != '!' || (odd_ == OddDeclarations::text && is_odd_declaration())) return false;
    at_ += 2;
    const std::string_view rest = html_.substr(at_);
    if (rest.starts_with("--")) return read_comment(token);
    if (istarts_with(rest, "doctype")) return read_doctype(token);
    return read_bogus_comment(token);
}

bool HtmlTokenizer::read_tag(HtmlToken& token, TokenKind kind) {
    const std::size_t name_begin = at_;
    while (!at_end() && !is_space(html_[at_]) && html_[at_] != '/' && html_[at_] != '>') ++at_;
    token.kind = kind;
    token.text = lower(html_.substr(name_begin, at_ - name_begin));
    while (true) {
        skip_space();
        if (at_end()) {
            cut_in_tag_ = true;
            return false;
        }
        if (html_[at_] == '>') {
            ++at_;
            break;
        }
        if (html_[at_] == '/') {
            ++at_;
            if (!at_end() && html_[at_] == '>') {
                token.self_closing = true;
                ++at_;
                break;
            }
            continue;
        }
        read_attribute(token);
    }
    if (kind == TokenKind::end_tag) {
        token.attributes.clear();
        token.self_closing = false;
    }
    return true;
}

// At the first character of a name, which may be "=" (13.2.5.32). Leaves `at_` at the end of the document when it is
// cut inside.
void HtmlTokenizer::read_attribute(HtmlToken& token) {
    const std::size_t name_begin = at_++;
    while (!at_end() && !is_space(html_[at_]) && html_[at_] != '/' && html_[at_] != '>' && html_[at_] != '=') ++at_;
    const std::string_view name = lower(html_.substr(name_begin, at_ - name_begin));
    std::string_view value;
    const std::size_t name_end = at_;
    skip_space();
    if (at_end() || html_[at_] != '=') {
        at_ = at_end() ? at_ : name_end;
    } else {
        ++at_;
        skip_space();
        if (at_end()) return;
        std::size_t begin = at_;
        std::size_t end = at_;
        if (const char quote = html_[at_]; quote == '"' || quote == '\'') {
            begin = at_ + 1;
            end = html_.find(quote, begin);
            if (end == std::string_view::npos) {
                at_ = html_.size();
                return;
            }
            at_ = end + 1;
        } else {
            while (!at_end() && !is_space(html_[at_]) && html_[at_] != '>') ++at_;
            end = at_;
        }
        value = resolved(html_.substr(begin, end - begin), true, false);
    }
    if (token.attributes.size() >= k_max_attributes) return;
    for (const HtmlAttribute& earlier : token.attributes)
        if (earlier.name == name) return;
    token.attributes.push_back({name, value});
}

bool HtmlTokenizer::ends_element(std::size_t at) const {
    const std::size_t name_end = at + 2 + element_.size();
    if (element_.empty() || name_end >= html_.size() || !iequals(html_.substr(at + 2, element_.size()), element_))
        return false;
    const char after = html_[name_end];
    return is_space(after) || after == '/' || after == '>';
}

bool HtmlTokenizer::read_raw(HtmlToken& token) {
    std::size_t end = at_;
    if (model_ == ContentModel::script_data) {
        end = find_script_end();
    } else {
        for (end = html_.find("</", at_); end != std::string_view::npos && !ends_element(end);)
            end = html_.find("</", end + 2);
        end = std::min(end, html_.size());
    }
    if (end > at_) return read_text(token, end, model_ == ContentModel::rcdata, false);
    model_ = ContentModel::data;
    at_ += 2;
    return read_tag(token, TokenKind::end_tag);
}

// Where the script's end tag begins. A comment in a script may hide an end tag when it also holds a start tag
// (13.2.5.20 to 31).
std::size_t HtmlTokenizer::find_script_end() const {
    enum class State { script, escaped, double_escaped };
    State state = State::script;
    for (std::size_t at = at_; at < html_.size(); ++at) {
        if (html_[at] == '-' && state != State::script) {
            if (html_.substr(at, 3) == "-->") state = State::script;
            continue;
        }
        if (html_[at] != '<') continue;
        if (state == State::script && html_.substr(at, 4) == "<!--") {
            state = State::escaped;
            ++at;  // "<!-->" ends it at once, so the dashes are looked at again
            continue;
        }
        const bool closing = at + 1 < html_.size() && html_[at + 1] == '/';
        if (closing && state != State::double_escaped && ends_element(at)) return at;
        if (state == State::script || closing != (state == State::double_escaped)) continue;
        const std::size_t name = at + (closing ? 2 : 1);
        if (!istarts_with(html_.substr(name), "script") || name + 6 >= html_.size()) continue;
        const char after = html_[name + 6];
        if (is_space(after) || after == '/' || after == '>') {
            state = closing ? State::escaped : State::double_escaped;
            at = name + 6;
        }
    }
    return html_.size();
}

bool HtmlTokenizer::read_cdata(HtmlToken& token) {
    const std::size_t end = html_.find("]]>", at_);
    model_ = end == std::string_view::npos ? ContentModel::cdata : ContentModel::data;
    const bool found = read_text(token, std::min(end, html_.size()), false, true);
    if (end != std::string_view::npos) at_ = end + 3;
    return found;
}

void HtmlTokenizer::skip_space() {
    while (!at_end() && is_space(html_[at_])) ++at_;
}

std::string& HtmlTokenizer::fresh() {
    if (pool_used_ == pool_.size()) pool_.emplace_back();
    std::string& text = pool_[pool_used_++];
    text.clear();
    return text;
}

std::string_view HtmlTokenizer::lower(std::string_view name) {
    const bool simple = std::all_of(name.begin(), name.end(), [](char c) { return c != '\0' && ascii_lower(c) == c; });
    if (simple) return name;
    std::string& text = fresh();
    for (const char c : name) {
        if (c == '\0')
            text += k_replacement;
        else
            text += ascii_lower(c);
    }
    return text;
}

// `text` with line ends as the input stream has them (13.2.3.5) and NUL replaced unless `keep_nul`.
std::string_view HtmlTokenizer::plain(std::string_view text, bool keep_nul) {
    constexpr auto none = std::string_view::npos;
    if (text.find('\r') == none && (keep_nul || text.find('\0') == none)) return text;
    std::string& out = fresh();
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\r') {
            if (i + 1 >= text.size() || text[i + 1] != '\n') out += '\n';
        } else if (text[i] == '\0' && !keep_nul) {
            out += k_replacement;
        } else {
            out += text[i];
        }
    }
    return out;
}

// `plain` text with its character references resolved. What a reference stands for is not changed any further: "&#13;"
// stays CR.
std::string_view HtmlTokenizer::resolved(std::string_view text, bool in_attribute, bool keep_nul) {
    std::size_t ampersand = text.find('&');
    if (ampersand == std::string_view::npos) return plain(text, keep_nul);
    const ReferencePlace place = in_attribute ? ReferencePlace::attribute : ReferencePlace::text;
    std::string& out = fresh();
    while (true) {
        out += plain(text.substr(0, ampersand), keep_nul);
        if (ampersand == std::string_view::npos) return out;
        text.remove_prefix(ampersand);
        if (const std::size_t length = read_reference(text, place, out); length > 0) {
            text.remove_prefix(length);
            ampersand = text.find('&');
        } else {
            ampersand = text.find('&', 1);
        }
    }
}

}  // namespace agg::clean
