// An item or a feed while its elements are read. Several elements may say the same thing; the draft keeps the best of them.
#pragma once

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/parsed_feed.hpp"

namespace agg::parse {

// The value offered with the lowest rank; of equal rank the first.
template <typename T>
class Choice {
  public:
    void offer(int rank, T value) {
        if (rank >= rank_) return;
        rank_ = rank;
        value_ = std::move(value);
    }
    // The same, but of equal rank the last.
    void offer_newer(int rank, T value) {
        if (rank > rank_) return;
        rank_ = rank;
        value_ = std::move(value);
    }
    [[nodiscard]] bool has_value() const { return rank_ != std::numeric_limits<int>::max(); }
    [[nodiscard]] int rank() const { return rank_; }
    [[nodiscard]] T take() { return std::move(value_); }
    [[nodiscard]] const T& value() const { return value_; }

  private:
    int rank_ = std::numeric_limits<int>::max();
    T value_{};
};

// What items and feeds have in common.
struct CommonDraft {
    Choice<Markup> title;
    Choice<std::string> link;
    Choice<std::string> id;
    Choice<std::string> language;
    Choice<ParsedDate> published;
    Choice<ParsedDate> updated;
    std::vector<Author> authors;           // the dialect's own elements
    std::vector<Author> fallback_authors;  // elements that may name a publisher instead
    std::vector<std::string> categories;
};

struct ItemDraft : CommonDraft {
    Choice<Markup> summary;
    Choice<Markup> content;
    Choice<std::string> image;
    Choice<std::string> comments;
    Choice<std::chrono::seconds> duration;
    int media_depth = 0;  // media elements around the one that is read
    ParsedSource source;
    std::vector<Author> source_authors;
    std::string original_link;
    std::string original_enclosure;  // feedburner:origEnclosureLink
    Choice<Markup> spare_body;       // becomes the content when nothing else does
    std::vector<Enclosure> enclosures;

    [[nodiscard]] ParsedItem finish();
};

struct FeedDraft : CommonDraft {
    Choice<Markup> subtitle;
    Choice<std::string> icon;
    Choice<std::string> logo;
    std::vector<Author> last_authors;  // who is named when nobody else is
    PollingHints hints;
    std::optional<std::chrono::minutes> update_period;  // sy:updatePeriod
    int update_frequency = 1;                           // sy:updateFrequency

    // Writes all but format, items and warnings.
    void finish(ParsedFeed& feed);
};

// Offers a date: one that was understood beats one that was not, whatever their ranks, and of equals the later in the document.
void offer_date(Choice<ParsedDate>& choice, int rank, std::string text);

// Offers what is not blank.
void offer_text(Choice<std::string>& choice, int rank, std::string text);
void offer_markup(Choice<Markup>& choice, int rank, Markup markup);

void add_category(std::vector<std::string>& categories, std::string_view category);

// Appends unless there is no URL; an enclosure that is there already gets type and length where they were missing.
void add_enclosure(std::vector<Enclosure>& enclosures, Enclosure enclosure);

}  // namespace agg::parse
