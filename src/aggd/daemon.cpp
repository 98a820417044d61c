#include "aggd/daemon.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <pthread.h>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>

#include "aggd/clock.hpp"
#include "aggd/commit_queue.hpp"
#include "aggd/control.hpp"
#include "aggd/first_cycle.hpp"
#include "aggd/housekeeper.hpp"
#include "aggd/live_config.hpp"
#include "aggd/message_ids.hpp"
#include "aggd/part_settings.hpp"
#include "aggd/polls.hpp"
#include "aggd/rest.hpp"
#include "aggd/restore.hpp"
#include "aggd/rule_catch_up.hpp"
#include "aggd/search_feeder.hpp"
#include "aggd/sockets.hpp"
#include "aggd/status_line.hpp"
#include "aggd/subscriptions.hpp"
#include "aggd/supervision.hpp"
#include "base/log_fields.hpp"
#include "base/text.hpp"
#include "fetch/client.hpp"
#include "fetch/hosts.hpp"
#include "fetch/poller.hpp"
#include "serve/events.hpp"
#include "serve/health_feed.hpp"
#include "serve/routes.hpp"
#include "serve/server.hpp"
#include "serve/views.hpp"
#include "store/reader_pool.hpp"
#include "store/writer.hpp"
#include "version.hpp"

namespace agg::aggd {
namespace {

constexpr std::size_t k_reader_threads = 2;

// All parts, in the order in which they are made; they are taken down in the opposite one.
class Daemon {
  public:
    // Serves on copies of `listeners`, which must outlive it.
    Daemon(const std::string& config_file, config::Config config, fetch::ClientSettings settings, store::Writer writer,
           std::vector<serve::Listener>& listeners, Restores restores, serve::Changers changers);
    ~Daemon();

    void run();

    [[nodiscard]] Task<void> start_serving();
    [[nodiscard]] Task<void> poll_all_and_print();

    // Starts the daemon's main work; when that breaks off, the daemon ends and says why.
    void begin(Task<void> (Daemon::*work)()) { spawn(io_.get_executor(), "start", guarded(work)); }
    [[nodiscard]] const Result<void>& outcome() const { return outcome_; }
    // What is to be begun anew with; absent when the daemon ended for another reason.
    [[nodiscard]] std::optional<Staged> take_staged() { return std::exchange(staged_, std::nullopt); }

  private:
    [[nodiscard]] Task<void> guarded(Task<void> (Daemon::*work)());
    [[nodiscard]] Task<bool> apply_configuration();
    [[nodiscard]] Task<void> handle_signals();
    void stop();
    void committed(std::uint64_t generation);
    void network_changed(std::optional<TimePoint> retry);

    asio::io_context io_{1};
    asio::thread_pool workers_{std::max(1U, std::thread::hardware_concurrency())};
    asio::thread_pool writer_pool_{1};
    asio::thread_pool reader_pool_{k_reader_threads};
    asio::thread_pool archive_pool_{1};

    store::Writer writer_;
    store::ReaderPool readers_;
    Subscriptions subscriptions_;
    CommitQueue commits_{io_.get_executor(), writer_pool_, writer_};
    fetch::Client client_;
    fetch::Hosts hosts_;
    Polls polls_;
    fetch::Poller poller_;
    LiveConfig live_config_;

