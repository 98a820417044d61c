#include "clean/sanitize.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "base/text.hpp"
#include "clean/allowed_markup.hpp"
#include "clean/canonical_url.hpp"
#include "clean/embeds.hpp"
#include "clean/html_tokenizer.hpp"
#include "clean/open_elements.hpp"
#include "clean/safe_style.hpp"
#include "clean/safe_text.hpp"
#include "clean/safe_url.hpp"

namespace agg::clean {
namespace {

class Sanitizer {
  public:
    Sanitizer(std::string_view html, std::string_view base)
        : html_(html), tokenizer_(html, OddDeclarations::text), base_(base), open_(out_) {}

    std::string run() {
        out_.reserve(html_.size() + html_.size() / 8);
        while (out_.size() < k_max_html_bytes && tokenizer_.next(token_)) {
            switch (token_.kind) {
                case TokenKind::text:
                    if (skipped_ == nullptr) append_escaped_text(out_, token_.text);
                    break;
                case TokenKind::start_tag: start(); break;
                case TokenKind::end_tag: end(); break;
                case TokenKind::comment:
                case TokenKind::doctype: break;
            }
        }
        open_.close_all();
        return std::move(out_);
    }

  private:
    struct NextEnd {
        const Element* element;
        std::size_t position;  // of its next end tag; npos when there is none
    };

    void start() {
        const Element* element = find_element(token_.text == "image" && !in_foreign() ? "img" : token_.text);
        if (element == nullptr) return;
        read_content_of(*element);
        if (skipped_ != nullptr) {
            if (element == skipped_ && !token_.self_closing) ++skipped_depth_;
            return;
        }
        if (element->is(k_rcdata) && in_foreign()) return skip(*element);
        switch (element->treatment) {
            case Treatment::keep:
                if (fits_here(*element)) write(*element);
                break;
            case Treatment::unwrap:
                if (element->is(k_closes_p)) open_.prepare(*element);
                if (element->is(k_player)) write_player();
                break;
            case Treatment::drop: skip(*element); break;
            case Treatment::preformatted:
                if (const Element& pre = *find_element("pre"); fits_here(pre)) write(pre);
                break;
        }
    }

    void end() {
        const Element* element = find_element(token_.text);
        if (element == nullptr) return;
        if (skipped_ != nullptr) {
            if (element == skipped_ && --skipped_depth_ == 0) skipped_ = nullptr;
            return;
        }
        if (element->treatment == Treatment::keep && !element->is(k_void))
            open_.close(*element);
        else if (element->treatment == Treatment::preformatted)
            open_.close(*find_element("pre"));
        else if (element->name == "br")
            out_ += "<br/>";  // </br> is read as <br>
    }

    // Tells the tokenizer how to read what follows. XHTML in feeds writes <script/>, which ends at once there and here.
    void read_content_of(const Element& element) {
        if (token_.self_closing) return;
        if (element.is(k_rcdata))
            tokenizer_.read_as(ContentModel::rcdata, element.name);
        else if (element.is(k_rawtext))
            tokenizer_.read_as(ContentModel::rawtext, element.name);
        else if (element.is(k_script))
            tokenizer_.read_as(ContentModel::script_data, element.name);
        else if (element.is(k_plaintext))
            tokenizer_.read_as(ContentModel::plaintext, element.name);
    }

    [[nodiscard]] bool in_foreign() const { return open_.has(svg_) || open_.has(math_); }

    // Whether `element` may stand here. SVG and MathML hold their own elements only; HTML in them ends them, as in
    // browsers (WHATWG HTML, 13.2.6.5), except in the text of a formula, where its tags are dropped.
    bool fits_here(const Element& element) {
        const bool is_root = &element == &svg_ || &element == &math_;
        if (is_root && !in_foreign()) return !token_.self_closing && has_end_tag(element);
        if (element.is(k_svg)) return open_.has(svg_);
        if (element.is(k_math)) return open_.has(math_);
        if (!in_foreign() || (open_.has(svg_) && element.name == "a")) return true;
        if (element.treatment != Treatment::keep || open_.innermost_is_text_of_formula()) return false;
        open_.close(svg_);
        open_.close(math_);
        return !in_foreign();
    }

    // Whether an end tag of `element` follows. Where the next one is is remembered, so that no part of the document is
    // searched twice.
    bool has_end_tag(const Element& element) {
        auto known = std::find_if(next_ends_.begin(), next_ends_.end(),
                                  [&](const NextEnd& end) { return end.element == &element; });
        if (known == next_ends_.end()) known = next_ends_.insert(known, {&element, 0});
        if (known->position < tokenizer_.position())
            known->position = ifind(html_, "</" + std::string(element.name), tokenizer_.position());
        return known->position != std::string_view::npos;
    }

    // Drops `element` with its content. One that never ends loses its tag only, unless all that follows is script or
    // style.
    void skip(const Element& element) {
        if (token_.self_closing) return;
        if (!element.is(k_script | k_rawtext | k_rcdata) && !has_end_tag(element)) return;
        skipped_ = &element;
        skipped_depth_ = 1;
    }

