// The route table: everything aggd answers, and who may ask it.
#pragma once

#include <functional>
#include <span>

#include "serve/admin.hpp"
#include "serve/events.hpp"
#include "serve/health_feed.hpp"
#include "serve/router.hpp"
#include "serve/sign_in.hpp"
#include "serve/views.hpp"
#include "store/reader_pool.hpp"

namespace agg::serve {

struct Services {
    Views& views;
    Admin& admin;
    HealthFeed& health;
    const Catalog& catalog;
    std::function<TimePoint()> now;
    asio::thread_pool& reader_pool;
    store::ReaderPool& readers;
    SignIn& sign_in;
    Events& events;

    // Runs `work(store::Reader&)` on the readers' threads; `work` owns what it touches.
    template <typename Work>
    [[nodiscard]] auto read(Work work) {
        return run_on(reader_pool, [this, work = std::move(work)]() mutable { return readers.with(std::move(work)); });
    }
};

[[nodiscard]] std::span<const Route> routes();

}  // namespace agg::serve
