#include "aggctl/options.hpp"

#include <algorithm>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "aggctl/complete.hpp"
#include "aggctl/exit_code.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "version.hpp"

namespace agg::aggctl {
namespace {

// The usage line in the words of the manual.
class Formatter : public CLI::Formatter {
  public:
    Formatter() { column_width(26); }

    std::string make_usage(const CLI::App* app, std::string name) const override {
        if (app->get_parent() == nullptr) return "\nUsage: aggctl [OPTION...] VERB [ARGUMENT...]\n";
        std::string arguments;
        for (const CLI::Option* option : app->get_options()) {
            if (!option->get_positional()) continue;
            const std::string written = option->get_single_name() + (option->get_items_expected_max() > 1 ? "..." : "");
            arguments += option->get_required() ? " " + written : " [" + written + "]";
        }
        return fmt::format("\nUsage: aggctl {} [OPTION...]{}\n", name.substr(name.rfind(' ') + 1), arguments);
    }
    std::string make_footer(const CLI::App* app) const override {
        return app->get_parent() == nullptr ? "\nSee aggctl(1).\n" : "\nOptions for all verbs: aggctl --help\n";
    }
    // What is said of a positional is said by the usage line.
    std::string make_positionals(const CLI::App*) const override { return ""; }
    std::string make_option_opts(const CLI::Option* option) const override {
        return option->get_type_name().empty() ? "" : " " + option->get_type_name();
    }
};

struct Parser {
    CLI::App app{"Control the feed aggregator daemon aggd.", "aggctl"};
    Options options;
    std::string stale;  // as typed

    Parser() {
        app.formatter(std::make_shared<Formatter>());
        app.require_subcommand(1);
        app.fallthrough();
        app.set_help_flag("-h,--help", "Show this help, or that of a verb");
        app.set_version_flag("--version", fmt::format("aggctl {}", k_version), "Show the version of aggctl");
        app.add_flag("--json", options.json, "Print the control API's JSON");
        app.add_option("--socket", options.socket, "The daemon's socket")->type_name("PATH")->take_last();
        app.add_flag("-q,--quiet", options.quiet, "Print errors only");
        app.add_flag("--no-legend", options.no_legend, "Print tables without header and sum");
        app.add_flag("--no-color", options.no_color, "No colours; the variable NO_COLOR does the same");
        app.add_flag("-y,--yes", options.yes, "Answer every question with yes");

        add_feed_verbs();
        add_item_verbs();
        add_daemon_verbs();
        add_manage_verbs();
    }

    void add_feed_verbs() {
        auto* add = verb(Verb::add, "add", "Feeds", "Subscribe to a feed, or to the feed behind a web page");
        targets(add, "URL")->required();
        add->add_option("--name", options.name, "Its name in feeds.conf; made from the title by default")
            ->type_name("NAME");
        add->add_option("--title", options.title, "Your own title instead of the feed's")->type_name("TITLE");
        tags(add, "A tag; may be given several times");
        add->add_option("--interval", options.interval, "How often to poll it: 30min, 2h, auto")->type_name("DURATION");

        auto* list = verb(Verb::list, "list", "Feeds", "List the feeds and how they do");
        list->add_flag("--failing", options.failing, "Only those that fail or are gone, with the reason");
        list->add_option("--stale", stale, "Only those that have told nothing new for so long: 30d")
            ->type_name("DURATION");
        list->add_flag("--paused", options.paused, "Only those that are paused");
        tags(list, "Only those with this tag; may be given several times");

        auto* show = verb(Verb::show, "show", "Feeds", "Show all that is known of feeds");
        targets(show, "FEED")->required();

        auto* why = verb(Verb::why, "why", "Feeds",
                         "Tell when a feed is polled next and why; or why an item stands with others, or alone");
        targets(why, "FEED|ITEM")->required();

        auto* moves = verb(Verb::moves, "moves", "Feeds", "List the feeds that have moved for good");
        targets(moves, "FEED");
        moves->add_flag("--accept", options.accept, "Write their new addresses to feeds.conf");

        auto* remove = verb(Verb::remove, "remove", "Feeds", "Take feeds out of feeds.conf; their items stay stored");
        targets(remove, "FEED")->required();
        remove->add_flag("--purge", options.purge, "Delete their items too; stories that others tell as well stay");

        auto* refresh = verb(Verb::refresh, "refresh", "Feeds", "Poll feeds now, all of them by default");
        targets(refresh, "FEED");
        tags(refresh, "Poll the feeds with this tag; may be given several times");
        refresh->add_flag("--wait", options.wait, "Wait until they are polled and print the results");
        refresh->add_flag("--force", options.force,
                          "Poll also those whose publisher asked to wait, and those polled a moment ago");

        auto* hosts =
            verb(Verb::hosts, "hosts", "Feeds", "List the hosts of the feeds: their spacing, and which are held");
        hosts->add_flag("--held", options.held, "Only those that asked to be left alone for a while, with the reason");
    }

