// The rules: from the evidence on two tellings to same or not, and which rule or guard says so. Pure.
#pragma once

#include <chrono>

#include "dedup/evidence.hpp"

namespace agg::dedup {

// The rule that decided. The numbers are stored: never change them, only add.
enum class Rule {
    fresh = 0,          // nothing known matches
    same_identity = 1,  // the same id (or link, or title and date) in the same feed
    same_url = 2,       // the same canonical URL
    same_guid = 3,      // the same id in another feed, and title or text agree
    same_page = 4,      // the same slug or article number on another address of the outlet, and title or text agree
    same_text = 5,      // the texts share most of the shorter one
    same_title = 6,     // equal titles, and no text says otherwise
    by_hand = 7,        // a person merged or split
};

// The stable name of a rule, as the control API writes it.
[[nodiscard]] constexpr const char* to_string(Rule rule) {
    switch (rule) {
        case Rule::fresh: return "fresh";
        case Rule::same_identity: return "same_identity";
        case Rule::same_url: return "same_url";
        case Rule::same_guid: return "same_guid";
        case Rule::same_page: return "same_page";
        case Rule::same_text: return "same_text";
        case Rule::same_title: return "same_title";
        case Rule::by_hand: return "by_hand";
    }
    return "unknown";
}

// What spoke against a match that looked like one. The numbers are stored: never change them, only add.
enum class Guard {
    none = 0,
    too_little = 1,     // too few words in common
    figures = 2,        // a figure or numeral is another one
    dates = 3,          // a weekday or month is another one
    negation = 4,       // one says not
    headline = 5,       // the headlines differ in a figure, a date or a "not"
    wording = 6,        // too many words are others
    place = 7,          // what is shared stands deep in the longer text: a quotation, a background paragraph
    same_feed = 8,      // two items of one feed, too alike to be chance but not the same
    contradiction = 9,  // the same id or address over another title and text
    apart = 10,         // too far apart in time
    recurring = 11,     // a title that its feed uses again and again
};

[[nodiscard]] constexpr const char* to_string(Guard guard) {
    switch (guard) {
        case Guard::none: return "none";
        case Guard::too_little: return "too_little";
        case Guard::figures: return "figures";
        case Guard::dates: return "dates";
        case Guard::negation: return "negation";
        case Guard::headline: return "headline";
        case Guard::wording: return "wording";
        case Guard::place: return "place";
        case Guard::same_feed: return "same_feed";
        case Guard::contradiction: return "contradiction";
        case Guard::apart: return "apart";
        case Guard::recurring: return "recurring";
    }
    return "unknown";
}

struct Relation {
    bool same_feed = false;
    bool same_outlet = false;            // their links lead to one owner's pages
    std::chrono::milliseconds apart{0};  // between the dates of publication
};

struct Verdict {
    Rule rule = Rule::fresh;    // fresh: not the same
    Guard guard = Guard::none;  // what refused, when something did
};

// Whether two items under the same URL may be the same article.
[[nodiscard]] bool agree(const Evidence& evidence);

// Whether two items under the same id in the same feed but other addresses are the same item.
[[nodiscard]] bool agree_strongly(const Evidence& evidence);

// Whether two tellings with nothing in common but words tell the same story. `recurring_title`: their titles are equal,
// and their feed has used that title before for another story.
[[nodiscard]] Verdict same_story(const Evidence& evidence, const Relation& relation, bool recurring_title);

}  // namespace agg::dedup
