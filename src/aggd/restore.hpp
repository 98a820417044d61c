// An archive on its way to being the database and feeds.conf in use. Blocks; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aggd/staging.hpp"
#include "base/result.hpp"
#include "config/config.hpp"
#include "serve/manage.hpp"

namespace agg::aggd {

// What an archive held: checked, and lying beside the database.
struct Staged {
    Staging folder;
    serve::Manifest manifest;
    config::Config config;
    std::string config_text;
    std::string database;  // in `folder`, brought to this version's shape
};

// Takes apart the archive that lies in `folder` and checks all of it: hashes, the database's integrity and schema, and
// that its feeds.conf, which would be `config_file`, can be put in force. Fails with `invalid`.
[[nodiscard]] Result<Staged> examine_archive(Staging folder, const std::string& archive,
                                             const std::string& config_file);

// The files that put_in_place keeps.
[[nodiscard]] std::string kept_name(const std::string& path);  // "feeds.conf.before-restore"

// Makes what is staged the database and the feeds.conf, and keeps those that were there as kept_name says, in the place
// of what an earlier restore kept. Nobody may have the database open. Fails with `storage`; everything is as before
// then.
[[nodiscard]] Result<void> put_in_place(const Staged& staged, const std::string& database,
                                        const std::string& config_file);

// Undoes put_in_place.
[[nodiscard]] Result<void> put_back(const std::string& database, const std::string& config_file);

// Puts what `archive` holds in place of `config_file`, which need not be there, and of the database that the archive's
// feeds.conf names, without a daemon. Returns what to tell. Fails as above, or with `unavailable` when an aggd uses the
// database.
[[nodiscard]] Result<std::string> restore_without_daemon(const std::string& archive, const std::string& config_file);

}  // namespace agg::aggd
