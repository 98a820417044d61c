#include "aggd/restore.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "aggd/backup_archive.hpp"
#include "aggd/live_config.hpp"
#include "base/paths.hpp"
#include "config/edit.hpp"
#include "config/file.hpp"
#include "store/copy.hpp"
#include "store/instance_lock.hpp"
#include "store/schema.hpp"
#include "store/writer.hpp"
#include "version.hpp"

namespace agg::aggd {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> cannot(const char* what, const std::string& path, const std::string& why) {
    return fail(ErrorKind::storage, "{} cannot be {}: {}", path, what, why);
}

// Also of a folder: what was renamed in it.
Result<void> flush(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return cannot("read", path, std::strerror(errno));
    const bool done = ::fsync(descriptor) == 0;
    const int reason = errno;
    ::close(descriptor);
    if (!done) return cannot("written", path, std::strerror(reason));
    return {};
}

// `to` becomes what `from` is, in one step; `from` stays.
Result<void> keep(const std::string& from, const std::string& to) {
    std::error_code failure;
    const std::string fresh = to + ".new";
    fs::remove(fresh, failure);
    // Another name for the same file costs nothing; where the file system has no links, a copy does.
    fs::create_hard_link(fs::canonical(from), fresh, failure);
    if (failure) fs::copy_file(from, fresh, failure);
    if (!failure) fs::rename(fresh, to, failure);
    if (failure) return cannot("made", to, failure.message());
    return {};
}

Result<void> write_config(const std::string& path, const std::string& text) {
    const auto before = config::read_file(path);
    if (before) return config::replace_file(path, *before, text);
    std::error_code ignored;
    fs::create_directories(fs::path(path).parent_path(), ignored);
    const std::string fresh = path + ".new";
    std::ofstream file(fresh, std::ios::binary);
    file << text;
    file.close();
    if (!file) return cannot("written", fresh, std::strerror(errno));
    if (auto flushed = flush(fresh); !flushed) return flushed;
    std::error_code failure;
    fs::rename(fresh, path, failure);
    if (failure) return cannot("made", path, failure.message());
    return {};
}

// A killed aggd leaves a log beside its database: what stands in it belongs to what is kept.
Result<void> settle_log(const std::string& database) {
    std::error_code failure;
    if (!fs::exists(database + "-wal", failure)) return {};
    const auto closed = store::Writer::open(database).map([](const store::Writer&) {});
    if (closed || closed.error().kind == ErrorKind::unavailable) return closed;
    // It is damaged, which may be why there is a restore.
    fs::rename(database + "-wal", kept_name(database) + "-wal", failure);
    if (failure) return cannot("kept", database + "-wal", failure.message());
    return {};
}

// What root has put into a folder of aggd's own belongs to aggd.
Result<void> give_to_owner_of_folder(const std::string& path) {
    struct stat folder {};
    if (::geteuid() != 0 || ::stat(fs::path(path).parent_path().c_str(), &folder) != 0) return {};
    if (::chown(path.c_str(), folder.st_uid, folder.st_gid) != 0)
        return cannot("given to aggd", path, std::strerror(errno));
    return {};
}

}  // namespace

std::string kept_name(const std::string& path) { return path + ".before-restore"; }

Result<Staged> examine_archive(Staging folder, const std::string& archive, const std::string& config_file) {
    std::string database = folder / "aggd.db";
    auto unpacked = unpack(archive, database);
    if (!unpacked) return tl::unexpected(unpacked.error());
    const auto facts = store::examine_database(database, store::Check::everything);
    if (!facts) return fail(ErrorKind::invalid, "the archive cannot be used: {}", facts.error().message);
    if (facts->schema > store::newest_schema())
        return fail(ErrorKind::invalid,
                    "the archive was made by aggd {}, whose database has another shape ({}; this aggd {} knows {}). "
                    "Restore it with that version, or a newer one.",
                    unpacked->manifest.version, facts->schema, k_version, store::newest_schema());
    auto config = config::parse_config(unpacked->config, config_file);
    if (!config)
        return fail(ErrorKind::invalid, "the archive's feeds.conf has errors:\n{}", config::to_string(config.error()));
    if (const auto settings = client_settings(*config); !settings)
        return fail(ErrorKind::invalid, "the archive's feeds.conf cannot be put in force: {}",
                    settings.error().message);
    {
        // Migrates, and leaves one file without a log beside it.
        const auto writer = store::Writer::open(database);
        if (!writer) return fail(ErrorKind::invalid, "the archive cannot be used: {}", writer.error().message);
    }
    if (const auto flushed = flush(database); !flushed) return tl::unexpected(flushed.error());
    return Staged{std::move(folder), std::move(unpacked->manifest), std::move(*config), std::move(unpacked->config),
                  std::move(database)};
}

