#include "dedup/telling.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "dedup/plain.hpp"

namespace agg::dedup {
namespace {

constexpr std::size_t k_max_text_words = 2000;
constexpr std::size_t k_max_title_words = 120;

// How feeds end a text that goes on elsewhere. In lower case.
constexpr auto k_go_on = std::to_array<std::string_view>({"read more",
                                                          "read the full story",
                                                          "read full article",
                                                          "read the rest",
                                                          "continue reading",
                                                          "more...",
                                                          "keep reading",
                                                          "[link]",
                                                          "[comments]",
                                                          "full story",
                                                          "weiterlesen",
                                                          "mehr lesen",
                                                          "lire la suite",
                                                          "lire plus",
                                                          "en savoir plus",
                                                          "leer más",
                                                          "seguir leyendo",
                                                          "leggi tutto",
                                                          "continua a leggere",
                                                          "leia mais",
                                                          "lees verder",
                                                          "czytaj więcej",
                                                          "czytaj dalej",
                                                          "читать далее",
                                                          "читать полностью",
                                                          "читать дальше",
                                                          "подробнее",
                                                          "читати далі",
                                                          "читати більше",
                                                          "докладніше",
                                                          "детальніше",
                                                          "続きを読む",
                                                          "続きはこちら",
                                                          "全文を読む",
                                                          "阅读全文",
                                                          "閱讀全文",
                                                          "查看全文",
                                                          "继续阅读",
                                                          "더 보기"});

// "The post TITLE appeared first on SITE" and its translations: everything from here on is the site's.
constexpr auto k_footers = std::to_array<std::string_view>({"The post "});
constexpr auto k_footer_ends = std::to_array<std::string_view>({" appeared first on ", " first appeared on "});
constexpr std::size_t k_footer_end_bytes = 200;  // with the site's name

std::size_t last_line_end(std::string_view text) { return text.find_last_not_of(" \n\t\r."); }

// Without "... Read more" and "The post X appeared first on Y" at the end.
std::string_view without_footer(std::string_view text) {
    for (const std::string_view end : k_footer_ends) {
        const std::size_t tail = text.size() - std::min(text.size(), k_footer_end_bytes);
        const std::size_t in_tail = text.substr(tail).rfind(end);
        if (in_tail == std::string_view::npos) continue;
        const std::size_t appeared = tail + in_tail;
        for (const std::string_view begin : k_footers) {
            const std::size_t footer = text.substr(0, appeared).rfind(begin);
            if (footer != std::string_view::npos && appeared - footer < 400) text = text.substr(0, footer);
        }
    }
    for (bool again = true; again;) {
        again = false;
        const std::size_t end = last_line_end(text);
        if (end == std::string_view::npos) return {};
        std::string_view rest = text.substr(0, end + 1);
        for (const std::string_view decoration : {"»", "→", "›", "]", ")", ">"})
            if (rest.ends_with(decoration)) rest.remove_suffix(decoration.size());
        while (!rest.empty() && is_ascii_space(rest.back())) rest.remove_suffix(1);
        for (const std::string_view phrase : k_go_on) {
            if (rest.size() < phrase.size()) continue;
            const std::string_view tail = rest.substr(rest.size() - phrase.size());
            const bool ascii_equal = iequals(tail, phrase);
            const bool folded_equal =
                !ascii_equal &&
                (static_cast<unsigned char>(phrase[0]) >= 0xD0 && static_cast<unsigned char>(phrase[0]) <= 0xD1) &&
                tail.substr(2) == phrase.substr(2);  // a capital at the start
            if (!ascii_equal && !folded_equal) continue;
            text = rest.substr(0, rest.size() - phrase.size());
            again = true;
            break;
        }
    }
    return text;
}

// A text of links and a few words between them stands for something else: "Comments", "submitted by ... [link]".
bool is_stub(const PlainText& plain, std::size_t words) {
    return plain.links > 0 && words < 40 && plain.link_bytes * 2 > plain.text.size();
}

void remove_front(Words& words, std::size_t count) {
    words.all.erase(words.all.begin(), words.all.begin() + static_cast<std::ptrdiff_t>(count));
}

// A breadcrumb repeats the headline before the text begins ("Home / World / HEADLINE"). Drops up to its end.
void drop_repeated_title(Words& text, const Words& title, std::size_t begin, std::size_t end) {
    constexpr std::size_t k_within = 8;
    const std::size_t size = end - begin;
    if (size < 3 || text.size() <= size) return;
    for (std::size_t at = 0; at <= k_within && at + size <= text.size(); ++at) {
        std::size_t same = 0;
        while (same < size && text.all[at + same].hash == title.all[begin + same].hash) ++same;
        if (same == size) {
            // A text that begins with its own headline as a sentence goes on with it.
            remove_front(text, at + size);
            return;
        }
    }
}

// Where the headline ends and the outlet's name begins: the last " - ", " | " or the like with few words behind it.
struct Headline {
    std::string_view before, headline, behind;
};

Headline parts_of_title(std::string_view title) {
    constexpr auto separators =
        std::to_array<std::string_view>({" | ", " - ", " – ", " — ", " :: ", " » ", " « ", "｜", " · ", " • "});
    Headline parts{{}, title, {}};
    for (std::size_t at = title.size(); at-- > 0 && at * 2 > title.size();) {
        if (static_cast<unsigned char>(title[at]) < 0x80 && title[at] != ' ') continue;
        const auto separator = std::find_if(separators.begin(), separators.end(),
                                            [&](std::string_view one) { return title.substr(at).starts_with(one); });
        if (separator == separators.end()) continue;
        parts.behind = title.substr(at + separator->size());
        parts.headline = title.substr(0, at);
        break;
    }
    // "(Reuters)", "(AP)", "(video)"
    if (const std::size_t open = parts.headline.rfind(" (");
        open != std::string_view::npos && parts.headline.ends_with(')')) {
        parts.behind = title.substr(open);
        parts.headline = parts.headline.substr(0, open);
    }
    constexpr auto openings = std::to_array<std::string_view>({": ", "：", "】", "] "});
    for (const std::string_view opening : openings) {
        const std::size_t at = parts.headline.find(opening);
        if (at == std::string_view::npos || at * 3 > parts.headline.size()) continue;
        parts.before = parts.headline.substr(0, at + opening.size());
        parts.headline.remove_prefix(at + opening.size());
        break;
    }
    return parts;
}

// The words of what may be an outlet's or a column's name; 0 when it is too long for one or tells a number or a date.
std::size_t size_of_name(std::string_view text, std::size_t max_words) {
    const Words words = words_of(text, max_words + 1);
    const bool name = words.size() <= max_words &&
                      std::all_of(words.all.begin(), words.all.end(),
                                  [](const Word& word) { return word.kind == WordKind::plain || word.glued; });
    return name ? words.size() : 0;
}

void read_title(Telling& telling, const std::string& title) {
    telling.title = words_of(title, k_max_title_words);
    const Headline parts = parts_of_title(title);
    const std::size_t all = telling.title.size();
    const bool syllables = telling.title.mostly_syllables();
    std::size_t before = size_of_name(parts.before, syllables ? 8 : 3);
    std::size_t behind = size_of_name(parts.behind, syllables ? 10 : 5);
    if (before + behind + (syllables ? 8 : 3) > all) before = behind = 0;
    telling.title_begin = static_cast<std::uint32_t>(before);
    telling.title_end = static_cast<std::uint32_t>(all - behind);
}

Words text_of(const std::string& html) {
    const PlainText plain = plain_text_of(html);
    Words words = words_of(without_footer(plain.text), k_max_text_words);
    if (is_stub(plain, words.size())) return {};
    return words;
}

}  // namespace

Telling telling_of(const Item& item) {
    Telling telling;
    read_title(telling, item.title);
    const bool body = item.content_html.size() >= item.summary_html.size();
    telling.text = text_of(body ? item.content_html : item.summary_html);
    if (telling.text.empty()) telling.text = text_of(body ? item.summary_html : item.content_html);
    drop_repeated_title(telling.text, telling.title, telling.title_begin, telling.title_end);
    return telling;
}

std::vector<std::pair<std::uint32_t, std::uint32_t>> headlines_of(const Telling& telling) {
    const auto size = static_cast<std::uint32_t>(telling.title.size());
    std::vector<std::pair<std::uint32_t, std::uint32_t>> all{{0, size}};
    if (telling.title_end < size) all.emplace_back(0, telling.title_end);
    if (telling.title_begin > 0) all.emplace_back(telling.title_begin, telling.title_end);
    return all;
}

}  // namespace agg::dedup
