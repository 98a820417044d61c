// Comments and doctypes of the HTML tokenizer (WHATWG HTML, 13.2.5.41 to 13.2.5.68).
#include <algorithm>

#include "base/text.hpp"
#include "clean/html_tokenizer.hpp"

namespace agg::clean {

// At "<!".
bool HtmlTokenizer::is_odd_declaration() {
    const std::string_view rest = html_.substr(at_ + 2);
    if (rest.empty()) return true;
    if (!istarts_with(rest, "doctype"))
        return rest[0] != '-' && rest[0] != '[' && rest[0] != '>' && !is_ascii_alpha(rest[0]);
    if (at_ < unended_from_ && rest.find('>') == std::string_view::npos) unended_from_ = at_;
    return at_ >= unended_from_;
}

bool HtmlTokenizer::read_bogus_comment(HtmlToken& token) {
    const std::size_t end = std::min(html_.find('>', at_), html_.size());
    token.kind = TokenKind::comment;
    token.text = plain(html_.substr(at_, end - at_), false);
    at_ = std::min(end + 1, html_.size());
    return true;
}

// At the "--" after "<!".
bool HtmlTokenizer::read_comment(HtmlToken& token) {
    at_ += 2;
    const std::size_t begin = at_;
    token.kind = TokenKind::comment;
    const auto finish = [&](std::size_t end, std::size_t next) {
        token.text = plain(html_.substr(begin, end - begin), false);
        at_ = next;
        return true;
    };
    const std::string_view rest = html_.substr(begin);
    if (rest.starts_with(">")) return finish(begin, begin + 1);
    if (rest.starts_with("->")) return finish(begin, begin + 2);
    for (std::size_t dashes = html_.find("--", begin); dashes != std::string_view::npos;) {
        std::size_t after = dashes + 2;
        while (after < html_.size() && html_[after] == '-') ++after;
        if (after >= html_.size()) return finish(after - 2, after);
        if (html_[after] == '>') return finish(after - 2, after + 1);
        if (html_[after] == '!') {
            if (after + 1 >= html_.size()) return finish(after - 2, after + 1);
            if (html_[after + 1] == '>') return finish(after - 2, after + 2);
            ++after;
        }
        dashes = html_.find("--", after);
    }
    const bool dash_at_end = rest.ends_with('-');
    return finish(html_.size() - (dash_at_end ? 1 : 0), html_.size());
}

// At a quote. Reads a public or system identifier; false when ">" or the end of the document cuts it.
bool HtmlTokenizer::read_doctype_id(std::string_view& id) {
    const char quote = html_[at_++];
    const std::size_t begin = at_;
    while (!at_end() && html_[at_] != quote && html_[at_] != '>') ++at_;
    id = plain(html_.substr(begin, at_ - begin), false);
    if (at_end() || html_[at_] == '>') return false;
    ++at_;
    return true;
}

// At "doctype" after "<!".
bool HtmlTokenizer::read_doctype(HtmlToken& token) {
    at_ += 7;
    token.kind = TokenKind::doctype;
    token.text = {};
    token.public_id = token.system_id = {};
    const auto finish = [&](bool quirks) {
        token.force_quirks = quirks;
        at_ = std::min(html_.find('>', at_), html_.size());
        if (!at_end())
            ++at_;
        else
            token.force_quirks = true;
        return true;
    };
    // A bogus rest changes nothing: not even the end of the document inside it (13.2.5.68).
    const auto finish_bogus = [&](bool quirks) {
        finish(quirks);
        token.force_quirks = quirks;
        return true;
    };
    const auto is_quote = [&] { return !at_end() && (html_[at_] == '"' || html_[at_] == '\''); };
    const auto ended = [&] { return at_end() || html_[at_] == '>'; };

    skip_space();
    if (ended()) return finish(true);
    const std::size_t name_begin = at_;
    while (!ended() && !(html_[at_] == ' ' || (html_[at_] >= '\t' && html_[at_] <= '\r' && html_[at_] != '\v'))) ++at_;
    token.text = lower(html_.substr(name_begin, at_ - name_begin));
    skip_space();
    if (ended()) return finish(false);
    const std::string_view rest = html_.substr(at_);
    const bool is_public = istarts_with(rest, "public");
    if (!is_public && !istarts_with(rest, "system")) return finish_bogus(true);
    at_ += 6;
    skip_space();
    if (ended()) return finish(true);
    if (!is_quote()) return finish_bogus(true);
    if (is_public) {
        token.has_public_id = true;
        if (!read_doctype_id(token.public_id)) return finish(true);
        skip_space();
        if (ended()) return finish(false);
        if (!is_quote()) return finish_bogus(true);
    }
    token.has_system_id = true;
    if (!read_doctype_id(token.system_id)) return finish(true);
    skip_space();
    if (ended()) return finish(false);
    return finish_bogus(false);
}

}  // namespace agg::clean
