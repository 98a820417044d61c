// Where things are when nobody says otherwise. aggd and aggctl must agree, so both ask here.
#pragma once

#include <string>

namespace agg {

// The configuration file: $CONFIGURATION_DIRECTORY/feeds.conf (systemd), else $XDG_CONFIG_HOME/aggd/feeds.conf when it
// is there, else /etc/aggd/feeds.conf when that is there, else the XDG path.
[[nodiscard]] std::string default_config_path();

// The database: $STATE_DIRECTORY/aggd.db (systemd), else $XDG_STATE_HOME/aggd/aggd.db (~/.local/state by default).
[[nodiscard]] std::string default_database_path();

// The socket that aggd makes when feeds.conf names none: /run/aggd.sock under systemd's system manager (STATE_DIRECTORY
// below /var/lib), else $XDG_RUNTIME_DIR/aggd.sock, else aggd.sock beside the default database.
[[nodiscard]] std::string default_socket_path();

// The group whose members may change things when feeds.conf names none: aggd under systemd's system manager, else
// nobody ("").
[[nodiscard]] std::string default_group();

// Where the file of passwords `name` is: below $CREDENTIALS_DIRECTORY (systemd) when that is set and `name` is a
// relative path, else `otherwise`.
[[nodiscard]] std::string credentials_path(const std::string& name, const std::string& otherwise);

// The socket that aggctl asks: $AGGD_SOCKET, else the user's own (as above) when it is there, else /run/aggd.sock.
[[nodiscard]] std::string find_socket_path();

}  // namespace agg
