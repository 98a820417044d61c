// The merged feed as a page.
#pragma once

#include <optional>
#include <string>

#include "serve/page/frame.hpp"

namespace agg::serve::page {

// What a river shows, as its address says it.
struct RiverRequest {
    std::string query, tag, source, view;  // as typed or chosen; empty: all
    std::string state;                     // "unread", "starred" or empty
    std::string problem;                   // what is wrong with the rest, which is left out then; empty: nothing
    store::Selection selection;
    bool is_search = false;  // in the order of the full-text index, where days mean nothing
    Images images = Images::off;

    // Its address, of the page before `before` if that is given.
    [[nodiscard]] std::string address(const std::optional<store::Position>& before = {}) const;
    [[nodiscard]] bool is_everything() const;
    // What it asks for as one query, for /events and the feeds; absent when it cannot be written so.
    [[nodiscard]] std::optional<std::string> as_query() const;
};

// Reads the parameters q, tag, source, view, state, before and images. Pure.
[[nodiscard]] RiverRequest read_river(const Request& request, const Catalog& catalog, TimePoint now);

[[nodiscard]] Task<Response> river(Services& services, Request request);

}  // namespace agg::serve::page
