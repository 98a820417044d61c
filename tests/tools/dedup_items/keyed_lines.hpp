// Items as JSON lines, made ready as the workers do: cleaned, keyed, with their anchors.
#pragma once

#include <istream>
#include <string>
#include <vector>

#include "dedup/decide.hpp"
#include "memory_archive.hpp"

namespace agg::tools {

class KeyedLines {
  public:
    explicit KeyedLines(std::istream& in) : in_(in) {}

    // Reads the next line; false at the end. Throws when it is no JSON object.
    [[nodiscard]] bool next();

    [[nodiscard]] const std::string& id() const { return id_; }
    [[nodiscard]] const std::string& feed() const { return feed_; }
    [[nodiscard]] TimePoint now() const { return now_; }  // the latest date so far
    [[nodiscard]] std::vector<dedup::KeyedItem> take_items() { return std::move(items_); }

  private:
    std::istream& in_;
    std::string line_, id_, feed_;
    TimePoint now_{};
    std::vector<dedup::KeyedItem> items_;
};

// `text` as a JSON string.
[[nodiscard]] std::string json_text(const std::string& text);

// A decision with its evidence as a JSON object: {"id", "cluster", "match", "miss"}.
[[nodiscard]] std::string evidence_line(const std::string& id, const dedup::Decision& decision,
                                        const MemoryArchive& archive);

}  // namespace agg::tools
