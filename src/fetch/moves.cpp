#include "fetch/moves.hpp"

namespace agg::fetch {
namespace {

constexpr unsigned k_failures_that_end_a_move = 3;

std::optional<Move> believed_move_after(const Move& before, const std::string& moved_to, Arrival arrival,
                                        unsigned failures, TimePoint now) {
    if (failures >= k_failures_that_end_a_move) return std::nullopt;
    if (moved_to.empty() || moved_to == before.url || arrival != Arrival::at_the_feed) return before;
    return Move{.url = moved_to, .since = now, .polls = 1};
}

}  // namespace

std::string effective_url(const Feed& feed, const PollState& state) {
    if (!state.move || !state.move->confirmed) return feed.url;
    const auto own = Url::parse(feed.url);
    const auto moved = Url::parse(state.move->url);
    if (!own || !moved || !own->has_credentials() || !own->same_origin(*moved)) return state.move->url;
    const std::size_t start = own->text().find("://") + 3;
    const std::size_t end = own->text().rfind('@', own->text().find_first_of("/?#", start)) + 1;
    return own->scheme() + "://" + own->text().substr(start, end - start) +
           moved->text().substr(moved->text().find("://") + 3);
}

bool is_at_home(const Feed& feed, const Url& url) {
    const auto own = Url::parse(feed.url);
    return own && own->host() == url.host() && own->port() == url.port();
}

std::optional<Move> move_after(const std::optional<Move>& before, const std::string& moved_to, Arrival arrival,
                               unsigned failures, const Policy& policy, TimePoint now) {
    if (before && before->confirmed) return believed_move_after(*before, moved_to, arrival, failures, now);
    if (arrival == Arrival::unknown) return before;
    if (arrival == Arrival::elsewhere || moved_to.empty()) return std::nullopt;
    Move move = before && before->url == moved_to ? *before : Move{.url = moved_to, .since = now};
    ++move.polls;
    move.confirmed = move.polls >= policy.move_polls && now - move.since >= policy.move_age;
    return move;
}

}  // namespace agg::fetch