    void add_item_verbs() {
        auto* items = verb(Verb::items, "items", "Items", "List items, the newest first");
        items->add_option("--view", options.view, "Those of a view of feeds.conf")->type_name("VIEW");
        items->add_flag("--hidden", options.hidden, "Those that rules hide");
        narrowing(items);
        auto* search =
            verb(Verb::search, "search", "Items", "Find items: words, \"a phrase\", tag:, source:, since:, -not");
        targets(search, "QUERY")->required();
        narrowing(search);
        auto* tail = verb(Verb::tail, "tail", "Items", "Show the items that came last, and with -f those that come");
        targets(tail, "QUERY");
        tail->add_flag("-f,--follow", options.follow, "Go on with what comes, until Ctrl-C");
        tail->add_option("-n", options.last, "How many to begin with, 0 to 1000; 10 by default")
            ->type_name("COUNT")
            ->check(CLI::Range(0, 1000));
        tail->add_option("--view", options.view, "Those of a view of feeds.conf")->type_name("VIEW");
        for (const auto& [mark, name, description] : {std::tuple{Verb::read, "read", "Mark items as read"},
                                                      std::tuple{Verb::unread, "unread", "Mark items as not read"},
                                                      std::tuple{Verb::star, "star", "Star items"},
                                                      std::tuple{Verb::unstar, "unstar", "Take the star from items"}})
            targets(verb(mark, name, "Items", description), "ITEM")->required();
        targets(verb(Verb::diff, "diff", "Stories", "Show what changed in an item since it came, and when"), "ITEM")
            ->required();
        targets(verb(Verb::split, "split", "Stories", "Make items stories of their own, for good"), "ITEM")->required();
        targets(verb(Verb::merge, "merge", "Stories", "Make the stories of two items one, for good"), "ITEM")
            ->required()
            ->expected(2);
        targets(
            verb(Verb::undo_heal, "undo-heal", "Stories", "Take back that new ids of a feed were given to known items"),
            "FEED")
            ->required();
        targets(verb(Verb::dedup, "dedup", "Stories",
                     "\"dedup stats\": what was collapsed by which rule, and what nearly was"),
                "stats")
            ->required()
            ->check(CLI::IsMember({"stats"}));
    }

    void add_daemon_verbs() {
        verb(Verb::status, "status", "Daemon", "Show how the daemon does");
        auto* reload =
            verb(Verb::reload, "reload", "Daemon", "Read feeds.conf anew; a file with an error changes nothing");
        reload->add_flag("--dry-run", options.dry_run, "Only print what would change");
        auto* passwd =
            verb(Verb::passwd, "passwd", "Daemon", "Set the user and password that readers on TCP sign in with");
        targets(passwd, "USER")->expected(0, 1);
        passwd->add_flag("--none", options.none, "Take the account away: nobody can sign in any more");
        verb(Verb::version, "version", "Daemon", "Show the versions of aggctl and of the running daemon");
    }

