// What each element of each namespace means for an item or a feed: one table for every dialect, because real feeds mix them.
#pragma once

#include "parse/draft.hpp"
#include "parse/xml.hpp"

namespace agg::parse {

// Lets one child of an item (RSS item, Atom entry) speak. Unknown elements say nothing.
void read_item_element(ItemDraft& draft, const Element& element);

// The same for a child of an RSS channel or an Atom feed; items are not among them.
void read_feed_element(FeedDraft& draft, const Element& element);

// The term of an Atom category, and its label where that says something else; the text of one that has neither.
void add_atom_category(std::vector<std::string>& categories, const Element& element);

// Reads atom:link for either. `draft` gets link; an item's other relations are read as well.
void read_atom_link(ItemDraft& draft, const Element& element);
void read_atom_link(FeedDraft& draft, const Element& element);

}  // namespace agg::parse
