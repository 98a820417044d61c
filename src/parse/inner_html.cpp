// Element::inner_html: XML content written as the HTML that a reader's parser understands.
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "base/url_reference.hpp"
#include "base/xml_repair.hpp"
#include "parse/xml.hpp"

namespace agg::parse {
namespace {

bool is_void(std::string_view name) {
    constexpr std::array<std::string_view, 14> k_void = {"area",  "base", "br",   "col",    "embed", "hr",    "img",
                                                         "input", "link", "meta", "param", "source", "track", "wbr"};
    return std::find(k_void.begin(), k_void.end(), name) != k_void.end();
}

bool is_reference(std::string_view attribute) {
    constexpr std::array<std::string_view, 6> k_references = {"href", "src", "cite", "poster", "longdesc", "background"};
    return std::find(k_references.begin(), k_references.end(), attribute) != k_references.end();
}

// Text of the document is markup already; only the entities that nobody else knows must be resolved here.
void append_raw(std::string& out, std::string_view raw, const References& references) {
    if (references.has_own_entities() && raw.find('&') != std::string_view::npos) out += escape_markup(references.resolve(raw));
    else out += raw;
}

}  // namespace

class HtmlWriter {
  public:
    HtmlWriter(const Xml& xml, const std::string& base, Escaping escaping) : xml_(xml), base_(base), escaping_(escaping) {}

    void children(pugi::xml_node node, const Scope* scope) {
        for (pugi::xml_node child = node.first_child(); !child.empty(); child = child.next_sibling()) {
            switch (child.type()) {
                case pugi::node_pcdata: text(child.value()); break;
                case pugi::node_cdata: out_ += escaping_ == Escaping::undone ? child.value() : escape_markup(child.value()); break;
                case pugi::node_element: element(child, scope); break;
                default: break;
            }
        }
    }

    [[nodiscard]] std::string take() { return std::move(out_); }

  private:
    void text(std::string_view raw) {
        if (escaping_ == Escaping::undone) xml_.references().append(out_, raw);
        else append_raw(out_, raw, xml_.references());
    }

    void element(pugi::xml_node node, const Scope* outer) {
        if (depth_ >= k_max_xml_depth) return;
        const Scope* scope = xml_.open_scope(node, outer);
        const std::string_view qualified = node.name();
        const std::size_t colon = qualified.find(':');
        const std::string_view name = colon == std::string_view::npos ? qualified : qualified.substr(colon + 1);
        out_.append("<").append(name);
        for (pugi::xml_attribute attribute = node.first_attribute(); !attribute.empty(); attribute = attribute.next_attribute())
            write_attribute(attribute, scope);
        out_ += '>';
        if (is_void(name)) return;
        ++depth_;
        children(node, scope);
        --depth_;
        out_.append("</").append(name).append(">");
    }

    void write_attribute(pugi::xml_attribute attribute, const Scope* scope) {
        const std::string_view name = attribute.name();
        if (name.starts_with("xml")) return;
        out_.append(" ").append(name).append("=\"");
        if (is_reference(name) && scope->base != base_) {
            out_ += escape_markup(resolve_reference(scope->base, xml_.references().resolve(attribute.value())));
        } else {
            const std::size_t start = out_.size();
            append_raw(out_, attribute.value(), xml_.references());
            const auto ends_value = [](char c) { return c == '"' || c == '<'; };
            if (std::any_of(out_.begin() + static_cast<std::ptrdiff_t>(start), out_.end(), ends_value)) {
                const std::string value = out_.substr(start);
                out_.resize(start);
                for (const char c : value) {
                    if (c == '"') out_ += "&quot;";
                    else if (c == '<') out_ += "&lt;";
                    else out_ += c;
                }
            }
        }
        out_ += '"';
    }

    const Xml& xml_;
    const std::string& base_;
    Escaping escaping_;
    std::string out_;
    std::size_t depth_ = 0;
};

std::string Element::inner_html(Escaping escaping) const {
    HtmlWriter writer(*xml_, scope_->base, escaping);
    writer.children(node_, scope_);
    return writer.take();
}

}  // namespace agg::parse
