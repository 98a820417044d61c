#include "clean/allowed_markup.hpp"

#include <algorithm>
#include <array>

namespace agg::clean {
namespace {

using enum Treatment;

constexpr std::uint16_t k_block = k_closes_p | k_special;
constexpr std::uint16_t k_splittable = k_block | k_reopens;

// In byte order of the names. Forms and their controls are not for readers: what they say stays, what they do goes.
// clang-format off
constexpr std::array k_elements = std::to_array<Element>({
    {"a", keep, k_formatting}, {"abbr", keep, k_formatting}, {"acronym", keep, k_formatting}, {"address", keep, k_splittable},
    {"annotation", drop, 0}, {"annotation-xml", drop, 0}, {"applet", unwrap, k_player}, {"area", keep, k_void},
    {"article", keep, k_splittable}, {"aside", keep, k_splittable}, {"audio", keep, 0}, {"b", keep, k_formatting},
    {"base", unwrap, k_void}, {"basefont", unwrap, k_void}, {"bdi", keep, k_formatting}, {"bdo", keep, k_formatting},
    {"bgsound", unwrap, k_void}, {"big", keep, k_formatting}, {"blink", unwrap, 0}, {"blockquote", keep, k_splittable},
    {"body", unwrap, 0}, {"br", keep, k_void}, {"button", unwrap, 0}, {"canvas", keep, 0}, {"caption", keep, k_special | k_table_part},
    {"center", keep, k_splittable}, {"circle", keep, k_svg}, {"cite", keep, k_formatting}, {"code", keep, k_formatting},
    {"col", keep, k_void}, {"colgroup", keep, k_special | k_table_part}, {"command", keep, k_childless}, {"data", unwrap, 0},
    {"datagrid", keep, 0}, {"datalist", keep, 0}, {"dd", keep, k_block}, {"del", keep, k_formatting}, {"desc", drop, 0},
    {"details", keep, k_block}, {"dfn", keep, k_formatting}, {"dialog", keep, k_block}, {"dir", keep, k_block},
    {"div", keep, k_splittable}, {"dl", keep, k_block}, {"dt", keep, k_block}, {"ellipse", keep, k_svg}, {"em", keep, k_formatting},
    {"embed", unwrap, k_void | k_player}, {"event-source", keep, 0}, {"fieldset", keep, k_block}, {"figcaption", keep, k_block},
    {"figure", keep, k_block}, {"font", keep, k_formatting}, {"footer", keep, k_splittable}, {"form", unwrap, k_closes_p},
    {"frame", unwrap, k_void}, {"frameset", unwrap, 0}, {"g", keep, k_svg}, {"h1", keep, k_block | k_heading},
    {"h2", keep, k_block | k_heading}, {"h3", keep, k_block | k_heading}, {"h4", keep, k_block | k_heading},
    {"h5", keep, k_block | k_heading}, {"h6", keep, k_block | k_heading}, {"head", unwrap, 0}, {"header", keep, k_splittable},
    {"hgroup", keep, k_splittable}, {"hr", keep, k_void | k_closes_p}, {"html", unwrap, 0}, {"i", keep, k_formatting},
    {"iframe", unwrap, k_player}, {"ilayer", unwrap, 0}, {"img", keep, k_void}, {"input", unwrap, k_void}, {"ins", keep, k_formatting},
    {"isindex", unwrap, k_void}, {"kbd", keep, k_formatting}, {"keygen", unwrap, k_void}, {"label", keep, 0}, {"layer", unwrap, 0},
    {"legend", keep, 0}, {"li", keep, k_block}, {"line", keep, k_svg}, {"lineargradient", keep, k_svg}, {"link", unwrap, k_void},
    {"listing", preformatted, k_block}, {"m", keep, k_formatting}, {"main", keep, k_splittable}, {"map", keep, 0},
    {"mark", keep, k_formatting}, {"marquee", unwrap, 0}, {"math", keep, k_special | k_math}, {"menclose", keep, k_math},
    {"menu", keep, k_block}, {"merror", keep, k_math}, {"meta", unwrap, k_void}, {"metadata", drop, 0}, {"meter", keep, 0},
    {"mfenced", keep, k_math}, {"mfrac", keep, k_math}, {"mi", keep, k_math}, {"mmultiscripts", keep, k_math}, {"mn", keep, k_math},
    {"mo", keep, k_math}, {"mover", keep, k_math}, {"mpadded", keep, k_math}, {"mphantom", keep, k_math}, {"mprescripts", keep, k_math},
    {"mroot", keep, k_math}, {"mrow", keep, k_math}, {"ms", keep, k_math}, {"mspace", keep, k_math}, {"msqrt", keep, k_math},
    {"mstyle", keep, k_math}, {"msub", keep, k_math}, {"msubsup", keep, k_math}, {"msup", keep, k_math}, {"mtable", keep, k_math},
    {"mtd", keep, k_math}, {"mtext", keep, k_math}, {"mtr", keep, k_math}, {"multicol", keep, 0}, {"munder", keep, k_math},
    {"munderover", keep, k_math}, {"nav", keep, k_splittable}, {"nextid", keep, k_childless}, {"nobr", unwrap, 0}, {"noembed", unwrap, 0},
    {"noframes", unwrap, 0}, {"none", keep, k_math}, {"noscript", unwrap, 0}, {"object", unwrap, k_player}, {"ol", keep, k_block},
    {"optgroup", keep, 0}, {"option", keep, 0}, {"output", keep, 0}, {"p", keep, k_splittable}, {"param", unwrap, k_void},
    {"path", keep, k_svg}, {"picture", keep, 0}, {"plaintext", preformatted, k_block | k_plaintext}, {"polygon", keep, k_svg},
    {"polyline", keep, k_svg}, {"pre", keep, k_block}, {"progress", keep, 0}, {"q", keep, k_formatting}, {"radialgradient", keep, k_svg},
    {"rb", keep, 0}, {"rect", keep, k_svg}, {"rp", keep, 0}, {"rt", keep, 0}, {"rtc", keep, 0}, {"ruby", keep, 0},
    {"s", keep, k_formatting}, {"samp", keep, k_formatting}, {"script", drop, k_script}, {"section", keep, k_splittable},
    {"select", unwrap, 0}, {"semantics", keep, k_math}, {"small", keep, k_formatting}, {"sound", keep, 0}, {"source", keep, k_void},
    {"spacer", keep, k_childless}, {"span", keep, k_formatting}, {"stop", keep, k_svg}, {"strike", keep, k_formatting},
    {"strong", keep, k_formatting}, {"style", drop, k_rawtext}, {"sub", keep, k_formatting}, {"summary", keep, k_block},
    {"sup", keep, k_formatting}, {"svg", keep, k_special | k_svg}, {"table", keep, k_block | k_table_part},
    {"tbody", keep, k_special | k_table_part}, {"td", keep, k_special | k_table_part}, {"template", drop, 0}, {"text", keep, k_svg},
    {"textarea", unwrap, k_rcdata}, {"tfoot", keep, k_special | k_table_part}, {"th", keep, k_special | k_table_part},
    {"thead", keep, k_special | k_table_part}, {"time", keep, k_formatting}, {"title", unwrap, k_rcdata},
    {"tr", keep, k_special | k_table_part}, {"track", keep, k_void}, {"tspan", keep, k_svg}, {"tt", keep, k_formatting},
    {"u", keep, k_formatting}, {"ul", keep, k_block}, {"var", keep, k_formatting}, {"video", keep, 0}, {"wbr", keep, k_void},
    {"xml", drop, 0}, {"xmp", preformatted, k_block | k_rawtext},
});
// clang-format on

struct Attribute {
    std::string_view name;
    AttributeKind kind;
};

using enum AttributeKind;

// In byte order of the names. The obsolete ones cost nothing and old feeds use them.
// clang-format off
constexpr std::array k_attributes = std::to_array<Attribute>({
    {"abbr", text}, {"accept", inert}, {"accept-charset", inert}, {"accesskey", inert}, {"action", inert},
    {"align", text}, {"alt", text}, {"autocomplete", inert}, {"autofocus", inert}, {"axis", text},
    {"background", resource}, {"balance", text}, {"bgcolor", text}, {"bgproperties", text}, {"border", text},
    {"bordercolor", text}, {"bordercolordark", text}, {"bordercolorlight", text}, {"bottompadding", text},
    {"cellpadding", text}, {"cellspacing", text}, {"ch", text}, {"challenge", inert}, {"char", text},
    {"charoff", text}, {"charset", text}, {"checked", text}, {"choff", text}, {"cite", link}, {"class", text},
    {"clear", text}, {"color", text}, {"cols", text}, {"colspan", text}, {"compact", text},
    {"contenteditable", inert}, {"controls", text}, {"coords", text}, {"data", inert}, {"datafld", inert},
    {"datapagesize", inert}, {"datasrc", inert}, {"datetime", text}, {"default", text}, {"delay", text},
    {"dir", text}, {"disabled", text}, {"download", text}, {"draggable", text}, {"dynsrc", inert},
    {"enctype", inert}, {"end", text}, {"face", text}, {"for", inert}, {"form", inert}, {"frame", text},
    {"galleryimg", text}, {"gutter", text}, {"headers", text}, {"height", text}, {"hidden", text},
    {"hidefocus", text}, {"high", text}, {"href", link}, {"hreflang", text}, {"hspace", text}, {"icon", inert},
    {"id", anchor}, {"inputmode", text}, {"ismap", text}, {"keytype", inert}, {"kind", text}, {"label", text},
    {"lang", text}, {"leftspacing", text}, {"list", inert}, {"longdesc", link}, {"loop", text},
    {"loopcount", text}, {"loopend", text}, {"loopstart", text}, {"low", text}, {"lowsrc", inert}, {"max", text},
    {"maxlength", text}, {"media", text}, {"method", inert}, {"min", text}, {"multiple", text}, {"name", anchor},
    {"nohref", text}, {"noshade", text}, {"nowrap", text}, {"open", text}, {"optimum", text}, {"pattern", inert},
    {"ping", inert}, {"placeholder", text}, {"point-size", text}, {"poster", resource}, {"pqg", text},
    {"preload", text}, {"prompt", text}, {"radiogroup", text}, {"readonly", text}, {"rel", text},
    {"repeat-max", text}, {"repeat-min", text}, {"replace", inert}, {"required", text}, {"rev", text},
    {"reversed", text}, {"rightspacing", text}, {"role", text}, {"rows", text}, {"rowspan", text}, {"rules", text},
    {"scope", text}, {"selected", text}, {"shape", text}, {"size", text}, {"sizes", text}, {"span", text},
    {"src", resource}, {"srclang", text}, {"srcset", candidates}, {"start", text}, {"step", text},
    {"style", style}, {"summary", text}, {"suppress", text}, {"tabindex", inert}, {"target", text},
    {"template", inert}, {"title", text}, {"toppadding", text}, {"translate", text}, {"type", text},
    {"unselectable", text}, {"urn", inert}, {"usemap", fragment}, {"valign", text}, {"value", text},
    {"variable", text}, {"volume", text}, {"vrml", inert}, {"vspace", text}, {"width", text}, {"wrap", text},
    {"xml:lang", text},
});
// clang-format on

// clang-format off
constexpr std::array k_foreign_attributes = std::to_array<Attribute>({
    {"accent", drawing}, {"accentunder", drawing}, {"baseprofile", drawing}, {"class", text}, {"close", text}, {"color", drawing},
    {"columnalign", drawing}, {"columnlines", drawing}, {"columnspacing", drawing}, {"columnspan", drawing}, {"cx", drawing}, {"cy", drawing},
    {"d", drawing}, {"depth", drawing}, {"dir", drawing}, {"display", drawing}, {"displaystyle", drawing}, {"dx", drawing}, {"dy", drawing},
    {"fence", drawing}, {"fill", drawing}, {"fill-opacity", drawing}, {"fill-rule", drawing}, {"font-family", drawing}, {"font-size", drawing},
    {"font-style", drawing}, {"font-weight", drawing}, {"form", drawing}, {"frame", drawing}, {"fx", drawing}, {"fy", drawing},
    {"gradienttransform", drawing}, {"gradientunits", drawing}, {"height", drawing}, {"href", link}, {"id", anchor}, {"lang", text},
    {"largeop", drawing}, {"length", drawing}, {"linethickness", drawing}, {"lspace", drawing}, {"mathbackground", drawing},
    {"mathcolor", drawing}, {"mathsize", drawing}, {"mathvariant", drawing}, {"maxsize", drawing}, {"minsize", drawing},
    {"movablelimits", drawing}, {"notation", drawing}, {"offset", drawing}, {"opacity", drawing}, {"open", text}, {"points", drawing},
    {"preserveaspectratio", drawing}, {"r", drawing}, {"role", text}, {"rowalign", drawing}, {"rowlines", drawing}, {"rowspacing", drawing},
    {"rowspan", drawing}, {"rspace", drawing}, {"rx", drawing}, {"ry", drawing}, {"scriptlevel", drawing}, {"separator", drawing},
    {"separators", text}, {"spreadmethod", drawing}, {"stop-color", drawing}, {"stop-opacity", drawing}, {"stretchy", drawing},
    {"stroke", drawing}, {"stroke-dasharray", drawing}, {"stroke-linecap", drawing}, {"stroke-linejoin", drawing},
    {"stroke-miterlimit", drawing}, {"stroke-opacity", drawing}, {"stroke-width", drawing}, {"style", style}, {"symmetric", drawing},
    {"text-anchor", drawing}, {"transform", drawing}, {"version", drawing}, {"viewbox", drawing}, {"voffset", drawing}, {"width", drawing},
    {"x", drawing}, {"x1", drawing}, {"x2", drawing}, {"xlink:href", link}, {"xlink:show", drawing}, {"xlink:title", text},
    {"xlink:type", drawing}, {"xmlns", xml_name}, {"xmlns:xlink", xml_name}, {"y", drawing}, {"y1", drawing}, {"y2", drawing},
});
// clang-format on

static_assert(std::is_sorted(k_foreign_attributes.begin(), k_foreign_attributes.end(),
                             [](auto& a, auto& b) { return a.name < b.name; }));
static_assert(std::is_sorted(k_elements.begin(), k_elements.end(), [](auto& a, auto& b) { return a.name < b.name; }));
static_assert(std::is_sorted(k_attributes.begin(), k_attributes.end(),
                             [](auto& a, auto& b) { return a.name < b.name; }));

template <typename Table>
const typename Table::value_type* find_in(const Table& table, std::string_view name) {
    const auto at = std::lower_bound(table.begin(), table.end(), name,
                                     [](const auto& entry, std::string_view wanted) { return entry.name < wanted; });
    return at != table.end() && at->name == name ? &*at : nullptr;
}

AttributeKind aria_kind(std::string_view name) {
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    return std::all_of(name.begin() + 5, name.end(), is_letter) ? AttributeKind::text : AttributeKind::unknown;
}

}  // namespace

const std::size_t k_element_count = k_elements.size();

const Element* find_element(std::string_view name) { return find_in(k_elements, name); }

std::size_t index_of(const Element& element) { return static_cast<std::size_t>(&element - k_elements.data()); }

AttributeKind attribute_kind(std::string_view name) {
    if (name.starts_with("aria-")) return aria_kind(name);
    const Attribute* found = find_in(k_attributes, name);
    return found != nullptr ? found->kind : AttributeKind::unknown;
}

AttributeKind foreign_attribute_kind(std::string_view name) {
    if (name.starts_with("aria-")) return aria_kind(name);
    const Attribute* found = find_in(k_foreign_attributes, name);
    return found != nullptr ? found->kind : AttributeKind::unknown;
}

}  // namespace agg::clean
