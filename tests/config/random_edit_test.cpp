// Random files, random edits, one oracle: every piece of the file that an edit does not concern is there afterwards,
// byte for byte.
#include <random>

#include <catch2/catch.hpp>

#include "config/config.hpp"
#include "config/edit.hpp"

using namespace agg;
using namespace agg::config;

namespace {

// A file as pieces with blank lines between them; a piece is a feed with what belongs to it, or anything else.
struct File {
    struct Piece {
        std::string text;
        std::string feed;  // its name; empty: another piece
    };
    std::vector<Piece> pieces;
    std::vector<std::size_t> blank_lines;  // before each piece, and after the last
    std::string line_end;

    [[nodiscard]] std::string text(std::size_t from, std::size_t to) const {
        std::string out;
        for (std::size_t i = from; i < to; ++i) {
            if (i > from) out += blanks(blank_lines[i]);
            out += pieces[i].text;
        }
        return out;
    }
    [[nodiscard]] std::string blanks(std::size_t count) const {
        std::string out;
        while (count-- > 0) out += line_end;
        return out;
    }
    [[nodiscard]] std::string text() const {
        return blanks(blank_lines.front()) + text(0, pieces.size()) + blanks(blank_lines.back());
    }
};

class Generator {
  public:
    explicit Generator(unsigned seed) : random_(seed) {}

    bool chance(int percent) { return std::uniform_int_distribution(1, 100)(random_) <= percent; }
    std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_); }

    File file() {
        File file;
        file.line_end = chance(30) ? "\r\n" : "\n";
        const std::size_t count = 1 + below(8);
        bool needs_blank = false;
        file.blank_lines.push_back(chance(20) ? 1 : 0);
        for (std::size_t i = 0; i < count; ++i) {
            const bool is_feed = chance(75);
            const bool trailing_comment = chance(20);
            std::string text = is_feed ? feed(i, trailing_comment) : other(i);
            if (i > 0) file.blank_lines.push_back(needs_blank || !is_feed ? 1 + below(2) : below(3));
            needs_blank = !is_feed || trailing_comment;
            for (std::size_t at = 0; file.line_end == "\r\n" && (at = text.find('\n', at)) != std::string::npos;
                 at += 2)
                text.replace(at, 1, "\r\n");
            file.pieces.push_back({text, is_feed ? name(i) : ""});
        }
        file.blank_lines.push_back(chance(20) ? 1 + below(2) : 0);
        return file;
    }

  private:
    static std::string name(std::size_t i) {
        return i % 3 == 1 ? "feed." + std::to_string(i) : "feed-" + std::to_string(i);
    }

    std::string pick(std::initializer_list<const char*> choices) { return *(choices.begin() + below(choices.size())); }

    std::string feed(std::size_t i, bool trailing_comment) {
        std::string out;
        while (chance(30))
            out += pick({"# Comment\n", "  # [feed.other]\n", "#\n", "# url = \"x\"\n", "# Комментарий\n"});
        const std::string key = i % 3 == 1 ? "\"" + name(i) + "\"" : pick({"", "'"});
        const std::string written = i % 3 == 1 ? key : key + name(i) + key;
        out += pick({"[feed.", "[ feed . ", "  [feed.", "[\"feed\"."}) + written +
               pick({"]\n", " ]\n", "] # mine\n", "]  \n"});
        if (chance(20)) out += pick({"\n", "# inside\n", "\n\n# inside\n\n"});
        if (chance(30))
            out += pick({"tags = [\"a\", \"[feed.x]\"]\n", "tags = [\n  # ]\n  \"a\",\n\n  'b',\n]\n", "tags=[]\n",
                         "tags = [ # it is [\"\"\"\n'b' ]\n"});
        if (chance(30))
            out += pick({"title = \"# no comment\"\n", "title = '\\'\n", "title = \"\"\"\\\n  [feed.x]\"\"\" # x\n",
                         "title = '''a''b'''\n"});
        out += "url" + pick({" = ", "=", "   = "}) + "\"https://example.org/" + std::to_string(i) + "#\"" +
               pick({"\n", " # [feed.y]\n"});
        if (chance(20)) out += "paused = true\n";
        if (trailing_comment) out += pick({"# interval = \"1h\"\n", "# a\n# b\n"});
        return out;
    }

    std::string other(std::size_t i) {
        switch (i) {
            case 0: return "# My feeds\n\n[serve]\nunix = \"/run/a.sock\" # here\n";
            case 1: return "[store]\npath = '/x/[feed.feed-0].db'\n";
            case 2: return "# [feed.feed-2]\n# url = \"x\"\n\n[defaults]\ninterval = \"1h\"\n";
            default: return "# Section " + std::to_string(i) + "\n";
        }
    }

    std::mt19937 random_;
};

