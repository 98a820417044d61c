#include "fetch/address_gate.hpp"

#include <algorithm>

namespace agg::fetch {

// In the line of an address for as long as it lives, or until it is admitted.
struct AddressGate::Waiting {
    Waiting(const asio::any_io_executor& executor, std::list<Waiting*>& its_line)
        : timer(executor), line(its_line), position(line.insert(line.end(), this)) {}
    ~Waiting() {
        if (!admitted) line.erase(position);
    }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

    asio::steady_timer timer;
    std::list<Waiting*>& line;
    std::list<Waiting*>::iterator position;
    bool admitted = false;
};

bool AddressGate::Pass::try_enter(const Address& address, unsigned places) {
    if (std::find(held_.begin(), held_.end(), address) != held_.end()) return true;
    Place& place = gate_->places_[address];
    if (place.taken >= places) return false;
    ++place.taken;
    held_.push_back(address);
    return true;
}

Task<bool> AddressGate::Pass::enter(Address address, unsigned places, std::chrono::milliseconds patience) {
    if (gate_->stopped_) co_return false;
    if (try_enter(address, places)) co_return true;
    Waiting waiting(gate_->executor_, gate_->places_[address].line);
    waiting.timer.expires_after(patience);
    co_await wait_on(waiting.timer);
    if (waiting.admitted) held_.push_back(address);  // the place was handed over
    co_return waiting.admitted;
}

void AddressGate::Pass::leave() {
    for (const Address& address : held_) gate_->give_back(address);
    held_.clear();
}

void AddressGate::give_back(const Address& address) {
    const auto found = places_.find(address);
    Place& place = found->second;
    if (!place.line.empty()) {
        Waiting& next = *place.line.front();
        place.line.pop_front();
        next.admitted = true;
        next.timer.cancel();
        return;
    }
    if (--place.taken == 0) places_.erase(found);
}

void AddressGate::stop() {
    stopped_ = true;
    for (auto& [address, place] : places_)
        for (Waiting* waiting : place.line) waiting->timer.cancel();
}

}  // namespace agg::fetch
