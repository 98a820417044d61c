// The composition root: makes every part, joins them, and runs the event loop.
#pragma once

#include <string>

#include "base/result.hpp"
#include "config/config.hpp"

namespace agg::aggd {

// Runs until SIGTERM or SIGINT; SIGHUP reloads `config_file`, which was loaded as `config`. Fails when another aggd
// uses the database or a socket, or when these cannot be made.
[[nodiscard]] Result<void> serve_until_stopped(const std::string& config_file, config::Config config);

// Polls every feed once, as fast as politeness allows, and writes the merged Atom feed to standard output; what was
// done goes to the log. Serves nothing. Fails as above, and when standard output cannot be written; feeds that fail are
// told in the log.
[[nodiscard]] Result<void> poll_once(const std::string& config_file, config::Config config);

}  // namespace agg::aggd
