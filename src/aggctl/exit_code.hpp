// What aggctl tells the shell.
#pragma once

#include <string>
#include <string_view>

namespace agg::aggctl {

enum class ExitCode {
    ok = 0,
    failed = 1,  // something, or some feed, failed
    usage = 2,
    not_running = 3,   // the daemon
    no_such_feed = 4,  // or several that fit
};
[[nodiscard]] constexpr int to_int(ExitCode code) { return static_cast<int>(code); }

// A message for people and the code that goes with it.
struct Failure {
    ExitCode code = ExitCode::failed;
    std::string message;
};

// The code for an error of the control API; `kind` as to_string(ErrorKind) writes it.
[[nodiscard]] constexpr ExitCode exit_code_of(std::string_view kind) {
    return kind == "not_found" || kind == "ambiguous" ? ExitCode::no_such_feed : ExitCode::failed;
}

}  // namespace agg::aggctl
