#include "dedup/evidence.hpp"

#include <algorithm>
#include <span>

#include "base/text.hpp"
#include "dedup/alignment.hpp"

namespace agg::dedup {
namespace {

constexpr std::size_t k_kept_differences = 12;
constexpr std::uint32_t k_beginning = 10;  // words: texts that begin within them alike have the same lead
constexpr std::uint32_t k_max_swap = 3;    // words: more is another wording, no swap

std::vector<std::uint64_t> sorted_hashes(std::span<const Word> words) {
    std::vector<std::uint64_t> all;
    all.reserve(words.size());
    for (const Word& word : words) all.push_back(word.hash);
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

std::size_t count_common(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
    std::size_t common = 0;
    for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
        if (a[i] == b[j])
            ++common, ++i, ++j;
        else if (a[i] < b[j])
            ++i;
        else
            ++j;
    }
    return common;
}

bool equal(std::span<const Word> a, std::span<const Word> b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const Word& x, const Word& y) { return x.hash == y.hash; });
}

std::span<const Word> part(const Words& words, std::uint32_t begin, std::uint32_t end) {
    return std::span<const Word>(words.all).subspan(begin, end - begin);
}

std::uint32_t equal_headline(const Telling& a, const Telling& b) {
    std::uint32_t longest = 0;
    for (const auto& [a_begin, a_end] : headlines_of(a))
        for (const auto& [b_begin, b_end] : headlines_of(b))
            if (a_end - a_begin > longest && equal(part(a.title, a_begin, a_end), part(b.title, b_begin, b_end)))
                longest = a_end - a_begin;
    return longest;
}

std::string joined(const Words& words, std::uint32_t begin, std::uint32_t size) {
    std::string out;
    for (std::uint32_t i = begin; i < begin + size; ++i) {
        if (!out.empty() && !words.all[i].syllable) out += ' ';
        out += words.text(words.all[i]);
    }
    return out;
}

// Figures and numerals are one kind of change.
bool is_quantity(WordKind kind) { return kind == WordKind::figure || kind == WordKind::number; }

std::uint32_t count(std::span<const Word> words, bool (*is)(WordKind)) {
    return static_cast<std::uint32_t>(
        std::count_if(words.begin(), words.end(), [is](const Word& word) { return is(word.kind); }));
}

// "14 May" and "14.05.": the day written as words on one side, as a figure on the other.
bool same_day(const Words& a, const Substitution& one, const Words& b) {
    for (std::uint32_t i = one.a; i + 1 < one.a + one.a_size; ++i) {
        if (a.all[i].kind != WordKind::figure || a.all[i + 1].kind != WordKind::month) continue;
        const std::string day = std::string(a.text(a.all[i])) + "_";
        for (std::uint32_t j = one.b; j < one.b + one.b_size; ++j)
            if (b.text(b.all[j]).starts_with(day)) return true;
    }
    return false;
}

struct Change {
    std::uint32_t figures = 0, dates = 0, negations = 0, words = 0;
};

Change change_of(std::span<const Word> a, std::span<const Word> b) {
    const auto is_weekday = [](WordKind kind) { return kind == WordKind::weekday; };
    const auto is_month = [](WordKind kind) { return kind == WordKind::month; };
    const auto is_negation = [](WordKind kind) { return kind == WordKind::negation; };
    const auto is_plain = [](WordKind kind) { return kind == WordKind::plain; };
    Change change;
    change.figures = std::min(count(a, is_quantity), count(b, is_quantity));
    change.dates =
        std::min(count(a, is_weekday), count(b, is_weekday)) + std::min(count(a, is_month), count(b, is_month));
    const std::uint32_t in_a = count(a, is_negation), in_b = count(b, is_negation);
    change.negations = std::max(in_a, in_b) - std::min(in_a, in_b);
    change.words = std::min(count(a, is_plain), count(b, is_plain));
    return change;
}

WordKind gravest(const Change& change) {
    if (change.figures > 0) return WordKind::figure;
    if (change.dates > 0) return WordKind::month;
    return change.negations > 0 ? WordKind::negation : WordKind::plain;
}

void note(Evidence& evidence, const Words& a, const Words& b, const Substitution& one, const Change& change) {
    evidence.differences.push_back({joined(a, one.a, one.a_size), joined(b, one.b, one.b_size), gravest(change)});
}

// "centre" and "center", "Kyjiw" and "Kijiw", a slip of the pen.
bool spelled_alike(std::string_view a, std::string_view b) {
    constexpr std::size_t k_max_size = 60;
    if (std::max(a.size(), b.size()) > k_max_size) return false;
    return edit_distance(a, b) * 4 <= std::min(a.size(), b.size());
}

// Plain words that stand in each other's place.
struct Swaps {
    std::vector<std::uint64_t> a, b;

    void add(std::span<const Word> in_a, std::span<const Word> in_b) {
        for (const Word& word : in_a)
            if (word.kind == WordKind::plain) a.push_back(word.hash);
        for (const Word& word : in_b)
            if (word.kind == WordKind::plain) b.push_back(word.hash);
    }
};

bool meet(std::span<const Word> words, const std::vector<std::uint64_t>& hashes) {
    return std::any_of(words.begin(), words.end(), [&](const Word& word) {
        return std::find(hashes.begin(), hashes.end(), word.hash) != hashes.end();
    });
}

