// The archive of `aggctl backup`: an ordinary .tar.zst with the manifest, feeds.conf and the database, which tar opens
// as well. The only room that knows libarchive. Blocks; any thread.
#pragma once

#include <string>

#include "base/result.hpp"
#include "serve/manage.hpp"
#include "store/copy.hpp"

namespace agg::aggd {

// Writes the new file `archive` (mode 0600) with `config`, the text of a feeds.conf, and the database file `database`;
// sets the sizes and hashes of `manifest`. Fails with `storage` when there is no room, `unavailable` when `progress`
// (in bytes of the database) stopped it; `archive` may then be there in part.
[[nodiscard]] Result<void> pack(const std::string& archive, serve::Manifest manifest, const std::string& config,
                                const std::string& database, const store::Progress& progress);

struct Unpacked {
    serve::Manifest manifest;
    std::string config;  // the text
};

// Reads `archive` to its end, writes its database to the new file `database`, and holds both parts against the
// manifest. tar's own compressions are read too, so that people may pack one anew. Fails with `invalid` when it is no
// whole backup, `storage` when there is no room.
[[nodiscard]] Result<Unpacked> unpack(const std::string& archive, const std::string& database);

}  // namespace agg::aggd
