// How many transfers one network address sees at once, whatever names lead to it: hosters serve thousands of feeds from
// one address, and redirects bring strangers together. Lives on the io thread.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "base/async.hpp"
#include "fetch/address.hpp"

namespace agg::fetch {

class AddressGate {
  public:
    explicit AddressGate(asio::any_io_executor executor) : executor_(std::move(executor)) {}

    // The places that one transfer holds, at most one per address; given back when it ends.
    class Pass {
      public:
        explicit Pass(std::shared_ptr<AddressGate> gate) : gate_(std::move(gate)) {}
        ~Pass() { leave(); }
        Pass(const Pass&) = delete;
        Pass& operator=(const Pass&) = delete;

        // Takes a place at `address`, which has `places`. False when all are taken.
        [[nodiscard]] bool try_enter(const Address& address, unsigned places);
        // Waits for one, first come, first served. False when none was free within `patience` or the gate was stopped.
        [[nodiscard]] Task<bool> enter(Address address, unsigned places, std::chrono::milliseconds patience);
        void leave();

      private:
        std::shared_ptr<AddressGate> gate_;
        std::vector<Address> held_;
    };

    // Ends every wait.
    void stop();

  private:
    struct Waiting;
    struct Place {
        unsigned taken = 0;
        std::list<Waiting*> line;  // empty unless all places are taken
    };
    void give_back(const Address& address);

    asio::any_io_executor executor_;
    std::map<Address, Place> places_;
    bool stopped_ = false;
};

}  // namespace agg::fetch
