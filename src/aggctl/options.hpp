// The command line of aggctl. The only room that knows CLI11.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace agg::aggctl {

enum class Verb {
    add,
    list,
    show,
    why,
    moves,
    remove,
    refresh,
    hosts,
    items,
    search,
    tail,
    read,
    unread,
    star,
    unstar,
    diff,
    split,
    merge,
    undo_heal,
    dedup,
    passwd,
    status,
    reload,
    version,
    set,
    pause,
    resume,
    opml,
    import_list,
    check,
    du,
    backup,
    restore,
    rule,
    complete
};

struct Options {
    Verb verb = Verb::status;

    // For every verb.
    bool json = false;
    bool quiet = false;
    bool no_legend = false;
    bool no_color = false;
    bool yes = false;
    std::string socket;  // empty: find it

    // For some of them.
    std::vector<std::string> targets;                // add: addresses; feeds; search: words; read ...: items
    std::string name, title, interval;               // add
    std::vector<std::string> tags;                   // add, list, refresh
    bool failing = false;                            // list
    bool paused = false;                             // list
    std::optional<std::chrono::milliseconds> stale;  // list: only feeds without news for so long
    bool accept = false;                             // moves
    bool held = false;                               // hosts
    bool wait = false;                               // refresh
    bool force = false;                              // refresh, backup
    std::string view, since;                         // items, search; tail: view; rule: since
    bool follow = false;                             // tail
    std::size_t last = 10;                           // tail: how many to begin with
    std::size_t count = 30;                          // items, search
    std::size_t largest = 10;                        // du
    bool hidden = false;                             // items
    std::vector<std::string> feeds;                  // rule
    std::size_t examples = 10;                       // rule
    bool none = false;                               // passwd
    bool purge = false;                              // remove
    bool dry_run = false;                            // reload, opml import, import, restore
    std::string feed;                                // set
    std::vector<std::string> settings;               // set: KEY=VALUE
    std::string action;                              // opml: import or export; rule: list or test
    std::string
        file;  // opml, import, check, backup, restore: a path, "-", or an address; empty: standard input or output
};

// What to print instead of doing anything: a help text, the version, or what is wrong with the command line.
struct Stop {
    int exit_code = 0;
    std::string text;  // to standard output when the exit code is 0, else to standard error
};

// `arguments` without the program's name.
[[nodiscard]] std::variant<Options, Stop> parse_options(std::vector<std::string> arguments);

// Every verb with every option of its own, as "list --failing"; those for all verbs as "--json". For the manual's test.
[[nodiscard]] std::vector<std::string> known_options();

}  // namespace agg::aggctl
