#include "aggd/live_config.hpp"

#include <algorithm>
#include <map>

#include "aggd/clock.hpp"
#include "aggd/message_ids.hpp"
#include "aggd/sockets.hpp"
#include "base/log_fields.hpp"
#include "base/systemd.hpp"
#include "base/text.hpp"
#include "base/url.hpp"
#include "config/edit.hpp"
#include "config/file.hpp"
#include "fetch/judge.hpp"
#include "fetch/moves.hpp"
#include "version.hpp"

namespace agg::aggd {
namespace {

void compare_rules(const std::vector<Rule>& before, const std::vector<Rule>& after, serve::ReloadReport& report) {
    const auto named = [](const std::vector<Rule>& rules, const std::string& name) {
        return std::find_if(rules.begin(), rules.end(), [&](const Rule& rule) { return rule.name == name; });
    };
    for (const Rule& rule : after) {
        const auto old = named(before, rule.name);
        if (old == before.end())
            report.added_rules.push_back(rule.name);
        else if (*old != rule)
            report.changed_rules.push_back(rule.name);
    }
    for (const Rule& rule : before)
        if (named(after, rule.name) == after.end()) report.removed_rules.push_back(rule.name);
    const bool same_rules = report.added_rules.empty() && report.removed_rules.empty() && report.changed_rules.empty();
    // The first drop or keep rule that matches decides.
    if (same_rules && before != after) report.sections.emplace_back("[rule]: their order");
}

fetch::Policy policy_of(const config::Fetch& fetch) {
    return {.move_polls = static_cast<unsigned>(fetch.move_polls),
            .move_age = fetch.move_age,
            .revalidate = fetch.revalidate};
}

using CredentialFiles = std::map<std::string, fetch::Credentials>;

// Adds the file of passwords that `table` of feeds.conf names.
Result<void> read_file_of(std::string_view table, const std::string& file, CredentialFiles& files) {
    if (file.empty() || files.contains(file)) return {};
    auto credentials = fetch::Credentials::read(file);
    if (!credentials) {
        return fail(credentials.error().kind, "credentials_file in {}: {}", table, credentials.error().message);
    }
    files.emplace(file, std::move(*credentials));
    return {};
}

Result<void> read_credentials(const config::Config& config, CredentialFiles& files) {
    if (auto read = read_file_of("[fetch]", config.fetch.credentials_file, files); !read) return read;
    for (const Feed& feed : config.feeds) {
        const std::string& file = feed.transfer.credentials_file;
        if (file.empty()) continue;
        const std::string table = fmt::format("[feed.{}]", feed.name);
        if (auto read = read_file_of(table, file, files); !read) return read;
        const auto url = Url::parse(feed.url);
        if (url && files.at(file).find(url->host(), url->port()) == nullptr) {
            return fail(ErrorKind::invalid,
                        "credentials_file in {}: {} has no password for the host of its url; add a line "
                        "\"machine {} login USER password PASSWORD\"",
                        table, file, url->host());
        }
    }
    return {};
}

struct Subscribed {
    std::vector<store::StoredFeed> feeds;
    std::uint64_t generation;
};

}  // namespace

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
    compare_rules(before.rules, after.rules, report);
    return report;
}

Result<fetch::ClientSettings> client_settings(const config::Config& config) {
    auto allowed = fetch::AllowedPrivate::parse(config.fetch.allow_private);
    if (!allowed) return tl::unexpected(allowed.error());
    auto proxies = fetch::ProxyEnvironment::read();
    if (!proxies) return tl::unexpected(proxies.error());
    fetch::ClientSettings settings;
    settings.user_agent = config.fetch.user_agent.empty() ? fmt::format("aggd/{}", k_version) : config.fetch.user_agent;
    settings.contact = config.fetch.contact;
    settings.ca_file = config.fetch.ca_file;
    settings.proxy = config.fetch.proxy;
    settings.proxy_environment = std::move(*proxies);
    settings.credentials_file = config.fetch.credentials_file;
    settings.allow_private = std::move(*allowed);
    settings.limits.timeout = config.fetch.timeout;
    settings.limits.max_body_bytes = config.fetch.max_body_bytes;
    if (const auto read = read_credentials(config, settings.credentials); !read) return tl::unexpected(read.error());
    return settings;
}

LiveConfig::LiveConfig(asio::any_io_executor executor, std::string file, config::Config config, Parts parts)
    : file_(std::move(file)), config_(std::move(config)), parts_(std::move(parts)), editing_(std::move(executor)) {}

fetch::HostOfFeed LiveConfig::host_of(const Subscription& subscription) const {
    const auto url = Url::parse(fetch::effective_url(subscription.feed, subscription.poll));
    if (!url) return {};
    const bool allowed = subscription.feed.allow_private && fetch::is_at_home(subscription.feed, *url);
    return {parts_.hosts.scope_of(*url), allowed ? fetch::Whose::our_own : fetch::whose_host(url->host())};
}

