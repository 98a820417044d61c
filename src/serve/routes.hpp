// The route table: everything aggd answers, and who may ask it.
#pragma once

#include <span>

#include "serve/admin.hpp"
#include "serve/health_feed.hpp"
#include "serve/router.hpp"
#include "serve/views.hpp"

namespace agg::serve {

struct Services {
    Views& views;
    Admin& admin;
    HealthFeed& health;
};

[[nodiscard]] std::span<const Route> routes();

}  // namespace agg::serve
