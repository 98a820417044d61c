// The control API's wire: the structs of admin.hpp member by member, in snake_case. Times are RFC 3339 strings,
// durations numbers with the suffix _ms, enums their names; what is absent is left out. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "serve/admin.hpp"
#include "store/reader.hpp"

namespace agg::serve {

[[nodiscard]] std::string write_status(const DaemonStatus& status);
[[nodiscard]] std::string write_feeds(const std::vector<FeedStatus>& feeds);  // {"feeds":[...]}
[[nodiscard]] std::string write_feed(const FeedStatus& feed);                 // {"feed":{...}}
[[nodiscard]] std::string write_details(const FeedDetails& feed);             // {"feed":{...}}
[[nodiscard]] std::string write_why(const FeedDetails& feed);                 // {"feed":{...},"why":"..."}
[[nodiscard]] std::string write_moves(const std::vector<FeedMove>& moves);    // {"moves":[...]}
[[nodiscard]] std::string write_added(const AddedFeed& added);
[[nodiscard]] std::string write_refreshed(const std::vector<RefreshedFeed>& feeds);  // {"feeds":[...]}
[[nodiscard]] std::string write_reload(const ReloadReport& report);
[[nodiscard]] std::string write_hosts(const std::vector<HostStatus>& hosts);

// {"items":[...],"next":"..."}: the first telling of each story.
[[nodiscard]] std::string write_items(const store::Page& page, const std::string& next);
[[nodiscard]] std::string write_item(const store::Story& story);  // one of them, without a line end
[[nodiscard]] std::string write_marked(const store::Marked& marked);

// All fail with `invalid` and say which member is unknown, missing or of the wrong type. An empty body is an empty
// object.
[[nodiscard]] Result<AddRequest> read_add_request(std::string_view body);
[[nodiscard]] Result<RefreshRequest> read_refresh_request(std::string_view body);
[[nodiscard]] Result<std::vector<std::string>> read_moves_request(std::string_view body);  // the names of feeds

struct MarkItems {
    store::Mark mark = store::Mark::read;
    std::vector<std::string> items;  // as people name them
};
struct Password {
    std::string user, password;
};
[[nodiscard]] Result<Password> read_password(std::string_view body);
[[nodiscard]] Result<MarkItems> read_mark_items(std::string_view body);

}  // namespace agg::serve
