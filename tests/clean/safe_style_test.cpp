#include "clean/safe_style.hpp"

#include <catch2/catch.hpp>

using agg::clean::safe_style;

TEST_CASE("plain declarations pass") {
    CHECK(safe_style("color:red") == "color: red;");
    CHECK(safe_style("TEXT-INDENT: 0.5in; font-family: 'Times New Roman', serif") ==
          "TEXT-INDENT: 0.5in; font-family: 'Times New Roman', serif;");
    CHECK(safe_style("border: none !important; color: rgb(1, 2, 3)") ==
          "border: none !important; color: rgb(1, 2, 3);");
    CHECK(safe_style("font: 12px/1.5 Arial") == "font: 12px/1.5 Arial;");
}

TEST_CASE("declarations that act, cover or hide the page do not") {
    for (const char* style : {"position: fixed", "background: url(x)", "width: expression(x)", "behavior: x",
                              "-moz-binding: x", "margin: -99px", "padding: 99999em", "color: re\\64", "color: red/**/",
                              "@import x", "color", "z-index: 9", "left: 0", "font-family: 'a<b'", "width: calc(1px)",
                              "background: image-set(x)", "mso-list: l0", "font-size: 1e9px"})
        CHECK(safe_style(style).empty());
}

TEST_CASE("what is dropped takes nothing with it") {
    CHECK(safe_style("position: fixed; color: red; background: url(a;b); height: 2px") == "color: red; height: 2px;");
}
