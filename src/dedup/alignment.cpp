#include "dedup/alignment.hpp"

#include <algorithm>
#include <bit>

namespace agg::dedup {
namespace {

constexpr std::uint32_t k_max_gap = 40;       // words on either side: more is another passage, no substitution
constexpr std::size_t k_max_same_grams = 16;  // places of `b` that are tried for one run
constexpr std::uint32_t k_max_edge = 12;      // words before the first and behind the last run that are aligned
constexpr std::uint32_t k_nowhere = 0xFFFF'FFFF;

// Where each gram of `b` stands: chains of positions, in their order.
class Grams {
  public:
    Grams(const Words& b, std::size_t size)
        : b_(b), size_(size), heads_(std::bit_ceil(b.size() * 2 + 2), k_nowhere), next_(b.size(), k_nowhere) {
        for (std::size_t i = b.size() >= size ? b.size() - size + 1 : 0; i-- > 0;) {
            std::uint32_t& head = heads_[slot(&b.all[i])];
            next_[i] = head;
            head = static_cast<std::uint32_t>(i);
        }
    }

    // The place where the longest run of `a` from `i` on stands, the nearest behind `expected` among equals.
    [[nodiscard]] Run longest(const Words& a, std::uint32_t i, std::uint32_t expected) const {
        Run best;
        std::size_t tried = 0;
        for (std::uint32_t j = heads_[slot(&a.all[i])]; j != k_nowhere && tried < k_max_same_grams; j = next_[j]) {
            std::uint32_t size = 0;
            while (i + size < a.size() && j + size < b_.size() && a.all[i + size].hash == b_.all[j + size].hash) ++size;
            if (size < size_) continue;
            ++tried;
            const bool nearer = size == best.size && j >= expected && best.b < expected;
            if (size > best.size || nearer) best = {i, j, size};
        }
        return best;
    }

  private:
    [[nodiscard]] std::size_t slot(const Word* words) const {
        std::uint64_t hash = 0;
        for (std::size_t i = 0; i < size_; ++i) hash = (hash ^ words[i].hash) * 0x9E3779B97F4A7C15ULL;
        return static_cast<std::size_t>(hash >> 32) & (heads_.size() - 1);
    }

    const Words& b_;
    std::size_t size_;
    std::vector<std::uint32_t> heads_;
    std::vector<std::uint32_t> next_;
};

void add_gap(Alignment& all, const Words& a, const Words& b, std::uint32_t a_begin, std::uint32_t a_end,
             std::uint32_t b_begin, std::uint32_t b_end) {
    if (a_begin >= a_end || b_begin >= b_end || a_end - a_begin > k_max_gap || b_end - b_begin > k_max_gap) return;
    const Alignment gap = align_passages(std::span(a.all).subspan(a_begin, a_end - a_begin),
                                         std::span(b.all).subspan(b_begin, b_end - b_begin));
    for (Run run : gap.runs) {
        run.a += a_begin;
        run.b += b_begin;
        all.runs.push_back(run);
    }
    for (Substitution one : gap.substitutions) {
        one.a += a_begin;
        one.b += b_begin;
        all.substitutions.push_back(one);
    }
}

// Before the first and behind the last run each text has what its outlet adds. Only what differs between words that
// both have there says something.
enum class Edge { head, tail };

void add_edge(Alignment& all, const Words& a, const Words& b, const Run& run, Edge edge) {
    const auto part = [&](const Words& words, std::uint32_t begin, std::uint32_t size, std::uint32_t& offset) {
        const std::span<const Word> whole(words.all);
        if (edge == Edge::head) {
            offset = begin > k_max_edge ? begin - k_max_edge : 0;
            return whole.subspan(offset, begin - offset);
        }
        offset = begin + size;
        return whole.subspan(offset, std::min<std::size_t>(k_max_edge, whole.size() - offset));
    };
    std::uint32_t a_offset = 0, b_offset = 0;
    const auto in_a = part(a, run.a, run.size, a_offset);
    const auto in_b = part(b, run.b, run.size, b_offset);
    const Alignment found = align_passages(in_a, in_b);
    for (Substitution one : found.substitutions) {
        const bool open = edge == Edge::head ? one.a == 0 || one.b == 0
                                             : one.a + one.a_size == in_a.size() || one.b + one.b_size == in_b.size();
        if (open) continue;
        one.a += a_offset;
        one.b += b_offset;
        all.substitutions.push_back(one);
    }
}

}  // namespace

Alignment align_texts(const Words& a, const Words& b) {
    const std::size_t gram = a.mostly_syllables() || b.mostly_syllables() ? 5 : 3;
    Alignment all;
    if (a.size() < gram || b.size() < gram) return align_passages(a.all, b.all);
    const Grams grams(b, gram);
    std::vector<Run> runs;
    std::uint32_t expected = 0;
    for (std::uint32_t i = 0; i + gram <= a.size();) {
        Run run = grams.longest(a, i, expected);
        if (run.size == 0) {
            ++i;
            continue;
        }
        i = run.a + run.size;
        const std::uint32_t floor = runs.empty() ? 0 : runs.back().a + runs.back().size;
        while (run.a > floor && run.b > 0 && a.all[run.a - 1].hash == b.all[run.b - 1].hash) {
            --run.a;
            --run.b;
            ++run.size;
        }
        runs.push_back(run);
        expected = run.b + run.size;
    }
    if (!runs.empty()) add_edge(all, a, b, runs.front(), Edge::head);
    for (std::size_t k = 0; k < runs.size(); ++k) {
        if (k > 0) {
            const Run& before = runs[k - 1];
            add_gap(all, a, b, before.a + before.size, runs[k].a, before.b + before.size, runs[k].b);
        }
        all.runs.push_back(runs[k]);
    }
    if (!runs.empty()) add_edge(all, a, b, runs.back(), Edge::tail);
    for (const Run& run : all.runs) {
        all.matched += run.size;
        all.a_end = std::max(all.a_end, run.a + run.size);
    }
    return all;
}

Alignment align_passages(std::span<const Word> a, std::span<const Word> b) {
    Alignment all;
    const std::size_t width = b.size() + 1;
    // common[i][j]: the longest common subsequence of a from i on and b from j on.
    std::vector<std::uint16_t> common((a.size() + 1) * width, 0);
    for (std::size_t i = a.size(); i-- > 0;)
        for (std::size_t j = b.size(); j-- > 0;)
            common[i * width + j] = a[i].hash == b[j].hash
                                        ? static_cast<std::uint16_t>(common[(i + 1) * width + j + 1] + 1)
                                        : std::max(common[(i + 1) * width + j], common[i * width + j + 1]);
    std::uint32_t i = 0, j = 0, a_from = 0, b_from = 0;
    const auto close_gap = [&] {
        if (a_from < i && b_from < j) all.substitutions.push_back({a_from, i - a_from, b_from, j - b_from});
    };
    while (i < a.size() && j < b.size()) {
        if (a[i].hash == b[j].hash) {
            close_gap();
            if (!all.runs.empty() && all.runs.back().a + all.runs.back().size == i &&
                all.runs.back().b + all.runs.back().size == j)
                ++all.runs.back().size;
            else
                all.runs.push_back({i, j, 1});
            ++all.matched;
            a_from = ++i;
            b_from = ++j;
            all.a_end = i;
        } else if (common[(i + 1) * width + j] >= common[i * width + j + 1]) {
            ++i;
        } else {
            ++j;
        }
    }
    i = static_cast<std::uint32_t>(a.size());
    j = static_cast<std::uint32_t>(b.size());
    close_gap();
    return all;
}

}  // namespace agg::dedup