void compare_texts(Evidence& evidence, const Words& a, const Words& b, const Swaps& of_titles) {
    const bool a_is_shorter = a.size() <= b.size();
    const Words& shorter = a_is_shorter ? a : b;
    const Words& longer = a_is_shorter ? b : a;
    evidence.shorter = static_cast<std::uint32_t>(shorter.size());
    evidence.longer = static_cast<std::uint32_t>(longer.size());
    if (shorter.empty()) return;

    const Alignment alignment = align_texts(shorter, longer);
    const std::size_t shingle = std::max(shingle_size(a), shingle_size(b));
    evidence.matched = alignment.matched;
    std::size_t shingles = 0;
    bool begun = false;
    for (const Run& run : alignment.runs) {
        if (run.size >= shingle) shingles += run.size - shingle + 1;
        if (!begun && run.size >= shingle) {
            begun = true;
            evidence.begin_in_shorter = run.a;
            evidence.begin_in_longer = run.b;
        } else if (begun && run.size >= shingle && run.b < evidence.begin_in_longer) {
            evidence.begin_in_longer = run.b;
        }
        if (run.a <= k_beginning && run.b <= k_beginning) evidence.lead_run = std::max(evidence.lead_run, run.size);
        evidence.figures += count(std::span(shorter.all).subspan(run.a, run.size), is_quantity);
    }
    evidence.facts_before =
        std::any_of(shorter.all.begin(), shorter.all.begin() + evidence.begin_in_shorter,
                    [](const Word& word) { return word.kind != WordKind::plain && word.kind != WordKind::negation; });
    const std::size_t all_shingles = shorter.size() >= shingle ? shorter.size() - shingle + 1 : 0;
    evidence.containment = all_shingles == 0 ? (equal(shorter.all, longer.all) ? 1.0 : 0.0)
                                             : static_cast<double>(shingles) / static_cast<double>(all_shingles);
    for (const Substitution& one : alignment.substitutions) {
        Change change = change_of(std::span(shorter.all).subspan(one.a, one.a_size),
                                  std::span(longer.all).subspan(one.b, one.b_size));
        const Substitution mirrored{one.b, one.b_size, one.a, one.a_size};
        if (change.figures == 1 && (same_day(shorter, one, longer) || same_day(longer, mirrored, shorter)))
            change.figures = 0;
        evidence.figure_changes += change.figures;
        evidence.date_changes += change.dates;
        evidence.negation_changes += change.negations;
        evidence.word_changes += change.words;
        const auto in_shorter = std::span(shorter.all).subspan(one.a, one.a_size);
        const auto in_longer = std::span(longer.all).subspan(one.b, one.b_size);
        if (meet(a_is_shorter ? in_shorter : in_longer, of_titles.a) &&
            meet(a_is_shorter ? in_longer : in_shorter, of_titles.b))
            evidence.name_swapped = true;
        note(evidence, shorter, longer, one, change);
        if (!a_is_shorter) std::swap(evidence.differences.back().a, evidence.differences.back().b);
    }
}

Evidence compare_titles(const Telling& a, const Telling& b, Swaps& swaps) {
    Evidence evidence;
    const auto in_a = sorted_hashes(a.title.all), in_b = sorted_hashes(b.title.all);
    if (in_a.empty() || in_b.empty()) return evidence;
    const auto common = static_cast<double>(count_common(in_a, in_b));
    evidence.title_similarity = common / (static_cast<double>(in_a.size() + in_b.size()) - common);
    evidence.title_containment = common / static_cast<double>(std::min(in_a.size(), in_b.size()));
    evidence.equal_headline = equal_headline(a, b);
    const auto ha = part(a.title, a.title_begin, a.title_end), hb = part(b.title, b.title_begin, b.title_end);
    const Alignment alignment = align_passages(ha, hb);
    bool conflict = false;
    for (const Substitution& one : alignment.substitutions) {
        const Change change = change_of(ha.subspan(one.a, one.a_size), hb.subspan(one.b, one.b_size));
        const bool in_place = std::max(one.a_size, one.b_size) <= k_max_swap;
        conflict = conflict || (in_place && change.figures + change.dates + change.negations > 0);
        evidence.differences.push_back({joined(a.title, a.title_begin + one.a, one.a_size),
                                        joined(b.title, b.title_begin + one.b, one.b_size), gravest(change)});
        const Difference& words = evidence.differences.back();
        if (in_place && !spelled_alike(words.a, words.b))
            swaps.add(ha.subspan(one.a, one.a_size), hb.subspan(one.b, one.b_size));
    }
    // Headlines that say something else altogether do not contradict each other.
    evidence.headlines_conflict = conflict && alignment.matched * 2 >= std::min(ha.size(), hb.size());
    return evidence;
}

}  // namespace

Evidence compare_titles(const Telling& a, const Telling& b) {
    Swaps swaps;
    return compare_titles(a, b, swaps);
}

Evidence compare(const Telling& a, const Telling& b) {
    Swaps swaps;
    Evidence evidence = compare_titles(a, b, swaps);
    compare_texts(evidence, a.text, b.text, swaps);
    std::stable_sort(evidence.differences.begin(), evidence.differences.end(),
                     [](const Difference& x, const Difference& y) {
                         return (x.kind != WordKind::plain) > (y.kind != WordKind::plain);
                     });
    if (evidence.differences.size() > k_kept_differences) evidence.differences.resize(k_kept_differences);
    return evidence;
}

}  // namespace agg::dedup
