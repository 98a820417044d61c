// A line on the terminal that tells how far something is, and is gone when it is done.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "aggctl/client.hpp"
#include "aggctl/interrupts.hpp"

namespace agg::aggctl {

struct Command;

// "refresh  [#####     ] 12 of 312", never wider than `width`; without a total the seconds alone.
[[nodiscard]] std::string progress_line(const std::string& what, std::uint64_t done, std::uint64_t total,
                                        std::chrono::seconds passed, std::size_t width, bool in_bytes);

// Watches a request that may take long. Written to standard error when that is a terminal and --quiet is not given,
// and not before it has taken a moment. Ctrl-C gives the request up; nothing of the line is left then either.
class Progress {
  public:
    // `what` is the kind of work as GET /v1/work names it: "refresh", "import", "backup", "restore".
    Progress(const Command& command, std::string what);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    // For Client: counts the bytes that move, and asks the daemon how far it is while none do.
    [[nodiscard]] Watch watch();
    [[nodiscard]] bool was_interrupted() const { return interrupts_.happened(); }
    // Shows the line as it is now. False when it was interrupted.
    bool tick(std::uint64_t done, std::uint64_t total, bool in_bytes);

  private:
    bool look(Moved moved);

    const Command& command_;
    std::string what_;
    Interrupts interrupts_;
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
    bool is_shown_ = false;
};

// Sends a request that may take long, with a Progress of the kind of work it is.
[[nodiscard]] tl::expected<std::string, Failure> send_watched(const Command& command, const std::string& what,
                                                              std::string_view method, const std::string& path,
                                                              const std::string& body);

}  // namespace agg::aggctl
