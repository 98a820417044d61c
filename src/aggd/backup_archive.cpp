#include "aggd/backup_archive.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>

#include <xxhash.h>

#include "serve/backup_json.hpp"

namespace agg::aggd {
namespace {

constexpr std::size_t k_block_bytes = 1024 * 1024;
constexpr std::size_t k_max_text_bytes = 64 * 1024 * 1024;  // of feeds.conf, of the manifest

constexpr const char* k_folder = "aggd-backup/";
constexpr const char* k_manifest = "manifest.json";
constexpr const char* k_config = "feeds.conf";
constexpr const char* k_database = "aggd.db";

class Hash {
  public:
    Hash() { XXH3_128bits_reset(state_.get()); }
    void add(const char* bytes, std::size_t size) { XXH3_128bits_update(state_.get(), bytes, size); }
    [[nodiscard]] std::string text() const {
        const XXH128_hash_t hash = XXH3_128bits_digest(state_.get());
        return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
    }

  private:
    struct Deleter {
        void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
    };
    std::unique_ptr<XXH3_state_t, Deleter> state_{XXH3_createState()};
};

std::string hash_of(const std::string& text) {
    Hash hash;
    hash.add(text.data(), text.size());
    return hash.text();
}

// Calls `take(bytes, size)`, which returns false to stop, with all of the file. Fails with `storage`.
template <typename Take>
Result<void> read_blocks(const std::string& path, Take take) {
    std::ifstream file(path, std::ios::binary);
    std::vector<char> block(k_block_bytes);
    while (file) {
        file.read(block.data(), static_cast<std::streamsize>(block.size()));
        const auto count = static_cast<std::size_t>(file.gcount());
        if (count > 0 && !take(block.data(), count)) return {};
    }
    if (!file.eof()) return fail(ErrorKind::storage, "{} cannot be read: {}", path, std::strerror(errno));
    return {};
}

struct WriteCloser {
    void operator()(archive* writing) const { archive_write_free(writing); }
};
struct ReadCloser {
    void operator()(archive* reading) const { archive_read_free(reading); }
};
struct EntryDeleter {
    void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};

std::string words_of(archive* of) {
    const char* words = archive_error_string(of);
    return words != nullptr ? words : "it ends too early";
}

void write_header(archive* writing, const char* name, std::uint64_t bytes, TimePoint made) {
    const std::unique_ptr<archive_entry, EntryDeleter> entry(archive_entry_new());
    archive_entry_set_pathname(entry.get(), (std::string(k_folder) + name).c_str());
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(bytes));
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0600);
    archive_entry_set_mtime(entry.get(), static_cast<time_t>(to_unix_ms(made) / 1000), 0);
    archive_write_header(writing, entry.get());
}

void write_text(archive* writing, const char* name, const std::string& text, TimePoint made) {
    write_header(writing, name, text.size(), made);
    archive_write_data(writing, text.data(), text.size());
}

Result<std::string> read_text(archive* reading, const char* name) {
    std::string text;
    std::vector<char> block(k_block_bytes);
    for (;;) {
        const la_ssize_t count = archive_read_data(reading, block.data(), block.size());
        if (count < 0) return fail(ErrorKind::invalid, "{}", words_of(reading));
        if (count == 0) return text;
        text.append(block.data(), static_cast<std::size_t>(count));
        if (text.size() > k_max_text_bytes) return fail(ErrorKind::invalid, "its {} is far too long", name);
    }
}

// Returns the hash.
Result<std::string> read_database(archive* reading, const std::string& path, std::uint64_t expected_bytes) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    std::vector<char> block(k_block_bytes);
    Hash hash;
    for (std::uint64_t total = 0;;) {
        const la_ssize_t count = archive_read_data(reading, block.data(), block.size());
        if (count < 0) return fail(ErrorKind::invalid, "{}", words_of(reading));
        if (count == 0) break;
        total += static_cast<std::uint64_t>(count);
        if (total > expected_bytes) return fail(ErrorKind::invalid, "its database is longer than its manifest says");
        hash.add(block.data(), static_cast<std::size_t>(count));
        file.write(block.data(), count);
    }
    file.close();
    if (!file) return fail(ErrorKind::storage, "{} cannot be written: {}", path, std::strerror(errno));
    return hash.text();
}

}  // namespace

