// Control: what is asked by those who watch over aggd.
#include <filesystem>

#include "aggd/clock.hpp"
#include "aggd/control.hpp"
#include "aggd/feed_report.hpp"
#include "version.hpp"

namespace agg::aggd {
namespace {

// Longer than any transaction of ours takes.
constexpr std::chrono::seconds k_patience{5};

std::uint64_t size_of(const std::string& file) {
    std::error_code absent;
    const auto size = std::filesystem::file_size(file, absent);
    return absent ? 0 : size;
}

// The values of an enum that have been counted or not, by name.
template <typename Key>
std::map<std::string, std::uint64_t> by_name(const std::map<Key, std::uint64_t>& counts,
                                             std::initializer_list<Key> all) {
    std::map<std::string, std::uint64_t> named;
    for (const Key key : all) named[to_string(key)] = 0;
    for (const auto& [key, count] : counts) named[to_string(key)] = count;
    return named;
}

}  // namespace

Control::Control(Parts parts, TimePoint started)
    : parts_(std::move(parts)),
      started_(started),
      writer_pulse_(
          parts_.executor,
          [this]() -> Task<void> {
              auto work = [&writer = parts_.writer] { return writer.generation(); };
              (void)co_await parts_.commits.run(std::move(work));
          },
          k_patience),
      reader_pulse_(
          parts_.executor,
          [this]() -> Task<void> {
              auto work = [&readers = parts_.readers] {
                  return readers.with([](store::Reader& reader) { return reader.generation(); });
              };
              (void)co_await run_on(parts_.reader_pool, std::move(work));
          },
          k_patience) {}

Task<Control::StoreSize> Control::measure_store() {
    auto work = [&readers = parts_.readers, database = parts_.database, known = counted_] {
        return readers.with([&](store::Reader& reader) {
            StoreSize size = known;
            if (const std::uint64_t generation = reader.generation(); generation != known.generation)
                size = {.totals = reader.totals(), .generation = generation};
            size.stories_to_index = reader.stories_to_index();
            size.database_bytes = size_of(database);
            size.wal_bytes = size_of(database + "-wal");
            return size;
        });
    };
    counted_ = co_await run_on(parts_.reader_pool, std::move(work));
    co_return counted_;
}

Task<Result<serve::Metrics>> Control::metrics() {
    const StoreSize size = co_await measure_store();
    serve::Metrics metrics;
    metrics.version = k_version;
    metrics.started = started_;
    const TimePoint time = now();
    using State = serve::FeedState;
    std::map<State, std::uint64_t> feeds;
    for (const Subscription& subscription : parts_.subscriptions.all()) {
        const State state = state_of(subscription);
        ++feeds[state];
        const bool is_polled = state != State::paused && state != State::gone &&
                               parts_.subscriptions.polled_instead_of(subscription) == nullptr;
        if (is_polled && subscription.poll.next_poll.value_or(time) <= time) ++metrics.polls_due;
        metrics.last_successful_poll = std::max(metrics.last_successful_poll, subscription.poll.last_success);
    }
    metrics.feeds = by_name(feeds, {State::unpolled, State::fine, State::failing, State::gone, State::paused});
    const PollCounts& counts = parts_.polls.counts();
    using Outcome = fetch::Outcome;
    metrics.polls = by_name(counts.by_outcome, {Outcome::document, Outcome::same_document, Outcome::not_modified,
                                                Outcome::held, Outcome::failed, Outcome::gone});
    using Rule = dedup::Rule;
    metrics.duplicates = by_name(counts.told_by_rule,
                                 {Rule::same_url, Rule::same_guid, Rule::same_page, Rule::same_text, Rule::same_title});
    metrics.poll_durations = counts.durations;
    metrics.poll_bytes_received = counts.bytes_received;
    metrics.items_ingested = counts.new_items;
    metrics.stories_ingested = counts.new_items - counts.told_elsewhere;
    metrics.items_revised = counts.revised;
    metrics.offline = parts_.polls.offline_since().has_value();
    metrics.storing = storage_problem().empty();
    metrics.polls_in_flight = parts_.poller.running();
    metrics.polls_to_commit = parts_.commits.waiting();
    metrics.items = size.totals.items;
    metrics.stories = size.totals.stories;
    metrics.stories_to_index = size.stories_to_index;
    metrics.database_bytes = size.database_bytes;
    metrics.wal_bytes = size.wal_bytes;
    metrics.event_streams = parts_.events.open();
    metrics.server = parts_.server_counts();
    co_return metrics;
}

// Empty: there is none.
std::string Control::storage_problem() {
    const std::string& not_stored = parts_.commits.failure();
    if (!not_stored.empty()) return fmt::format("what polls bring cannot be stored: {}", not_stored);
    return parts_.readers.damage();
}

// That this runs tells that the io thread does.
Task<Result<void>> Control::health() {
    if (const std::string problem = storage_problem(); !problem.empty())
        co_return fail(ErrorKind::unavailable, "{}", problem);
    if (const std::string problem = co_await writer_pulse_.take(); !problem.empty())
        co_return fail(ErrorKind::unavailable, "the thread that writes the database: {}", problem);
    if (const std::string problem = co_await reader_pulse_.take(); !problem.empty())
        co_return fail(ErrorKind::unavailable, "the threads that read the database: {}", problem);
    co_return Result<void>();
}

}  // namespace agg::aggd
