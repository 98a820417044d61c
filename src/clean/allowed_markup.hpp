// Which elements and attributes a reader may be shown. What is not named here does not pass.
//
// Of SVG and MathML only what draws is here. Foreign content is where browsers and sanitizers come to read the same
// text in two ways; they do so by way of style, title, desc, foreignObject, annotation-xml, mglyph, comments, CDATA or
// HTML elements inside, and the cleaner writes none of these there. Without them a parser that knows no SVG sees the
// same tags.
#pragma once

#include <cstdint>
#include <string_view>

namespace agg::clean {

enum class Treatment : std::uint8_t {
    keep,
    unwrap,        // the tags go, what is between them stays
    drop,          // the tags go with everything between them
    preformatted,  // becomes pre: obsolete elements that show their content as it is
};

// What the rules of nesting ask about an element (WHATWG HTML, 13.2.6.4.7). Values are bits.
enum Trait : std::uint16_t {
    k_void = 1,         // never has content: <br/>
    k_childless = 2,    // obsolete and empty, but void to some parsers only: written <x></x>
    k_closes_p = 4,     // its start ends an open paragraph
    k_formatting = 8,   // <b><i></b></i> is mended by opening it again
    k_reopens = 16,     // a block that may be cut in two to the same end
    k_special = 32,     // an end tag of an inline element does not reach beyond it
    k_table_part = 64,  // no end tag but those of tables reaches beyond it
    k_heading = 128,
    k_rcdata = 256,   // its content is text with references
    k_rawtext = 512,  // its content is text without references
    k_script = 1024,
    k_plaintext = 2048,
    k_player = 4096,  // may embed a known video player, which becomes a link
    k_svg = 8192,     // allowed in svg only
    k_math = 16384,   // allowed in math only
};

struct Element {
    std::string_view name;
    Treatment treatment;
    std::uint16_t traits;

    [[nodiscard]] constexpr bool is(std::uint16_t trait) const { return (traits & trait) != 0; }
};

// The element called `name` (lower case); null when it is unknown, which means: unwrap.
[[nodiscard]] const Element* find_element(std::string_view name);

// A number below k_element_count for each known element.
[[nodiscard]] std::size_t index_of(const Element& element);
extern const std::size_t k_element_count;

enum class AttributeKind : std::uint8_t {
    unknown,     // dropped
    text,        // any value
    link,        // an address to follow
    resource,    // an address that is loaded to show the page
    candidates,  // srcset
    style,
    fragment,  // "#name" on the same page
    anchor,    // a name that others link to
    inert,     // kept only while empty: with a value it would act
    drawing,   // of SVG and MathML: words, numbers and colours, and "url(#name)" of the same page
    xml_name,  // a namespace, kept when it is the right one
};

// What may stand in the attribute called `name` (lower case) of an HTML element, or of an element of SVG or MathML.
[[nodiscard]] AttributeKind attribute_kind(std::string_view name);
[[nodiscard]] AttributeKind foreign_attribute_kind(std::string_view name);

}  // namespace agg::clean
