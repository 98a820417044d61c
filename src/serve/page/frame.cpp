#include "serve/page/frame.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "serve/compression.hpp"
#include "serve/negotiation.hpp"
#include "serve/page/assets.hpp"
#include "version.hpp"

namespace agg::serve::page {
namespace {

// Changes with the bytes, so that browsers may keep a file for ever.
std::string versioned(std::string_view path, std::string_view bytes) {
    return fmt::format("{}?v={:x}", path, std::hash<std::string_view>{}(bytes));
}

Response asset(std::string_view media_type, std::string_view bytes) {
    Response made = response(200, media_type, std::string(bytes));
    made.headers.emplace_back("Cache-Control", "public, max-age=31536000, immutable");
    made.headers.emplace_back("X-Content-Type-Options", "nosniff");
    return made;
}

}  // namespace

std::string session_of(const Request& request) {
    const std::string cookies = request.header("Cookie").value_or("");
    for (const std::string_view each : split(cookies, ';')) {
        const std::string_view cookie = trim(each);
        if (cookie.starts_with("aggd_session=")) return std::string(cookie.substr(13));
    }
    return {};
}

Visitor visitor_of(const Services& services, const Request& request) {
    Visitor visitor;
    visitor.form_token = services.sign_in.form_token();
    if (request.peer.kind == Peer::Kind::unix_socket) {
        visitor.may_read = true;
        visitor.may_mark = request.may_change;
        return visitor;
    }
    visitor.is_signed_in = services.sign_in.is_session(session_of(request));
    visitor.may_read = visitor.is_signed_in || !services.sign_in.is_set_up();
    visitor.may_mark = visitor.is_signed_in;
    return visitor;
}

Images images_of(const Request& request) { return request.parameter("images") == "on" ? Images::on : Images::off; }

Html begin_page(const Frame& frame) {
    static constexpr std::array<std::pair<const char*, const char*>, 3> k_navigation = {
        {{"/", "River"}, {"/health", "Health"}, {"/stats", "Stats"}}};
    Html page;
    page.open("html", {{"lang", "en"}}).open("head");
    page.empty_element("meta", {{"charset", "utf-8"}});
    page.empty_element("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
    page.empty_element("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
    page.element("title", frame.title + " · aggd");
    page.empty_element("link", {{"rel", "stylesheet"}, {"href", versioned("/page.css", k_style)}});
    page.open("script", {{"src", versioned("/page.js", k_script)}, {"defer", "defer"}}).close();
    page.close();
    page.open("body", {{"class", fmt::format("{}{}", frame.width == Width::wide ? "wide " : "",
                                             frame.images == Images::on ? "images" : "no-images")}});
    page.link("#content", "Skip to the content", {{"class", "skip"}});
    page.open("header", {{"class", "top"}}).link("/", "aggd", {{"class", "brand"}});
    page.open("nav", {{"aria-label", "Pages"}});
    for (const auto& [address, name] : k_navigation)
        page.link(address, name, {{"aria-current", frame.here == address ? "page" : k_absent}});
    page.close();
    if (frame.visitor.is_signed_in) {
        page.open("form", {{"method", "post"}, {"action", "/sign-out"}});
        page.empty_element("input", {{"type", "hidden"}, {"name", "token"}, {"value", frame.visitor.form_token}});
        page.element("button", "Sign out").close();
    }
    page.close();
    page.open("main", {{"id", "content"}, {"tabindex", "-1"}});
    return page;
}

std::string end_page(Html page, const Frame&) {
    page.close();
    page.open("footer").text(fmt::format("aggd {} · ", k_version));
    page.link("/feed.atom", "the merged feed").text(" · ").link("/opml", "the feeds as OPML");
    page.close().close().close();
    return "<!DOCTYPE html>\n" + page.take();
}

Task<Response> send_page(Services& services, Request request, int status, std::string html, Images images) {
    const Coding coding = choose_coding(request.header("Accept-Encoding").value_or(""));
    auto work = [html = std::move(html), coding] { return compress(html, coding, Effort::once); };
    std::string body = co_await run_on(services.reader_pool, std::move(work));
    Response made = response(status, "text/html; charset=utf-8", std::move(body));
    if (coding != Coding::identity) made.headers.emplace_back("Content-Encoding", to_string(coding));
    made.headers.emplace_back("Vary", "Accept, Accept-Encoding, Cookie");
    made.headers.emplace_back("Cache-Control", "private, no-cache");
    made.headers.emplace_back(
        "Content-Security-Policy",
        fmt::format("default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src {}; "
                    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
                    images == Images::on ? "http: https:" : "'none'"));
    made.headers.emplace_back("X-Frame-Options", "DENY");
    made.headers.emplace_back("X-Content-Type-Options", "nosniff");
    made.headers.emplace_back("Referrer-Policy", "no-referrer");
    made.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
    made.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
    co_return made;
}

Task<Response> send_message(Services& services, Request request, int status, std::string title, std::string message) {
    const Frame frame{.title = title, .here = "", .visitor = visitor_of(services, request)};
    Html page = begin_page(frame);
    page.element("h1", title).element("p", message, {{"dir", "auto"}});
    page.open("p").link("/", "To the river").close();
    Task<Response> sending = send_page(services, std::move(request), status, end_page(std::move(page), frame));
    co_return co_await std::move(sending);
}

Response redirect(std::string_view address) {
    Response made;
    made.status = 303;
    made.headers.emplace_back("Location", address);
    made.headers.emplace_back("Cache-Control", "no-store");
    return made;
}

Response redirect_to_sign_in(const Request& request) {
    return redirect("/sign-in?return=" + percent_encode(address_of(request)));
}

std::string safe_return(std::string_view address) {
    const bool is_path = address.starts_with('/') && !address.starts_with("//");
    const bool is_plain =
        std::all_of(address.begin(), address.end(), [](char c) { return c > ' ' && c < '\x7F' && c != '\\'; });
    return is_path && is_plain ? std::string(address) : "/";
}

std::string address_of(const Request& request) {
    std::string address = request.path;
    char separator = '?';
    for (const auto& [name, value] : request.query) {
        address += fmt::format("{}{}={}", separator, percent_encode(name), percent_encode(value));
        separator = '&';
    }
    return address;
}

Task<Response> style(Services&, Request) { co_return asset("text/css; charset=utf-8", k_style); }
Task<Response> script(Services&, Request) { co_return asset("text/javascript; charset=utf-8", k_script); }

}  // namespace agg::serve::page
