#include <ostream>

#include "aggctl/command.hpp"
#include "aggctl/files.hpp"
#include "aggctl/progress.hpp"
#include "aggctl/render_manage.hpp"
#include "aggctl/verbs.hpp"

namespace agg::aggctl {
namespace {

ExitCode export_list(const Command& command) {
    const auto answer = command.client.send("GET", "/v1/opml", "", Patience::moments);
    if (!answer) return command.report(answer.error());
    const auto written = write_output(command.options.file, *answer, command.around);
    return written ? ExitCode::ok : command.report(written.error());
}

}  // namespace

ExitCode import_list(const Command& command) {
    const auto list = read_input(command.options.file, command.around);
    if (!list) return command.report(list.error());
    const char* path = command.options.dry_run ? "/v1/import?dry_run=true" : "/v1/import";
    return command.tell(send_watched(command, "import", "POST", path, *list), [&](const json::object& report) {
        command.show(render_import(report, command.look));
        return number_of(report, "invalid") > 0 ? ExitCode::failed : ExitCode::ok;
    });
}

ExitCode opml(const Command& command) {
    return command.options.action == "import" ? import_list(command) : export_list(command);
}

}  // namespace agg::aggctl
