#include "serve/view_spec.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"
#include "serve/writers.hpp"

namespace agg::serve {
namespace {

constexpr std::size_t k_default_entries = 100;
constexpr std::size_t k_max_entries = 1000;

template <typename Number>
bool read_number(std::string_view text, Number& number) {
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    return read.ec == std::errc{} && read.ptr == end && !text.empty();
}

// "news.atom" taken apart. Absent when there is no name or no format that is served.
std::optional<std::pair<std::string, ViewFormat>> split_extension(const std::string& name) {
    for (const ViewFormat format : {ViewFormat::atom, ViewFormat::rss, ViewFormat::json_feed}) {
        const std::string extension = std::string(".") + facts_of(format).extension;
        if (name.size() > extension.size() && name.ends_with(extension))
            return std::pair{name.substr(0, name.size() - extension.size()), format};
    }
    return std::nullopt;
}

Result<void> find_named(ViewSpec& spec, const std::string& kind, const std::string& name, const Catalog& catalog) {
    spec.path = kind + "/" + percent_encode(name);
    if (kind == "source") {
        if (!catalog.sources.contains(name))
            return fail(ErrorKind::not_found, "There is no feed \"{}\"; aggctl list shows their names.", name);
        spec.source = name;
        spec.selection.query = Query{.kind = Query::Kind::source, .text = name};
        return {};
    }
    if (kind == "tag") {
        if (!catalog.tags.contains(ascii_lower(name)))
            return fail(ErrorKind::not_found, "No feed and no rule in feeds.conf has the tag \"{}\".", name);
        spec.title = name;
        spec.selection.query = Query{.kind = Query::Kind::tag, .text = name};
        return {};
    }
    const auto view =
        std::find_if(catalog.views.begin(), catalog.views.end(), [&](const View& each) { return each.name == name; });
    if (view == catalog.views.end())
        return fail(ErrorKind::not_found, "feeds.conf has no [view.{}]; /views.opml lists what is served.", name);
    spec.title = view->title.empty() ? view->name : view->title;
    spec.selection.query = view->query;
    spec.selection.limit = view->entries;
    spec.dedup = view->dedup;
    spec.id_scope = view->id_scope;
    return {};
}

// Adds a parameter to the view's own address.
void keep(ViewSpec& spec, std::string_view name, std::string_view value) {
    if (!spec.parameters.empty()) spec.parameters += '&';
    spec.parameters += fmt::format("{}={}", name, percent_encode(value));
}

Result<void> narrow(ViewSpec& spec, std::string_view name, std::string_view text, const std::string& query_text) {
    auto query = parse_query(query_text);
    if (!query) return fail(ErrorKind::invalid, "{}: {}", name, query.error().message);
    spec.selection.query = both(std::move(spec.selection.query), std::move(*query));
    keep(spec, name, text);
    return {};
}

Result<void> read_parameters(ViewSpec& spec, const Request& request) {
    if (const auto text = request.parameter("n")) {
        std::size_t count = 0;
        if (!read_number(*text, count) || count < 1 || count > k_max_entries)
            return fail(ErrorKind::invalid, "n is the number of entries, 1 to {}; \"{}\" is not.", k_max_entries,
                        truncate_utf8(*text, 40));
        if (count != spec.selection.limit) keep(spec, "n", *text);
        spec.selection.limit = count;
    }
    if (const auto text = request.parameter("q"))
        if (const auto done = narrow(spec, "q", *text, std::string(*text)); !done) return done;
    if (const auto text = request.parameter("since"))
        if (const auto done = narrow(spec, "since", *text, fmt::format("since:\"{}\"", *text)); !done) return done;
    if (const auto text = request.parameter("dedup")) {
        constexpr auto k_names = std::to_array<std::string_view>({"off", "exact", "story"});
        const auto found = std::find(k_names.begin(), k_names.end(), *text);
        if (found == k_names.end()) return fail(ErrorKind::invalid, "dedup is off, exact or story.");
        spec.dedup = static_cast<Dedup>(found - k_names.begin());
        keep(spec, "dedup", *text);
    }
    if (const auto text = request.parameter("id_scope")) {
        if (*text != "all" && *text != "view") return fail(ErrorKind::invalid, "id_scope is all or view.");
        spec.id_scope = *text == "all" ? IdScope::all : IdScope::view;
        keep(spec, "id_scope", *text);
    }
    if (const auto text = request.parameter("before")) {
        const auto position = read_position(*text);
        if (!position) return tl::unexpected(position.error());
        spec.selection.before = *position;
    }
    return {};
}

}  // namespace

std::string to_text(const store::Position& position) { return fmt::format("{}.{}", position.sort, position.number); }

Result<store::Position> read_position(std::string_view text) {
    store::Position position;
    const std::size_t dot = text.find('.');
    if (dot != std::string_view::npos && read_number(text.substr(0, dot), position.sort) &&
        read_number(text.substr(dot + 1), position.number))
        return position;
    return fail(ErrorKind::invalid, "before is a place that a \"next\" link names; \"{}\" is not.",
                truncate_utf8(text, 40));
}

const FormatFacts& facts_of(ViewFormat format) {
    static constexpr FormatFacts k_atom{"atom", "application/atom+xml; charset=utf-8", write_atom};
    static constexpr FormatFacts k_rss{"rss", "application/rss+xml; charset=utf-8", write_rss};
    static constexpr FormatFacts k_json{"json", "application/feed+json", write_json_feed};
    switch (format) {
        case ViewFormat::atom: return k_atom;
        case ViewFormat::rss: return k_rss;
        case ViewFormat::json_feed: return k_json;
    }
    return k_atom;
}

std::string ViewSpec::address(const std::optional<store::Position>& before) const {
    std::string text = fmt::format("{}.{}", path, facts_of(format).extension);
    if (!parameters.empty()) text += "?" + parameters;
    if (before) text += fmt::format("{}before={}", parameters.empty() ? '?' : '&', to_text(*before));
    return text;
}

std::string ViewSpec::key() const {
    const bool is_relative =
        any_term(selection.query, [](const Query& term) { return term.kind == Query::Kind::since && term.age; });
    return fmt::format("{} {} {} {} {} {}", address(selection.before), selection.limit, static_cast<int>(dedup),
                       static_cast<int>(id_scope), is_relative ? to_unix_ms(selection.now) : 0, title);
}

Result<ViewSpec> read_view(const Request& request, const Catalog& catalog, TimePoint now) {
    const bool has_kind = !request.captures.empty();
    const std::string path = percent_decode(request.path).value_or("");
    const auto parts = split_extension(has_kind ? request.captures.front() : path.substr(path.rfind('/') + 1));
    if (!parts)
        return fail(ErrorKind::not_found, "There is no {} here: a view ends in .atom, .rss or .json.",
                    truncate_utf8(path, 200));
    ViewSpec spec;
    spec.format = parts->second;
    spec.selection.limit = k_default_entries;
    // Whole minutes, so that "since:7d" is not another view with every request.
    spec.selection.now = std::chrono::floor<std::chrono::minutes>(now);
    spec.path = parts->first;
    if (has_kind) {
        const std::string kind = path.substr(1, path.find('/', 1) - 1);
        if (const auto found = find_named(spec, kind, parts->first, catalog); !found)
            return tl::unexpected(found.error());
    } else if (parts->first == "feed") {
        spec.title = "aggd";
    } else {
        const auto words = request.parameter("q");
        if (!words || trim(*words).empty())
            return fail(ErrorKind::invalid, "A search needs a query: /search.{}?q=rain",
                        facts_of(spec.format).extension);
        spec.title = fmt::format("Search: {}", trim(*words));
    }
    if (const auto read = read_parameters(spec, request); !read) return tl::unexpected(read.error());
    spec.needs_marks = any_term(spec.selection.query, [](const Query& term) {
        return term.parts.empty() && term.kind != Query::Kind::all_of && term.kind != Query::Kind::source &&
               term.kind != Query::Kind::since;
    });
    return spec;
}

std::string percent_encode(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (is_ascii_alpha(c) || is_ascii_digit(c) || c == '-' || c == '_' || c == '.' || c == '~')
            out += c;
        else
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

}  // namespace agg::serve
