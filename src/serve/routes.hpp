// The route table: everything aggd answers, and who may ask it.
#pragma once

#include <functional>
#include <span>

#include "serve/admin.hpp"
#include "serve/router.hpp"
#include "serve/views.hpp"

namespace agg::serve {

struct Services {
    Views& views;
    Admin& admin;
    const Catalog& catalog;
    std::function<TimePoint()> now;
};

[[nodiscard]] std::span<const Route> routes();

}  // namespace agg::serve
