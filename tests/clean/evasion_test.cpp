// Ways to smuggle something that acts past a cleaner, after the kinds that OWASP's filter evasion guide and the reports on mutation XSS
// describe. Each must come out with nothing in it that acts.
#include <catch2/catch.hpp>

#include "clean/plain_text.hpp"
#include "clean/sanitize.hpp"
#include "support/safe_markup_check.hpp"

using agg::clean::safe_html;
using agg::test::fault_in;

namespace {

const char* const k_payloads[] = {
    // Tags
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>", "<<SCRIPT>go();//<</SCRIPT>", "<script/x>go()</script>", "<script\x0C>go()</script>",
    "<scr\0ipt>go()</script>", "<scr<script>ipt>go()</scr</script>ipt>", "</script><script>go()", "<script>go()</script foo='bar'>",
    "<script\xC2\xA0>go()</script>", "<\xC2\xADscript>go()</script>", "&lt;script&gt;go()&lt;/script&gt;", "<svg><script>go()</script></svg>",
    "<svg><script/href=data:,go() /></svg>", "<math><script>go()</script></math>", "<xml id=x><i><b><img src=x onerror=go()></b></i></xml>",
    "<iframe srcdoc='<script>go()</script>'>", "<object data='data:text/html,<script>go()</script>'>", "<embed src=//evil.example/x.svg>",
    "<applet code=x>", "<frameset onload=go()><frame src=x></frameset>", "<layer src=//evil.example/x.js></layer>", "<bgsound src=javascript:go()>",
    "<link rel=import href=//evil.example/x>", "<meta http-equiv=refresh content='0;url=javascript:go()'>", "<base href=javascript:go()//>",
    "<isindex type=image src=1 onerror=go()>", "<keygen autofocus onfocus=go()>", "<marquee onstart=go()>x</marquee>", "<blink onclick=go()>x",
    "<portal src=//evil.example>", "<dialog open onclose=go()>x</dialog>", "<x-widget onconnected=go()>x</x-widget>",
    // Attributes
    "<img src=x onerror=go()>", "<img src=x/onerror=go()>", "<img/src='x'onerror=go()>", "<img src=x onerror\n=\ngo()>", "<img src='x' OnErRoR='go()'>",
    "<img \"\"\"><script>go()</script>\">", "<img src=x:x onerror=go()>", "<p/onclick=go()>x", "<p onclick\x00=go()>x", "<p \x0Bonclick=go()>x",
    "<p title='`'onclick='go()`'>x", "<p title=``onmouseover=go()``>x", "<p title=\"x\"onclick=\"go()\">x", "<a title='\"><script>go()</script>'>x</a>",
    "<a href=x title=\"&quot; onclick=go() x=&quot;\">x</a>", "<input autofocus onfocus=go()>", "<body onload=go()>x", "<svg/onload=go()>",
    "<details open ontoggle=go()>x</details>", "<video><source onerror=go()></video>", "<audio src=x onerror=go()></audio>", "<a formaction=javascript:go()>x</a>",
    "<form action=javascript:go()><button>x</button></form>", "<button form=f formaction=javascript:go()>x</button>", "<math href=javascript:go()>x</math>",
    "<p data-bind='click: go'>x", "<p ng-click=go()>x", "<p @click=go()>x", "<p v-on:click=go()>x", "<p x-on:click=go()>x", "<p :class=go()>x",
    // Addresses
    "<a href=javascript:go()>x</a>", "<a href='java\nscript:go()'>x</a>", "<a href='java&#x0A;script:go()'>x</a>", "<a href='java&Tab;script:go()'>x</a>",
    "<a href='&#106&#97&#118&#97&#115&#99&#114&#105&#112&#116&#58go()'>x</a>", "<a href='&#0000106;avascript:go()'>x</a>", "<a href='\x01javascript:go()'>x</a>",
    "<a href=' &#14; javascript:go()'>x</a>", "<a href='javascript&colon;go()'>x</a>", "<a href='javascript&NewLine;:go()'>x</a>", "<a href='JaVaScRiPt:go()'>x</a>",
    "<a href='vbscript:go()'>x</a>", "<a href='livescript:go()'>x</a>", "<a href='mocha:go()'>x</a>", "<a href='data:text/html;base64,PHNjcmlwdD4='>x</a>",
    "<a href='view-source:javascript:go()'>x</a>", "<a href='jar:http://evil.example!/x'>x</a>", "<a href='feed:javascript:go()'>x</a>",
    "<a href='feed:feed:javascript:go()'>x</a>", "<a href='blob:null/x'>x</a>", "<a href='file:///etc/passwd'>x</a>", "<a href='about:blank'>x</a>",
    "<img src=javascript:go()>", "<img lowsrc=javascript:go()>", "<img dynsrc=javascript:go()>", "<img src='data:image/svg+xml,<svg onload=go()>'>",
    "<img src='data:text/html,x'>", "<img srcset='javascript:go() 1x, x 2x'>", "<video poster=javascript:go()></video>", "<table background=javascript:go()>",
    "<td background='data:image/png,x'>", "<q cite=javascript:go()>x</q>", "<a xlink:href=javascript:go()>x</a>",
    "<svg><a xlink:href=javascript:go()><text>x</text></a></svg>", "<svg><use href='data:image/svg+xml,x#y'/></svg>", "<svg><image href=javascript:go() /></svg>",
    "<svg><animate attributeName=href values=javascript:go() /></svg>", "<svg><set attributeName=onmouseover to=go() /></svg>",
    "<math><mi xlink:href=javascript:go()>x</mi></math>", "<a href=\"javascript&amp;#58;go()\">x</a>", "<a href=x:javascript:go()>x</a>",
    // Styles
    "<p style='background:url(javascript:go())'>x", "<p style=\"width:expression(go())\">x", "<p style='wid\\th: expr/**/ession(go())'>x",
    "<p style='behavior:url(x.htc)'>x", "<p style='-moz-binding:url(x#y)'>x", "<p style='@import \"x\"'>x", "<p style='position:fixed;top:0;left:0;width:100%'>x",
    "<p style='p\\osition:absolute'>x", "<p style='color:red;}*{x:expression(go())'>x", "<p style='background:\\75rl(x)'>x",
    "<p style='font-family:\"x;y:expression(go())\"'>x", "<style>@import'//evil.example/x.css'</style>", "<style><!--</style><script>go()</script>-->",
    "<svg fill='url(//evil.example/#x)'><rect></rect></svg>", "<svg><rect style='fill:url(javascript:go())'/></svg>",
    // Comments and declarations
    "<!--<img src=\"--><img src=x onerror=go()//\">", "<!--><img src=x onerror=go()>-->", "<!--x--!><img src=x onerror=go()>", "<!-- --\n><img src=x onerror=go()>",
    "<![CDATA[<img src=x onerror=go()>]]>", "<!DOCTYPE x [<!ENTITY y '<script>go()</script>'>]>&y;", "<?xml-stylesheet href='javascript:go()'?>",
    "<?php echo('<scr'.'ipt>go()</script>') ?>", "<!--[if gte IE 4]><script>go()</script><![endif]-->", "<!x onload='<script>go()</script>'>", "</ x onclick=go()>x",
    // What parsers read in two ways
    "<noscript><p title='</noscript><img src=x onerror=go()>'></noscript>", "<textarea><p title='</textarea><img src=x onerror=go()>'></textarea>",
    "<title><p title='</title><img src=x onerror=go()>'></title>", "<xmp><p title='</xmp><img src=x onerror=go()>'></xmp>",
    "<noembed><p title='</noembed><img src=x onerror=go()>'></noembed>", "<noframes><p title='</noframes><img src=x onerror=go()>'></noframes>",
    "<iframe><p title='</iframe><img src=x onerror=go()>'></iframe>", "<plaintext><img src=x onerror=go()>", "<listing>&lt;img src=x onerror=go()&gt;</listing>",
    "<svg></p><style><a id='</style><img src=1 onerror=go()>'>", "<svg><p><style><g title='</style><img src=x onerror=go()>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=go()&gt;'>",
    "<form><math><mtext></form><form><mglyph><svg><mtext><style><path id='</style><img onerror=go() src>'>",
    "<svg><foreignObject><p><style><g id='</style><img src=x onerror=go()>'></foreignObject></svg>",
    "<svg><title><![CDATA[</title><script>go()</script>]]></title></svg>", "<svg><desc><![CDATA[</desc><img src=x onerror=go()>]]></svg>",
    "<math><annotation-xml encoding='text/html'><style><img src=x onerror=go()></style></annotation-xml></math>",
    "<math><mi><style><!--</style><img src=x onerror=go()>--></mi></math>", "<table><td></tr><style><a title='</style><img src=x onerror=go()>'></table>",
    "<select><template><style><!--</style><a rel='--></style></template></select><img src=x onerror=go()>'>", "<template><img src=x onerror=go()></template>",
    "<a><svg><a><svg><style></a></svg><img src=x onerror=go()></style>", "<img alt='<x' title='/><img src=x onerror=go()>'>",
    "<p id='--><script>go()</script>'>x", "<p title='&lt;/p&gt;&lt;script&gt;go()&lt;/script&gt;'>x", "<p title='\xE2\x80\xA8<script>go()</script>'>x",
    "+ADw-script+AD4-go()+ADw-/script+AD4-", "\xC0\xBCscript\xC0\xBEgo()\xC0\xBC/script\xC0\xBE", "%3Cscript%3Ego()%3C/script%3E",
    // Names that shadow the reader's own
    "<img name=getElementById>", "<form name=document><input name=cookie></form>", "<a id=x name=y href=z>x</a>",
};

}  // namespace

TEST_CASE("what tries to evade the cleaner comes out harmless") {
    for (const char* payload : k_payloads) {
        for (const char* base : {"", "https://news.example/post"}) {
            for (const char* around : {"", "<p>", "<table><tr><td>", "<svg>", "<math><mtext>", "<b><a href=x>", "<ul><li><pre>"}) {
                const std::string html = std::string(around) + payload;
                const std::string safe = safe_html(html, base);
                INFO(html << "\n  gives " << safe);
                CHECK(fault_in(safe).empty());
                CHECK(safe_html(safe, base) == safe);
            }
        }
    }
}

TEST_CASE("what was escaped twice is not made markup by escaping once less") {
    CHECK(safe_html("&amp;lt;script&amp;gt;go()&amp;lt;/script&amp;gt;", "") == "&amp;lt;script&amp;gt;go()&amp;lt;/script&amp;gt;");
    CHECK(safe_html("&lt;img src=x onerror=go()&gt;", "") == "&lt;img src=x onerror=go()&gt;");
}
