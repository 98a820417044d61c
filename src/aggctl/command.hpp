// One command on its way: what was asked for, whom to ask, where to answer.
#pragma once

#include <ostream>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "aggctl/aggctl.hpp"
#include "aggctl/answer.hpp"
#include "aggctl/client.hpp"
#include "aggctl/options.hpp"
#include "aggctl/render.hpp"
#include "version.hpp"

namespace agg::aggctl {

struct Command {
    const Options& options;
    const Client& client;
    Surroundings& around;
    Look look;

    ExitCode report(const Failure& failure) const {
        around.err << "aggctl: " << failure.message << '\n';
        return failure.code;
    }
    ExitCode not_understood() const {
        return report({ExitCode::failed,
                       fmt::format("cannot read the answer of aggd at {}; aggctl {} may be older or newer than it",
                                   client.socket(), k_version)});
    }
    // Prints `text` unless only errors are wanted.
    void say(const std::string& text) const {
        if (!options.quiet) around.out << text;
    }

    // Asks the daemon and hands the answer to `print`, whose exit code is returned; with --json it is shown as it came.
    template <typename Print>
    ExitCode ask(std::string_view method, const std::string& path, const std::string& body, Patience patience,
                 Print print) const {
        return tell(client.send(method, path, body, patience), print);
    }
    // As ask(), for what was answered already.
    template <typename Print>
    ExitCode tell(const tl::expected<std::string, Failure>& answer, Print print) const {
        if (!answer) return report(answer.error());
        const auto object = read_answer(*answer);
        if (!object) return not_understood();
        if (options.json) around.out << *answer << (answer->ends_with('\n') ? "" : "\n");
        return print(*object);
    }
    // The text for people; with --json the answer stands for it.
    void show(const std::string& text) const {
        if (!options.json) say(text);
    }
};

// The code that says more of two: any failure over success, the first failure over later ones.
[[nodiscard]] inline ExitCode worse(ExitCode before, ExitCode now) { return before == ExitCode::ok ? now : before; }

}  // namespace agg::aggctl
