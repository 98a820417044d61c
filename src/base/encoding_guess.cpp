#include "base/encoding_guess.hpp"

#include <algorithm>
#include <array>

#include "base/encoding.hpp"
#include "base/text.hpp"

namespace agg {
namespace {

constexpr std::size_t k_looked_at = 64 * 1024;

// What the characters beyond ASCII of a text are.
struct Census {
    std::size_t all = 0, kana = 0, half_kana = 0, hangul = 0, han = 0, cyrillic = 0, greek = 0, hebrew = 0, arabic = 0, thai = 0;
    std::size_t odd = 0;          // controls, private use, box drawing: what text does not contain
    std::size_t case_breaks = 0;  // a capital after a small letter
    std::size_t frequent = 0;     // the ten commonest letters of Russian, in small
};

char32_t next_character(std::string_view text, std::size_t& at) {
    const auto lead = static_cast<unsigned char>(text[at++]);
    if (lead < 0x80) return lead;
    const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    char32_t c = lead & (0x3FU >> more);
    for (int i = 0; i < more && at < text.size(); ++i) c = (c << 6) | (static_cast<unsigned char>(text[at++]) & 0x3FU);
    return c;
}

Census census_of(std::string_view utf8) {
    constexpr std::u32string_view k_frequent = U"оеаинтсрвл";
    Census census;
    bool small_before = false;
    for (std::size_t at = 0; at < utf8.size();) {
        const char32_t c = next_character(utf8, at);
        const bool small = (c >= 'a' && c <= 'z') || (c >= 0x430 && c <= 0x45F) || (c >= 0x3AC && c <= 0x3CE);
        const bool capital = (c >= 'A' && c <= 'Z') || (c >= 0x400 && c <= 0x42F) || (c >= 0x386 && c <= 0x3AB);
        if (small_before && capital) ++census.case_breaks;
        small_before = small;
        if (c < 0x80) continue;
        ++census.all;
        if (c >= 0x3040 && c <= 0x30FF) ++census.kana;
        else if (c >= 0xFF61 && c <= 0xFF9F) ++census.half_kana;
        else if (c >= 0xAC00 && c <= 0xD7A3) ++census.hangul;
        else if (c >= 0x4E00 && c <= 0x9FFF) ++census.han;
        else if (c >= 0x400 && c <= 0x4FF) ++census.cyrillic;
        else if (c >= 0x370 && c <= 0x3FF) ++census.greek;
        else if (c >= 0x5D0 && c <= 0x5EA) ++census.hebrew;
        else if (c >= 0x600 && c <= 0x6FF) ++census.arabic;
        else if (c >= 0xE00 && c <= 0xE7F) ++census.thai;
        else if (c < 0xA0 || (c >= 0xE000 && c <= 0xF8FF) || (c >= 0x2500 && c <= 0x25FF) || c >= 0x10000 || c == 0xFFFD) ++census.odd;
        if (k_frequent.find(c) != std::u32string_view::npos) ++census.frequent;
    }
    return census;
}

double share(std::size_t part, std::size_t whole) { return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole); }

// The share of two-byte characters whose lead is in the rows of frequent characters, and how many trails are below 0xA1.
struct Pairs {
    std::size_t all = 0, frequent = 0, low_trails = 0;
};

Pairs pairs_of(std::string_view bytes, unsigned char first, unsigned char last) {
    Pairs pairs;
    for (std::size_t at = 0; at + 1 < bytes.size(); ++at) {
        const auto lead = static_cast<unsigned char>(bytes[at]);
        if (lead < 0x80) continue;
        const auto trail = static_cast<unsigned char>(bytes[++at]);
        ++pairs.all;
        if (lead >= first && lead <= last) ++pairs.frequent;
        if (trail < 0xA1) ++pairs.low_trails;
    }
    return pairs;
}

struct Guess {
    const char* encoding = "CP1252";
    double confidence = 0;
};

void consider(Guess& best, const char* encoding, double confidence) {
    if (confidence > best.confidence) best = {encoding, confidence};
}

// Encodings of two bytes a character: only such as decode without fault are believed.
void consider_east_asian(Guess& best, std::string_view bytes) {
    for (const char* encoding : {"CP932", "EUC-JP-MS", "CP949", "GB18030", "BIG5-HKSCS"}) {
        const Decoded decoded = decode_as(bytes, encoding);
        if (decoded.replaced > 1) continue;
        const std::string_view name = encoding;
        const Census census = census_of(decoded.text);
        if (census.odd * 20 > census.all || census.half_kana * 5 > census.all) continue;
        const double kana = share(census.kana, census.all);
        if (name == "CP932" || name == "EUC-JP-MS") {
            if (kana > 0.15 && census.kana + census.han > 0) consider(best, encoding, 0.9 + kana / 10);
        } else if (name == "CP949") {
            const double hangul = share(census.hangul, census.all);
            if (hangul > 0.8) consider(best, encoding, 0.85 + hangul / 20);
        } else if (name == "GB18030") {
            const Pairs pairs = pairs_of(bytes, 0xB0, 0xD7);  // GB 2312's first level
            if (share(pairs.low_trails, pairs.all) < 0.05 && share(census.han, census.all) > 0.4)
                consider(best, encoding, 0.6 + 0.3 * share(pairs.frequent, pairs.all));
        } else {
            const Pairs pairs = pairs_of(bytes, 0xA4, 0xC6);  // Big5's first level
            if (pairs.low_trails > 0 && share(census.han, census.all) > 0.4) consider(best, encoding, 0.6 + 0.3 * share(pairs.frequent, pairs.all));
        }
    }
}

// Alphabets of one byte a letter. In these scripts letters beyond ASCII stand side by side; in Western text they stand alone.
void consider_alphabets(Guess& best, std::string_view bytes) {
    std::size_t high = 0;
    std::size_t side_by_side = 0;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        if (static_cast<unsigned char>(bytes[at]) < 0x80) continue;
        ++high;
        if (at + 1 < bytes.size() && static_cast<unsigned char>(bytes[at + 1]) >= 0x80) ++side_by_side;
    }
    if (share(side_by_side, high) < 0.5) return;
    for (const char* encoding : {"CP1251", "KOI8-R", "IBM866", "ISO-8859-5", "CP1253", "CP1255", "CP1256", "CP874"}) {
        const Census census = census_of(decode_as(bytes, encoding).text);
        const std::string_view name = encoding;
        const double damage = share(census.odd, census.all) + 2 * share(census.case_breaks, census.all);
        double script = 0;
        if (name == "CP1253") script = share(census.greek, census.all) * 0.8;
        else if (name == "CP1255") script = share(census.hebrew, census.all) * 0.85;
        else if (name == "CP1256") script = share(census.arabic, census.all) * 0.7;
        else if (name == "CP874") script = share(census.thai, census.all) * 0.7;
        else script = 0.5 * share(census.cyrillic, census.all) + 0.5 * std::min(1.0, share(census.frequent, census.cyrillic) * 2);
        consider(best, encoding, script - damage);
    }
}

}  // namespace

std::string guess_encoding(std::string_view bytes) {
    bytes = bytes.substr(0, k_looked_at);
    // A cut within a character at the end would look like a fault.
    while (bytes.size() == k_looked_at && !bytes.empty() && static_cast<unsigned char>(bytes.back()) >= 0x80) bytes.remove_suffix(1);
    Guess best{"CP1252", 0.5};
    consider_east_asian(best, bytes);
    if (best.confidence < 0.85) consider_alphabets(best, bytes);
    return best.encoding;
}

}  // namespace agg
