#include "serve/duplicate_routes.hpp"

#include "serve/duplicates_json.hpp"
#include "serve/routes.hpp"

namespace agg::serve {
namespace {

// The items of these names.
Task<Result<std::vector<ItemId>>> find(Services& services, std::vector<std::string> names) {
    Task<Result<std::vector<store::FoundItem>>> finding = services.admin.find_items(std::move(names));
    const auto found = co_await std::move(finding);
    if (!found) co_return tl::unexpected(found.error());
    std::vector<ItemId> items;
    for (const store::FoundItem& item : *found) items.push_back(item.item);
    co_return items;
}

Task<Result<std::vector<ItemId>>> find_one(Services& services, Request& request) {
    std::vector<std::string> names;
    names.push_back(std::move(request.captures.front()));
    return find(services, std::move(names));
}

Task<Response> origin_response(Services& services, ItemId item) {
    auto work = [item](store::Reader& reader) { return reader.origin_of(item); };
    Task<std::optional<store::Origin>> reading = services.read(std::move(work));
    const auto origin = co_await std::move(reading);
    if (!origin) co_return error_response({ErrorKind::not_found, "The item is not there any more."});
    co_return response(200, "application/json", write_origin(*origin));
}

}  // namespace

Task<Response> item_origin(Services& services, Request request) {
    Task<Result<std::vector<ItemId>>> finding = find_one(services, request);
    const auto items = co_await std::move(finding);
    if (!items) co_return error_response(items.error());
    Task<Response> answering = origin_response(services, items->front());
    co_return co_await std::move(answering);
}

Task<Response> item_changes(Services& services, Request request) {
    Task<Result<std::vector<ItemId>>> finding = find_one(services, request);
    const auto items = co_await std::move(finding);
    if (!items) co_return error_response(items.error());
    auto work = [item = items->front()](store::Reader& reader) { return reader.changes_of(item); };
    Task<std::vector<store::Change>> reading = services.read(std::move(work));
    const auto changes = co_await std::move(reading);
    co_return response(200, "application/json", write_changes(changes));
}

Task<Response> split_item(Services& services, Request request) {
    Task<Result<std::vector<ItemId>>> finding = find_one(services, request);
    const auto items = co_await std::move(finding);
    if (!items) co_return error_response(items.error());
    Task<Result<void>> splitting = services.admin.split(items->front());
    const auto done = co_await std::move(splitting);
    if (!done) co_return error_response(done.error());
    Task<Response> answering = origin_response(services, items->front());
    co_return co_await std::move(answering);
}

Task<Response> merge_items(Services& services, Request request) {
    auto names = read_merge_request(request.body);
    if (!names) co_return error_response(names.error());
    Task<Result<std::vector<ItemId>>> finding = find(services, std::move(*names));
    const auto items = co_await std::move(finding);
    if (!items) co_return error_response(items.error());
    Task<Result<void>> merging = services.admin.merge(items->at(0), items->at(1));
    const auto done = co_await std::move(merging);
    if (!done) co_return error_response(done.error());
    Task<Response> answering = origin_response(services, items->front());
    co_return co_await std::move(answering);
}

Task<Response> undo_heal(Services& services, Request request) {
    Task<Result<std::uint64_t>> undoing = services.admin.undo_heal(std::move(request.captures.front()));
    const auto items = co_await std::move(undoing);
    if (!items) co_return error_response(items.error());
    co_return response(200, "application/json", write_undone(*items));
}

Task<Response> dedup_stats(Services& services, Request) {
    auto work = [](store::Reader& reader) { return reader.dedup_stats(); };
    Task<store::DedupStats> reading = services.read(std::move(work));
    const store::DedupStats stats = co_await std::move(reading);
    co_return response(200, "application/json", write_dedup_stats(stats));
}

}  // namespace agg::serve
