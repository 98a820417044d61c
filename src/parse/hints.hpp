// What a feed says about when to ask again.
#pragma once

#include "parse/draft.hpp"
#include "parse/xml.hpp"

namespace agg::parse {

void read_ttl(FeedDraft& draft, const Element& element);
void read_skip_hours(FeedDraft& draft, const Element& element);
void read_skip_days(FeedDraft& draft, const Element& element);

// sy:updatePeriod and sy:updateFrequency may come in either order: each rewrites the interval from what is known.
void read_update_period(FeedDraft& draft, const Element& element);
void read_update_frequency(FeedDraft& draft, const Element& element);

}  // namespace agg::parse