    Rest rest_{io_.get_executor(), commits_, writer_, readers_};
    SearchFeeder search_feeder_{io_.get_executor(), commits_, writer_, rest_, [this](std::uint64_t marks) {
                                    views_.marks_changed(marks);
                                    events_.indexed();
                                }};
    Housekeeper housekeeper_{io_.get_executor(), commits_, writer_,
                             subscriptions_,     rest_,    [this](std::uint64_t generation) { committed(generation); }};
    RuleCatchUp rule_catch_up_{io_.get_executor(), commits_, writer_, [this](const store::RuledBatch& batch) {
                                   views_.marks_changed(batch.marks);
                                   committed(batch.generation);
                               }};
    serve::Events events_;
    serve::SignIn sign_in_{reader_pool_};
    serve::Catalog catalog_;
    serve::Views views_;
    Control control_;
    serve::HealthFeed health_;
    serve::Services services_{views_, control_, health_, catalog_, now, reader_pool_, readers_, sign_in_, events_};
    serve::Router router_;
    serve::Server server_;
    Supervision supervision_{
        io_.get_executor(), commits_,
        [this] { return status_line(subscriptions_, polls_, poller_, live_config_, control_.storage_problem()); }};
    std::vector<serve::Listener>& listeners_;  // connections wait in them until the configuration is in force
    asio::signal_set signals_;
    bool stopping_ = false;
    FirstCycle first_cycle_{subscriptions_, polls_};
    Result<void> outcome_;
    std::optional<Staged> staged_;
};

Daemon::Daemon(const std::string& config_file, config::Config config, fetch::ClientSettings settings,
               store::Writer writer, std::vector<serve::Listener>& listeners, Restores restores,
               serve::Changers changers)
    : writer_(std::move(writer)),
      readers_(config.database),
      client_(io_.get_executor(), workers_, std::move(settings)),
      polls_({.client = client_,
              .workers = workers_,
              .commits = commits_,
              .subscriptions = subscriptions_,
              .hosts = hosts_,
              .committed = [this](std::uint64_t generation) { committed(generation); },
              .schedule = [this](const Subscription& subscription) { live_config_.schedule(subscription); },
              .network_changed = [this](std::optional<TimePoint> retry) { network_changed(retry); }}),
      poller_(io_.get_executor(), polls_, hosts_,
              {.max_transfers = config.fetch.max_transfers, .catch_up_within = catch_up_time(config)}),
      live_config_(io_.get_executor(), config_file, config,
                   {workers_, writer_, commits_, subscriptions_, client_, poller_, hosts_, polls_,
                    [this](std::uint64_t generation) { committed(generation); },
                    [this] {
                        catalog_ = catalog_of(live_config_.config());
                        rule_catch_up_.start();
                        rest_.worked_hard();
                    }}),
      events_(io_.get_executor(), reader_pool_, readers_, writer_.uid(), writer_.generation()),
      views_(
          reader_pool_,
          [this](const store::Selection& selection, std::uint64_t known) {
              return readers_.with([&](store::Reader& reader) { return reader.page(selection, known); });
          },
          serve::ViewsSetup{
              .store_identity = writer_.uid(), .generation = writer_.generation(), .base_url = base_url(listeners)}),
      control_({io_.get_executor(),
                config.database,
                workers_,
                reader_pool_,
                archive_pool_,
                readers_,
                subscriptions_,
                client_,
                poller_,
                hosts_,
                polls_,
                live_config_,
                commits_,
                writer_,
                sign_in_,
                [this](std::uint64_t generation) { committed(generation); },
                [this](std::uint64_t marks) { views_.marks_changed(marks); },
                [this] { return server_.listening(); },
                [this] { return server_.counts(); },
                events_,
                [this](Staged staged) {
                    staged_ = std::move(staged);
                    log::info("beginning anew with the restored database and feeds.conf");
                    stop();
                },
                std::move(restores)},
               now()),
      health_(
          reader_pool_,
          [this](std::size_t limit) {
              return readers_.with([limit](store::Reader& reader) { return reader.health_events(limit); });
          },
          writer_.uid(), base_url(listeners)),
      router_(serve::routes(), services_, std::move(changers)),
      server_(
          io_, [this](serve::Request request) { return router_.answer(std::move(request)); }, {},
          [this](const serve::Request& request) { return router_.takes_pieces(request); }),
      listeners_(listeners),
      signals_(io_) {
    sign_in_.use(writer_.account());
    asio::post(writer_pool_, [] { ::pthread_setname_np(::pthread_self(), "aggd-writer"); });  // for top -H
    for (HostState& host : writer_.hosts()) hosts_.remember(std::move(host));
}

Daemon::~Daemon() {
    workers_.join();
    archive_pool_.join();
    reader_pool_.join();
    writer_pool_.join();
}

void Daemon::run() {
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) signals_.add(signal);
    spawn(io_.get_executor(), "signals", handle_signals());
    io_.run();
}

Task<void> Daemon::handle_signals() {
    while (!stopping_) {
        boost::system::error_code error;
        const int signal = co_await signals_.async_wait(asio::redirect_error(asio::use_awaitable, error));
        if (error) co_return;
        if (signal != SIGHUP) {
            log::write(log::Level::info, {.message_id = message_id::k_stopping}, "stopping");
            stop();
            co_return;
        }
        (void)co_await live_config_.reload();  // it has told how that went
    }
}

void Daemon::stop() {
    if (stopping_) return;
    stopping_ = true;
    supervision_.stop(!staged_);
    signals_.cancel();
    poller_.stop();
    search_feeder_.stop();
    housekeeper_.stop();
    rule_catch_up_.stop();
    rest_.stop();
    client_.stop();
    control_.stop();
    commits_.stop();
    events_.stop();
    server_.stop();
    if (!staged_) serve::close_listeners(listeners_);
}

void Daemon::committed(std::uint64_t generation) {
    views_.changed(generation);
    events_.stored(generation);
    search_feeder_.stored();
    first_cycle_.committed();
    rest_.stored();
}

void Daemon::network_changed(std::optional<TimePoint> retry) {
    if (retry)
        poller_.offline(*retry);
    else
        poller_.online();
}

Task<void> Daemon::guarded(Task<void> (Daemon::*work)()) {
    try {
        co_await (this->*work)();
    } catch (const std::exception& failure) {
        outcome_ = fail(ErrorKind::storage, "{}", failure.what());
        stop();
    }
}

// Puts the configuration in force; when that fails, stops.
Task<bool> Daemon::apply_configuration() {
    outcome_ = co_await live_config_.apply_first();
    if (!outcome_) stop();
    co_return !stopping_;
}

Task<void> Daemon::start_serving() {
    if (!co_await apply_configuration()) co_return;
    for (const serve::Listener& listener : listeners_) server_.serve(serve::another(listener));
    supervision_.ready(listeners_.front().descriptor);
    housekeeper_.start();
    log::write(log::Level::info, {.message_id = message_id::k_started},
               fmt::format("aggd {} serves {} feeds", k_version, subscriptions_.all().size()));
    for (const std::string& address : server_.listening()) {
        if (address.starts_with("http:"))
            log::info("the merged feed: {}feed.atom", address);
        else
            log::info("control and reading: {}", address);
    }
    if (subscriptions_.all().empty()) log::info("no feeds yet: aggctl add URL");
}

Task<void> Daemon::poll_all_and_print() {
    first_cycle_.leave_untold();  // told below, with more
    if (!co_await apply_configuration()) co_return;
    serve::RefreshRequest everything;
    everything.wait = true;
    const auto refreshed = co_await control_.refresh(std::move(everything));
    co_await rule_catch_up_.finished();
    if (!stopping_ && refreshed) {
        const auto status = co_await control_.status();
        const PollCounts& counts = polls_.counts();
        for (const serve::RefreshedFeed& feed : *refreshed)
            if (!feed.asked) log::info("{}: {}", feed.name, feed.result);
        log::info("{} feeds polled, {} failed; {} new items, {} of them duplicates; {} items stored as {} entries",
                  counts.polls, counts.errors, counts.new_items, counts.told_elsewhere, status->items, status->stories);
        serve::Request request;
        request.method = "GET";
        request.path = "/feed.atom";
        Task<serve::Response> answering = router_.answer(std::move(request));
        const serve::Response response = co_await std::move(answering);
        if (std::fwrite(response.body->data(), 1, response.body->size(), stdout) != response.body->size() ||
            std::fflush(stdout) != 0)
            outcome_ = fail(ErrorKind::storage, "the merged feed could not be written to standard output");
    }
    stop();
}

enum class Listen { yes, no };

// The database first: it tells whether another aggd is running, and its folder may be the socket's. Listens when
// `listeners` is empty and wanted.
Result<std::unique_ptr<Daemon>> make_daemon(const std::string& config_file, config::Config config, Listen on_sockets,
                                            std::vector<serve::Listener>& listeners, Restores restores) {
    ::umask(0077);
    std::signal(SIGPIPE, SIG_IGN);
    auto settings = client_settings(config);
    if (!settings) return tl::unexpected(settings.error());
    const auto group = changing_group(config.serve);
    if (!group) return tl::unexpected(group.error());
    serve::Changers changers{::geteuid(), *group, config.serve.group};
    auto writer = store::Writer::open(config.database);
    if (!writer) return tl::unexpected(writer.error());
    Staging::sweep(config.database);
    if (on_sockets == Listen::yes && listeners.empty()) {
        auto made = open_sockets(config.serve);
        if (!made) return tl::unexpected(made.error());
        listeners = std::move(*made);
    }
    return std::make_unique<Daemon>(config_file, std::move(config), std::move(*settings), std::move(*writer), listeners,
                                    std::move(restores), std::move(changers));
}

// One daemon from its start to its end. What it is to be begun anew with is left in `staged`.
Result<void> serve_once(const std::string& config_file, config::Config config, std::vector<serve::Listener>& listeners,
                        Restores restores, std::optional<Staged>& staged) {
    try {
        auto daemon = make_daemon(config_file, std::move(config), Listen::yes, listeners, std::move(restores));
        if (!daemon) return tl::unexpected(daemon.error());
        (*daemon)->begin(&Daemon::start_serving);
        (*daemon)->run();
        staged = (*daemon)->take_staged();
        return (*daemon)->outcome();
    } catch (const std::exception& failure) {
        return fail(ErrorKind::storage, "{}", failure.what());  // a restore must be undone for it
    }
}

}  // namespace

