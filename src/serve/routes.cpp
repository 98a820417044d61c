#include "serve/routes.hpp"

#include <array>

#include "serve/control_json.hpp"
#include "serve/manage_json.hpp"
#include "version.hpp"

namespace agg::serve {
namespace {

Task<Response> home(Services&, Request) {
    co_return text_response(
        200, fmt::format("aggd {}\n\n"
                         "/feed.atom   the merged feed as Atom\n"
                         "/feed.rss    the same as RSS 2.0\n"
                         "/feed.json   the same as JSON Feed 1.1\n"
                         "             ?n=50 for another number of entries, 1 to 1000\n"
                         "/healthz     \"ok\" while aggd runs\n\n"
                         "Point a feed reader at one of the first three. aggctl(1) changes what is collected.\n",
                         k_version));
}

Task<Response> health(Services&, Request) { co_return text_response(200, "ok"); }

Task<Response> atom(Services& services, Request request) {
    return services.views.answer(std::move(request), ViewFormat::atom);
}
Task<Response> rss(Services& services, Request request) {
    return services.views.answer(std::move(request), ViewFormat::rss);
}
Task<Response> json(Services& services, Request request) {
    return services.views.answer(std::move(request), ViewFormat::json_feed);
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

Task<Response> hosts(Services& services, Request) {
    const auto result = co_await services.admin.hosts();
    co_return reply(result, write_hosts);
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
    Route{"GET", "/feed.atom", Permission::read, Reach::everywhere, atom},
    Route{"GET", "/feed.rss", Permission::read, Reach::everywhere, rss},
    Route{"GET", "/feed.json", Permission::read, Reach::everywhere, json},
    Route{"GET", "/healthz", Permission::read, Reach::everywhere, health},

    Route{"GET", "/v1/status", Permission::read, Reach::unix_socket, status},
    Route{"GET", "/v1/feeds", Permission::read, Reach::unix_socket, feeds},
    Route{"POST", "/v1/feeds", Permission::change, Reach::unix_socket, add},
    Route{"DELETE", "/v1/feeds/{name}", Permission::change, Reach::unix_socket, remove},
    Route{"POST", "/v1/refresh", Permission::change, Reach::unix_socket, refresh},
    Route{"GET", "/v1/hosts", Permission::read, Reach::unix_socket, hosts},
    Route{"POST", "/v1/reload", Permission::change, Reach::unix_socket, reload},
    Route{"PATCH", "/v1/feeds/{name}", Permission::change, Reach::unix_socket, set},
    Route{"POST", "/v1/import", Permission::change, Reach::unix_socket, import_list},
    Route{"GET", "/v1/opml", Permission::read, Reach::unix_socket, export_list},
    Route{"POST", "/v1/check", Permission::change, Reach::unix_socket, check},
};

}  // namespace

std::span<const Route> routes() { return k_routes; }

}  // namespace agg::serve
