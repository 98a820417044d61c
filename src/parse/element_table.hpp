// A table from names to what reads them.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <tuple>

#include "base/text.hpp"
#include "parse/vocabulary.hpp"
#include "parse/xml.hpp"

namespace agg::parse {

template <typename Draft>
struct ElementRow {
    Space space = Space::unknown;
    std::string_view local;  // lower case: feeds write "pubdate" and "PubDate"
    void (*read)(Draft&, const Element&) = nullptr;
};

// Looks rows up by name, ASCII case ignored: a hash table that never changes, because every element of a feed asks it.
template <typename Draft>
class ElementTable {
  public:
    template <typename Rows>
    explicit ElementTable(const Rows& rows) {
        static_assert(std::tuple_size_v<Rows> * 2 < k_slots);
        for (const ElementRow<Draft>& row : rows) {
            std::size_t slot = hash(row.space, row.local);
            while (slots_[slot].read != nullptr) slot = (slot + 1) % k_slots;
            slots_[slot] = row;
        }
    }

    // Calls what reads `element`; does nothing when the table has no row for it.
    void read(Draft& draft, const Element& element) const {
        const Name name = element.name();
        if (name.space == Space::unknown) return;
        for (std::size_t slot = hash(name.space, name.local); slots_[slot].read != nullptr; slot = (slot + 1) % k_slots) {
            const ElementRow<Draft>& row = slots_[slot];
            if (row.space == name.space && iequals(row.local, name.local)) return row.read(draft, element);
        }
    }

  private:
    static constexpr std::size_t k_slots = 512;

    static std::size_t hash(Space space, std::string_view local) {
        std::uint32_t sum = static_cast<std::uint32_t>(space) * 31;
        for (const char c : local.substr(0, 24)) sum = (sum ^ static_cast<unsigned char>(ascii_lower(c))) * 16777619U;
        return (sum ^ (sum >> 13)) % k_slots;
    }

    std::array<ElementRow<Draft>, k_slots> slots_{};
};

}  // namespace agg::parse
