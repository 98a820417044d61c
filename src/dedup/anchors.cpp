#include <algorithm>

#include "dedup/telling.hpp"

namespace agg::dedup {
namespace {

constexpr std::size_t k_window = 8;        // shingles: of each so many in a row one is an anchor
constexpr std::size_t k_winnowed = 120;    // shingles from the start that are winnowed
constexpr std::size_t k_max_anchors = 48;  // of a text
constexpr std::size_t k_of_the_rest = 16;  // anchors of what stands behind
constexpr std::size_t k_min_title_words = 4;

std::uint64_t mixed(std::uint64_t hash) {
    hash ^= hash >> 32;
    hash *= 0xD6E8FEB86659FD93ULL;
    hash ^= hash >> 32;
    return hash;
}

std::uint32_t tag_of(std::uint64_t shingle) {
    const auto tag = static_cast<std::uint32_t>(shingle >> 32);
    return tag != 0 ? tag : 1;
}

std::uint64_t fingerprint_of(const Words& words, std::size_t begin, std::size_t end, std::uint64_t seed) {
    std::uint64_t hash = seed;
    for (std::size_t i = begin; i < end; ++i) hash = mixed(hash ^ words.all[i].hash) + i - begin;
    return mixed(hash);
}

void add(std::vector<std::uint32_t>& tags, std::uint32_t tag) {
    if (std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(tag);
}

}  // namespace

std::size_t shingle_size(const Words& words) { return words.mostly_syllables() ? 6 : 4; }

std::vector<std::uint64_t> shingles_of(const Words& words, std::size_t size) {
    std::vector<std::uint64_t> all;
    if (words.size() < size) return all;
    all.reserve(words.size() - size + 1);
    for (std::size_t i = 0; i + size <= words.size(); ++i) all.push_back(fingerprint_of(words, i, i + size, size));
    return all;
}

Anchors anchors_of(const Telling& telling) {
    Anchors anchors;
    const std::vector<std::uint64_t> shingles = shingles_of(telling.text, shingle_size(telling.text));
    const std::size_t winnowed = std::min(shingles.size(), k_winnowed);
    std::size_t chosen = shingles.size();
    for (std::size_t begin = 0; begin < winnowed && (begin == 0 || begin + k_window <= winnowed); ++begin) {
        const auto from = shingles.begin() + static_cast<std::ptrdiff_t>(begin);
        const auto to = shingles.begin() + static_cast<std::ptrdiff_t>(std::min(begin + k_window, winnowed));
        const auto smallest = static_cast<std::size_t>(std::min_element(from, to) - shingles.begin());
        if (smallest == chosen) continue;
        chosen = smallest;
        add(anchors.text, tag_of(shingles[smallest]));
    }
    if (shingles.size() > winnowed) {
        std::vector<std::uint64_t> rest(shingles.begin() + static_cast<std::ptrdiff_t>(winnowed), shingles.end());
        const std::size_t kept = std::min(rest.size(), k_of_the_rest);
        std::partial_sort(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(kept), rest.end());
        for (std::size_t i = 0; i < kept && anchors.text.size() < k_max_anchors; ++i)
            add(anchors.text, tag_of(rest[i]));
    }
    constexpr std::uint64_t title_seed = 0x7469746C65ULL;
    for (const auto& [begin, end] : headlines_of(telling))
        if (end - begin >= k_min_title_words)
            add(anchors.title, tag_of(fingerprint_of(telling.title, begin, end, title_seed)));
    return anchors;
}

}  // namespace agg::dedup
