#include "aggd/live_config.hpp"

#include <map>

#include "aggd/clock.hpp"
#include "base/text.hpp"
#include "base/url.hpp"
#include "config/edit.hpp"
#include "config/file.hpp"
#include "fetch/judge.hpp"
#include "version.hpp"

namespace agg::aggd {
namespace {

serve::ReloadReport differences(const config::Config& before, const config::Config& after) {
    serve::ReloadReport report;
    std::map<std::string, const Feed*> old;
    for (const Feed& feed : before.feeds) old.emplace(feed.name, &feed);
    for (const Feed& feed : after.feeds) {
        const auto known = old.find(feed.name);
        if (known == old.end()) {
            report.added.push_back(feed.name);
            continue;
        }
        if (*known->second != feed) {
            report.changed.push_back(feed.name);
            report.changed_keys.push_back(config::differing_keys(*known->second, feed));
        }
        old.erase(known);
    }
    for (const Feed& feed : before.feeds)
        if (old.contains(feed.name)) report.removed.push_back(feed.name);
    if (before.serve != after.serve) report.sections.emplace_back("[serve]");
    if (before.database != after.database) report.sections.emplace_back("[store]");
    if (before.fetch != after.fetch) report.sections.emplace_back("[fetch]");
    if (before.hosts != after.hosts) report.sections.emplace_back("[host]");
    return report;
}

struct Subscribed {
    std::vector<store::StoredFeed> feeds;
    std::uint64_t generation;
};

}  // namespace

Result<fetch::ClientSettings> client_settings(const config::Fetch& fetch) {
    auto allowed = fetch::AllowedPrivate::parse(fetch.allow_private);
    if (!allowed) return tl::unexpected(allowed.error());
    fetch::ClientSettings settings;
    settings.user_agent = fmt::format("aggd/{} (+{})", k_version, fetch.contact);
    settings.ca_file = fetch.ca_file;
    settings.allow_private = std::move(*allowed);
    settings.limits.timeout = fetch.timeout;
    settings.limits.max_body_bytes = fetch.max_body_bytes;
    return settings;
}

LiveConfig::LiveConfig(asio::any_io_executor executor, std::string file, config::Config config, Parts parts)
    : file_(std::move(file)), config_(std::move(config)), parts_(std::move(parts)), editing_(std::move(executor)) {}

fetch::HostOfFeed LiveConfig::host_of(const Subscription& subscription) const {
    const auto url = Url::parse(subscription.feed.url);
    if (!url) return {};
    return {parts_.hosts.scope_of(*url),
            subscription.feed.allow_private ? fetch::Whose::our_own : fetch::whose_host(url->host())};
}

void LiveConfig::schedule(const Subscription& subscription) {
    fetch::HostOfFeed host = host_of(subscription);
    if (subscription.feed.paused || subscription.poll.gone)
        parts_.poller.suspend(subscription.id, std::move(host));
    else
        parts_.poller.schedule(subscription.id, std::move(host),
                               fetch::due_time(subscription.feed, subscription.poll, now()));
}

Task<Result<void>> LiveConfig::apply_first() {
    const AsyncMutex::Lock lock = co_await editing_.lock();
    config::Config first = config_;
    const auto taken = co_await take(std::move(first), "");
    if (!taken) co_return tl::unexpected(taken.error());
    co_return Result<void>{};
}

Task<Result<serve::ReloadReport>> LiveConfig::reload() {
    const AsyncMutex::Lock lock = co_await editing_.lock();
    auto load = [file = file_] { return config::load_config(file); };
    auto loaded = co_await run_on(parts_.workers, std::move(load));
    if (!loaded) {
        problem_ = config::to_string(loaded.error());
        co_return fail(ErrorKind::invalid, "{}", problem_);
    }
    auto report = co_await take(std::move(*loaded), "");
    problem_ = report ? std::string() : report.error().message;
    co_return report;
}

Task<Result<serve::ReloadReport>> LiveConfig::preview() {
    auto load = [file = file_] { return config::load_config(file); };
    const auto loaded = co_await run_on(parts_.workers, std::move(load));
    if (!loaded) co_return fail(ErrorKind::invalid, "{}", config::to_string(loaded.error()));
    co_return differences(config_, *loaded);
}

Task<Result<void>> LiveConfig::try_edit(std::function<Result<std::string>(std::string_view)> change) {
    auto work = [file = file_, change = std::move(change)]() -> Result<void> {
        const Result<std::string> before = config::read_file(file);
        if (!before) return fail(before.error().kind, "{}: {}", file, before.error().message);
        const Result<std::string> after = change(*before);
        if (!after) return tl::unexpected(after.error());
        return {};
    };
    co_return co_await run_on(parts_.workers, std::move(work));
}

Task<bool> LiveConfig::is_behind_its_file() {
    auto work = [file = file_, in_force = config_.fingerprint] {
        const Result<std::string> text = config::read_file(file);
        return !text || config::fingerprint_of(*text) != in_force;
    };
    co_return co_await run_on(parts_.workers, std::move(work));
}

Task<bool> LiveConfig::purge(FeedId feed) {
    auto work = [&writer = parts_.writer, feed, time = now()] {
        writer.purge(feed, time);
        return writer.generation();
    };
    try {
        const std::uint64_t generation = co_await parts_.commits.run(std::move(work));
        parts_.committed(generation);
        co_return true;
    } catch (const std::exception& failure) {
        log::error("the items of a removed feed could not be deleted: {}", failure.what());
    }
    co_return false;
}

Task<Result<void>> LiveConfig::edit(std::function<Result<std::string>(std::string_view)> change,
                                    std::string unscheduled) {
    const AsyncMutex::Lock lock = co_await editing_.lock();
    auto work = [file = file_, change = std::move(change)]() -> Result<config::Config> {
        const Result<std::string> before = config::read_file(file);
        if (!before) return fail(before.error().kind, "{}: {}", file, before.error().message);
        const Result<std::string> after = change(*before);
        if (!after) return tl::unexpected(after.error());
        auto parsed = config::parse_config(*after, file);
        if (!parsed) return fail(ErrorKind::invalid, "{}", config::to_string(parsed.error()));
        const Result<void> written = config::replace_file(file, *before, *after);
        if (!written) return tl::unexpected(written.error());
        return std::move(*parsed);
    };
    auto next = co_await run_on(parts_.workers, std::move(work));
    if (!next) co_return tl::unexpected(next.error());
    const auto taken = co_await take(std::move(*next), std::move(unscheduled));
    problem_ = taken ? std::string() : taken.error().message;
    if (!taken) co_return tl::unexpected(taken.error());
    co_return Result<void>{};
}

Task<Result<serve::ReloadReport>> LiveConfig::take(config::Config next, std::string unscheduled) {
    auto settings = client_settings(next.fetch);
    if (!settings) co_return tl::unexpected(settings.error());
    auto work = [&writer = parts_.writer, feeds = next.feeds, time = now()] {
        auto stored = writer.subscribe(feeds, time);
        return Subscribed{std::move(stored), writer.generation()};
    };
    Subscribed subscribed;
    try {
        subscribed = co_await parts_.commits.run(std::move(work));
    } catch (const std::exception& failure) {
        co_return fail(ErrorKind::storage, "the database did not take the subscriptions: {}", failure.what());
    }

    const serve::ReloadReport report = differences(config_, next);
    if (next.database != config_.database || next.serve.unix_socket != config_.serve.unix_socket ||
        next.serve.tcp != config_.serve.tcp || next.fetch.max_transfers != config_.fetch.max_transfers)
        log::warning("changes in [serve], [store] and max_transfers take effect at the next start");
    std::vector<FeedId> before;
    for (const Subscription& subscription : parts_.subscriptions.all()) before.push_back(subscription.id);
    parts_.client.use(std::move(*settings));
    parts_.hosts.use(next.hosts);
    parts_.subscriptions.replace(next.feeds, std::move(subscribed.feeds));
    config_ = std::move(next);
    for (const FeedId id : before)
        if (parts_.subscriptions.find(id) == nullptr) parts_.poller.forget(id);
    for (const Subscription& subscription : parts_.subscriptions.all())
        if (subscription.feed.name != unscheduled) schedule(subscription);
    parts_.committed(subscribed.generation);
    co_return report;
}

}  // namespace agg::aggd
