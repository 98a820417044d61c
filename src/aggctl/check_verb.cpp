#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
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

// aggd beside this program, as installed or as built, else the one in PATH.
std::string find_aggd() {
    std::error_code unknown;
    const auto here = std::filesystem::read_symlink("/proc/self/exe", unknown).parent_path();
    for (const char* place : {"aggd", "../sbin/aggd", "../aggd/aggd"}) {
        const auto candidate = here / place;
        if (std::filesystem::is_regular_file(candidate, unknown)) return candidate.string();
    }
    return "aggd";
}

// What a feeds.conf is worth is known to aggd alone; it needs no running one.
ExitCode check_without_daemon(const Command& command, const Failure& not_running) {
    std::string program = find_aggd(), check = "--check", config = "--config", file = command.options.file;
    command.around.out << std::flush;
    const pid_t child = ::fork();
    if (child == 0) {
        const std::array<char*, 5> words = {program.data(), check.data(), config.data(), file.data(), nullptr};
        ::execvp(program.c_str(), words.data());
        ::_exit(127);
    }
    int status = 0;
    while (child > 0 && ::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    const bool has_run = child > 0 && WIFEXITED(status) && WEXITSTATUS(status) != 127;
    if (!has_run)
        return command.report({not_running.code, not_running.message + "\nWithout it: aggd --check --config " + file});
    return WEXITSTATUS(status) == 0 ? ExitCode::ok : ExitCode::failed;
}

// Feeds begin with a tag or a brace, which no feeds.conf does.
bool could_be_config(const std::string& document) {
    const std::size_t begin = document.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    return begin == std::string::npos || (document[begin] != '<' && document[begin] != '{');
}

}  // namespace

ExitCode check(const Command& command) {
    const auto request = request_for(command);
    if (!request) return command.report(request.error());
    const auto& [path, document] = *request;
    const auto answer = command.client.send("POST", path, document, Patience::unlimited);
    const bool is_file = !document.empty() && command.options.file != "-";
    if (!answer && answer.error().code == ExitCode::not_running && is_file && !command.options.json &&
        could_be_config(document))
        return check_without_daemon(command, answer.error());
    return command.tell(answer, [&](const json::object& report) {
        command.show(render_check(report, command.look));
        const auto findings = objects_of(report, "findings");
        const bool has_errors = std::any_of(findings.begin(), findings.end(), [](const json::object& finding) {
            return text_of(finding, "severity") == "error";
        });
        return has_errors ? ExitCode::failed : ExitCode::ok;
    });
}

}  // namespace agg::aggctl
