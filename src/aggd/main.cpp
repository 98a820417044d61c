#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <exception>

#include "aggd/daemon.hpp"
#include "aggd/live_config.hpp"
#include "aggd/options.hpp"
#include "aggd/restore.hpp"
#include "aggd/sockets.hpp"
#include "base/log.hpp"

namespace {

// Every connection and transfer that aggd allows takes a descriptor: more than the 1024 that a shell gives.
void allow_descriptors() {
    constexpr rlim_t k_enough = 8192;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= k_enough) return;
    limit.rlim_cur = std::min(limit.rlim_max, k_enough);
    // Refused in a sandbox, whose unit sets LimitNOFILE=.
    (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int argc, char** argv) {
    using namespace agg;
    int exit_code = 0;
    const auto options = aggd::read_options(argc, argv, exit_code);
    if (!options) return exit_code;
    log::start(options->log_level);
    allow_descriptors();

    if (options->mode == aggd::Mode::restore) {
        const auto restored = aggd::restore_without_daemon(options->archive, options->config_file);
        if (!restored) std::fprintf(stderr, "aggd: %s\nNothing has changed.\n", restored.error().message.c_str());
        if (restored) std::printf("%s\n", restored->c_str());
        return restored ? 0 : 1;
    }
    auto config = config::load_config(options->config_file);
    if (!config) {
        std::fprintf(stderr, "%s\n", config::to_string(config.error()).c_str());
        return 2;
    }
    if (options->mode == aggd::Mode::check) {
        const auto settings = aggd::client_settings(*config);
        const auto group = aggd::changing_group(config->serve);
        if (!settings || !group) {
            const Error& problem = settings ? group.error() : settings.error();
            std::fprintf(stderr, "%s: %s\n", options->config_file.c_str(), problem.message.c_str());
            return 2;
        }
        std::printf("%s: %zu feeds, no errors\n", options->config_file.c_str(), config->feeds.size());
        return 0;
    }
    try {
        const auto run = options->mode == aggd::Mode::once ? aggd::poll_once : aggd::serve_until_stopped;
        const auto done = run(options->config_file, std::move(*config));
        if (done) return 0;
        std::fprintf(stderr, "aggd: %s\n", done.error().message.c_str());
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "aggd: %s\n", failure.what());
    }
    return 1;
}
