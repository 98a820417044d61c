#include "serve/backup_routes.hpp"

#include <charconv>

#include "serve/backup_json.hpp"
#include "serve/manage_json.hpp"
#include "serve/routes.hpp"

namespace agg::serve {

Task<Response> work(Services& services, Request) {
    const auto result = co_await services.admin.work();
    if (!result) co_return error_response(result.error());
    co_return response(200, "application/json", write_work(*result));
}

Task<Response> space(Services& services, Request request) {
    constexpr std::size_t k_feeds = 10;
    const std::string wanted(request.parameter("n").value_or(""));
    std::size_t feeds = k_feeds;
    const auto [end, problem] = std::from_chars(wanted.data(), wanted.data() + wanted.size(), feeds);
    if (!wanted.empty() && (problem != std::errc() || end != wanted.data() + wanted.size() || feeds > 100'000))
        co_return error_response({ErrorKind::invalid, fmt::format("n is how many feeds to name, not \"{}\".", wanted)});
    auto measure = [feeds](store::Reader& reader) { return reader.space(feeds); };
    Task<store::Space> measuring = services.read(std::move(measure));
    const store::Space measured = co_await std::move(measuring);
    co_return response(200, "application/json", write_space(measured));
}

Task<Response> backup(Services& services, Request) {
    auto result = co_await services.admin.backup();
    if (!result) co_return error_response(result.error());
    Response archive;
    archive.headers.emplace_back("Content-Type", "application/zstd");
    archive.pieces = std::move(result->pieces);
    archive.pieces_bytes = result->bytes;
    co_return archive;
}

Task<Response> restore(Services& services, Request request) {
    const auto dry_run = request.parameter("dry_run");
    RestoreRequest wanted{std::move(request.pieces), dry_run && *dry_run != "false"};
    Task<Result<RestoreReport>> restoring = services.admin.restore(std::move(wanted));
    const auto result = co_await std::move(restoring);
    if (!result) co_return error_response(result.error());
    co_return response(200, "application/json", write_restore(*result));
}

}  // namespace agg::serve
