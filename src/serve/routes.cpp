#include "serve/routes.hpp"

#include <array>

#include "serve/backup_routes.hpp"
#include "serve/control_json.hpp"
#include "serve/duplicate_routes.hpp"
#include "serve/greader.hpp"
#include "serve/manage_json.hpp"
#include "serve/opml.hpp"
#include "serve/page/accounts.hpp"
#include "serve/page/health_page.hpp"
#include "serve/page/item_page.hpp"
#include "serve/page/river.hpp"
#include "serve/page/stats_page.hpp"
#include "serve/rule_routes.hpp"
#include "version.hpp"

namespace agg::serve {
namespace {

// The page for browsers, which say that they take HTML; for curl what there is.
Task<Response> home(Services& services, Request request) {
    if (request.header("Accept").value_or("").find("text/html") != std::string::npos) {
        Task<Response> answering = page::river(services, std::move(request));
        co_return co_await std::move(answering);
    }
    Response listing = text_response(
        200, fmt::format("aggd {}\n\n"
                         "/                   the page for people, in a browser; with /item/NUMBER, /health, /stats,\n"
                         "                    /stats.json, /sign-in, /sign-out, /mark, /page.css and /page.js\n"
                         "/feed.atom          the merged feed as Atom; also /feed.rss and /feed.json\n"
                         "/tag/NAME.atom      what feeds with a tag bring\n"
                         "/source/NAME.atom   one feed, repaired and cleaned\n"
                         "/view/NAME.atom     a view of feeds.conf\n"
                         "/search.atom?q=...  a search; also /search.rss and /search.json\n"
                         "                    each as .atom, .rss and .json, and with these parameters:\n"
                         "                    ?n=50 another number of stories, 1 to 1000\n"
                         "                    ?q=...&since=7d only what fits; see feeds.conf(5), QUERIES\n"
                         "/opml               the feeds that are collected, as OPML\n"
                         "/views.opml         what is served here, as OPML: import it into a reader\n"
                         "/health.atom        changes in how the feeds do; also /health.rss and /health.json\n"
                         "/reader/            the Google Reader API, for readers that keep what is read in step;\n"
                         "                    also below /api/greader.php: give them the address of this page,\n"
                         "                    and the user and password that `aggctl passwd` set, which they\n"
                         "                    send to /accounts/ClientLogin\n"
                         "/events             new stories as they come, as server-sent events; ?q=...\n"
                         "/metrics            figures for Prometheus\n"
                         "/healthz            \"ok\" while aggd gets on with its work, else 503 and why\n\n"
                         "Point a feed reader at one of these. aggctl(1) changes what is collected.\n",
                         k_version));
    listing.headers.emplace_back("Vary", "Accept");
    co_return listing;
}

Task<Response> healthz(Services& services, Request) {
    const auto healthy = co_await services.admin.health();
    Response answer = healthy ? text_response(200, "ok") : text_response(503, healthy.error().message);
    answer.headers.emplace_back("Cache-Control", "no-store");
    co_return answer;
}

Task<Response> metrics(Services& services, Request) {
    const auto result = co_await services.admin.metrics();
    if (!result) co_return error_response(result.error());
    co_return response(200, "text/plain; version=0.0.4; charset=utf-8", write_metrics(*result));
}

Task<Response> health_atom(Services& services, Request request) {
    return services.health.answer(std::move(request), ViewFormat::atom);
}
Task<Response> health_rss(Services& services, Request request) {
    return services.health.answer(std::move(request), ViewFormat::rss);
}
Task<Response> health_json(Services& services, Request request) {
    return services.health.answer(std::move(request), ViewFormat::json_feed);
}

Task<Response> view(Services& services, Request request) {
    auto spec = read_view(request, services.catalog, services.now());
    if (!spec) co_return text_response(http_status(spec.error().kind), spec.error().message);
    Task<Response> answering = services.views.answer(std::move(request), std::move(*spec));
    co_return co_await std::move(answering);
}

Response opml_response(std::string text) { return response(200, "text/x-opml; charset=utf-8", std::move(text)); }

Task<Response> opml(Services& services, Request) {
    const auto feeds = co_await services.admin.feeds();
    if (!feeds) co_return text_response(http_status(feeds.error().kind), feeds.error().message);
    co_return opml_response(write_subscriptions(*feeds));
}

Task<Response> views_opml(Services& services, Request) {
    co_return opml_response(write_views(services.catalog, services.views.base_url()));
}

// What the daemon answered, as JSON with `status`, or its error.
template <typename T>
Response reply(const Result<T>& result, std::string (*write)(const T&), int status = 200) {
    return result ? response(status, "application/json", write(*result)) : error_response(result.error());
}

Task<Response> status(Services& services, Request) {
    const auto result = co_await services.admin.status();
    co_return reply(result, write_status);
}

Task<Response> feeds(Services& services, Request) {
    const auto result = co_await services.admin.feeds();
    co_return reply(result, write_feeds);
}

Task<Response> feed(Services& services, Request request) {
    Task<Result<FeedDetails>> asking = services.admin.feed(std::move(request.captures.front()));
    const auto result = co_await std::move(asking);
    co_return reply(result, write_details);
}

Task<Response> why(Services& services, Request request) {
    Task<Result<FeedDetails>> asking = services.admin.feed(std::move(request.captures.front()));
    const auto result = co_await std::move(asking);
    co_return reply(result, write_why);
}

Task<Response> moves(Services& services, Request) {
    const auto result = co_await services.admin.moves();
    co_return reply(result, write_moves);
}

Task<Response> accept_moves(Services& services, Request request) {
    auto wanted = read_moves_request(request.body);
    if (!wanted) co_return error_response(wanted.error());
    Task<Result<std::vector<FeedMove>>> accepting = services.admin.accept_moves(std::move(*wanted));
    const auto result = co_await std::move(accepting);
    co_return reply(result, write_moves);
}

Task<Response> add(Services& services, Request request) {
    auto wanted = read_add_request(request.body);
    if (!wanted) co_return error_response(wanted.error());
    Task<Result<AddedFeed>> adding = services.admin.add(std::move(*wanted));
    const auto result = co_await std::move(adding);
    co_return reply(result, write_added, 201);
}

// "?NAME=true"; without a value it means the same.
bool is_set(const Request& request, std::string_view name) {
    const auto value = request.parameter(name);
    return value && (value->empty() || *value == "true" || *value == "1");
}

Task<Response> remove(Services& services, Request request) {
    const bool purge = is_set(request, "purge");
    std::string feed = std::move(request.captures.front());
    Task<Result<FeedStatus>> removing =
        purge ? services.admin.purge(std::move(feed)) : services.admin.remove(std::move(feed));
    const auto result = co_await std::move(removing);
    co_return reply(result, write_feed);
}

Task<Response> refresh(Services& services, Request request) {
    auto wanted = read_refresh_request(request.body);
    if (!wanted) co_return error_response(wanted.error());
    Task<Result<std::vector<RefreshedFeed>>> refreshing = services.admin.refresh(std::move(*wanted));
    const auto result = co_await std::move(refreshing);
    co_return reply(result, write_refreshed);
}

Task<Response> reload(Services& services, Request request) {
    Task<Result<ReloadReport>> reloading =
        is_set(request, "dry_run") ? services.admin.preview_reload() : services.admin.reload();
    const auto result = co_await std::move(reloading);
    co_return reply(result, write_reload);
}

// A view, or everything, narrowed by the same parameters as a feed.
Result<ViewSpec> read_items_request(Services& services, Request& request) {
    const auto view = request.parameter("view");
    if (view) request.captures = {std::string(*view) + ".json"};
    request.path = view ? "/view/" + percent_encode(*view) + ".json" : "/feed.json";
    return read_view(request, services.catalog, services.now());
}

// What `aggctl tail` follows.
Task<Response> events(Services& services, Request request) {
    auto spec = read_items_request(services, request);
    if (!spec) co_return error_response(spec.error());
    Task<Response> answering = services.events.answer(std::move(request), std::move(*spec));
    co_return co_await std::move(answering);
}

// What `aggctl items` and `aggctl search` show.
Task<Response> items(Services& services, Request request) {
    const auto spec = read_items_request(services, request);
    if (!spec) co_return error_response(spec.error());
    auto work = [selection = spec->selection](store::Reader& reader) { return reader.page(selection); };
    Task<store::Page> reading = services.read(std::move(work));
    const store::Page page = co_await std::move(reading);
    co_return response(200, "application/json", write_items(page, page.next ? to_text(*page.next) : ""));
}

Task<Response> mark(Services& services, Request request) {
    auto wanted = read_mark_items(request.body);
    if (!wanted) co_return error_response(wanted.error());
    Task<Result<std::vector<store::FoundItem>>> finding = services.admin.find_items(std::move(wanted->items));
    const auto found = co_await std::move(finding);
    if (!found) co_return error_response(found.error());
    store::MarkRequest change{.mark = wanted->mark, .now = services.now()};
    for (const store::FoundItem& item : *found) change.stories.push_back(item.story);
    Task<Result<store::Marked>> marking = services.admin.mark(std::move(change));
    const auto result = co_await std::move(marking);
    co_return reply(result, write_marked);
}

Task<Response> hosts(Services& services, Request) {
    const auto result = co_await services.admin.hosts();
    co_return reply(result, write_hosts);
}

Task<Response> password(Services& services, Request request) {
    auto wanted = read_password(request.body);
    if (!wanted) co_return error_response(wanted.error());
    Task<Result<void>> setting = services.admin.set_password(std::move(wanted->user), std::move(wanted->password));
    const auto result = co_await std::move(setting);
    if (!result) co_return error_response(result.error());
    co_return response(200, "application/json", "{}\n");
}

Task<Response> set(Services& services, Request request) {
    auto settings = read_settings(request.body);
    if (!settings) co_return error_response(settings.error());
    SetRequest wanted{std::move(request.captures.front()), std::move(*settings)};
    Task<Result<FeedStatus>> setting = services.admin.set(std::move(wanted));
    const auto result = co_await std::move(setting);
    co_return reply(result, write_feed);
}

Task<Response> import_list(Services& services, Request request) {
    ImportRequest wanted{std::move(request.body), is_set(request, "dry_run")};
    Task<Result<ImportReport>> importing = services.admin.import_list(std::move(wanted));
    const auto result = co_await std::move(importing);
    co_return reply(result, write_import);
}

Task<Response> export_list(Services& services, Request) {
    auto result = co_await services.admin.export_list();
    if (!result) co_return error_response(result.error());
    co_return response(200, "text/x-opml; charset=utf-8", std::move(*result));
}

Task<Response> check(Services& services, Request request) {
    CheckRequest wanted{std::string(request.parameter("url").value_or("")), std::move(request.body)};
    Task<Result<CheckReport>> checking = services.admin.check(std::move(wanted));
    const auto result = co_await std::move(checking);
    co_return reply(result, write_check);
}

constexpr std::array k_routes = {
    Route{"GET", "/", Permission::read, Reach::everywhere, home},
    Route{"GET", "/item/{item}", Permission::read, Reach::everywhere, page::item_page},
    Route{"GET", "/health", Permission::read, Reach::everywhere, page::health_page},
    Route{"GET", "/stats", Permission::read, Reach::everywhere, page::stats_page},
    Route{"GET", "/stats.json", Permission::read, Reach::everywhere, page::stats_json},
    Route{"GET", "/page.css", Permission::read, Reach::everywhere, page::style},
    Route{"GET", "/page.js", Permission::read, Reach::everywhere, page::script},
    Route{"GET", "/sign-in", Permission::account, Reach::everywhere, page::sign_in_form},
    Route{"POST", "/sign-in", Permission::account, Reach::everywhere, page::sign_in},
    Route{"POST", "/sign-out", Permission::account, Reach::everywhere, page::sign_out},
    Route{"POST", "/mark", Permission::account, Reach::everywhere, page::mark},
    Route{"GET", "/feed.atom", Permission::read, Reach::everywhere, view},
    Route{"GET", "/feed.rss", Permission::read, Reach::everywhere, view},
    Route{"GET", "/feed.json", Permission::read, Reach::everywhere, view},
    Route{"GET", "/tag/{name}", Permission::read, Reach::everywhere, view},
    Route{"GET", "/source/{name}", Permission::read, Reach::everywhere, view},
    Route{"GET", "/view/{name}", Permission::read, Reach::everywhere, view},
    Route{"GET", "/search.atom", Permission::read, Reach::everywhere, view},
    Route{"GET", "/search.rss", Permission::read, Reach::everywhere, view},
    Route{"GET", "/search.json", Permission::read, Reach::everywhere, view},
    Route{"GET", "/opml", Permission::read, Reach::everywhere, opml},
    Route{"GET", "/views.opml", Permission::read, Reach::everywhere, views_opml},
    Route{"GET", "/health.atom", Permission::read, Reach::everywhere, health_atom},
    Route{"GET", "/health.rss", Permission::read, Reach::everywhere, health_rss},
    Route{"GET", "/health.json", Permission::read, Reach::everywhere, health_json},
    Route{"GET", "/events", Permission::read, Reach::everywhere, events},
    Route{"GET", "/metrics", Permission::read, Reach::everywhere, metrics},
    Route{"GET", "/healthz", Permission::read, Reach::everywhere, healthz},

    // The Google Reader API, under the addresses that its clients make of what people type.
    Route{"GET", "/accounts/ClientLogin", Permission::account, Reach::everywhere, greader},
    Route{"POST", "/accounts/ClientLogin", Permission::account, Reach::everywhere, greader},
    Route{"GET", "/reader/{*}", Permission::account, Reach::everywhere, greader},
    Route{"POST", "/reader/{*}", Permission::account, Reach::everywhere, greader},
    Route{"GET", "/api/{*}", Permission::account, Reach::everywhere, greader},
    Route{"POST", "/api/{*}", Permission::account, Reach::everywhere, greader},

    Route{"GET", "/v1/status", Permission::read, Reach::unix_socket, status},
    Route{"GET", "/v1/feeds", Permission::read, Reach::unix_socket, feeds},
    Route{"POST", "/v1/feeds", Permission::change, Reach::unix_socket, add},
    Route{"GET", "/v1/feeds/{name}", Permission::read, Reach::unix_socket, feed},
    Route{"GET", "/v1/feeds/{name}/why", Permission::read, Reach::unix_socket, why},
    Route{"DELETE", "/v1/feeds/{name}", Permission::change, Reach::unix_socket, remove},
    Route{"GET", "/v1/moves", Permission::read, Reach::unix_socket, moves},
    Route{"POST", "/v1/moves", Permission::change, Reach::unix_socket, accept_moves},
    Route{"POST", "/v1/password", Permission::change, Reach::unix_socket, password},
    Route{"GET", "/v1/items", Permission::read, Reach::unix_socket, items},
    Route{"GET", "/v1/items/{item}/why", Permission::read, Reach::unix_socket, item_origin},
    Route{"GET", "/v1/items/{item}/changes", Permission::read, Reach::unix_socket, item_changes},
    Route{"POST", "/v1/items/{item}/split", Permission::change, Reach::unix_socket, split_item},
    Route{"POST", "/v1/merges", Permission::change, Reach::unix_socket, merge_items},
    Route{"POST", "/v1/feeds/{name}/undo-heal", Permission::change, Reach::unix_socket, undo_heal},
    Route{"GET", "/v1/dedup", Permission::read, Reach::unix_socket, dedup_stats},
    Route{"GET", "/v1/rules", Permission::read, Reach::unix_socket, rules},
    Route{"GET", "/v1/rules/test", Permission::read, Reach::unix_socket, try_rule},
    Route{"POST", "/v1/marks", Permission::change, Reach::unix_socket, mark},
    Route{"POST", "/v1/refresh", Permission::change, Reach::unix_socket, refresh},
    Route{"GET", "/v1/hosts", Permission::read, Reach::unix_socket, hosts},
    Route{"POST", "/v1/reload", Permission::change, Reach::unix_socket, reload},
    Route{"PATCH", "/v1/feeds/{name}", Permission::change, Reach::unix_socket, set},
    Route{"POST", "/v1/import", Permission::change, Reach::unix_socket, import_list},
    Route{"GET", "/v1/opml", Permission::read, Reach::unix_socket, export_list},
    Route{"POST", "/v1/check", Permission::change, Reach::unix_socket, check},
    Route{"GET", "/v1/work", Permission::read, Reach::unix_socket, work},
    Route{"GET", "/v1/space", Permission::read, Reach::unix_socket, space},
    Route{"GET", "/v1/backup", Permission::change, Reach::unix_socket, backup},
    Route{"PUT", "/v1/restore", Permission::change, Reach::unix_socket, restore, Body::pieces},
};

}  // namespace

std::span<const Route> routes() { return k_routes; }

}  // namespace agg::serve
