#include "parse/xml.hpp"

#include "base/text.hpp"
#include "base/url_reference.hpp"
#include "parse/html_tags.hpp"

namespace agg::parse {
namespace {

// Without parse_escapes: References resolves what pugixml cannot know. Without parse_trim_pcdata: inline markup needs its spaces.
constexpr unsigned k_flags = pugi::parse_cdata | pugi::parse_eol;

// Each scope repeats what the outer ones declare, so both are bounded: a nest of declarations must not cost its square.
constexpr std::size_t k_most_declarations = 128;
constexpr std::size_t k_longest_base = 2048;

std::pair<std::string_view, std::string_view> take_apart(std::string_view name) {
    const std::size_t colon = name.find(':');
    if (colon == std::string_view::npos) return {{}, name};
    return {name.substr(0, colon), name.substr(colon + 1)};
}

pugi::xml_node element_from(pugi::xml_node node) {
    for (;; node = node.next_sibling())
        if (const pugi::xml_node_type type = node.type(); type == pugi::node_element || type == pugi::node_null) return node;
}

bool declares_scope(pugi::xml_node node) {
    for (pugi::xml_attribute attribute = node.first_attribute(); !attribute.empty(); attribute = attribute.next_attribute()) {
        const char* name = attribute.name();
        if (name[0] == 'x' && name[1] == 'm' && name[2] == 'l') return true;
    }
    return false;
}

}  // namespace

Xml::Xml(std::string text, std::string base) : text_(std::move(text)), references_(text_) { load(std::move(base)); }

Xml::Xml(std::string text, std::string base, References references) : text_(std::move(text)), references_(std::move(references)) {
    load(std::move(base));
}

void Xml::load(std::string base) {
    scopes_.push_back({.base = std::move(base)});
    const auto loaded = tree_.load_buffer_inplace(text_.data(), text_.size(), k_flags | pugi::parse_fragment, pugi::encoding_utf8);
    well_formed_ = loaded.status == pugi::status_ok;
}

Element Xml::first() const { return {this, element_from(tree_.first_child()), &scopes_.front()}; }

const Scope* Xml::open_scope(pugi::xml_node node, const Scope* outer) const {
    if (node.empty() || !declares_scope(node)) return outer;
    Scope scope = *outer;
    const bool is_root = node.parent() == tree_;
    for (pugi::xml_attribute attribute = node.first_attribute(); !attribute.empty(); attribute = attribute.next_attribute()) {
        const std::string_view name = attribute.name();
        const std::string_view raw = attribute.value();
        if (name == "xml:base") {
            if (raw.empty() || raw.size() > k_longest_base) continue;
            std::string base = resolve_reference(scope.base, references_.resolve(trim(raw)));
            if (base.size() > 2 * k_longest_base) continue;
            scope.base = std::move(base);
            scope.has_xml_base = has_scheme(scope.base);
        } else if (name == "xml:lang") {
            scope.language = references_.resolve(trim(raw));
        } else if (name == "xmlns") {
            const Space space = space_of_uri(references_.resolve(raw));
            // A root in a namespace nobody knows is still what its name says.
            scope.default_space = space == Space::unknown && is_root ? Space::feed : space;
        } else if (name.starts_with("xmlns:")) {
            if (scope.spaces.size() >= k_most_declarations) continue;
            const std::string_view prefix = name.substr(6);
            const Space space = space_of_uri(references_.resolve(raw));
            scope.spaces.emplace_back(prefix, space == Space::unknown ? space_of_prefix(prefix) : space);
        }
    }
    return add_scope(std::move(scope));
}

const Scope* Xml::add_scope(Scope scope) const {
    scopes_.push_back(std::move(scope));
    return &scopes_.back();
}

Element::Element(const Xml* xml, pugi::xml_node node, const Scope* outer)
    : xml_(xml), node_(node), qualified_name_(node.name()), outer_(outer), scope_(xml->open_scope(node, outer)) {}

Name Element::name() const {
    const auto [prefix, local] = take_apart(qualified_name_);
    if (prefix.empty()) return {scope_->default_space, local};
    for (auto space = scope_->spaces.rbegin(); space != scope_->spaces.rend(); ++space)
        if (space->first.size() == prefix.size() && space->first == prefix) return {space->second, local};
    return {space_of_prefix(prefix), local};
}

std::string Element::attribute(std::string_view local) const {
    pugi::xml_attribute prefixed;
    for (pugi::xml_attribute attribute = node_.first_attribute(); !attribute.empty(); attribute = attribute.next_attribute()) {
        const std::string_view name = attribute.name();
        if (iequals(name, local)) return xml_->references().resolve(attribute.value());
        if (prefixed.empty() && name.size() > local.size() && name.ends_with(local) && name[name.size() - local.size() - 1] == ':' &&
            !name.starts_with("xml"))
            prefixed = attribute;
    }
    return xml_->references().resolve(prefixed.value());
}

std::string Element::text() const {
    std::string out;
    append_text(out, 0);
    return out;
}

void Element::append_text(std::string& out, int depth) const {
    const std::size_t start = out.size();
    for (pugi::xml_node child = node_.first_child(); !child.empty(); child = child.next_sibling()) {
        if (child.type() == pugi::node_pcdata) xml_->references().append(out, child.value());
        else if (child.type() == pugi::node_cdata) out += child.value();
    }
    const Element only = first();
    if (!only || !trim(std::string_view(out).substr(start)).empty()) return;
    constexpr int k_deepest = 8;
    if (is_html_element(only.qualified_name())) {
        out.resize(start);
        out += xml_->references().resolve(inner_html());
    } else if (depth < k_deepest) {
        for (const Element& child : *this) child.append_text(out, depth + 1);
    }
}

std::string Element::trimmed() const {
    std::string whole = text();
    const std::string_view part = trim(whole);
    if (part.size() == whole.size()) return whole;
    return std::string(part);
}

bool Element::has_text() const {
    for (pugi::xml_node child = node_.first_child(); !child.empty(); child = child.next_sibling())
        if ((child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) && !trim(child.value()).empty()) return true;
    return false;
}

bool Element::has_elements() const { return !element_from(node_.first_child()).empty(); }

Element Element::first() const { return {xml_, element_from(node_.first_child()), scope_}; }

Element Element::next() const { return {xml_, element_from(node_.next_sibling()), outer_}; }

Element Element::child(Space space, std::string_view local) const {
    for (const Element& element : *this)
        if (const Name name = element.name(); name.space == space && iequals(name.local, local)) return element;
    return {};
}

Element Element::with_default_base(std::string base) const {
    if (scope_->has_xml_base) return *this;
    Scope scope = *scope_;
    scope.base = std::move(base);
    Element copy = *this;
    copy.scope_ = xml_->add_scope(std::move(scope));
    return copy;
}

std::string Element::link(std::string_view reference) const {
    reference = trim(reference);
    if (reference.empty()) return {};
    // "no comments yet" is no relative reference; a path with spaces in it is.
    if (reference.find(' ') != std::string_view::npos && reference.find_first_of("/.:?#") == std::string_view::npos) return {};
    return resolve_reference(scope_->base, reference);
}

}  // namespace agg::parse
