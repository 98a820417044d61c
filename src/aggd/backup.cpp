// Control: one archive out, one archive in.
#include <filesystem>
#include <fstream>

#include "aggd/backup_archive.hpp"
#include "aggd/clock.hpp"
#include "aggd/control.hpp"
#include "aggd/restore.hpp"
#include "aggd/staging.hpp"
#include "config/file.hpp"
#include "store/copy.hpp"
#include "version.hpp"

namespace agg::aggd {
namespace {

constexpr std::size_t k_piece_bytes = 256 * 1024;

// An archive that is being sent; gone from the disk with the last piece, or when nobody asks any more.
struct Sending {
    explicit Sending(Staging where) : folder(std::move(where)) {}
    Staging folder;
    std::ifstream file;
    std::uint64_t bytes = 0;
};

Result<std::shared_ptr<Sending>> make_archive(const std::string& database, const std::string& config_file,
                                              TimePoint time, const std::atomic<bool>& stopping, UnderWay::Job& job) {
    auto folder = Staging::make(database);
    if (!folder) return tl::unexpected(folder.error());
    auto sending = std::make_shared<Sending>(std::move(*folder));
    // Half of the way is the copy, half the packing.
    std::error_code absent;
    const std::uint64_t half = std::filesystem::file_size(database, absent);
    job.total = absent ? 0 : half * 2;
    const store::Progress copied_so_far = [&](std::uint64_t done, std::uint64_t total) {
        job.done = half * done / std::max<std::uint64_t>(total, 1);
        return !stopping;
    };
    const store::Progress packed_so_far = [&](std::uint64_t done, std::uint64_t) {
        job.done = half + done;
        return !stopping;
    };
    const auto config = config::read_file(config_file);
    if (!config) return fail(config.error().kind, "{}: {}", config_file, config.error().message);
    const std::string copy = sending->folder / "aggd.db";
    if (const auto copied = store::copy_database(database, copy, copied_so_far); !copied)
        return tl::unexpected(copied.error());
    const auto facts = store::examine_database(copy, store::Check::pages);
    if (!facts) return fail(ErrorKind::storage, "there is no sound backup to be had: {}", facts.error().message);
    serve::Manifest manifest{.version = k_version,
                             .made = time,
                             .schema = facts->schema,
                             .feeds = facts->feeds,
                             .items = facts->items,
                             .stories = facts->stories,
                             .oldest_item = facts->oldest_item,
                             .newest_item = facts->newest_item};
    const std::string archive = sending->folder / "archive";
    if (const auto packed = pack(archive, std::move(manifest), *config, copy, packed_so_far); !packed)
        return tl::unexpected(packed.error());
    std::filesystem::remove(copy);
    sending->bytes = std::filesystem::file_size(archive);
    sending->file.open(archive, std::ios::binary);
    return sending;
}

Result<std::string> next_piece(Sending& sending) {
    std::string piece(k_piece_bytes, '\0');
    sending.file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    if (sending.file.bad()) return fail(ErrorKind::storage, "the archive cannot be read any more");
    piece.resize(static_cast<std::size_t>(sending.file.gcount()));
    return piece;
}

Task<Result<std::string>> read_piece(asio::thread_pool& pool, std::shared_ptr<Sending> sending) {
    auto work = [sending] { return next_piece(*sending); };
    co_return co_await run_on(pool, std::move(work));
}

// Writes all pieces to the new file `path`.
Task<Result<void>> receive(asio::thread_pool& pool, serve::Pieces pieces, std::string path) {
    auto file = std::make_shared<std::ofstream>(path, std::ios::binary);
    for (;;) {
        Task<Result<std::string>> reading = pieces();
        auto piece = co_await std::move(reading);
        if (!piece) co_return tl::unexpected(piece.error());
        const bool is_last = piece->empty();
        auto work = [file, bytes = std::move(*piece)] {
            *file << bytes;
            if (bytes.empty()) file->close();
            return !file->fail();
        };
        const bool written = co_await run_on(pool, std::move(work));
        if (!written) co_return fail(ErrorKind::storage, "{} cannot be written: is there room for the archive?", path);
        if (is_last) co_return Result<void>{};
    }
}

}  // namespace

Task<Result<serve::Backup>> Control::backup() {
    auto work = [database = parts_.database, config_file = parts_.live_config.file(), time = now(),
                 &stopping = stopping_, job = under_way_.begin("backup", true)] {
        return make_archive(database, config_file, time, stopping, *job);
    };
    const auto made = co_await run_on(parts_.archive_pool, std::move(work));
    if (!made) co_return tl::unexpected(made.error());
    serve::Backup backup;
    backup.bytes = (*made)->bytes;
    backup.pieces = [&pool = parts_.archive_pool, sending = *made] { return read_piece(pool, sending); };
    co_return backup;
}

Task<Result<serve::RestoreReport>> Control::restore(serve::RestoreRequest request) {
    if (!request.archive) co_return fail(ErrorKind::invalid, "The body must be an archive of aggctl backup.");
    auto folder = Staging::make(parts_.database);
    if (!folder) co_return tl::unexpected(folder.error());
    const std::string archive = *folder / "archive";
    Task<Result<void>> receiving = receive(parts_.archive_pool, std::move(request.archive), archive);
    const auto received = co_await std::move(receiving);
    if (!received) co_return tl::unexpected(received.error());

    const std::string config_file = parts_.live_config.file();
    auto examine = [folder = std::make_shared<Staging>(std::move(*folder)), archive, config_file]() mutable {
        return examine_archive(std::move(*folder), archive, config_file);
    };
    auto staged = co_await run_on(parts_.archive_pool, std::move(examine));
    if (!staged) co_return tl::unexpected(staged.error());
    if (staged->config.database != parts_.database)
        co_return fail(ErrorKind::conflict,
                       "the archive's feeds.conf keeps its database at {}, this aggd at {}: write `database = \"{}\"` "
                       "in [store] of {} and start aggd again, then restore",
                       staged->config.database, parts_.database, staged->config.database, config_file);

    serve::RestoreReport report{.dry_run = request.dry_run, .archive = staged->manifest};
    report.changes = differences(parts_.live_config.config(), staged->config);
    auto look = [database = parts_.database] { return store::examine_database(database, store::Check::pages); };
    const auto here = co_await run_on(parts_.archive_pool, std::move(look));
    if (here) {
        report.feeds = here->feeds;
        report.items = here->items;
        report.stories = here->stories;
        report.newest_item = here->newest_item;
    }
    if (request.dry_run) co_return report;
    report.kept = {kept_name(parts_.database), kept_name(config_file)};
    parts_.begin_anew(std::move(*staged));
    co_return report;
}

}  // namespace agg::aggd
