// The Google Reader API, as readers really use it: newsboat, liferea, rssguard, Reeder, NetNewsWire, FeedMe and others.
// A story is one item, known by its number; it is at home in the feed that told it first, so that no item stands in two
// feeds.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "serve/routes.hpp"

namespace agg::serve {

// Answers everything below /reader/, /accounts/ and /api/greader.php/. Over TCP the caller must have signed in
// (/accounts/ClientLogin): with "Authorization: GoogleLogin auth=TOKEN" or, as liferea does, with T=TOKEN in a POST.
// Over the Unix socket anybody may read, and root and the owner may edit.
[[nodiscard]] Task<Response> greader(Services& services, Request request);

// The parameters of a call, from its query and from its form: clients use either.
class Parameters {
  public:
    explicit Parameters(std::vector<std::pair<std::string, std::string>> pairs) : pairs_(std::move(pairs)) {}

    // The first of that name; "" when there is none.
    [[nodiscard]] std::string_view first(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> all(std::string_view name) const;

  private:
    std::vector<std::pair<std::string, std::string>> pairs_;
};

// A call that may edit: `endpoint` is what follows /reader/api/0/. Absent when it is none that edits.
using Edit = Task<Response> (*)(Services& services, Parameters parameters, std::string body);
[[nodiscard]] Edit find_edit(std::string_view endpoint);

// The subscribed feed that a stream "feed/7" or "feed/https://..." means; null when there is none.
[[nodiscard]] const FeedStatus* find_feed(const std::vector<FeedStatus>& feeds, std::string_view name);

// What every edit answers: newsboat compares the body with "OK", so there is no line end.
[[nodiscard]] Response ok_response();

}  // namespace agg::serve
