// The command line of aggd.
#pragma once

#include <optional>
#include <string>

#include "base/log.hpp"

namespace agg::aggd {

enum class Mode {
    serve,    // until SIGTERM or SIGINT
    once,     // poll every feed once, print the merged feed, exit
    check,    // read feeds.conf, tell what is wrong with it, exit
    restore,  // put what an archive holds in place, exit
};

struct Options {
    std::string config_file;
    Mode mode = Mode::serve;
    std::string archive;  // restore
    log::Level log_level = log::Level::info;
};

// Reads the command line. Absent when the program is to exit at once with `exit_code`: --help, --version, or a mistake
// that has been told on standard error.
[[nodiscard]] std::optional<Options> read_options(int argc, const char* const* argv, int& exit_code);

}  // namespace agg::aggd
