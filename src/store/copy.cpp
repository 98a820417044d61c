#include "store/copy.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include "store/columns.hpp"
#include "store/connection.hpp"

namespace agg::store {
namespace {

constexpr int k_pages_at_once = 1024;

}  // namespace

Result<void> copy_database(const std::string& from, const std::string& to, const Progress& progress) {
    const int descriptor = ::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0) return fail(ErrorKind::storage, "{} cannot be made: {}", to, std::strerror(errno));
    ::close(descriptor);
    try {
        SQLite::Database source = open_connection(from, SQLite::OPEN_READONLY);
        // Holds the moment: else a commit of the writer's would begin the copy anew, for as long as it goes on writing.
        SQLite::Transaction moment(source, SQLite::TransactionBehavior::DEFERRED);
        source.execAndGet("SELECT count(*) FROM meta");
        SQLite::Database target(to, SQLite::OPEN_READWRITE);
        target.exec("PRAGMA synchronous = OFF");
        target.exec("PRAGMA journal_mode = OFF");
        {
            SQLite::Backup backup(target, source);
            while (backup.executeStep(k_pages_at_once) != SQLITE_DONE) {
                const auto total = static_cast<std::uint64_t>(backup.getTotalPageCount());
                const auto left = static_cast<std::uint64_t>(backup.getRemainingPageCount());
                if (!progress(total - left, total)) return fail(ErrorKind::unavailable, "the copy was stopped");
            }
        }
        // The copied pages say WAL: one file is wanted.
        target.execAndGet("PRAGMA journal_mode = DELETE");
    } catch (const std::exception& problem) {
        return fail(ErrorKind::storage, "{} cannot be copied to {}: {}", from, to, problem.what());
    }
    return {};
}

Result<DatabaseFacts> examine_database(const std::string& path, Check check) {
    try {
        SQLite::Database database = open_connection(path, SQLite::OPEN_READONLY);
        const char* question = check == Check::pages ? "PRAGMA quick_check(1)" : "PRAGMA integrity_check(1)";
        const std::string found = database.execAndGet(question).getString();
        if (found != "ok") return fail(ErrorKind::invalid, "the database {} is damaged: {}", path, found);
        DatabaseFacts facts;
        facts.schema = from_column(database.execAndGet("PRAGMA user_version").getInt64());
        if (database.execAndGet("SELECT count(*) FROM meta WHERE name = 'uid'").getInt() == 0)
            return fail(ErrorKind::invalid, "{} is a database, but none of aggd's", path);
        facts.feeds = from_column(database.execAndGet("SELECT count(*) FROM feed WHERE subscribed").getInt64());
        facts.items = from_column(database.execAndGet("SELECT count(*) FROM item").getInt64());
        facts.stories = from_column(database.execAndGet("SELECT count(*) FROM story").getInt64());
        SQLite::Statement dates(database, "SELECT min(first_seen_ms), max(first_seen_ms) FROM item");
        dates.executeStep();
        facts.oldest_item = read_time(dates.getColumn(0));
        facts.newest_item = read_time(dates.getColumn(1));
        return facts;
    } catch (const std::exception& problem) {
        return fail(ErrorKind::invalid, "the database {} cannot be read: {}", path, problem.what());
    }
}

}  // namespace agg::store
