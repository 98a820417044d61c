// What aggctl and other programs ask of the running daemon.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "aggd/live_config.hpp"
#include "aggd/polls.hpp"
#include "aggd/pulse.hpp"
#include "aggd/restore.hpp"
#include "aggd/subscriptions.hpp"
#include "aggd/under_way.hpp"
#include "serve/admin.hpp"
#include "serve/events.hpp"
#include "serve/sign_in.hpp"
#include "store/reader_pool.hpp"

namespace agg::aggd {

// What became of the restores of this process.
struct Restores {
    unsigned count = 0;
    std::string problem;  // why the last one was undone; empty: it was not
};

class Control : public serve::Admin {
  public:
    struct Parts {
        asio::any_io_executor executor;
        std::string database;  // the file that is in use, whatever feeds.conf says by now
        asio::thread_pool& workers;
        asio::thread_pool& reader_pool;
        asio::thread_pool& archive_pool;  // one thread, for what takes long
        store::ReaderPool& readers;
        Subscriptions& subscriptions;
        fetch::Client& client;
        fetch::Poller& poller;
        fetch::Hosts& hosts;
        Polls& polls;
        LiveConfig& live_config;
        CommitQueue& commits;
        store::Writer& writer;
        serve::SignIn& sign_in;
        std::function<void(std::uint64_t generation)> committed;  // on the io thread
        std::function<void(std::uint64_t marks)> marked;          // on the io thread
        std::function<std::vector<std::string>()> listening;
        std::function<serve::ServerCounts()> server_counts;
        const serve::Events& events;
        std::function<void(Staged)> begin_anew;  // on the io thread; the requests under way are still answered
        Restores restores;
    };

    Control(Parts parts, TimePoint started);

    // Why nothing can be stored, and what to do; empty: it can.
    [[nodiscard]] std::string storage_problem();

    [[nodiscard]] Task<Result<serve::DaemonStatus>> status() override;
    [[nodiscard]] Task<Result<serve::Metrics>> metrics() override;
    [[nodiscard]] Task<Result<void>> health() override;
    [[nodiscard]] Task<Result<std::vector<serve::FeedStatus>>> feeds() override;
    [[nodiscard]] Task<Result<serve::FeedDetails>> feed(std::string feed) override;
    [[nodiscard]] Task<Result<std::vector<serve::FeedMove>>> moves() override;
    [[nodiscard]] Task<Result<std::vector<serve::FeedMove>>> accept_moves(std::vector<std::string> feeds) override;
    [[nodiscard]] Task<Result<serve::AddedFeed>> add(serve::AddRequest request) override;
    [[nodiscard]] Task<Result<serve::FeedStatus>> remove(std::string feed) override;
    [[nodiscard]] Task<Result<std::vector<serve::RefreshedFeed>>> refresh(serve::RefreshRequest request) override;
    [[nodiscard]] Task<Result<serve::ReloadReport>> reload() override;
    [[nodiscard]] Task<Result<std::vector<serve::HostStatus>>> hosts() override;
    [[nodiscard]] Task<Result<std::vector<store::FoundItem>>> find_items(std::vector<std::string> names) override;
    [[nodiscard]] Task<Result<store::Marked>> mark(store::MarkRequest request) override;
    [[nodiscard]] Task<Result<store::Marked>> tag(store::TagRequest request) override;
    [[nodiscard]] Task<Result<store::Marked>> rename_tag(std::string from, std::string to) override;
    [[nodiscard]] Task<Result<void>> split(ItemId item) override;
    [[nodiscard]] Task<Result<void>> merge(ItemId a, ItemId b) override;
    [[nodiscard]] Task<Result<std::uint64_t>> undo_heal(std::string feed) override;
    [[nodiscard]] Task<Result<void>> change_feed(std::string feed, serve::FeedChange change) override;
    [[nodiscard]] Task<Result<void>> set_password(std::string user, std::string password) override;
    [[nodiscard]] Task<Result<serve::RuleReport>> rules() override;
    [[nodiscard]] Task<Result<serve::ReloadReport>> preview_reload() override;
    [[nodiscard]] Task<Result<serve::FeedStatus>> set(serve::SetRequest request) override;
    [[nodiscard]] Task<Result<serve::FeedStatus>> purge(std::string feed) override;
    [[nodiscard]] Task<Result<serve::ImportReport>> import_list(serve::ImportRequest request) override;
    [[nodiscard]] Task<Result<std::string>> export_list() override;
    [[nodiscard]] Task<Result<serve::CheckReport>> check(serve::CheckRequest request) override;
    [[nodiscard]] Task<Result<std::vector<serve::Work>>> work() override { co_return under_way_.all(); }
    [[nodiscard]] Task<Result<serve::Backup>> backup() override;
    [[nodiscard]] Task<Result<serve::RestoreReport>> restore(serve::RestoreRequest request) override;

    // What takes long on another thread breaks off.
    void stop() { stopping_ = true; }

  private:
    [[nodiscard]] Task<Result<std::uint64_t>> change_stories(
        std::function<Result<std::uint64_t>(store::Writer&)> change);
    [[nodiscard]] Task<Result<store::Marked>> change_marks(std::function<store::Marked(store::Writer&)> change);
    // The counts are made anew only when something that is shown has changed: they cost a walk over an index.
    struct StoreSize {
        store::Totals totals;
        std::uint64_t generation = 0, stories_to_index = 0, database_bytes = 0, wal_bytes = 0;
    };
    [[nodiscard]] Task<StoreSize> measure_store();
    struct Found;
    struct Countdown;
    [[nodiscard]] Task<void> poll_and_count(FeedId feed, fetch::Hold hold, std::shared_ptr<Countdown> countdown);
    [[nodiscard]] Task<Result<Found>> find_feed(std::string typed_url);
    [[nodiscard]] Result<void> not_subscribed_yet(std::string_view url) const;

    Parts parts_;
    TimePoint started_;
    std::atomic<bool> stopping_ = false;
    UnderWay under_way_;
    Pulse writer_pulse_, reader_pulse_;
    StoreSize counted_;
};

}  // namespace agg::aggd
