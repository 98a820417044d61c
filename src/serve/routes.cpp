#include "serve/routes.hpp"

#include <array>

#include "serve/control_json.hpp"
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

Task<Response> remove(Services& services, Request request) {
    Task<Result<FeedStatus>> removing = services.admin.remove(std::move(request.captures.front()));
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

Task<Response> reload(Services& services, Request) {
    const auto result = co_await services.admin.reload();
    co_return reply(result, write_reload);
}

Task<Response> hosts(Services& services, Request) {
    const auto result = co_await services.admin.hosts();
    co_return reply(result, write_hosts);
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
};

}  // namespace

std::span<const Route> routes() { return k_routes; }

}  // namespace agg::serve
