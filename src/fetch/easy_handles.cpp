#include "fetch/easy_handles.hpp"

#include <new>

namespace agg::fetch {
namespace {

constexpr std::size_t k_most_idle = 64;

}  // namespace

EasyHandles::~EasyHandles() {
    for (CURL* easy : idle_) curl_easy_cleanup(easy);
}

EasyHandles::Handle EasyHandles::take() {
    CURL* easy = nullptr;
    if (idle_.empty()) {
        easy = curl_easy_init();
        if (easy == nullptr) throw std::bad_alloc();
    } else {
        easy = idle_.back();
        idle_.pop_back();
    }
    return {easy, GiveBack{shared_from_this()}};
}

void EasyHandles::give_back(CURL* easy) {
    if (idle_.size() >= k_most_idle) return curl_easy_cleanup(easy);
    curl_easy_setopt(easy, CURLOPT_COOKIEFILE, nullptr);  // curl_easy_reset() keeps the cookies, and loses the option
    curl_easy_reset(easy);
    idle_.push_back(easy);
}

}  // namespace agg::fetch
