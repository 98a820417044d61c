#include "aggctl/interrupts.hpp"

namespace agg::aggctl {
namespace {

volatile std::sig_atomic_t interrupted = 0;

}  // namespace

Interrupts::Interrupts() {
    interrupted = 0;
    struct sigaction told {};
    told.sa_handler = [](int) { interrupted = 1; };
    for (std::size_t i = 0; i < k_signals.size(); ++i) ::sigaction(k_signals.at(i), &told, &before_.at(i));
}

Interrupts::~Interrupts() {
    for (std::size_t i = 0; i < k_signals.size(); ++i) ::sigaction(k_signals.at(i), &before_.at(i), nullptr);
}

bool Interrupts::happened() const { return interrupted != 0; }

}  // namespace agg::aggctl
