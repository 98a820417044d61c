#include "dedup/rules.hpp"

#include <algorithm>

namespace agg::dedup {
namespace {

using namespace std::chrono_literals;

constexpr auto k_text_window = 5 * 24h;
constexpr auto k_title_window = 3 * 24h;
constexpr std::uint32_t k_short_text = 45;   // words: such a text proves less
constexpr std::uint32_t k_telling_text = 5;  // words: fewer cannot contradict anything
constexpr std::uint32_t k_long_text = 150;   // words: one changed figure among many may be a correction
constexpr std::uint32_t k_min_title_words = 5;
constexpr std::uint32_t k_telling_title_words = 8;  // a headline so long is nobody's column

// A figure, date or negation that changed. Long texts with many figures may differ in one: outlets correct and round.
Guard changed_facts(const Evidence& e) {
    const bool correction = e.figure_changes == 1 && e.shorter >= k_long_text &&
                            e.figure_changes * 100 <= (e.figures + e.figure_changes) * 7;
    if (e.figure_changes > 0 && !correction) return Guard::figures;
    if (e.date_changes > (e.shorter < 60 ? 0U : 1U)) return Guard::dates;
    if (e.negation_changes > 0 && e.shorter < 60) return Guard::negation;
    if (e.headlines_conflict) return Guard::headline;
    const double changes = e.word_changes + 2.0 * (e.figure_changes + e.date_changes);
    if (changes > 0.16 * std::max(e.matched, 1U)) return Guard::wording;
    if (e.name_swapped && e.shorter < k_long_text) return Guard::wording;
    return Guard::none;
}

bool enough_shared(const Evidence& e, const Relation& relation) {
    const double matched = static_cast<double>(e.matched) / e.shorter;
    if (relation.same_feed)
        return (e.containment >= 0.78 && e.title_similarity >= 0.5) ||
               (e.containment >= 0.65 && e.title_similarity >= 0.7) ||
               (e.containment >= 0.9 && e.begin_in_longer <= 20 && e.shorter >= 24) ||
               (e.containment >= 0.75 && e.begin_in_longer <= 10 && e.title_similarity >= 0.3 && e.shorter >= 100);
    // A lead of the outlet's own, then the beginning of the other text.
    const double behind_lead = static_cast<double>(e.matched) / std::max(e.shorter - e.begin_in_shorter, 1U);
    // The same lead: what follows may be cut or put in another order. Within one outlet it may be a standing line.
    if (!relation.same_outlet && e.lead_run >= 18 && e.containment >= 0.25) return true;
    if (!relation.same_outlet && e.lead_run >= 14 && e.containment >= 0.25 && e.title_similarity >= 0.3) return true;
    if (e.matched >= (e.facts_before ? 25U : 12U) && e.begin_in_shorter <= 15 && e.begin_in_longer <= 5 &&
        behind_lead >= 0.9)
        return true;
    if (e.shorter < k_short_text)
        return e.containment >= 0.66 || (e.containment >= 0.45 && e.title_similarity >= 0.3) ||
               (e.containment >= 0.55 && matched >= 0.75);
    return e.containment >= 0.60 || (e.containment >= 0.40 && e.title_similarity >= 0.5) ||
           (e.containment >= 0.5 && matched >= 0.75) ||
           (e.containment >= 0.22 && e.title_similarity >= 0.5 && e.begin_in_longer <= 10);
}

}  // namespace

bool agree(const Evidence& e) {
    return e.title_similarity >= 0.5 || e.title_containment >= 0.75 || e.containment >= 0.3 ||
           e.shorter < k_telling_text;
}

bool agree_strongly(const Evidence& e) {
    return !e.headlines_conflict && (e.title_similarity >= 0.9 || (e.containment >= 0.5 && e.figure_changes == 0));
}

Verdict same_story(const Evidence& e, const Relation& relation, bool recurring_title) {
    if (relation.apart > k_text_window) return {Rule::fresh, Guard::apart};
    if (e.shorter > 0 && enough_shared(e, relation)) {
        if (const Guard guard = changed_facts(e); guard != Guard::none) return {Rule::fresh, guard};
        const std::uint32_t deepest = std::max(k_short_text, e.longer * 20 / 100);
        if (e.begin_in_longer > deepest && e.title_similarity < 0.5) return {Rule::fresh, Guard::place};
        return {Rule::same_text, Guard::none};
    }
    if (e.equal_headline >= (e.shorter == 0 ? k_min_title_words - 1 : k_min_title_words)) {
        if (relation.apart > k_title_window) return {Rule::fresh, Guard::apart};
        if (recurring_title) return {Rule::fresh, Guard::recurring};
        // A feed of links to others tells a story again when another outlet has it; an outlet's own feed does not.
        const bool of_others = e.shorter == 0 && !relation.same_outlet && e.equal_headline >= k_telling_title_words;
        if (relation.same_feed && !of_others) return {Rule::fresh, Guard::same_feed};
        return {Rule::same_title, Guard::none};
    }
    return {Rule::fresh, Guard::too_little};
}

}  // namespace agg::dedup
