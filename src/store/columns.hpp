// How aggd's types stand in SQLite's columns.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include <SQLiteCpp/SQLiteCpp.h>

#include "base/feed.hpp"
#include "base/item.hpp"
#include "base/time.hpp"
#include "dedup/fingerprint.hpp"

namespace agg::store {

// SQLite's integers are signed: a fingerprint keeps its bits.
[[nodiscard]] constexpr std::int64_t to_column(std::uint64_t fingerprint) {
    return static_cast<std::int64_t>(fingerprint);
}
[[nodiscard]] constexpr std::uint64_t from_column(std::int64_t column) { return static_cast<std::uint64_t>(column); }

[[nodiscard]] constexpr std::int64_t to_column(FeedId id) { return static_cast<std::int64_t>(id); }
[[nodiscard]] constexpr std::int64_t to_column(ItemId id) { return static_cast<std::int64_t>(id); }
[[nodiscard]] constexpr std::int64_t to_column(StoryId id) { return static_cast<std::int64_t>(id); }

inline void bind_time(SQLite::Statement& statement, const char* name, const std::optional<TimePoint>& time) {
    if (time)
        statement.bind(name, to_unix_ms(*time));
    else
        statement.bind(name);
}

// A story's name is stored as its 16 bytes. In older databases it was the text of its URN, which stays.
inline void bind_uuid(SQLite::Statement& statement, int index, const dedup::Uuid& uuid) {
    statement.bind(index, uuid.data(), static_cast<int>(uuid.size()));
}
[[nodiscard]] inline std::string read_urn(const SQLite::Column& column) {
    if (!column.isBlob()) return column.getString();
    dedup::Uuid uuid{};
    std::copy_n(static_cast<const std::uint8_t*>(column.getBlob()), uuid.size(), uuid.begin());
    return dedup::to_urn(uuid);
}

[[nodiscard]] inline std::optional<TimePoint> read_time(const SQLite::Column& column) {
    return column.isNull() ? std::nullopt : std::optional{from_unix_ms(column.getInt64())};
}

// A prepared statement in use: reset before, and again when the scope ends, for one left in mid-row would hold its
// snapshot open and keep the write-ahead log from shrinking.
class InUse {
  public:
    explicit InUse(SQLite::Statement& statement) : statement_(statement) { statement_.reset(); }
    ~InUse() { statement_.tryReset(); }
    InUse(const InUse&) = delete;
    InUse& operator=(const InUse&) = delete;

    SQLite::Statement* operator->() { return &statement_; }
    SQLite::Statement& operator*() { return statement_; }

    // Binds the parameters from the first on; of no time, NULL.
    template <typename... Values>
    InUse& bind(const Values&... values) {
        int index = 0;
        (put(++index, values), ...);
        return *this;
    }

  private:
    template <typename Value>
    void put(int index, const Value& value) {
        statement_.bind(index, value);
    }
    void put(int index, const std::optional<TimePoint>& time) {
        if (time)
            statement_.bind(index, to_unix_ms(*time));
        else
            statement_.bind(index);
    }

    SQLite::Statement& statement_;
};

}  // namespace agg::store
