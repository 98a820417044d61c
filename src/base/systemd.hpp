// What systemd and a service say to each other: sockets that listen already, how the service does, the journal.
// Callable from any thread but take_sockets(). Without systemd there are no sockets and nobody to tell.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace agg::systemd {

// The descriptors that systemd has made to listen for us (sd_listen_fds(3)), closed on exec; the caller owns them. None
// at a second call: children do not take them for their own either.
[[nodiscard]] std::vector<int> take_sockets();

// True when a service manager listens to notify().
[[nodiscard]] bool is_supervised();

// Tells the service manager lines such as "READY=1\nSTATUS=3 feeds" (sd_notify(3)).
void notify(const std::string& lines);

// The same for the begin of a reload; its end is "READY=1".
void notify_reloading();

// How long the service may be silent before it is taken for hung; absent when nobody watches.
[[nodiscard]] std::optional<std::chrono::microseconds> watchdog_interval();

// True when standard error goes to the journal (JOURNAL_STREAM names it).
[[nodiscard]] bool has_journal();

// Writes an entry of "NAME=value" fields to the journal. False when it did not take it.
[[nodiscard]] bool write_to_journal(const std::vector<std::string>& fields);

}  // namespace agg::systemd