Result<void> put_in_place(const Staged& staged, const std::string& database, const std::string& config_file) {
    std::error_code absent;
    // The log of another database would be read into the restored one.
    if (fs::file_size(database + "-wal", absent) > 0 && !absent)
        return fail(ErrorKind::storage, "{}-wal is still in use: another program has the database open", database);
    const bool had_config = fs::exists(config_file, absent), had_database = fs::exists(database, absent);
    if (had_config)
        if (auto kept = keep(config_file, kept_name(config_file)); !kept) return kept;
    if (had_database)
        if (auto kept = keep(database, kept_name(database)); !kept) return kept;
    if (auto written = write_config(config_file, staged.config_text); !written) return written;
    std::error_code failure;
    fs::remove(database + "-shm", absent);
    const fs::path target = fs::weakly_canonical(database);
    fs::rename(staged.database, target, failure);
    if (!failure) return flush(target.parent_path().string());
    if (had_config)
        if (auto back = put_back(database, config_file); !back) return back;
    return cannot("put in place", database, failure.message());
}

Result<void> put_back(const std::string& database, const std::string& config_file) {
    const auto config = config::read_file(kept_name(config_file));
    if (!config) return cannot("read", kept_name(config_file), config.error().message);
    if (auto written = write_config(config_file, *config); !written) return written;
    std::error_code absent;
    if (!fs::exists(kept_name(database), absent)) return {};
    for (const char* log : {"-wal", "-shm"}) fs::remove(database + log, absent);
    std::error_code failure;
    fs::rename(kept_name(database), fs::weakly_canonical(database), failure);
    if (failure) return cannot("put back", database, failure.message());
    return {};
}

Result<std::string> restore_without_daemon(const std::string& archive, const std::string& config_file) {
    // Where the database belongs is said inside the archive, so that it may have to be taken apart twice.
    ::umask(0077);
    // The service's own state, which only systemd tells it.
    if (config_file == "/etc/aggd/feeds.conf") ::setenv("STATE_DIRECTORY", "/var/lib/aggd", 0);
    std::string database = default_database_path();
    for (;;) {
        std::error_code failure;
        fs::create_directories(fs::path(database).parent_path(), failure);
        if (failure) return cannot("made", fs::path(database).parent_path(), failure.message());
        if (const auto settled = settle_log(database); !settled)
            return fail(settled.error().kind, "{} Ask it: aggctl restore {}", settled.error().message, archive);
        const auto lock = store::InstanceLock::take(database);
        if (!lock) return fail(lock.error().kind, "{} Ask it: aggctl restore {}", lock.error().message, archive);
        auto folder = Staging::make(database);
        if (!folder) return tl::unexpected(folder.error());
        const auto staged = examine_archive(std::move(*folder), archive, config_file);
        if (!staged) return tl::unexpected(staged.error());
        if (staged->config.database != database) {
            database = staged->config.database;
            continue;
        }
        const bool is_new_config = !fs::exists(config_file, failure);
        if (const auto placed = put_in_place(*staged, database, config_file); !placed)
            return tl::unexpected(placed.error());
        std::vector<std::string> ours = {database, database + ".lock"};
        if (is_new_config) ours.push_back(config_file);  // an old one keeps its owner
        for (const std::string& path : ours)
            if (const auto given = give_to_owner_of_folder(path); !given) return tl::unexpected(given.error());
        return fmt::format("Restored {} ({} feeds, {} items) and {}; what was there is kept as *.before-restore.",
                           database, staged->manifest.feeds, staged->manifest.items, config_file);
    }
}

}  // namespace agg::aggd
