// What came where a feed was: challenges, logins, parked domains and their kin, named as what they are. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fetch/response.hpp"

namespace agg::fetch {

enum class PageKind {
    challenge,  // asks browsers to prove themselves
    refusal,    // of a firewall
    login,
    consent,    // wants a click on its terms first
    portal,     // of the network that aggd is in: a captive portal
    parked,     // the domain is for sale or has expired
    suspended,  // the site's host has switched it off
};

struct Page {
    PageKind kind;
    std::string what;    // "a Cloudflare challenge"
    std::string advice;  // what it means and what to do, without a full stop
};

// Recognises the page that `response` is, by its status, header, address and body. Absent for a plain page. Only for
// answers that were no feed: an article about parked domains has their words too.
[[nodiscard]] std::optional<Page> recognise_page(const Response& response);

// What a page says, for people: the text of its first bytes without tags, scripts and styles, at most `max_bytes`.
[[nodiscard]] std::string page_text(const Response& response, std::size_t max_bytes);

}  // namespace agg::fetch
