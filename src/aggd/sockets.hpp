// The sockets that aggd serves on, and who may change things through them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "config/config.hpp"
#include "serve/listener.hpp"

namespace agg::aggd {

// Those that systemd made (aggd.socket), else those of [serve], the Unix socket first. Fails as
// serve::listen_unix, listen_tcp and adopt_listener do, and as changing_group.
[[nodiscard]] Result<std::vector<serve::Listener>> open_sockets(const config::Serve& serve);

// The group whose members may change things, by its number: [serve] group. Absent when there is none. Fails with
// `invalid` when the machine does not know it.
[[nodiscard]] Result<std::optional<std::uint32_t>> changing_group(const config::Serve& serve);

}  // namespace agg::aggd