    void write(const Element& element) {
        std::string address;
        if (element.name == "img" && !picture(address)) return;
        if (open_.depth() >= k_max_html_depth && !element.is(k_void)) return;
        open_.prepare(element);
        const std::size_t begin = out_.size();
        out_.append("<").append(element.name);
        write_attributes(element);
        out_ += element.is(k_void) ? "/>" : ">";
        if (element.is(k_childless))
            out_.append("</").append(element.name).append(">");
        else if (!element.is(k_void)) {
            open_.push(element, begin);
            // XHTML in feeds may write <p/>; browsers ignore the slash, which would leave the element open to the end.
            if (token_.self_closing) open_.close(element);
        }
    }

    // Whether a picture is to be shown; `address` is its source.
    bool picture(std::string& address) {
        for (const HtmlAttribute& attribute : token_.attributes) {
            if (attribute.name != "src") continue;
            const auto safe = safe_url(attribute.value, UrlUse::image, base_);
            if (!safe) return false;
            address = *safe;
        }
        return !is_tracking_pixel(token_, address);
    }

    void write_player() {
        static constexpr std::array<std::string_view, 3> k_sources = {"src", "data", "data-src"};
        for (const std::string_view source : k_sources) {
            const auto address = safe_url(token_.attribute(source), UrlUse::resource, base_);
            if (!address || address->empty()) continue;
            const std::string page = safe_absolute_url(player_page(*address), UrlUse::link);
            if (page.empty()) continue;
            const Element& link = *find_element("a");
            open_.prepare(link);
            out_ += "<a href=\"";
            append_escaped_attribute(out_, page);
            out_ += "\">";
            append_escaped_text(out_, page);
            out_ += "</a>";
            return;
        }
    }

    void write_attributes(const Element& element) {
        for (const HtmlAttribute& attribute : token_.attributes) {
            const auto value = safe_value(element, attribute);
            if (!value) continue;
            out_.append(" ").append(attribute.name).append("=\"");
            append_escaped_attribute(out_, *value);
            out_ += '"';
        }
    }

    std::optional<std::string> safe_value(const Element& element, const HtmlAttribute& attribute) {
        const std::string_view value = attribute.value;
        const bool foreign = element.is(k_svg | k_math) || in_foreign();
        switch (foreign ? foreign_attribute_kind(attribute.name) : attribute_kind(attribute.name)) {
            case AttributeKind::unknown: return std::nullopt;
            case AttributeKind::text: return std::string(value);
            case AttributeKind::link: {
                auto url = safe_url(value, UrlUse::link, base_);
                if (url && element.name == "a") url = without_tracking(*url);
                return url;
            }
            case AttributeKind::resource:
                return safe_url(value, element.name == "img" ? UrlUse::image : UrlUse::resource, base_);
            case AttributeKind::candidates: {
                std::string candidates = safe_candidates(value, base_);
                return candidates.empty() && !value.empty() ? std::nullopt : std::optional{std::move(candidates)};
            }
            case AttributeKind::style: {
                std::string style = safe_style(value);
                return style.empty() && !value.empty() ? std::nullopt : std::optional{std::move(style)};
            }
            case AttributeKind::fragment:
                return value.empty() || value.starts_with('#') ? std::optional{std::string(value)} : std::nullopt;
            case AttributeKind::anchor: return anchor(element, attribute);
            case AttributeKind::drawing: return is_drawing(value) ? std::optional{std::string(value)} : std::nullopt;
            case AttributeKind::xml_name:
                return is_right_namespace(element, attribute) ? std::optional{std::string(value)} : std::nullopt;
            case AttributeKind::inert: return value.empty() ? std::optional{std::string()} : std::nullopt;
        }
        return std::nullopt;
    }

    static bool is_drawing(std::string_view value) {
        const std::size_t url = ifind(value, "url");
        if (url != std::string_view::npos &&
            (url != 0 || !value.starts_with("url(#") || value.find(')') != value.size() - 1))
            return false;
        return std::all_of(value.begin(), value.end(), [](char c) {
            return is_ascii_alpha(c) || is_ascii_digit(c) || is_ascii_space(c) ||
                   std::string_view("#%.,()-+_/'").find(c) != std::string_view::npos;
        });
    }

    static bool is_right_namespace(const Element& element, const HtmlAttribute& attribute) {
        if (attribute.name == "xmlns:xlink") return attribute.value == "http://www.w3.org/1999/xlink";
        return attribute.value ==
               (element.is(k_svg) ? "http://www.w3.org/2000/svg" : "http://www.w3.org/1998/Math/MathML");
    }

    // Names that footnotes and image maps link to. Elsewhere a name makes an element shadow a property of the reader's
    // document.
    static std::optional<std::string> anchor(const Element& element, const HtmlAttribute& attribute) {
        if (attribute.name == "name" && !attribute.value.empty() && element.name != "a" && element.name != "map")
            return std::nullopt;
        return std::string(attribute.value);
    }

    std::string_view html_;
    HtmlTokenizer tokenizer_;
    HtmlToken token_;
    std::string_view base_;
    std::string out_;
    OpenElements open_;
    const Element* skipped_ = nullptr;  // the element whose content is being dropped
    std::size_t skipped_depth_ = 0;
    std::vector<NextEnd> next_ends_;
    const Element& svg_ = *find_element("svg");
    const Element& math_ = *find_element("math");
};

}  // namespace

std::string safe_html(std::string_view html, std::string_view base) {
    if (is_utf8(html)) return Sanitizer(html, base).run();
    const std::string repaired = to_valid_utf8(html);
    return Sanitizer(repaired, base).run();
}

}  // namespace agg::clean
