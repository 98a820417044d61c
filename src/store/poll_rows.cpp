#include "store/poll_rows.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

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

}  // namespace

SQLite::Statement prepare_write_poll(SQLite::Database& database) {
    return {database, R"sql(
        INSERT OR REPLACE INTO poll (feed_id, etag, last_modified, validators_url, body_fingerprint, ttl_min, syndication_min,
            skip_hours, skip_days, rhythm_since_ms, rhythm_items, last_poll_ms, last_success_ms, last_document_ms, next_poll_ms,
            next_poll_reason, not_before_ms, last_result, last_status, failures, failing_since_ms, gone_answers, gone)
        VALUES (:feed_id, :etag, :last_modified, :validators_url, :body_fingerprint, :ttl_min, :syndication_min,
            :skip_hours, :skip_days, :rhythm_since_ms, :rhythm_items, :last_poll_ms, :last_success_ms, :last_document_ms, :next_poll_ms,
            :next_poll_reason, :not_before_ms, :last_result, :last_status, :failures, :failing_since_ms, :gone_answers, :gone))sql"};
}

void write_poll(SQLite::Statement& statement, FeedId feed, const PollState& state) {
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
    statement.exec();
}

PollState read_poll(SQLite::Database& database, FeedId feed) {
    PollState state;
    SQLite::Statement row(database, "SELECT * FROM poll WHERE feed_id = ?");
    row.bind(1, to_column(feed));
    if (!row.executeStep()) return state;
    const auto minutes = [&](const char* name) -> std::optional<std::chrono::minutes> {
        const SQLite::Column column = row.getColumn(name);
        return column.isNull() ? std::nullopt : std::optional{std::chrono::minutes{column.getInt64()}};
    };
    state.validators = {row.getColumn("etag").getString(), row.getColumn("last_modified").getString()};
    state.validators_url = row.getColumn("validators_url").getString();
    state.body_fingerprint = from_column(row.getColumn("body_fingerprint").getInt64());
    state.hints.ttl = minutes("ttl_min");
    state.hints.syndication_interval = minutes("syndication_min");
    state.hints.skip_hours = from_bits(row.getColumn("skip_hours").getInt64());
    state.hints.skip_days = from_bits(row.getColumn("skip_days").getInt64());
    state.rhythm_since = read_time(row.getColumn("rhythm_since_ms"));
    state.rhythm_items = row.getColumn("rhythm_items").getUInt();
    state.last_poll = read_time(row.getColumn("last_poll_ms"));
    state.last_success = read_time(row.getColumn("last_success_ms"));
    state.last_document = read_time(row.getColumn("last_document_ms"));
    state.next_poll = read_time(row.getColumn("next_poll_ms"));
    state.next_poll_reason = row.getColumn("next_poll_reason").getString();
    state.not_before = read_time(row.getColumn("not_before_ms"));
    state.last_result = row.getColumn("last_result").getString();
    state.last_status = row.getColumn("last_status").getInt();
    state.failures = row.getColumn("failures").getUInt();
    state.failing_since = read_time(row.getColumn("failing_since_ms"));
    state.gone_answers = row.getColumn("gone_answers").getUInt();
    state.gone = row.getColumn("gone").getInt() != 0;
    return state;
}

}  // namespace agg::store
