#include "store/poll_rows.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include "store/columns.hpp"

namespace agg::store {
namespace {

std::int64_t to_bits(const std::vector<int>& numbers) {
    std::int64_t bits = 0;
    for (const int number : numbers) bits |= std::int64_t{1} << number;
    return bits;
}

std::vector<int> from_bits(std::int64_t bits) {
    std::vector<int> numbers;
    for (int number = 0; number < 63; ++number)
        if ((bits >> number & 1) != 0) numbers.push_back(number);
    return numbers;
}

std::string to_bytes(const std::vector<std::uint64_t>& fingerprints) {
    std::string bytes;
    bytes.reserve(fingerprints.size() * 8);
    for (const std::uint64_t fingerprint : fingerprints)
        for (unsigned shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(fingerprint >> shift & 0xFF);
    return bytes;
}

std::vector<std::uint64_t> from_bytes(std::string_view bytes) {
    std::vector<std::uint64_t> fingerprints(bytes.size() / 8);
    for (std::size_t i = 0; i < fingerprints.size() * 8; ++i)
        fingerprints[i / 8] |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (i % 8 * 8);
    return fingerprints;
}

}  // namespace

SQLite::Statement prepare_write_poll(SQLite::Database& database) {
    return {database, R"sql(
        INSERT OR REPLACE INTO poll (feed_id, etag, last_modified, validators_url, body_fingerprint, ttl_min, syndication_min,
            skip_hours, skip_days, rhythm_since_ms, rhythm_items, last_poll_ms, last_success_ms, last_document_ms, next_poll_ms,
            next_poll_reason, not_before_ms, last_result, last_status, failures, failing_since_ms, gone_answers, gone,
            item_identities, newest_item_ms, lying_since_ms, move_url, move_since_ms, move_polls, move_confirmed, last_bytes,
            last_duration_ms, last_new_items, condition, document_bytes, today)
        VALUES (:feed_id, :etag, :last_modified, :validators_url, :body_fingerprint, :ttl_min, :syndication_min,
            :skip_hours, :skip_days, :rhythm_since_ms, :rhythm_items, :last_poll_ms, :last_success_ms, :last_document_ms, :next_poll_ms,
            :next_poll_reason, :not_before_ms, :last_result, :last_status, :failures, :failing_since_ms, :gone_answers, :gone,
            :item_identities, :newest_item_ms, :lying_since_ms, :move_url, :move_since_ms, :move_polls, :move_confirmed, :last_bytes,
            :last_duration_ms, :last_new_items, :condition, :document_bytes,
            coalesce(:today, (SELECT today FROM poll WHERE feed_id = :feed_id), '')))sql"};
}

void write_poll(SQLite::Statement& statement, FeedId feed, const PollState& state,
                const std::optional<std::string>& today) {
    const auto minutes = [&](const char* name, const std::optional<std::chrono::minutes>& value) {
        if (value)
            statement.bind(name, static_cast<std::int64_t>(value->count()));
        else
            statement.bind(name);
    };
    InUse in_use(statement);
    statement.bind(":feed_id", to_column(feed));
    statement.bind(":etag", state.validators.etag);
    statement.bind(":last_modified", state.validators.last_modified);
    statement.bind(":validators_url", state.validators_url);
    statement.bind(":body_fingerprint", to_column(state.body_fingerprint));
    minutes(":ttl_min", state.hints.ttl);
    minutes(":syndication_min", state.hints.syndication_interval);
    statement.bind(":skip_hours", to_bits(state.hints.skip_hours));
    statement.bind(":skip_days", to_bits(state.hints.skip_days));
    bind_time(statement, ":rhythm_since_ms", state.rhythm_since);
    statement.bind(":rhythm_items", state.rhythm_items);
    bind_time(statement, ":last_poll_ms", state.last_poll);
    bind_time(statement, ":last_success_ms", state.last_success);
    bind_time(statement, ":last_document_ms", state.last_document);
    bind_time(statement, ":next_poll_ms", state.next_poll);
    statement.bind(":next_poll_reason", state.next_poll_reason);
    bind_time(statement, ":not_before_ms", state.not_before);
    statement.bind(":last_result", state.last_result);
    statement.bind(":last_status", state.last_status);
    statement.bind(":failures", state.failures);
    bind_time(statement, ":failing_since_ms", state.failing_since);
    statement.bind(":gone_answers", state.gone_answers);
    statement.bind(":gone", state.gone ? 1 : 0);
    const std::string identities = to_bytes(state.item_identities);
    statement.bind(":item_identities", identities.data(), static_cast<int>(identities.size()));
    bind_time(statement, ":newest_item_ms", state.newest_item);
    bind_time(statement, ":lying_since_ms", state.lying_since);
    if (state.move)
        statement.bind(":move_url", state.move->url);
    else
        statement.bind(":move_url");
    bind_time(statement, ":move_since_ms", state.move ? std::optional{state.move->since} : std::nullopt);
    statement.bind(":move_polls", state.move ? state.move->polls : 0);
    statement.bind(":move_confirmed", state.move && state.move->confirmed ? 1 : 0);
    statement.bind(":last_bytes", to_column(state.last_bytes));
    statement.bind(":last_duration_ms", static_cast<std::int64_t>(state.last_duration.count()));
    statement.bind(":last_new_items", to_column(state.last_new_items));
    statement.bind(":condition", static_cast<int>(state.condition));
    statement.bind(":document_bytes", to_column(state.document_bytes));
    if (today)
        statement.bind(":today", *today);
    else
        statement.bind(":today");
    statement.exec();
}

// In the order in which read_poll takes them: thousands of feeds are read at a start, and looking columns up by their names
// took most of it.
SQLite::Statement prepare_read_poll(SQLite::Database& database) {
    return {database, R"sql(
        SELECT etag, last_modified, validators_url, body_fingerprint, ttl_min, syndication_min, skip_hours, skip_days,
            rhythm_since_ms, rhythm_items, last_poll_ms, last_success_ms, last_document_ms, next_poll_ms, next_poll_reason,
            not_before_ms, last_result, last_status, failures, failing_since_ms, gone_answers, gone, item_identities,
            newest_item_ms, lying_since_ms, move_url, move_since_ms, move_polls, move_confirmed, last_bytes,
            last_duration_ms, last_new_items, condition, document_bytes
        FROM poll WHERE feed_id = ?)sql"};
}

PollState read_poll(SQLite::Statement& statement, FeedId feed) {
    PollState state;
    InUse row(statement);
    if (!row.bind(to_column(feed))->executeStep()) return state;
    int number = 0;
    const auto next = [&] { return row->getColumn(number++); };
    const auto minutes = [&]() -> std::optional<std::chrono::minutes> {
        const SQLite::Column column = next();
        return column.isNull() ? std::nullopt : std::optional{std::chrono::minutes{column.getInt64()}};
    };
    state.validators.etag = next().getString();
    state.validators.last_modified = next().getString();
    state.validators_url = next().getString();
    state.body_fingerprint = from_column(next().getInt64());
    state.hints.ttl = minutes();
    state.hints.syndication_interval = minutes();
    state.hints.skip_hours = from_bits(next().getInt64());
    state.hints.skip_days = from_bits(next().getInt64());
    state.rhythm_since = read_time(next());
    state.rhythm_items = next().getUInt();
    state.last_poll = read_time(next());
    state.last_success = read_time(next());
    state.last_document = read_time(next());
    state.next_poll = read_time(next());
    state.next_poll_reason = next().getString();
    state.not_before = read_time(next());
    state.last_result = next().getString();
    state.last_status = next().getInt();
    state.failures = next().getUInt();
    state.failing_since = read_time(next());
    state.gone_answers = next().getUInt();
    state.gone = next().getInt() != 0;
    const SQLite::Column identities = next();
    state.item_identities =
        from_bytes({static_cast<const char*>(identities.getBlob()), static_cast<std::size_t>(identities.getBytes())});
    state.newest_item = read_time(next());
    state.lying_since = read_time(next());
    const SQLite::Column url = next(), since = next(), polls = next(), confirmed = next();
    if (!url.isNull())
        state.move = {.url = url.getString(),
                      .since = read_time(since).value_or(TimePoint{}),
                      .polls = polls.getUInt(),
                      .confirmed = confirmed.getInt() != 0};
    state.last_bytes = from_column(next().getInt64());
    state.last_duration = std::chrono::milliseconds{next().getInt64()};
    state.last_new_items = from_column(next().getInt64());
    state.condition = static_cast<Condition>(next().getInt());
    state.document_bytes = from_column(next().getInt64());
    return state;
}

void add(PollCounts& sum, const PollCounts& counts) {
    sum.polls += counts.polls;
    sum.answers += counts.answers;
    sum.not_modified += counts.not_modified;
    sum.failures += counts.failures;
    sum.bytes_received += counts.bytes_received;
    sum.bytes_saved += counts.bytes_saved;
    sum.duration += counts.duration;
    sum.longest = std::max(sum.longest, counts.longest);
}

std::string to_text(const PolledDay& polled) {
    const PollCounts& counts = polled.counts;
    return fmt::format("{} {} {} {} {} {} {} {} {}", polled.day, counts.polls, counts.answers, counts.not_modified,
                       counts.failures, counts.bytes_received, counts.bytes_saved, counts.duration.count(),
                       counts.longest.count());
}

PolledDay polled_day_from(std::string_view text) {
    std::array<std::int64_t, 9> numbers{};
    const char* at = text.data();
    const char* const end = at + text.size();
    for (std::int64_t& number : numbers) {
        at = std::from_chars(at, end, number).ptr;
        if (at != end) ++at;
    }
    return {.day = numbers[0],
            .counts = {.polls = from_column(numbers[1]),
                       .answers = from_column(numbers[2]),
                       .not_modified = from_column(numbers[3]),
                       .failures = from_column(numbers[4]),
                       .bytes_received = from_column(numbers[5]),
                       .bytes_saved = from_column(numbers[6]),
                       .duration = std::chrono::milliseconds{numbers[7]},
                       .longest = std::chrono::milliseconds{numbers[8]}}};
}

}  // namespace agg::store
