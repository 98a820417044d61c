#include "serve/page/accounts.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"
#include "serve/page/frame.hpp"
#include "serve/password.hpp"

namespace agg::serve::page {
namespace {

using Form = std::vector<std::pair<std::string, std::string>>;

std::string member(const Form& form, std::string_view name) {
    const auto found = std::find_if(form.begin(), form.end(), [&](const auto& each) { return each.first == name; });
    return found == form.end() ? "" : found->second;
}

Form form_of(const Request& request) { return parse_form(request.body).value_or(Form{}); }

Task<Response> send_form(Services& services, Request request, int status, std::string back, std::string problem) {
    const Frame frame{.title = "Sign in", .here = "", .visitor = visitor_of(services, request)};
    Html page = begin_page(frame);
    page.element("h1", "Sign in");
    if (!services.sign_in.is_set_up()) {
        page.open("p").text("Nobody can sign in yet. Set a user and a password on the machine that aggd runs on:");
        page.close().element("pre", "aggctl passwd USER");
    } else {
        page.open("form", {{"method", "post"}, {"action", "/sign-in"}, {"class", "sign-in"}});
        page.empty_element("input", {{"type", "hidden"}, {"name", "return"}, {"value", back}});
        if (!problem.empty()) page.element("p", problem, {{"class", "problem"}, {"role", "alert"}});
        page.open("label").text("User ");
        page.empty_element("input", {{"name", "user"}, {"autocomplete", "username"}, {"required", "required"}}).close();
        page.open("label").text("Password ");
        page.empty_element("input", {{"name", "password"},
                                     {"type", "password"},
                                     {"autocomplete", "current-password"},
                                     {"required", "required"}});
        page.close().element("button", "Sign in").close();
        page.element("p", "The user and password are those that `aggctl passwd` set.", {{"class", "hint"}});
    }
    Task<Response> sending = send_page(services, std::move(request), status, end_page(std::move(page), frame));
    co_return co_await std::move(sending);
}

constexpr std::string_view k_cookie = "aggd_session={}; Path=/; HttpOnly; SameSite=Strict{}";

std::optional<store::Mark> mark_of(std::string_view name) {
    using enum store::Mark;
    if (name == "read") return read;
    if (name == "unread") return unread;
    if (name == "starred") return starred;
    if (name == "unstarred") return unstarred;
    return std::nullopt;
}

}  // namespace

Task<Response> sign_in_form(Services& services, Request request) {
    std::string back = safe_return(request.parameter("return").value_or("/"));
    Task<Response> sending = send_form(services, std::move(request), 200, std::move(back), "");
    co_return co_await std::move(sending);
}

Task<Response> sign_in(Services& services, Request request) {
    const Form form = form_of(request);
    std::string back = safe_return(member(form, "return"));
    Task<Result<std::string>> signing =
        services.sign_in.sign_in(member(form, "user"), member(form, "password"), services.now());
    const auto signed_in = co_await std::move(signing);
    if (!signed_in) {
        const int status = signed_in.error().kind == ErrorKind::unavailable ? 429 : 403;
        Task<Response> sending =
            send_form(services, std::move(request), status, std::move(back), signed_in.error().message);
        co_return co_await std::move(sending);
    }
    Response answer = redirect(back);
    answer.headers.emplace_back("Set-Cookie", fmt::format(k_cookie, services.sign_in.begin_session(), ""));
    co_return answer;
}

Task<Response> sign_out(Services& services, Request request) {
    Response answer = redirect("/");
    if (equals_in_constant_time(member(form_of(request), "token"), services.sign_in.form_token())) {
        services.sign_in.end_session(session_of(request));
        answer.headers.emplace_back("Set-Cookie", fmt::format(k_cookie, "", "; Max-Age=0"));
    }
    co_return answer;
}

Task<Response> mark(Services& services, Request request) {
    const Form form = form_of(request);
    if (!visitor_of(services, request).may_mark) {
        std::string why = services.sign_in.is_set_up()
                              ? "Sign in to mark stories."
                              : "Marking needs a password: set one with `aggctl passwd USER`, then sign in here.";
        if (request.peer.kind == Peer::Kind::unix_socket)
            why =
                "Only root, the user that runs aggd and the group that feeds.conf names may mark over the Unix socket.";
        Task<Response> refusing = send_message(services, std::move(request), 403, "Not marked", std::move(why));
        co_return co_await std::move(refusing);
    }
    if (!equals_in_constant_time(member(form, "token"), services.sign_in.form_token())) {
        Task<Response> refusing =
            send_message(services, std::move(request), 403, "Not marked",
                         "The form is older than this aggd, or not aggd's own. Load the page again and mark then.");
        co_return co_await std::move(refusing);
    }
    const std::string story = member(form, "story");
    const auto wanted = mark_of(member(form, "mark"));
    std::int64_t number = 0;
    const auto read = std::from_chars(story.data(), story.data() + story.size(), number);
    if (!wanted || read.ec != std::errc{} || read.ptr != story.data() + story.size()) {
        Task<Response> refusing = send_message(services, std::move(request), 400, "Not marked",
                                               "A mark takes a story's number and read, unread, starred or unstarred.");
        co_return co_await std::move(refusing);
    }
    store::MarkRequest change{.mark = *wanted, .stories = {StoryId{number}}, .now = services.now()};
    Task<Result<store::Marked>> marking = services.admin.mark(std::move(change));
    const auto marked = co_await std::move(marking);
    if (!marked) {
        Task<Response> refusing = send_message(services, std::move(request), http_status(marked.error().kind),
                                               "Not marked", marked.error().message);
        co_return co_await std::move(refusing);
    }
    if (member(form, "quiet") == "1") {
        Response done;
        done.status = 204;
        co_return done;
    }
    co_return redirect(safe_return(member(form, "return")));
}

}  // namespace agg::serve::page
