#include "fetch/page.hpp"

#include <catch2/catch.hpp>

using namespace agg;
using namespace agg::fetch;
using Catch::Contains;

namespace {

Response page(int status, std::string body, std::string url = "https://example.org/feed") {
    Response response{.status = status, .url = std::move(url), .body = std::move(body)};
    response.headers.add("Content-Type", "text/html; charset=utf-8");
    return response;
}

Response with_header(int status, const char* name, const char* value) {
    Response response{.status = status, .url = "https://example.org/feed"};
    response.headers.add(name, value);
    return response;
}

std::string titled(const std::string& title, const std::string& body = "") {
    return "<!doctype html><html><head><meta charset=utf-8><title>" + title + "</title></head><body>" + body +
           "</body></html>";
}

const std::string k_password = "<form><input name=u><input type=\"password\" name=p></form>";

std::optional<PageKind> kind_of(const Response& response) {
    const auto found = recognise_page(response);
    return found ? std::optional{found->kind} : std::nullopt;
}

}  // namespace

TEST_CASE("a challenge is known by its header") {
    struct Case {
        int status;
        const char* name;
        const char* value;
        const char* whose;
    };
    const auto test = GENERATE(values<Case>({
        {403, "CF-Mitigated", "challenge", "Cloudflare"},
        {403, "Server", "ddos-guard", "DDoS-Guard"},
        {403, "X-DataDome", "protected", "DataDome"},
        {429, "X-Vercel-Mitigated", "challenge", "Vercel"},
        {202, "x-amzn-waf-action", "challenge", "AWS WAF"},
    }));
    INFO(test.whose);
    const auto found = recognise_page(with_header(test.status, test.name, test.value));
    REQUIRE(found);
    CHECK(found->kind == PageKind::challenge);
    CHECK_THAT(found->what, Contains(test.whose));
    CHECK_THAT(found->advice, Contains("write to them"));
}

TEST_CASE("a server's name alone is no challenge") {
    CHECK_FALSE(recognise_page(with_header(404, "Server", "cloudflare")));
    CHECK_FALSE(recognise_page(with_header(200, "Server", "ddos-guard")));
}

TEST_CASE("pages are known by their marks and words, in the scripts that they are written in") {
    struct Case {
        PageKind kind;
        std::string html;
    };
    const auto test = GENERATE(values<Case>({
        {PageKind::challenge, titled("Just a moment...", "<script>window._cf_chl_opt={}</script>")},
        {PageKind::challenge, titled("Just a moment...")},
        {PageKind::challenge, titled("Один момент…")},
        {PageKind::challenge, titled("请稍候…")},
        {PageKind::challenge, titled("しばらくお待ちください...")},
        {PageKind::challenge, titled("잠시만 기다리십시오…")},
        {PageKind::challenge, titled("DDoS-Guard", "<script src='/.well-known/ddos-guard/check'></script>")},
        {PageKind::challenge, titled("Проверка", "<h1>Подтвердите, что вы не робот</h1>")},
        {PageKind::challenge, titled("安全中心", "<p>请完成人机验证后继续访问</p>")},
        {PageKind::challenge, titled("確認", "<p>あなたがロボットではないことを確認します</p>")},
        {PageKind::challenge, titled("Pardon", "<iframe src=\"/_Incapsula_Resource?SWUDNSAI=9\"></iframe>")},
        {PageKind::refusal, titled("Attention Required! | Cloudflare", "<h1>Sorry, you have been blocked</h1>")},
        {PageKind::refusal,
         titled("Access Denied", "<p>Reference #18.2d3</p><p>https://errors.edgesuite.net/18.2d3</p>")},
        {PageKind::login, titled("Sign in - Example", k_password)},
        {PageKind::login, titled("Вход на сайт", k_password)},
        {PageKind::login, titled("用户登录", k_password)},
        {PageKind::login, titled("ログイン", k_password)},
        {PageKind::login, titled("로그인", k_password)},
        {PageKind::consent, titled("Before you continue to Example")},
        {PageKind::consent, titled("Bevor Sie fortfahren")},
        {PageKind::parked, titled("example.org", "<h1>This domain is for sale!</h1>")},
        {PageKind::parked, titled("example.org", "<script src=\"https://img.sedoparking.com/js\"></script>")},
        {PageKind::parked, titled("Домен example.org", "<p>Домен продаётся</p>")},
        {PageKind::parked, titled("example.org", "<p>该域名正在出售 域名出售</p>")},
        {PageKind::parked, titled("example.org", "<p>このドメインは販売中: ドメインは販売されています</p>")},
        {PageKind::portal, titled("Wi-Fi login", k_password)},
        {PageKind::portal, titled("Welcome", "<!--<WISPAccessGatewayParam></WISPAccessGatewayParam>-->")},
        {PageKind::portal, titled("Авторизация в сети", k_password)},
        {PageKind::suspended, titled("Account Suspended", "<h1>This Account has been suspended.</h1>")},
        {PageKind::suspended, titled("Сайт", "<p>Аккаунт заблокирован</p>")},
        {PageKind::suspended, titled("提示", "<p>该网站已被暂停访问</p>")},
    }));
    const int status = GENERATE(200, 403);
    INFO(test.html);
    CHECK(kind_of(page(status, test.html)) == test.kind);
}

