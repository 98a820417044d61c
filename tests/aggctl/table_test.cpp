#include "aggctl/table.hpp"

#include <catch2/catch.hpp>

using namespace agg::aggctl;

namespace {

Table feeds() {
    Table table({{"FEED", Align::left, Fit::shrink}, {"ITEMS", Align::right}, {"TITLE", Align::left, Fit::shrink}});
    table.add({{"bbc-news"}, {"1,204"}, {"BBC News"}});
    table.add({{"xinhua"}, {"7"}, {"新华网国际新闻"}});
    table.add({{"meduza"}, {"33"}, {"Медуза"}});
    return table;
}

}  // namespace

TEST_CASE("a text is as wide as it looks, whatever its bytes") {
    struct Row {
        std::string text;
        std::size_t width;
    };
    const auto row = GENERATE(values<Row>({
        {"abc", 3},
        {"Медуза", 6},
        {"新华网", 6},
        {"한국", 4},
        {"e\xCC\x81", 1},  // a combining accent
        {"🙂", 2},
        {"", 0},
    }));
    CHECK(display_width(row.text) == row.width);
}

TEST_CASE("what is too wide is cut between characters and says so") {
    CHECK(cut_to_width("Медуза", 6) == "Медуза");
    CHECK(cut_to_width("Медуза", 4) == "Мед…");
    CHECK(cut_to_width("新华网", 5) == "新华…");
    CHECK(cut_to_width("新华网", 4) == "新…");
    CHECK(cut_to_width("BBC News", 5) == "BBC…");
    CHECK(cut_to_width("abc", 0) == "");
}

TEST_CASE("nothing a feed says is obeyed by the terminal") {
    CHECK(printable("a\x1b[31mb\x07") == "a\xEF\xBF\xBD[31mb\xEF\xBF\xBD");
    CHECK(printable("a\n\tb") == "a  b");
    CHECK(printable("\xC2\x9B"
                    "31m") ==
          "\xEF\xBF\xBD"
          "31m");
    CHECK(printable("abc\xE2\x80\xAE"
                    "def") == "abcdef");
    CHECK(printable("bad\xFF"
                    "byte") ==
          "bad\xEF\xBF\xBD"
          "byte");
}

TEST_CASE("numbers stand right, words left, and no line ends in spaces") {
    CHECK(feeds().text(0, Color::off, Table::Header::yes) ==
          "FEED      ITEMS  TITLE\n"
          "bbc-news  1,204  BBC News\n"
          "xinhua        7  新华网国际新闻\n"
          "meduza       33  Медуза\n");
}

TEST_CASE("a table fits the terminal by cutting its widest columns that may be cut") {
    CHECK(feeds().text(27, Color::off, Table::Header::yes) ==
          "FEED      ITEMS  TITLE\n"
          "bbc-news  1,204  BBC News\n"
          "xinhua        7  新华网国…\n"
          "meduza       33  Медуза\n");
}

TEST_CASE("a table without header is as wide as its rows") {
    Table table({{"A LONG HEADER"}, {"X"}});
    table.add({{"a"}, {"b"}});
    CHECK(table.text(0, Color::off, Table::Header::no) == "a  b\n");
}

TEST_CASE("an empty last cell leaves no trailing spaces") {
    Table table({{"A"}, {"B"}});
    table.add({{"x"}, {""}});
    CHECK(table.text(0, Color::off, Table::Header::no) == "x\n");
}

TEST_CASE("colours do not change the alignment") {
    Table table({{"STATE"}, {"N", Align::right}});
    table.add({{"fine", Style::good}, {"1"}});
    table.add({{"failing", Style::bad}, {"10"}});
    CHECK(table.text(0, Color::on, Table::Header::no) == "\x1b[32mfine\x1b[0m      1\n\x1b[31mfailing\x1b[0m  10\n");
}
