#include <ostream>

#include "aggctl/command.hpp"
#include "aggctl/render_backup.hpp"
#include "aggctl/verbs.hpp"

namespace agg::aggctl {

ExitCode du(const Command& command) {
    const std::string path = fmt::format("/v1/space?n={}", command.options.largest);
    return command.ask("GET", path, "", Patience::unlimited, [&](const json::object& space) {
        command.show(render_space(space, command.look));
        return ExitCode::ok;
    });
}

}  // namespace agg::aggctl
