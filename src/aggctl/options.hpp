// The command line of aggctl. The only room that knows CLI11.
#pragma once

#include <string>
#include <variant>
#include <vector>

namespace agg::aggctl {

enum class Verb {
    add,
    list,
    remove,
    refresh,
    hosts,
    items,
    search,
    read,
    unread,
    star,
    unstar,
    passwd,
    status,
    reload,
    version
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
    std::vector<std::string>
        targets;  // add: addresses; remove, refresh: feeds; search: words; read ...: items; passwd: the user
    std::string name, title, interval;  // add
    std::vector<std::string> tags;      // add
    bool failing = false;               // list
    bool held = false;                  // hosts
    bool wait = false;                  // refresh
    bool force = false;                 // refresh
    bool none = false;                  // passwd
    std::string view, since;            // items, search
    std::size_t count = 30;             // items, search
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
