// The line in the log that says that every feed has been polled once.
#pragma once

#include <cstddef>

#include "aggd/polls.hpp"
#include "aggd/subscriptions.hpp"

namespace agg::aggd {

// Lives on the io thread.
class FirstCycle {
  public:
    FirstCycle(const Subscriptions& subscriptions, const Polls& polls) : subscriptions_(subscriptions), polls_(polls) {}

    // To be called after each commit. Tells once, when every feed has been polled since the start or is not yet due.
    void committed();

    // It is told by others.
    void leave_untold() { told_ = true; }

  private:
    const Subscriptions& subscriptions_;
    const Polls& polls_;
    bool told_ = false;
    std::size_t last_due_ = 0;  // the place of a feed that was not yet polled when last looked at
};

}  // namespace agg::aggd