Result<void> serve_until_stopped(const std::string& config_file, config::Config config) {
    std::vector<serve::Listener> listeners;  // kept while it begins anew: whoever connects meanwhile waits
    std::optional<Staged> staged;
    const std::string database = config.database;  // a restore never changes where it is
    Result<void> outcome = serve_once(config_file, std::move(config), listeners, {}, staged);
    for (unsigned restores = 1; outcome && staged; ++restores) {
        const Staged taken = std::move(*std::exchange(staged, std::nullopt));
        outcome = put_in_place(taken, database, config_file);
        if (outcome) {
            outcome = serve_once(config_file, taken.config, listeners, {restores, ""}, staged);
            if (outcome) continue;
            if (auto back = put_back(database, config_file); !back) return back;
        }
        const std::string problem = outcome.error().message;
        log::error("the restore is undone: {}", problem);
        auto before = config::load_config(config_file);
        if (!before) return fail(ErrorKind::invalid, "{}", config::to_string(before.error()));
        outcome = serve_once(config_file, std::move(*before), listeners, {restores, problem}, staged);
    }
    serve::close_listeners(listeners);
    return outcome;
}

Result<void> poll_once(const std::string& config_file, config::Config config) {
    std::vector<serve::Listener> none;
    auto daemon = make_daemon(config_file, std::move(config), Listen::no, none, {});
    if (!daemon) return tl::unexpected(daemon.error());
    (*daemon)->begin(&Daemon::poll_all_and_print);
    (*daemon)->run();
    return (*daemon)->outcome();
}

}  // namespace agg::aggd
