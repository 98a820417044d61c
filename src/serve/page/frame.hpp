// What every page has in common: who looks at it, its head, its navigation, and what the browser may do with it.
#pragma once

#include <string>
#include <string_view>

#include "serve/page/html.hpp"
#include "serve/routes.hpp"

namespace agg::serve::page {

// What the one who asks may do.
struct Visitor {
    bool may_read = false;  // false: the sign-in form is all there is
    bool may_mark = false;
    bool is_signed_in = false;
    std::string form_token;  // every form that changes something carries it
};

// Over TCP: reading is free until a password is set; marking takes a session. Over the Unix socket: everybody may read,
// and whoever may change things marks.
[[nodiscard]] Visitor visitor_of(const Services& services, const Request& request);

// The value of the session's cookie; empty when there is none.
[[nodiscard]] std::string session_of(const Request& request);

enum class Images { off, on };
// Images are shown when the address says so: nothing is stored in the browser.
[[nodiscard]] Images images_of(const Request& request);

enum class Width { text, wide };

struct Frame {
    std::string title;
    std::string here;  // the address of the entry of the navigation that is shown
    Images images = Images::off;
    Visitor visitor;
    Width width = Width::text;
};

// The document up to the beginning of its <main>, and what follows that.
[[nodiscard]] Html begin_page(const Frame& frame);
[[nodiscard]] std::string end_page(Html page, const Frame& frame);

// The page as it goes out: compressed on the readers' threads, with the headers that keep it from doing harm.
[[nodiscard]] Task<Response> send_page(Services& services, Request request, int status, std::string html,
                                       Images images = Images::off);

// A page that says one thing: what went wrong, or what to do.
[[nodiscard]] Task<Response> send_message(Services& services, Request request, int status, std::string title,
                                          std::string message);

// "See there": after a form, and to the sign-in form.
[[nodiscard]] Response redirect(std::string_view address);
[[nodiscard]] Response redirect_to_sign_in(const Request& request);

// `address` when it is a path of ours that may be gone to after a form; else "/".
[[nodiscard]] std::string safe_return(std::string_view address);

// The path and the query that were asked for.
[[nodiscard]] std::string address_of(const Request& request);

[[nodiscard]] Task<Response> style(Services& services, Request request);
[[nodiscard]] Task<Response> script(Services& services, Request request);

}  // namespace agg::serve::page