void LiveConfig::schedule(const Subscription& subscription) {
    fetch::HostOfFeed host = host_of(subscription);
    const bool waits = parts_.subscriptions.polled_instead_of(subscription) != nullptr;
    if (subscription.feed.paused || subscription.poll.gone || waits)
        parts_.poller.suspend(subscription.id, std::move(host));
    else
        parts_.poller.schedule(subscription.id, std::move(host),
                               fetch::due_time(subscription.feed, subscription.poll, now()));
}

Task<Result<void>> LiveConfig::apply_first() {
    const AsyncMutex::Lock lock = co_await editing_.lock();
    auto load = [config = config_] { return prepare(config); };
    auto first = co_await run_on(parts_.workers, std::move(load));
    if (!first) co_return tl::unexpected(first.error());
    const auto taken = co_await take(std::move(*first), "");
    if (!taken) co_return tl::unexpected(taken.error());
    co_return Result<void>{};
}

Task<Result<serve::ReloadReport>> LiveConfig::reload() {
    const AsyncMutex::Lock lock = co_await editing_.lock();
    systemd::notify_reloading();
    auto report = co_await read_anew();
    if (report) {
        log::write(log::Level::info, {.message_id = message_id::k_reloaded},
                   fmt::format("reloaded {}: {} feeds added, {} removed, {} changed", file_, report->added.size(),
                               report->removed.size(), report->changed.size()));
    } else {
        log::write(log::Level::error, {.message_id = message_id::k_reload_failed},
                   fmt::format("the running configuration stays, because {} has errors:", file_));
        for (const std::string_view line : split(report.error().message, '\n')) log::error("{}", line);
    }
    systemd::notify("READY=1");
    co_return report;
}

Task<Result<serve::ReloadReport>> LiveConfig::read_anew() {
    auto load = [file = file_]() -> Result<Next> {
        auto config = config::load_config(file);
        if (!config) return fail(ErrorKind::invalid, "{}", config::to_string(config.error()));
        return prepare(std::move(*config));
    };
    auto loaded = co_await run_on(parts_.workers, std::move(load));
    if (!loaded) {
        problem_ = loaded.error().message;
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
        writer.purge_feed(feed, time);
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
    auto work = [file = file_, change = std::move(change)]() -> Result<Next> {
        const Result<std::string> before = config::read_file(file);
        if (!before) return fail(before.error().kind, "{}: {}", file, before.error().message);
        const Result<std::string> after = change(*before);
        if (!after) return tl::unexpected(after.error());
        auto parsed = config::parse_config(*after, file);
        if (!parsed) return fail(ErrorKind::invalid, "{}", config::to_string(parsed.error()));
        auto prepared = prepare(std::move(*parsed));
        if (!prepared) return prepared;
        const Result<void> written = config::replace_file(file, *before, *after);
        if (!written) return tl::unexpected(written.error());
        prepared->text_before = *before;
        prepared->text_after = *after;
        return prepared;
    };
    auto next = co_await run_on(parts_.workers, std::move(work));
    if (!next) co_return tl::unexpected(next.error());
    auto undo = [file = file_, before = next->text_before, after = next->text_after] {
        return config::replace_file(file, after, before);
    };
    const auto taken = co_await take(std::move(*next), std::move(unscheduled));
    if (taken) {
        problem_.clear();
        co_return Result<void>{};
    }
    const Result<void> undone = co_await run_on(parts_.workers, std::move(undo));
    problem_ = undone ? std::string() : taken.error().message;
    co_return fail(taken.error().kind, "{}; {} {}", taken.error().message, file_,
                   undone ? "is as it was" : "has the change all the same: " + undone.error().message);
}

Result<LiveConfig::Next> LiveConfig::prepare(config::Config config) {
    auto settings = client_settings(config);
    if (!settings) return tl::unexpected(settings.error());
    if (const auto group = changing_group(config.serve); !group) return tl::unexpected(group.error());
    return Next{std::move(config), std::move(*settings)};
}

Task<Result<serve::ReloadReport>> LiveConfig::take(Next prepared, std::string unscheduled) {
    config::Config& next = prepared.config;
    auto work = [&writer = parts_.writer, feeds = next.feeds, rules = next.rules, time = now()] {
        auto stored = writer.subscribe(feeds, time, rules);
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
        next.serve.tcp != config_.serve.tcp || next.serve.group != config_.serve.group ||
        next.fetch.max_transfers != config_.fetch.max_transfers)
        log::warning("changes in [serve], [store] and max_transfers take effect at the next start");
    std::vector<FeedId> before;
    for (const Subscription& subscription : parts_.subscriptions.all()) before.push_back(subscription.id);
    parts_.client.use(std::move(prepared.client_settings));
    parts_.polls.use(policy_of(next.fetch));
    parts_.hosts.use(next.hosts);
    parts_.subscriptions.replace(next.feeds, std::move(subscribed.feeds));
    config_ = std::move(next);
    for (const FeedId id : before)
        if (parts_.subscriptions.find(id) == nullptr) {
            parts_.poller.forget(id);
            parts_.polls.look_again(id);
        }
    for (const Subscription& subscription : parts_.subscriptions.all())
        if (subscription.feed.name != unscheduled) schedule(subscription);
    parts_.applied();
    parts_.committed(subscribed.generation);
    co_return report;
}

}  // namespace agg::aggd