Result<void> pack(const std::string& archive_file, serve::Manifest manifest, const std::string& config,
                  const std::string& database, const store::Progress& progress) {
    Hash hash;
    const auto add_to_hash = [&](const char* bytes, std::size_t size) {
        hash.add(bytes, size);
        manifest.database_bytes += size;
        return true;
    };
    manifest.database_bytes = 0;
    if (const auto read = read_blocks(database, add_to_hash); !read) return read;
    manifest.database_hash = hash.text();
    manifest.config_hash = hash_of(config);

    const int descriptor = ::open(archive_file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0) return fail(ErrorKind::storage, "{} cannot be made: {}", archive_file, std::strerror(errno));
    const std::unique_ptr<archive, WriteCloser> writing(archive_write_new());
    archive_write_add_filter_zstd(writing.get());
    archive_write_set_format_pax_restricted(writing.get());
    archive_write_open_fd(writing.get(), descriptor);
    write_text(writing.get(), k_manifest, serve::write_manifest(manifest), manifest.made);
    write_text(writing.get(), k_config, config, manifest.made);
    write_header(writing.get(), k_database, manifest.database_bytes, manifest.made);
    bool stopped = false;
    std::uint64_t done = 0;
    const auto read = read_blocks(database, [&](const char* bytes, std::size_t size) {
        const bool is_written = archive_write_data(writing.get(), bytes, size) == static_cast<la_ssize_t>(size);
        done += size;
        stopped = !progress(done, manifest.database_bytes);
        return is_written && !stopped;
    });
    const bool is_written = archive_write_close(writing.get()) == ARCHIVE_OK && archive_errno(writing.get()) == 0;
    ::close(descriptor);
    if (stopped) return fail(ErrorKind::unavailable, "the backup was stopped");
    if (!read) return read;
    if (!is_written) return fail(ErrorKind::storage, "{} cannot be written: {}", archive_file, words_of(writing.get()));
    return {};
}

Result<Unpacked> unpack(const std::string& archive_file, const std::string& database) {
    const std::unique_ptr<archive, ReadCloser> reading(archive_read_new());
    archive_read_support_filter_all(reading.get());
    archive_read_support_format_tar(reading.get());
    if (archive_read_open_filename(reading.get(), archive_file.c_str(), k_block_bytes) != ARCHIVE_OK)
        return fail(ErrorKind::invalid, "this is no backup of aggd's ({})", words_of(reading.get()));
    const auto broken = [](const std::string& how) {
        return fail(ErrorKind::invalid, "the archive is cut off or damaged: {}", how);
    };
    Unpacked unpacked;
    bool has_manifest = false, has_config = false, has_database = false;
    for (archive_entry* entry = nullptr;;) {
        const int found = archive_read_next_header(reading.get(), &entry);
        if (found == ARCHIVE_EOF) break;
        const bool is_packed = archive_filter_code(reading.get(), 0) != ARCHIVE_FILTER_NONE;
        if (found != ARCHIVE_OK && !has_manifest && !is_packed)
            return fail(ErrorKind::invalid, "this is no backup of aggd's ({})", words_of(reading.get()));
        if (found != ARCHIVE_OK) return broken(words_of(reading.get()));
        if (archive_entry_filetype(entry) == AE_IFDIR) continue;
        const std::string path = archive_entry_pathname(entry);
        const std::string name = path.substr(path.rfind('/') + 1);
        if (name == k_manifest) {
            const auto text = read_text(reading.get(), k_manifest);
            if (!text) return broken(text.error().message);
            auto manifest = serve::read_manifest(*text);
            if (!manifest) return fail(ErrorKind::invalid, "this is no backup of aggd's: {}", manifest.error().message);
            unpacked.manifest = std::move(*manifest);
            has_manifest = true;
        } else if (!has_manifest) {
            return fail(ErrorKind::invalid, "this is no backup of aggd's: it begins with {} instead of {}{}", path,
                        k_folder, k_manifest);
        } else if (name == k_config) {
            auto text = read_text(reading.get(), k_config);
            if (!text) return broken(text.error().message);
            if (hash_of(*text) != unpacked.manifest.config_hash)
                return broken("its feeds.conf is not the one that its manifest names");
            unpacked.config = std::move(*text);
            has_config = true;
        } else if (name == k_database) {
            const auto hash = read_database(reading.get(), database, unpacked.manifest.database_bytes);
            if (!hash && hash.error().kind == ErrorKind::storage) return tl::unexpected(hash.error());
            if (!hash) return broken(hash.error().message);
            if (*hash != unpacked.manifest.database_hash)
                return broken("its database is not the one that its manifest names");
            has_database = true;
        } else {
            return fail(ErrorKind::invalid, "this is no backup of aggd's: it holds {}", path);
        }
    }
    if (!has_manifest) return fail(ErrorKind::invalid, "this is no backup of aggd's: it holds nothing");
    if (!has_config || !has_database) return broken("it lacks feeds.conf or the database");
    return unpacked;
}

}  // namespace agg::aggd
