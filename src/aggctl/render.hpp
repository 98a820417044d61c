// The answers of the control API as text for people. Pure: no clock, no terminal, no socket.
#pragma once

#include <string>
#include <vector>

#include "aggctl/answer.hpp"
#include "aggctl/table.hpp"

namespace agg::aggctl {

// How the output looks.
struct Look {
    std::size_t width = 0;  // of the terminal; 0: not a terminal, nothing is cut
    Color color = Color::off;
    bool legend = true;  // headers and sums
    TimePoint now{};
};

// Each takes the object that the API returns (docs/control-api.md); the text ends with a line end.
[[nodiscard]] std::string render_status(const json::object& status, const Look& look);
[[nodiscard]] std::string render_feeds(const std::vector<json::object>& feeds, const Look& look);
[[nodiscard]] std::string render_failing(const std::vector<json::object>& feeds, const Look& look);
[[nodiscard]] std::string render_added(const json::object& added, const Look& look);
[[nodiscard]] std::string render_details(const json::object& answer, const Look& look);
[[nodiscard]] std::string render_why(const json::object& answer, const Look& look);
[[nodiscard]] std::string render_moves(const std::vector<json::object>& moves, bool accepted, const Look& look);
[[nodiscard]] std::string render_removed(const json::object& feed);
[[nodiscard]] std::string render_refreshed(const std::vector<json::object>& feeds, bool waited, const Look& look);
[[nodiscard]] std::string render_items(const std::vector<json::object>& items, const Look& look);
[[nodiscard]] std::string render_tail_header(const Look& look);  // of lines that come one by one
[[nodiscard]] std::string render_tail(const json::object& item, const Look& look);
[[nodiscard]] std::string render_marked(const json::object& marked);
[[nodiscard]] std::string render_hosts(const std::vector<json::object>& hosts, const Look& look);
[[nodiscard]] std::string render_reload(const json::object& report, const Look& look);

[[nodiscard]] std::string render_origin(const json::object& origin, const Look& look);
[[nodiscard]] std::string render_changes(const std::vector<json::object>& changes, const Look& look);
[[nodiscard]] std::string render_dedup_stats(const json::object& stats, const Look& look);

// Whether a FeedStatus asks for somebody's attention: it fails, or is gone.
[[nodiscard]] bool is_failing(const json::object& feed);

}  // namespace agg::aggctl
