#include "store/word_difference.hpp"

#include <algorithm>
#include <vector>

#include "base/text.hpp"

namespace agg::store {
namespace {

constexpr std::size_t k_context = 6;            // words around a change
constexpr std::size_t k_max_cells = 4'000'000;  // of the table: a larger middle is shown as one change

using Words = std::vector<std::string_view>;

Words words_of(std::string_view text) {
    Words words;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (i < text.size() && !is_ascii_space(text[i])) continue;
        if (i > begin) words.push_back(text.substr(begin, i - begin));
        begin = i + 1;
    }
    return words;
}

struct Part {
    Passage::Of of;
    std::string_view word;
};

void add_middle(std::vector<Part>& parts, const Words& a, const Words& b, std::size_t head, std::size_t tail) {
    const std::size_t rows = a.size() - head - tail;
    const std::size_t columns = b.size() - head - tail;
    std::vector<std::uint16_t> common;
    if ((rows + 1) * (columns + 1) <= k_max_cells) common.resize((rows + 1) * (columns + 1));
    const auto at = [&](std::size_t i, std::size_t j) -> std::uint16_t& { return common[i * (columns + 1) + j]; };
    if (!common.empty())
        for (std::size_t i = rows; i-- > 0;)
            for (std::size_t j = columns; j-- > 0;)
                at(i, j) = a[head + i] == b[head + j] ? static_cast<std::uint16_t>(at(i + 1, j + 1) + 1)
                                                      : std::max(at(i + 1, j), at(i, j + 1));
    std::size_t i = 0, j = 0;
    while (i < rows || j < columns) {
        if (!common.empty() && i < rows && j < columns && a[head + i] == b[head + j]) {
            parts.push_back({Passage::Of::both, b[head + j]});
            ++i, ++j;
        } else if (i < rows && (j == columns || common.empty() || at(i + 1, j) >= at(i, j + 1))) {
            parts.push_back({Passage::Of::older, a[head + i++]});
        } else {
            parts.push_back({Passage::Of::newer, b[head + j++]});
        }
    }
}

}  // namespace

std::vector<Passage> word_difference(std::string_view older, std::string_view newer) {
    const Words a = words_of(older), b = words_of(newer);
    if (a == b) return {};
    std::size_t head = 0, tail = 0;
    while (head < std::min(a.size(), b.size()) && a[head] == b[head]) ++head;
    while (tail < std::min(a.size(), b.size()) - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
    std::vector<Part> parts;
    for (std::size_t i = 0; i < head; ++i) parts.push_back({Passage::Of::both, b[i]});
    add_middle(parts, a, b, head, tail);
    for (std::size_t i = b.size() - tail; i < b.size(); ++i) parts.push_back({Passage::Of::both, b[i]});

    std::vector<Passage> difference;
    for (std::size_t i = 0; i < parts.size();) {
        std::size_t end = i;
        while (end < parts.size() && parts[end].of == parts[i].of) ++end;
        const std::size_t before = i > 0 ? k_context : 0, behind = end < parts.size() ? k_context : 0;
        const bool cut = parts[i].of == Passage::Of::both && end - i > before + behind + 1;
        Passage passage{.of = parts[i].of, .words = {}};
        const auto add = [&](std::string_view word) {
            passage.words.append(passage.words.empty() ? "" : " ").append(word);
        };
        for (std::size_t k = i; k < end; ++k) {
            if (cut && k == i + before) {
                add("...");
                k = end - behind - 1;
                continue;
            }
            add(parts[k].word);
        }
        difference.push_back(std::move(passage));
        i = end;
    }
    return difference;
}

std::string to_text(const std::vector<Passage>& difference) {
    std::string text;
    for (const Passage& passage : difference) {
        if (!text.empty()) text += ' ';
        switch (passage.of) {
            case Passage::Of::both: text += passage.words; break;
            case Passage::Of::older: text += "[-" + passage.words + "-]"; break;
            case Passage::Of::newer: text += "{+" + passage.words + "+}"; break;
        }
    }
    return text;
}

}  // namespace agg::store
