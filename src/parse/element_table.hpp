// A table from names to what reads them.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/text.hpp"
#include "parse/vocabulary.hpp"
#include "parse/xml.hpp"

namespace agg::parse {

template <typename Draft>
struct ElementRow {
    Space space;
    std::string_view local;  // lower case: feeds write "pubdate" and "PubDate"
    void (*read)(Draft&, const Element&);
};

// Looks rows up by name, ASCII case ignored.
template <typename Draft>
class ElementTable {
  public:
    template <typename Rows>
    explicit ElementTable(const Rows& rows) : rows_(rows.begin(), rows.end()) {
        std::sort(rows_.begin(), rows_.end(), before);
    }

    // Calls what reads `element`; does nothing when the table has no row for it.
    void read(Draft& draft, const Element& element) const {
        const Name name = element.name();
        if (name.space == Space::unknown || name.local.size() > 32) return;
        char lower[32];
        std::transform(name.local.begin(), name.local.end(), lower, [](char c) { return ascii_lower(c); });
        const ElementRow<Draft> wanted{name.space, {lower, name.local.size()}, nullptr};
        const auto row = std::lower_bound(rows_.begin(), rows_.end(), wanted, before);
        if (row != rows_.end() && row->space == wanted.space && row->local == wanted.local) row->read(draft, element);
    }

  private:
    static bool before(const ElementRow<Draft>& a, const ElementRow<Draft>& b) {
        return a.space != b.space ? a.space < b.space : a.local < b.local;
    }

    std::vector<ElementRow<Draft>> rows_;
};

}  // namespace agg::parse