TEST_CASE("a page in another encoding is read in that encoding") {
    Response response{.status = 403, .url = "https://example.org/feed"};
    response.headers.add("Content-Type", "text/html; charset=windows-1251");
    // "Вход", and a form.
    response.body = "<title>\xC2\xF5\xEE\xE4</title>" + k_password;
    CHECK(kind_of(response) == PageKind::login);
}

TEST_CASE("a login page behind a redirect is known by its address") {
    CHECK(kind_of(page(200, titled("Example"), "https://example.org/account/login?next=/feed")) == PageKind::login);
    CHECK(kind_of(page(200, titled("Example"), "https://example.org/wp-login.php")) == PageKind::login);
    CHECK(kind_of(page(200, titled("Example"), "https://consent.example.org/m?continue=/feed")) == PageKind::consent);
    CHECK_FALSE(kind_of(page(404, titled("Not found"), "https://example.org/login")));
    CHECK_FALSE(kind_of(page(200, titled("Example"), "https://example.org/catalogin/feed")));
}

TEST_CASE("401 and 403 with a form for a password are a login; 511 is this network's") {
    CHECK(kind_of(page(401, titled("Members", k_password))) == PageKind::login);
    CHECK(kind_of(page(511, titled("Network"))) == PageKind::portal);
}

TEST_CASE("a plain page is not taken for anything") {
    const std::string article(4000, 'x');
    const auto html = GENERATE_COPY(values<std::string>({
        titled("404 Not Found", "<h1>Not Found</h1>"),
        titled("Our blog", "<p>Log in to comment</p>" + k_password),                   // a form in the margin
        titled("Login", "<p>We have renamed our product</p>"),                         // no form
        titled("Domains", "<p>" + article + " buy this domain, said the advert</p>"),  // an article
        titled("Wait for just a moment", "<p>A poem</p>"),
        titled("5 < 6", "<p>and 7 > 6"),
        "<script>'this domain is for sale'</script>",  // not shown
        "<style>/* account suspended */",
        "<",
        "",
        "\xFF\xFE<",
    }));
    INFO(html);
    CHECK_FALSE(recognise_page(page(200, html)));
}

TEST_CASE("what a page says is its text, without tags, scripts, styles and comments") {
    CHECK(page_text(page(403,
                         "<title>No</title><style>a{}</style><script>if (a < b) {}</script><!-- <b> --><p>Ask\n "
                         "<b>nicely</b></p>"),
                    200) == "No Ask nicely");
    CHECK(page_text(page(403, "<p>ёёё"), 5) == "ёё");
    CHECK(page_text(page(500, "plain text"), 200) == "plain text");
}
