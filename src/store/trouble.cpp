#include "store/trouble.hpp"

#include <filesystem>

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <sqlite3.h>

namespace agg::store {
namespace {

using Kind = Trouble::Kind;

// Less than a commit may take.
constexpr std::uintmax_t k_hardly_any_bytes = 256 * 1024;

bool is_full(const std::string& folder) {
    std::error_code unknown;
    const auto space = std::filesystem::space(folder, unknown);
    return !unknown && space.available < k_hardly_any_bytes;
}

}  // namespace

std::optional<Trouble> trouble_of(const std::exception& failure, const std::string& path) {
    const auto* thrown = dynamic_cast<const SQLite::Exception*>(&failure);
    if (thrown == nullptr) return std::nullopt;
    const std::string folder = std::filesystem::absolute(path).parent_path().string();
    const auto full = [&] {
        return Trouble(Kind::passing, fmt::format("the disk of {} is full: make room there", folder));
    };
    switch (thrown->getErrorCode() & 0xff) {  // the rest is the extended code
        case SQLITE_FULL: return full();
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN:
            if (is_full(folder)) return full();
            return Trouble(Kind::passing,
                           fmt::format("{} cannot be read or written ({}): look at its disk (dmesg), and at who may "
                                       "write in {}",
                                       path, failure.what(), folder));
        case SQLITE_READONLY:
        case SQLITE_PERM:
            return Trouble(Kind::passing,
                           fmt::format("{} is read-only: it takes a file and a folder that aggd's user may write, on a "
                                       "file system that is mounted so",
                                       path));
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_PROTOCOL:
            return Trouble(Kind::passing,
                           fmt::format("another program holds {} locked: end it (fuser {})", path, path));
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return Trouble(Kind::damage,
                           fmt::format("{} is damaged ({}): restore a backup (aggctl restore FILE, or aggd --restore "
                                       "FILE where aggd does not run), or save what is left (docs/operations.md)",
                                       path, failure.what()));
        default: return std::nullopt;
    }
}

void check_in_place(SQLite::Database& database) {
    int moved = 0;
    if (sqlite3_file_control(database.getHandle(), "main", SQLITE_FCNTL_HAS_MOVED, &moved) != SQLITE_OK || moved == 0)
        return;
    throw Trouble(
        Kind::passing,
        fmt::format("{} was moved away or deleted while aggd has it open: put it back, or start aggd again to "
                    "begin with what is there",
                    database.getFilename()));
}

}  // namespace agg::store
