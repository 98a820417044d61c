#include "store/packed_text.hpp"

#include <catch2/catch.hpp>

#include "samples.hpp"

using namespace agg::test;
using namespace agg;

namespace {

struct Cell {
    SQLite::Database database{":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};

    Cell() { database.exec("CREATE TABLE cell (value TEXT NOT NULL)"); }
    void put(const std::string& text) {
        SQLite::Statement row(database, "INSERT INTO cell VALUES (?)");
        store::bind(row, 1, store::pack(text));
        row.exec();
    }
    std::string get() {
        SQLite::Statement row(database, "SELECT value FROM cell");
        row.executeStep();
        return store::read_packed(row.getColumn(0));
    }
    std::int64_t number(const char* sql) { return database.execAndGet(sql).getInt64(); }
};

}  // namespace

TEST_CASE("every text comes back byte for byte, whether it was packed or not") {
    std::string repeated;
    for (int i = 0; i < 500; ++i) repeated += "<p>Дождь в Алматы, 雨, مطر.</p>";
    for (const std::string& text :
         {std::string(), std::string("short"), repeated, noise(100'000, 1), std::string("with\0zero", 9) + repeated,
          std::string(127, 'x'), std::string(128, 'x')}) {
        Cell cell;
        cell.put(text);
        CHECK(cell.get() == text);
    }
}

TEST_CASE("a long text takes less room than it has bytes, and never more") {
    for (const std::string& text : {std::string(10'000, 'x'), noise(10'000, 2)}) {
        Cell cell;
        cell.put(text);
        CHECK(cell.number("SELECT length(CAST(value AS BLOB)) FROM cell") < 10'000);
        CHECK(cell.database.execAndGet("SELECT typeof(value) FROM cell").getString() == "blob");
    }
    Cell cell;
    cell.put("Rain in Almaty");
    CHECK(cell.database.execAndGet("SELECT typeof(value) FROM cell").getString() == "text");
}

TEST_CASE("a damaged packed text is an error, never another text") {
    Cell cell;
    cell.put(std::string(10'000, 'x') + noise(500, 3));
    cell.database.exec("UPDATE cell SET value = substr(value, 1, 40)");
    CHECK_THROWS_WITH(cell.get(), Catch::Contains("damaged"));
    cell.database.exec("UPDATE cell SET value = x'00112233'");
    CHECK_THROWS_WITH(cell.get(), Catch::Contains("damaged"));
}
