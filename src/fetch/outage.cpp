#include "fetch/outage.hpp"

#include <algorithm>

namespace agg::fetch {
namespace {

using namespace std::chrono;

constexpr milliseconds k_at_once = minutes{10};  // failures further apart are no sign of an outage
constexpr milliseconds k_between_retries = minutes{5};
constexpr std::size_t k_fewest_hosts = 3;
constexpr std::size_t k_enough_hosts = 8;
constexpr unsigned k_probes = 3;  // one of them may be a host that is really dead

}  // namespace

bool Outage::unreachable(const std::string& host, std::size_t hosts, TimePoint now) {
    if (since_) {
        if (now < retry_ || ++failed_probes_ < k_probes) return true;
        failed_probes_ = 0;
        retry_ = now + k_between_retries;
        return true;
    }
    if (!unreachable_.empty() && (now - first_ > k_at_once || now < first_)) unreachable_.clear();
    if (unreachable_.empty()) first_ = now;
    unreachable_.insert(host);
    if (unreachable_.size() < std::clamp(hosts / 4, k_fewest_hosts, k_enough_hosts)) return false;
    since_ = first_;
    retry_ = now + k_between_retries;
    failed_probes_ = 0;
    return true;
}

bool Outage::reached() {
    unreachable_.clear();
    if (!since_) return false;
    since_.reset();
    return true;
}

}  // namespace agg::fetch
