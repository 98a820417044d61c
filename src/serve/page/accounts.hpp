// Signing in and out, and marking stories: the forms of the page.
#pragma once

#include "serve/routes.hpp"

namespace agg::serve::page {

[[nodiscard]] Task<Response> sign_in_form(Services& services, Request request);
// Answers the form: a session and the way back, or the form again with what is wrong.
[[nodiscard]] Task<Response> sign_in(Services& services, Request request);
[[nodiscard]] Task<Response> sign_out(Services& services, Request request);

// Members: story, mark (read, unread, starred, unstarred), token; return, or quiet=1 for a script.
[[nodiscard]] Task<Response> mark(Services& services, Request request);

}  // namespace agg::serve::page
