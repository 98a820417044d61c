#include "aggd/options.hpp"

#include <filesystem>
#include <map>

#include <CLI/CLI.hpp>

#include "base/paths.hpp"
#include "version.hpp"

namespace agg::aggd {

std::optional<Options> read_options(int argc, const char* const* argv, int& exit_code) {
    Options options;
    bool once = false;
    bool check = false;
    CLI::App app("aggd polls news feeds, removes duplicates and serves them as one merged feed.", "aggd");
    app.add_option("-c,--config", options.config_file, "Read this feeds.conf instead of the default one")
        ->type_name("FILE");
    app.add_flag("--once", once, "Poll every feed once, print the merged Atom feed to standard output, and exit");
    app.add_flag("--check", check, "Read feeds.conf, tell everything that is wrong with it, and exit");
    app.add_option("--restore", options.archive,
                   "Put what an archive of aggctl backup holds in place, without a running aggd, and exit")
        ->type_name("FILE");
    app.add_option("--log-level", options.log_level,
                   "Tell what happens from this level on: debug, info, warning, error")
        ->type_name("LEVEL")
        ->transform(CLI::CheckedTransformer(std::map<std::string, log::Level>{{"debug", log::Level::debug},
                                                                              {"info", log::Level::info},
                                                                              {"warning", log::Level::warning},
                                                                              {"error", log::Level::error}}));
    app.set_version_flag("--version", std::string("aggd ") + k_version);
    app.footer("The manual: aggd(8), feeds.conf(5), aggctl(1).");
    try {
        app.parse(argc, argv);
        if (once && check) throw CLI::ExcludesError("--once", "--check");
        if (!options.archive.empty() && (once || check))
            throw CLI::ExcludesError("--restore", once ? "--once" : "--check");
    } catch (const CLI::ParseError& problem) {
        exit_code = app.exit(problem) == 0 ? 0 : 2;
        return std::nullopt;
    }
    if (options.config_file.empty()) options.config_file = default_config_path();
    options.config_file = std::filesystem::absolute(options.config_file).lexically_normal().string();
    if (once) options.mode = Mode::once;
    if (check) options.mode = Mode::check;
    if (!options.archive.empty()) options.mode = Mode::restore;
    return options;
}

}  // namespace agg::aggd