    void add_manage_verbs() {
        auto* set = verb(Verb::set, "set", "Feeds", "Change settings of a feed in feeds.conf: interval=30min tags=a,b");
        set->add_option("FEED", options.feed)->required();
        set->add_option("SETTING", options.settings)->required();
        targets(verb(Verb::pause, "pause", "Feeds", "Keep feeds and their items, but do not poll them"), "FEED")
            ->required();
        targets(verb(Verb::resume, "resume", "Feeds", "Poll paused feeds again"), "FEED")->required();

        auto* opml = verb(Verb::opml, "opml", "Lists", "Import or export the subscriptions as OPML");
        opml->add_option("ACTION", options.action, "import or export")
            ->required()
            ->check(CLI::IsMember({"import", "export"}));
        opml->add_option("FILE", options.file, "A file; - or none is standard input or output");
        opml->add_flag("--dry-run", options.dry_run, "Only tell what an import would do");
        auto* import = verb(Verb::import_list, "import", "Lists",
                            "Subscribe to a list: OPML, newsboat's urls, sfeedrc, or one address per line");
        import->add_option("FILE", options.file, "A file; - or none is standard input");
        import->add_flag("--dry-run", options.dry_run, "Only tell what it would do");

        auto* rule = verb(Verb::rule, "rule", "Daemon",
                          "\"rule list\": what rules do; \"rule test EXPR\": what one would match, before it is one");
        rule->add_option("ACTION", options.action, "list or test")->required()->check(CLI::IsMember({"list", "test"}));
        targets(rule, "EXPR");
        since(rule, "Test with items of that time: 30d, or a date; all by default");
        rule->add_option("--feed", options.feeds, "Test with this feed's items; may be given several times")
            ->type_name("FEED")
            ->allow_extra_args(false);
        tags(rule, "Test with items of the feeds with this tag; may be given several times");
        rule->add_option("-n", options.examples, "How many examples to show, 0 to 1000")
            ->type_name("COUNT")
            ->check(CLI::Range(0, 1000));

        auto* check = verb(Verb::check, "check", "Daemon", "Tell what is wrong with a feed, or with a feeds.conf");
        check->add_option("TARGET", options.file,
                          "A file, an address, or - for standard input; none: the daemon's feeds.conf");

        auto* du = verb(Verb::du, "du", "Daemon", "Show what takes the room of the database, and which feeds");
        du->add_option("-n", options.largest, "How many feeds to name; 10 by default")
            ->type_name("COUNT")
            ->check(CLI::Range(0, 100'000));
        auto* backup = verb(Verb::backup, "backup", "Daemon", "Write all that aggd has to one archive, while it works");
        backup->add_option("FILE", options.file, "The archive; - is standard output")->required();
        backup->add_flag("--force", options.force, "Replace a FILE that is there");
        auto* restore =
            verb(Verb::restore, "restore", "Daemon", "Begin anew with the database and feeds.conf of an archive");
        restore->add_option("FILE", options.file, "An archive that backup wrote; - is standard input")->required();
        restore->add_flag("--dry-run", options.dry_run, "Check it, and only tell what would change");
    }

    CLI::App* verb(Verb verb, const char* name, const char* group, const char* description) {
        CLI::App* command = app.add_subcommand(name, description);
        command->group(group);
        command->callback([this, verb] { options.verb = verb; });
        return command;
    }
    void tags(CLI::App* command, const char* description) {
        command->add_option("--tag", options.tags, description)->type_name("TAG")->allow_extra_args(false);
    }
    void since(CLI::App* command, const char* description) {
        command->add_option("--since", options.since, description)->type_name("TIME");
    }
    void narrowing(CLI::App* command) {
        since(command, "Only those of that time: 2h, 7d, or a date");
        command->add_option("-n", options.count, "How many, 1 to 1000")->type_name("COUNT")->check(CLI::Range(1, 1000));
    }
    CLI::Option* targets(CLI::App* command, const char* name) { return command->add_option(name, options.targets); }
};

// What is wrong with the first word when it is no verb; "" when it is one or there is none.
std::string unknown_verb(const CLI::App& app, const std::vector<std::string>& arguments) {
    if (arguments.empty() || arguments.front().starts_with('-')) return "";
    const std::string& word = arguments.front();
    std::string best;
    std::size_t best_distance = 3;
    for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
        const std::size_t distance = edit_distance(word, verb->get_name());
        if (distance == 0) return "";
        if (distance < best_distance) {
            best = verb->get_name();
            best_distance = distance;
        }
    }
    return fmt::format("unknown verb \"{}\"{}", word, best.empty() ? "" : fmt::format("; did you mean \"{}\"?", best));
}

// "; did you mean --tag?" for an option that is nearly one of the verb's.
std::string nearest_option(const CLI::App& app, const std::vector<std::string>& arguments) {
    std::vector<std::string> known;
    for (const CLI::App* owner : {&app, app.get_subcommands().empty() ? &app : app.get_subcommands().front()})
        for (const CLI::Option* option : owner->get_options())
            for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
    for (const std::string& argument : arguments) {
        const std::string word = argument.substr(0, argument.find('='));
        if (!word.starts_with("--") || std::find(known.begin(), known.end(), word) != known.end()) continue;
        const auto nearest = std::min_element(known.begin(), known.end(), [&](const auto& a, const auto& b) {
            return edit_distance(word, a) < edit_distance(word, b);
        });
        if (edit_distance(word, *nearest) <= 2) return "; did you mean " + *nearest + "?";
    }
    return "";
}

Stop usage_error(std::string message, const CLI::App& app, const std::vector<std::string>& arguments) {
    const auto chosen = app.get_subcommands();
    const std::string help =
        chosen.empty() ? "aggctl --help" : fmt::format("aggctl {} --help", chosen.front()->get_name());
    if (const std::string unknown = unknown_verb(app, arguments); !unknown.empty()) message = unknown;
    if (message.starts_with("The ")) message.front() = 't';
    if (message.find("not expected") != std::string::npos) message += nearest_option(app, arguments);
    return {to_int(ExitCode::usage), fmt::format("aggctl: {}\nTry: {}\n", message, help)};
}

}  // namespace

std::variant<Options, Stop> parse_options(std::vector<std::string> arguments) {
    Parser parser;
    // What is typed is none of the parser's business until it is typed.
    if (!arguments.empty() && arguments.front() == "complete") {
        parser.options.verb = Verb::complete;
        parser.options.targets.assign(arguments.begin() + 1, arguments.end());
        return parser.options;
    }
    // "aggctl help add" is typed from habit.
    if (!arguments.empty() && arguments.front() == "help") {
        arguments.erase(arguments.begin());
        arguments.push_back("--help");
    }
    try {
        // CLI11 takes the words from the back.
        parser.app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::CallForHelp&) {
        return Stop{0, parser.app.help()};
    } catch (const CLI::CallForVersion&) {
        return Stop{0, fmt::format("aggctl {}\n", k_version)};
    } catch (const CLI::RequiredError& error) {
        if (arguments.empty()) return Stop{to_int(ExitCode::usage), parser.app.help()};
        const bool lacks_verb = parser.app.get_subcommands().empty();
        return usage_error(lacks_verb ? "a verb is missing" : error.what(), parser.app, arguments);
    } catch (const CLI::ParseError& error) {
        return usage_error(error.what(), parser.app, arguments);
    }
    Options& options = parser.options;
    if (!parser.stale.empty()) {
        options.stale = parse_duration(parser.stale);
        if (!options.stale)
            return usage_error(fmt::format("--stale: \"{}\" is no duration; write 30d or 12h", parser.stale),
                               parser.app, arguments);
    }
    if (options.verb == Verb::add && options.targets.size() > 1 && (!options.name.empty() || !options.title.empty()))
        return usage_error("--name and --title are for one feed, but several addresses are given", parser.app,
                           arguments);
    if (options.verb == Verb::rule && (options.action == "test") == options.targets.empty())
        return usage_error(options.targets.empty() ? "rule test needs an expression, such as 'title:football'"
                                                   : "rule list takes nothing more",
                           parser.app, arguments);
    return options;
}

Completion complete(const std::vector<std::string>& words) {
    const Parser parser;
    Completion completion;
    const std::string typed = words.empty() ? "" : words.back();
    const CLI::App* verb = nullptr;
    const CLI::Option* pending = nullptr;  // an option that wants its value next
    std::size_t positionals = 0;
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        const std::string& word = words[i];
        if (pending != nullptr) {
            if (pending->check_lname("socket")) completion.socket = word;
            pending = nullptr;
        } else if (word.starts_with('-')) {
            const CLI::Option* option = verb != nullptr ? verb->get_option_no_throw(word) : nullptr;
            if (option == nullptr) option = parser.app.get_option_no_throw(word);
            if (option != nullptr && option->get_items_expected_max() > 0) pending = option;
        } else if (verb == nullptr) {
            const auto verbs = parser.app.get_subcommands([&](const CLI::App* app) { return app->get_name() == word; });
            if (verbs.empty()) return completion;
            verb = verbs.front();
        } else {
            ++positionals;
        }
    }
    const auto offer = [&](const std::string& kind) {
        completion.feeds = kind == "FEED";
        completion.tags = kind == "TAG";
        completion.files = kind == "FILE" || kind == "PATH" || kind == "TARGET";
        if (kind == "ACTION" && verb->get_name() == "opml") completion.words = {"import", "export"};
        if (kind == "ACTION" && verb->get_name() == "rule") completion.words = {"list", "test"};
    };
    if (pending != nullptr) {
        offer(pending->get_type_name());
    } else if (typed.starts_with('-')) {
        for (const CLI::App* app : {static_cast<const CLI::App*>(&parser.app), verb}) {
            if (app == nullptr) continue;
            for (const CLI::Option* option : app->get_options())
                for (const std::string& name : option->get_lnames())
                    if (app == &parser.app || name != "help") completion.words.push_back("--" + name);
        }
    } else if (verb == nullptr) {
        for (const CLI::App* known : parser.app.get_subcommands([](const CLI::App*) { return true; }))
            completion.words.push_back(known->get_name());
    } else {
        std::vector<const CLI::Option*> places;
        for (const CLI::Option* option : verb->get_options())
            if (option->get_positional()) places.push_back(option);
        if (!places.empty() && (positionals < places.size() || places.back()->get_items_expected_max() > 1))
            offer(places[std::min(positionals, places.size() - 1)]->get_single_name());
    }
    return completion;
}

std::vector<std::string> known_options() {
    const Parser parser;
    std::vector<std::string> known;
    const auto add = [&](const CLI::App* app, const std::string& before) {
        for (const CLI::Option* option : app->get_options())
            for (const std::string& name : option->get_lnames())
                if (before.empty() || name != "help") known.push_back(before + "--" + name);
    };
    add(&parser.app, "");
    for (const CLI::App* verb : parser.app.get_subcommands([](const CLI::App*) { return true; })) {
        known.push_back(verb->get_name());
        add(verb, verb->get_name() + " ");
    }
    return known;
}

}  // namespace agg::aggctl
