// A story as the pages show it: the parts that the river and an item's own page share. Pure.
#pragma once

#include <string>

#include "serve/page/frame.hpp"
#include "store/reader.hpp"

namespace agg::serve::page {

// The address of an item's own page.
[[nodiscard]] std::string item_address(ItemId item, Images images);

// The headline of a telling; its link or "Untitled" when it has none.
[[nodiscard]] std::string headline_of(const store::Member& member);
[[nodiscard]] std::string outlet_of(const store::Member& member);

// Who told it and when, with the links to the outlet's own page.
void write_byline(Html& page, const store::Story& story, TimePoint now);

// The buttons that mark it, when the visitor may; `back` is where they lead without script.
void write_marks(Html& page, const store::Story& story, const Visitor& visitor, std::string_view back);

// The story as one of a list.
void write_story(Html& page, const store::Story& story, const Frame& frame, std::string_view back, TimePoint now);

}  // namespace agg::serve::page
