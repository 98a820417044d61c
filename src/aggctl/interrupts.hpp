// Ctrl-C and its kin while something is half done: told instead of dying of it.
#pragma once

#include <array>
#include <csignal>

namespace agg::aggctl {

// While one lives, SIGINT, SIGTERM and SIGHUP only set happened(). At most one at a time.
class Interrupts {
  public:
    Interrupts();
    ~Interrupts();
    Interrupts(const Interrupts&) = delete;
    Interrupts& operator=(const Interrupts&) = delete;

    [[nodiscard]] bool happened() const;

  private:
    static constexpr std::array k_signals = {SIGINT, SIGTERM, SIGHUP};
    std::array<struct sigaction, k_signals.size()> before_{};
};

}  // namespace agg::aggctl
