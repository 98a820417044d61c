// libcurl's easy handles, used again: to make one costs more than to ask with it. Lives on the io thread.
#pragma once

#include <memory>
#include <vector>

#include <curl/curl.h>

namespace agg::fetch {

class EasyHandles : public std::enable_shared_from_this<EasyHandles> {
  public:
    EasyHandles() = default;
    ~EasyHandles();
    EasyHandles(const EasyHandles&) = delete;
    EasyHandles& operator=(const EasyHandles&) = delete;

    struct GiveBack {
        std::shared_ptr<EasyHandles> to;
        void operator()(CURL* easy) const { to->give_back(easy); }
    };
    using Handle = std::unique_ptr<CURL, GiveBack>;

    // A handle with the options of a new one and no cookies; it comes back when it is let go.
    [[nodiscard]] Handle take();

  private:
    void give_back(CURL* easy);

    std::vector<CURL*> idle_;
};

}  // namespace agg::fetch
