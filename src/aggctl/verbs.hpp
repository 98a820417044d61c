// What each verb does: asks the daemon, prints its answer, returns the exit code.
#pragma once

#include "aggctl/exit_code.hpp"

namespace agg::aggctl {

struct Command;

// feed_verbs.cpp
[[nodiscard]] ExitCode add(const Command& command);
[[nodiscard]] ExitCode list(const Command& command);
[[nodiscard]] ExitCode show(const Command& command);
[[nodiscard]] ExitCode moves(const Command& command);
[[nodiscard]] ExitCode remove(const Command& command);
[[nodiscard]] ExitCode refresh(const Command& command);
[[nodiscard]] ExitCode hosts(const Command& command);

// item_verbs.cpp
[[nodiscard]] ExitCode items(const Command& command);
[[nodiscard]] ExitCode search(const Command& command);
[[nodiscard]] ExitCode read(const Command& command);
[[nodiscard]] ExitCode unread(const Command& command);
[[nodiscard]] ExitCode star(const Command& command);
[[nodiscard]] ExitCode unstar(const Command& command);

// tail_verb.cpp
[[nodiscard]] ExitCode tail(const Command& command);

// duplicate_verbs.cpp
[[nodiscard]] ExitCode why(const Command& command);
[[nodiscard]] ExitCode diff(const Command& command);
[[nodiscard]] ExitCode split(const Command& command);
[[nodiscard]] ExitCode merge(const Command& command);
[[nodiscard]] ExitCode undo_heal(const Command& command);
[[nodiscard]] ExitCode dedup(const Command& command);

// daemon_verbs.cpp
[[nodiscard]] ExitCode status(const Command& command);
[[nodiscard]] ExitCode reload(const Command& command);
[[nodiscard]] ExitCode passwd(const Command& command);
[[nodiscard]] ExitCode version(const Command& command);

// set_verbs.cpp
[[nodiscard]] ExitCode set(const Command& command);
[[nodiscard]] ExitCode pause(const Command& command);
[[nodiscard]] ExitCode resume(const Command& command);

// import_verbs.cpp
[[nodiscard]] ExitCode opml(const Command& command);
[[nodiscard]] ExitCode import_list(const Command& command);

// backup_verbs.cpp
[[nodiscard]] ExitCode backup(const Command& command);
[[nodiscard]] ExitCode restore(const Command& command);

// space_verb.cpp
[[nodiscard]] ExitCode du(const Command& command);

// complete_verb.cpp
[[nodiscard]] ExitCode complete(const Command& command);

// rule_verbs.cpp
[[nodiscard]] ExitCode rule(const Command& command);

// check_verb.cpp
[[nodiscard]] ExitCode check(const Command& command);

}  // namespace agg::aggctl
