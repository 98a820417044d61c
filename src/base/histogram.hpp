// How often something took how long.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace agg {

class Histogram {
  public:
    // In seconds; what took longer than the last is counted by `count` alone.
    static constexpr std::array<double, 8> k_bounds{0.005, 0.025, 0.1, 0.25, 1, 2.5, 10, 60};

    void add(std::chrono::duration<double> duration) {
        std::size_t bucket = 0;
        while (bucket < k_bounds.size() && duration.count() > k_bounds[bucket]) ++bucket;
        if (bucket < k_bounds.size()) ++in_bucket_[bucket];
        ++count_;
        seconds_ += duration.count();
    }

    // How many took at most k_bounds[bucket].
    [[nodiscard]] std::uint64_t up_to(std::size_t bucket) const {
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i <= bucket; ++i) sum += in_bucket_[i];
        return sum;
    }
    [[nodiscard]] std::uint64_t count() const { return count_; }
    [[nodiscard]] double seconds() const { return seconds_; }

  private:
    std::array<std::uint64_t, k_bounds.size()> in_bucket_{};
    std::uint64_t count_ = 0;
    double seconds_ = 0;
};

}  // namespace agg
