#include <algorithm>
#include <filesystem>
#include <ostream>

#include "aggctl/command.hpp"
#include "aggctl/files.hpp"
#include "aggctl/render_manage.hpp"
#include "aggctl/verbs.hpp"

namespace agg::aggctl {
namespace {

// A file is sent, since the daemon may not be allowed to read it; what is no file is an address.
tl::expected<std::pair<std::string, std::string>, Failure> request_for(const Command& command) {
    const std::string& target = command.options.file;
    if (target.empty()) return std::pair<std::string, std::string>{"/v1/check", ""};
    std::error_code unknown;
    if (target != "-" && !std::filesystem::exists(target, unknown)) {
        if (target.find("://") == std::string::npos && target.find('.') == std::string::npos)
            return tl::unexpected(Failure{ExitCode::failed, "there is no file " + target + ", and it is no address"});
        return std::pair<std::string, std::string>{"/v1/check?url=" + percent_encoded(target), ""};
    }
    auto document = read_input(target, command.around);
    if (!document) return tl::unexpected(document.error());
    if (document->empty()) return tl::unexpected(Failure{ExitCode::failed, target + " is empty"});
    return std::pair<std::string, std::string>{"/v1/check", std::move(*document)};
}

}  // namespace

ExitCode check(const Command& command) {
    const auto request = request_for(command);
    if (!request) return command.report(request.error());
    const auto& [path, document] = *request;
    return command.ask("POST", path, document, Patience::unlimited, [&](const json::object& report) {
        command.show(render_check(report, command.look));
        const auto findings = objects_of(report, "findings");
        const bool has_errors = std::any_of(findings.begin(), findings.end(), [](const json::object& finding) {
            return text_of(finding, "severity") == "error";
        });
        return has_errors ? ExitCode::failed : ExitCode::ok;
    });
}

}  // namespace agg::aggctl
