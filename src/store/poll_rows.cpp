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

SQLite::Statement prepare_read_poll(SQLite::Database& database) {
    return {database, "SELECT * FROM poll WHERE feed_id = ?"};
}

PollState read_poll(SQLite::Statement& statement, FeedId feed) {
    PollState state;
    InUse row(statement);
    if (!row.bind(to_column(feed))->executeStep()) return state;
    const auto minutes = [&](const char* name) -> std::optional<std::chrono::minutes> {
        const SQLite::Column column = row->getColumn(name);
        return column.isNull() ? std::nullopt : std::optional{std::chrono::minutes{column.getInt64()}};
    };
    state.validators = {row->getColumn("etag").getString(), row->getColumn("last_modified").getString()};
    state.validators_url = row->getColumn("validators_url").getString();
    state.body_fingerprint = from_column(row->getColumn("body_fingerprint").getInt64());
    state.hints.ttl = minutes("ttl_min");
    state.hints.syndication_interval = minutes("syndication_min");
    state.hints.skip_hours = from_bits(row->getColumn("skip_hours").getInt64());
    state.hints.skip_days = from_bits(row->getColumn("skip_days").getInt64());
    state.rhythm_since = read_time(row->getColumn("rhythm_since_ms"));
    state.rhythm_items = row->getColumn("rhythm_items").getUInt();
    state.last_poll = read_time(row->getColumn("last_poll_ms"));
    state.last_success = read_time(row->getColumn("last_success_ms"));
    state.last_document = read_time(row->getColumn("last_document_ms"));
    state.next_poll = read_time(row->getColumn("next_poll_ms"));
    state.next_poll_reason = row->getColumn("next_poll_reason").getString();
    state.not_before = read_time(row->getColumn("not_before_ms"));
    state.last_result = row->getColumn("last_result").getString();
    state.last_status = row->getColumn("last_status").getInt();
    state.failures = row->getColumn("failures").getUInt();
    state.failing_since = read_time(row->getColumn("failing_since_ms"));
    state.gone_answers = row->getColumn("gone_answers").getUInt();
    state.gone = row->getColumn("gone").getInt() != 0;
    const SQLite::Column identities = row->getColumn("item_identities");
    state.item_identities =
        from_bytes({static_cast<const char*>(identities.getBlob()), static_cast<std::size_t>(identities.getBytes())});
    state.newest_item = read_time(row->getColumn("newest_item_ms"));
    state.lying_since = read_time(row->getColumn("lying_since_ms"));
    if (!row->getColumn("move_url").isNull()) {
        state.move = {.url = row->getColumn("move_url").getString(),
                      .since = read_time(row->getColumn("move_since_ms")).value_or(TimePoint{}),
                      .polls = row->getColumn("move_polls").getUInt(),
                      .confirmed = row->getColumn("move_confirmed").getInt() != 0};
    }
    state.last_bytes = from_column(row->getColumn("last_bytes").getInt64());
    state.last_duration = std::chrono::milliseconds{row->getColumn("last_duration_ms").getInt64()};
    state.last_new_items = from_column(row->getColumn("last_new_items").getInt64());
    state.condition = static_cast<Condition>(row->getColumn("condition").getInt());
    state.document_bytes = from_column(row->getColumn("document_bytes").getInt64());
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
