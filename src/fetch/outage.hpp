// Tells an outage of our own from hosts that fail: when many registrable domains cannot be reached one after another
// and none can, it is us. Pure but for what it remembers.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <set>
#include <string>

#include "base/time.hpp"

namespace agg::fetch {

class Outage {
  public:
    // `host`, one of `hosts` public ones that are polled, could not be reached: its name was not resolved or nothing
    // answered. Returns true while we ourselves are to blame: nobody is charged then.
    bool unreachable(const std::string& host, std::size_t hosts, TimePoint now);

    // A public host answered. Returns true when that ends an outage.
    bool reached();

    [[nodiscard]] std::optional<TimePoint> since() const { return since_; }

    // When to try again; only while there is an outage.
    [[nodiscard]] TimePoint retry() const { return retry_; }

  private:
    std::set<std::string> unreachable_;  // since the last answer
    TimePoint first_{};                  // of them
    std::optional<TimePoint> since_;
    TimePoint retry_{};
    unsigned failed_probes_ = 0;  // since the last retry
};

}  // namespace agg::fetch
