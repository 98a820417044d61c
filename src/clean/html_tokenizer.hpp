// An HTML tokenizer after WHATWG HTML, 13.2.5. It reads anything: whatever is wrong in the text is read as browsers
// read it. Linear in the size of the text. Parse errors are not reported; nobody would read them.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace agg::clean {

struct HtmlAttribute {
    std::string_view name;   // ASCII letters in lower case
    std::string_view value;  // references resolved
};

enum class TokenKind { text, start_tag, end_tag, comment, doctype };

// One token. The views live until the next call of HtmlTokenizer::next, or longer when they point into the document.
struct HtmlToken {
    TokenKind kind = TokenKind::text;
    std::string_view
        text;  // characters, references resolved; the name of a tag or doctype in lower case; the text of a comment
    std::vector<HtmlAttribute> attributes;  // of a start tag; each name once, the first wins
    bool self_closing = false;              // <br/>
    std::string_view source;                // the bytes of the document it was read from

    // Of a doctype. An identifier that is absent differs from an empty one.
    bool has_public_id = false;
    bool has_system_id = false;
    bool force_quirks = false;
    std::string_view public_id;
    std::string_view system_id;

    // The value of an attribute; empty when absent.
    [[nodiscard]] std::string_view attribute(std::string_view name) const;
};

// How the text after a start tag is read: 13.2.5.1 to 13.2.5.5. CDATA sections exist in SVG and MathML only.
enum class ContentModel { data, rcdata, rawtext, script_data, plaintext, cdata };

// What "<!" means when neither a comment, a doctype nor a letter follows, and an unfinished doctype: a comment for
// browsers. In feeds both are words of a text that someone forgot to escape, and what follows them is meant to be read.
enum class OddDeclarations { comments, text };

class HtmlTokenizer {
  public:
    // Attributes beyond this many in one tag are dropped: a bound on the search for duplicates, far above what pages
    // need.
    static constexpr std::size_t k_max_attributes = 256;

    // Reads `html`, which must outlive the tokenizer. It should be UTF-8; bytes above 0x7F pass unchanged in any case.
    explicit HtmlTokenizer(std::string_view html, OddDeclarations odd = OddDeclarations::comments)
        : html_(html), odd_(odd) {}

    // Reads the next token into `token`; false at the end. Text may come in several pieces.
    [[nodiscard]] bool next(HtmlToken& token);

    // What follows is read as `model` until the end tag `element`, which is in lower case.
    void read_as(ContentModel model, std::string_view element);

    // Where the next token begins.
    [[nodiscard]] std::size_t position() const { return at_; }

    // True when the last call of next met the end of the document inside a tag, which browsers drop.
    [[nodiscard]] bool cut_in_tag() const { return cut_in_tag_; }

  private:
    [[nodiscard]] bool at_end() const { return at_ >= html_.size(); }
    bool read_text(HtmlToken& token, std::size_t end, bool references, bool keep_nul);
    bool read_markup(HtmlToken& token);
    bool read_tag(HtmlToken& token, TokenKind kind);
    void read_attribute(HtmlToken& token);
    bool read_raw(HtmlToken& token);
    bool read_cdata(HtmlToken& token);
    bool read_comment(HtmlToken& token);
    [[nodiscard]] bool is_odd_declaration();
    bool read_bogus_comment(HtmlToken& token);
    bool read_doctype(HtmlToken& token);
    bool read_doctype_id(std::string_view& id);
    void skip_space();
    [[nodiscard]] bool ends_element(std::size_t at) const;
    [[nodiscard]] std::size_t find_script_end() const;
    std::string_view lower(std::string_view name);
    std::string_view plain(std::string_view text, bool keep_nul);
    std::string_view resolved(std::string_view text, bool in_attribute, bool keep_nul);
    std::string& fresh();

    std::string_view html_;
    OddDeclarations odd_;
    std::size_t at_ = 0;
    ContentModel model_ = ContentModel::data;
    std::string element_;  // whose end tag ends rcdata, rawtext and script_data
    bool cut_in_tag_ = false;
    std::size_t unended_from_ = static_cast<std::size_t>(-1);  // there is no ">" at or after this position
    std::deque<std::string> pool_;  // texts that differ from the document: a deque, so that views stay valid
    std::size_t pool_used_ = 0;
};

}  // namespace agg::clean
