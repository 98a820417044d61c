// What takes long and how far it is, for those who watch.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "serve/manage.hpp"

namespace agg::aggd {

// A job counts on any thread; the list belongs to the io thread.
class UnderWay {
  public:
    struct Job {
        std::string what;
        bool in_bytes = false;
        std::atomic<std::uint64_t> done = 0, total = 0;  // total 0: not known yet
    };

    // Under way as long as somebody holds it.
    [[nodiscard]] std::shared_ptr<Job> begin(std::string what, bool in_bytes = false) {
        std::erase_if(jobs_, [](const auto& job) { return job.expired(); });
        auto job = std::make_shared<Job>();
        job->what = std::move(what);
        job->in_bytes = in_bytes;
        jobs_.push_back(job);
        return job;
    }

    // The latest first.
    [[nodiscard]] std::vector<serve::Work> all() const {
        std::vector<serve::Work> work;
        for (auto each = jobs_.rbegin(); each != jobs_.rend(); ++each)
            if (const auto job = each->lock()) work.push_back({job->what, job->done, job->total, job->in_bytes});
        return work;
    }

  private:
    std::vector<std::weak_ptr<Job>> jobs_;
};

}  // namespace agg::aggd
