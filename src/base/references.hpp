// Character and entity references. pugixml leaves them alone, because it knows only XML's five names, and a feed uses HTML's
// names, its own document type's, and "&" that is no reference at all.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace agg {

class References {
  public:
    References() = default;

    // Takes the entities that the internal subset of a document type declares. External ones stand for nothing. What expands
    // to more than a few kilobytes stays unexpanded: no entity bomb goes off.
    explicit References(std::string_view document);

    // Appends `raw` with its references resolved. One that is unknown, or unfinished, stays as it is written.
    void append(std::string& out, std::string_view raw) const;

    [[nodiscard]] std::string resolve(std::string_view raw) const;
    [[nodiscard]] bool has_own_entities() const { return !entities_.empty(); }

  private:
    std::size_t append_one(std::string& out, std::string_view raw) const;

    std::map<std::string, std::string, std::less<>> entities_;
};

}  // namespace agg
