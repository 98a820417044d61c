// An XML document as feeds need it: names with their namespaces, text with its references resolved, xml:base and xml:lang in effect.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <pugixml.hpp>

#include "base/references.hpp"
#include "parse/vocabulary.hpp"

namespace agg::parse {

class Xml;

// How the text in inner_html is written: as XML content is (`kept`), or with one level of escaping undone.
enum class Escaping { kept, undone };

// What the elements around a place have declared.
struct Scope {
    std::vector<std::pair<std::string_view, Space>> spaces;  // innermost last
    Space default_space = Space::feed;                       // of names without prefix
    std::string base;                                        // absolute, or empty
    std::string language;
    bool has_xml_base = false;  // `base` comes from an xml:base, not from the document's address alone
};

// A view of one element; copy it freely. The Xml must outlive it. A null element is false.
class Element {
  public:
    Element() = default;
    Element(const Xml* xml, pugi::xml_node node, const Scope* outer);

    explicit operator bool() const { return !qualified_name_.empty(); }
    [[nodiscard]] Name name() const;
    [[nodiscard]] std::string_view qualified_name() const { return qualified_name_; }
    [[nodiscard]] const std::string& base() const { return scope_->base; }
    [[nodiscard]] const std::string& language() const { return scope_->language; }

    // The value of an attribute without prefix; a prefixed one of that local name when there is no other. "" when absent.
    [[nodiscard]] std::string attribute(std::string_view local) const;

    // All text directly inside, CDATA included, white space as it is. Where there is only white space, the text of the elements
    // inside; with their tags when those are HTML that nobody escaped.
    [[nodiscard]] std::string text() const;
    // The same without white space around it.
    [[nodiscard]] std::string trimmed() const;

    [[nodiscard]] bool has_elements() const;

    // True when there is text directly inside that is not white space.
    [[nodiscard]] bool has_text() const;

    // The content as an HTML fragment: elements in the XHTML namespace without prefix, CDATA escaped, relative references of
    // parts that have an xml:base of their own made absolute.
    [[nodiscard]] std::string inner_html(Escaping escaping = Escaping::kept) const;

    // The first child element, and the next sibling element; false at the end.
    [[nodiscard]] Element first() const;
    [[nodiscard]] Element next() const;

    // The first child of that name; false when there is none.
    [[nodiscard]] Element child(Space space, std::string_view local) const;

    // The same element with `base` for its relative references, and those of its children, unless an xml:base is in effect.
    [[nodiscard]] Element with_default_base(std::string base) const;

    // `reference` as an absolute URL; "" when it is empty or a phrase instead of an address.
    [[nodiscard]] std::string link(std::string_view reference) const;

    class Iterator;
    [[nodiscard]] Iterator begin() const;
    [[nodiscard]] Iterator end() const;

  private:
    void append_text(std::string& out, int depth) const;

    const Xml* xml_ = nullptr;
    pugi::xml_node node_;
    std::string_view qualified_name_;  // asked for many times; pugixml would measure it every time
    const Scope* outer_ = nullptr;
    const Scope* scope_ = nullptr;
};

class Element::Iterator {
  public:
    explicit Iterator(Element element) : element_(element) {}
    const Element& operator*() const { return element_; }
    Iterator& operator++() {
        element_ = element_.next();
        return *this;
    }
    bool operator!=(const Iterator& other) const { return static_cast<bool>(element_) != static_cast<bool>(other.element_); }

  private:
    Element element_;
};

inline Element::Iterator Element::begin() const { return Iterator(first()); }
inline Element::Iterator Element::end() const { return Iterator(Element()); }

// Owns the tree and the text it points into.
class Xml {
  public:
    // Reads `text` (UTF-8 without forbidden characters). `base` is the document's address.
    Xml(std::string text, std::string base);
    // The same with the references of another text: repair drops the document type that declares them.
    Xml(std::string text, std::string base, References references);

    // False when pugixml could not read all of it: what there is, is not to be trusted.
    [[nodiscard]] bool is_well_formed() const { return well_formed_; }

    // The elements at the top. There is more than one when junk stands around the root.
    [[nodiscard]] Element first() const;

    [[nodiscard]] const References& references() const { return references_; }

    // For Element.
    const Scope* open_scope(pugi::xml_node node, const Scope* outer) const;
    const Scope* add_scope(Scope scope) const;

  private:
    void load(std::string base);

    std::string text_;  // the tree points into it
    References references_;
    pugi::xml_document tree_;
    bool well_formed_ = false;
    mutable std::deque<Scope> scopes_;  // one per element that declares something, made when it is first looked at
};

}  // namespace agg::parse
