#include <algorithm>

#include "base/text.hpp"
#include "serve/page/river.hpp"

namespace agg::serve::page {
namespace {

constexpr std::size_t k_stories = 30;

bool asks_for_text(const Query& query) {
    return any_term(query, [](const Query& term) {
        return term.kind == Query::Kind::text || term.kind == Query::Kind::title || term.kind == Query::Kind::author;
    });
}

void narrow(RiverRequest& river, Query query) {
    river.is_search |= asks_for_text(query);
    river.selection.query = both(std::move(river.selection.query), std::move(query));
}

// A chosen name, when it is one that feeds.conf has.
void read_choices(RiverRequest& river, const Request& request, const Catalog& catalog) {
    river.tag = request.parameter("tag").value_or("");
    river.source = request.parameter("source").value_or("");
    river.view = request.parameter("view").value_or("");
    river.state = request.parameter("state").value_or("");
    if (!river.tag.empty()) narrow(river, Query{.kind = Query::Kind::tag, .text = river.tag});
    if (!river.source.empty()) {
        if (!catalog.sources.contains(river.source))
            river.problem = fmt::format("There is no feed \"{}\".", truncate_utf8(river.source, 200));
        narrow(river, Query{.kind = Query::Kind::source, .text = river.source});
    }
    if (river.state == "unread") narrow(river, Query{.kind = Query::Kind::unread});
    if (river.state == "starred") narrow(river, Query{.kind = Query::Kind::starred});
    if (river.view.empty()) return;
    const auto view = std::find_if(catalog.views.begin(), catalog.views.end(),
                                   [&](const View& each) { return each.name == river.view; });
    if (view == catalog.views.end())
        river.problem = fmt::format("feeds.conf has no [view.{}].", truncate_utf8(river.view, 200));
    else
        narrow(river, view->query);
}

std::optional<std::string> quoted(std::string_view key, const std::string& value) {
    if (value.find('"') != std::string::npos) return std::nullopt;
    return fmt::format("{}:\"{}\"", key, value);
}

}  // namespace

std::string RiverRequest::address(const std::optional<store::Position>& before) const {
    std::string text;
    const auto add = [&](std::string_view name, std::string_view value) {
        if (!value.empty()) text += fmt::format("{}{}={}", text.empty() ? '?' : '&', name, percent_encode(value));
    };
    add("q", query);
    add("tag", tag);
    add("source", source);
    add("view", view);
    add("state", state);
    add("images", images == Images::on ? "on" : "");
    if (before) add("before", to_text(*before));
    return "/" + text;
}

bool RiverRequest::is_everything() const {
    return query.empty() && tag.empty() && source.empty() && view.empty() && state.empty();
}

std::optional<std::string> RiverRequest::as_query() const {
    std::string all = query.empty() ? "" : fmt::format("({})", query);
    for (const auto& [key, value] : {std::pair{"tag", tag}, std::pair{"source", source}}) {
        if (value.empty()) continue;
        const auto term = quoted(key, value);
        if (!term) return std::nullopt;
        all += " " + *term;
    }
    if (!state.empty()) all += " is:" + state;
    return std::string(trim(all));
}

RiverRequest read_river(const Request& request, const Catalog& catalog, TimePoint now) {
    RiverRequest river;
    river.images = images_of(request);
    river.selection.limit = k_stories;
    river.selection.now = now;
    read_choices(river, request, catalog);
    river.query = trim(request.parameter("q").value_or(""));
    if (auto query = parse_query(river.query))
        narrow(river, std::move(*query));
    else
        river.problem = query.error().message;
    if (const auto text = request.parameter("before")) {
        if (const auto position = read_position(*text))
            river.selection.before = *position;
        else
            river.problem = position.error().message;
    }
    return river;
}

}  // namespace agg::serve::page