std::vector<Feed> feeds_of(const std::string& text) {
    const auto config = parse_config(text, "feeds.conf");
    if (!config) FAIL(to_string(config.error()) + "\n" + text);
    return config->feeds;
}

// The blank lines that stay where piece `at` was.
std::size_t blank_lines_left(const File& file, std::size_t at) {
    const std::size_t before = file.blank_lines[at];
    const std::size_t after = file.blank_lines[at + 1];
    if (at == 0) return 0;
    if (at + 1 == file.pieces.size()) return before + after - std::min<std::size_t>(before, 1);
    return std::max(before, after);
}

}  // namespace

TEST_CASE("random edits touch nothing but what they concern") {
    const unsigned first_seed = std::random_device{}();
    for (unsigned seed = first_seed; seed != first_seed + 2000; ++seed) {
        Generator generator(seed);
        const File file = generator.file();
        std::string text = file.text();
        const bool cut = generator.chance(20) && file.blank_lines.back() == 0;
        if (cut) text.resize(text.size() - file.line_end.size());
        CAPTURE(seed, text);
        const std::vector<Feed> feeds = feeds_of(text);

        for (std::size_t at = 0; at < file.pieces.size(); ++at) {
            if (file.pieces[at].feed.empty()) continue;
            const auto result = without_feed(text, file.pieces[at].feed);
            if (!result) FAIL(result.error().message);
            const bool is_last = at + 1 == file.pieces.size();
            std::string expected = at > 0 ? file.blanks(file.blank_lines.front()) + file.text(0, at) : "";
            expected += file.blanks(blank_lines_left(file, at));
            if (!is_last) expected += file.text(at + 1, file.pieces.size()) + file.blanks(file.blank_lines.back());
            if (cut && !is_last) expected.resize(expected.size() - file.line_end.size());
            std::string shown = *result;
            if (at == 0) {
                // Blank lines above the first piece or below the only one are nobody's.
                shown.erase(0, std::min(shown.find_first_not_of("\r\n"), shown.size()));
                expected.erase(0, std::min(expected.find_first_not_of("\r\n"), expected.size()));
            }
            if (shown != expected) {
                CAPTURE(file.pieces[at].feed);
                CHECK(shown == expected);
                return;
            }
            std::vector<Feed> others = feeds;
            std::erase_if(others, [&](const Feed& feed) { return feed.name == file.pieces[at].feed; });
            REQUIRE(feeds_of(*result) == others);
        }

        for (const File::Piece& piece : file.pieces) {
            if (piece.feed.empty()) continue;
            const auto set = [&](const std::string& before, const Setting& setting) {
                const auto result = with_settings(before, piece.feed, {setting});
                if (!result) FAIL(piece.feed + ": " + result.error().message);
                return *result;
            };
            // A key that was not there, and out again: in a file that ends in the middle of a line its end is made up.
            const std::string slower = set(text, {"interval", "3h"});
            REQUIRE(slower.size() > text.size());
            const std::string back = set(slower, {"interval", ""});
            REQUIRE((back == text || (cut && back == text + file.line_end)));
            // A value that was there: nothing but its own bytes, and back again.
            const std::vector<Feed> old_feeds = feeds_of(text);
            const auto old = std::find_if(old_feeds.begin(), old_feeds.end(),
                                          [&](const Feed& feed) { return feed.name == piece.feed; });
            const std::string moved = set(text, {"url", "https://moved.example/\"\\"});
            const auto same = std::mismatch(text.begin(), text.end(), moved.begin(), moved.end());
            REQUIRE(text.substr(static_cast<std::size_t>(same.first - text.begin())).starts_with("example.org/"));
            REQUIRE(set(moved, {"url", old->url}) == text);
            std::vector<Feed> expected = old_feeds;
            expected[static_cast<std::size_t>(old - old_feeds.begin())].url = "https://moved.example/\"\\";
            REQUIRE(feeds_of(moved) == expected);
        }

        const auto longer =
            with_feed(text, {"new.one", "https://new.example/?a=\"b\"", "Новый \\ \"one\"", {"x y", "z"}, "2h"});
        if (!longer) FAIL(longer.error().message);
        REQUIRE(longer->starts_with(text));
        const std::vector<Feed> more = feeds_of(*longer);
        REQUIRE(more.size() == feeds.size() + 1);
        REQUIRE(std::equal(feeds.begin(), feeds.end(), more.begin()));
        REQUIRE(more.back().title == "Новый \\ \"one\"");
        const auto undone = without_feed(*longer, "new.one");
        if (!undone) FAIL(undone.error().message);
        REQUIRE(*undone == text + (cut ? file.line_end : ""));
    }
}
