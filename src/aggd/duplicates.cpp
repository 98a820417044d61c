// Control: what people decide about stories, and ids that were healed.
#include "aggd/clock.hpp"
#include "aggd/control.hpp"
#include "base/log_fields.hpp"

namespace agg::aggd {
namespace {

std::string shown(ItemId item) { return fmt::to_string(static_cast<std::int64_t>(item)); }

}  // namespace

Task<Result<std::uint64_t>> Control::change_stories(std::function<Result<std::uint64_t>(store::Writer&)> change) {
    auto work = [&writer = parts_.writer, change = std::move(change)] { return change(writer); };
    Result<std::uint64_t> done = std::uint64_t{0};
    try {
        done = co_await parts_.commits.run(std::move(work));
    } catch (const std::exception& failure) {
        co_return fail(ErrorKind::storage, "the database did not take the change: {}", failure.what());
    }
    co_return done;
}

Task<Result<void>> Control::split(ItemId item) {
    Task<Result<std::uint64_t>> changing =
        change_stories([item, time = now()](store::Writer& writer) { return writer.split(item, time); });
    const auto generation = co_await std::move(changing);
    if (!generation) co_return tl::unexpected(generation.error());
    const std::string number = shown(item);
    log::write(log::Level::info, {.item = number}, fmt::format("item {}: split from its story by hand", number));
    parts_.committed(*generation);
    co_return Result<void>();
}

Task<Result<void>> Control::merge(ItemId a, ItemId b) {
    Task<Result<std::uint64_t>> changing =
        change_stories([a, b, time = now()](store::Writer& writer) { return writer.merge(a, b, time); });
    const auto generation = co_await std::move(changing);
    if (!generation) co_return tl::unexpected(generation.error());
    log::write(log::Level::info, {.item = shown(a)},
               fmt::format("item {}: merged with {} by hand", shown(a), shown(b)));
    parts_.committed(*generation);
    co_return Result<void>();
}

Task<Result<std::uint64_t>> Control::undo_heal(std::string feed) {
    const auto found = parts_.subscriptions.named(feed);
    if (!found) co_return tl::unexpected(found.error());
    Task<Result<std::uint64_t>> changing =
        change_stories([id = (*found)->id, time = now()](store::Writer& writer) { return writer.undo_heal(id, time); });
    const FeedId id = (*found)->id;
    auto undone = co_await std::move(changing);
    parts_.polls.look_again(id);
    co_return undone;
}

}  // namespace agg::aggd
