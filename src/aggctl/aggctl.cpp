#include "aggctl/aggctl.hpp"

#include <algorithm>
#include <array>
#include <ostream>

#include "aggctl/command.hpp"
#include "aggctl/verbs.hpp"
#include "base/paths.hpp"

namespace agg::aggctl {
namespace {

struct VerbAndFunction {
    Verb verb;
    ExitCode (*function)(const Command&);
};
// Sorted as in verbs.hpp.
constexpr auto k_commands = std::to_array<VerbAndFunction>({
    {Verb::add, add},
    {Verb::list, list},
    {Verb::show, show},
    {Verb::why, why},
    {Verb::moves, moves},
    {Verb::remove, remove},
    {Verb::refresh, refresh},
    {Verb::hosts, hosts},
    {Verb::items, items},
    {Verb::search, search},
    {Verb::tail, tail},
    {Verb::read, read},
    {Verb::unread, unread},
    {Verb::star, star},
    {Verb::unstar, unstar},
    {Verb::diff, diff},
    {Verb::split, split},
    {Verb::merge, merge},
    {Verb::undo_heal, undo_heal},
    {Verb::dedup, dedup},
    {Verb::status, status},
    {Verb::reload, reload},
    {Verb::passwd, passwd},
    {Verb::version, version},
    {Verb::set, set},
    {Verb::pause, pause},
    {Verb::resume, resume},
    {Verb::opml, opml},
    {Verb::import_list, import_list},
    {Verb::check, check},
    {Verb::du, du},
    {Verb::backup, backup},
    {Verb::restore, restore},
    {Verb::rule, rule},
    {Verb::complete, complete},
});

}  // namespace

int run(const std::vector<std::string>& arguments, Surroundings& around) {
    const auto parsed = parse_options(arguments);
    if (const auto* stop = std::get_if<Stop>(&parsed)) {
        (stop->exit_code == 0 ? around.out : around.err) << stop->text << std::flush;
        return stop->exit_code;
    }
    const Options& options = std::get<Options>(parsed);
    const Client client(options.socket.empty() ? find_socket_path() : options.socket);
    const Color color = around.colors && !options.no_color ? Color::on : Color::off;
    const Command command{options, client, around, {around.width, color, !options.no_legend, around.now}};
    const auto* chosen = std::find_if(k_commands.begin(), k_commands.end(),
                                      [&](const auto& entry) { return entry.verb == options.verb; });
    const ExitCode code = chosen->function(command);
    if (!around.out.flush()) return to_int(command.report({ExitCode::failed, "cannot write the output"}));
    return to_int(code);
}

}  // namespace agg::aggctl
