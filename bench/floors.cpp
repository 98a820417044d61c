// What the parts alone can do, beside which aggd is measured: each work with nothing but the library that does it.
//
//     bench_floors fetch URLS          every URL once, then once more with the validators that came
//     bench_floors parse FOLDER        every document of the folder loaded
//     bench_floors store DATABASE NEW  the rows of a database of aggd inserted into a new one of the same shape, then
//                                      its texts into a full-text index of the same shape
//
// Prints the seconds of CPU that each part took, a name and a number a line: "parse" five times, the first one cold.
// What is read beforehand does not count.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <pugixml.hpp>

#include "bare_libcurl.hpp"
#include "cpu_time.hpp"
#include "store/packed_text.hpp"

namespace {

using namespace agg::bench;

template <typename Work>
void measured(const char* name, const Work& work) {
    const double begin = cpu_seconds();
    work();
    std::printf("%s %.6f\n", name, cpu_seconds() - begin);
}

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path.string());
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// ---- fetch: the first round brings every document, the second a 304 for each.
void fetch(const std::string& list) {
    std::vector<std::string> urls;
    std::ifstream lines(list);
    for (std::string line; std::getline(lines, line);) urls.push_back(line);
    BareLibcurl bare;
    measured("changed", [&] { bare.fetch(urls, 200); });
    measured("quiet", [&] { bare.fetch(urls, 304); });
}

// ---- parse: pugixml with its default options, on a copy of the bytes as anybody needs who does not own them.
void parse(const std::string& folder) {
    std::vector<std::string> documents;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) documents.push_back(read_file(entry.path()));
    for (int round = 0; round < 5; ++round) {
        measured("parse", [&] {
            for (const std::string& bytes : documents) {
                pugi::xml_document document;
                if (!document.load_buffer(bytes.data(), bytes.size()))
                    throw std::runtime_error("a document is not XML");
            }
        });
    }
}

// ---- store: the same rows, tables and indexes, one prepared statement for each table, a transaction every k_batch.
constexpr std::size_t k_batch = 12'000;

using Value = std::variant<std::monostate, std::int64_t, std::string, std::vector<char>>;

struct Table {
    std::string name;
    int columns = 0;
    std::vector<Value> values;  // row by row
};

Value read(const SQLite::Column& column) {
    if (column.isInteger()) return column.getInt64();
    if (column.isText()) return column.getString();
    if (column.isBlob()) {
        const auto* bytes = static_cast<const char*>(column.getBlob());
        return std::vector<char>(bytes, bytes + column.getBytes());
    }
    return {};
}

void bind(SQLite::Statement& row, int position, const Value& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) row.bind(position, *number);
    if (const auto* text = std::get_if<std::string>(&value)) row.bindNoCopy(position, *text);
    if (const auto* bytes = std::get_if<std::vector<char>>(&value))
        row.bindNoCopy(position, bytes->data(), static_cast<int>(bytes->size()));
}

Table read_table(SQLite::Database& database, const std::string& name, const std::string& query) {
    SQLite::Statement rows(database, query);
    Table table{.name = name, .columns = rows.getColumnCount(), .values = {}};
    while (rows.executeStep())
        for (int column = 0; column < table.columns; ++column) table.values.push_back(read(rows.getColumn(column)));
    return table;
}

std::size_t rows_of(const Table& table) { return table.values.size() / static_cast<std::size_t>(table.columns); }

// Rows of all tables go in side by side, as an item's do: that of each table which is as far in its own.
void insert(SQLite::Database& database, const std::vector<Table>& tables) {
    std::vector<SQLite::Statement> statements;
    std::size_t most = 0;
    for (const Table& table : tables) {
        std::string places = "?";
        for (int column = 1; column < table.columns; ++column) places += ", ?";
        statements.emplace_back(database, fmt::format("INSERT INTO {} VALUES ({})", table.name, places));
        most = std::max(most, rows_of(table));
    }
    for (std::size_t begin = 0; begin < most; begin += k_batch) {
        SQLite::Transaction transaction(database);
        for (std::size_t step = begin; step < std::min(begin + k_batch, most); ++step) {
            for (std::size_t n = 0; n < tables.size(); ++n) {
                const Table& table = tables[n];
                const std::size_t rows = rows_of(table), columns = static_cast<std::size_t>(table.columns);
                for (std::size_t row = step * rows / most; row < (step + 1) * rows / most; ++row) {
                    for (std::size_t column = 0; column < columns; ++column)
                        bind(statements[n], static_cast<int>(column) + 1, table.values[row * columns + column]);
                    statements[n].exec();
                    statements[n].reset();
                }
            }
        }
        transaction.commit();
    }
}

std::string without_tags(const std::string& html) {
    std::string text;
    bool in_tag = false;
    for (const char c : html) {
        if (c == '<') in_tag = true;
        if (!in_tag) text += c;
        if (c == '>') in_tag = false;
    }
    return text;
}

void index(SQLite::Database& database, const std::vector<std::string>& texts) {
    database.exec(
        "CREATE VIRTUAL TABLE bare_search USING fts5(body, content = '', tokenize = 'unicode61 remove_diacritics 2')");
    SQLite::Statement add(database, "INSERT INTO bare_search (rowid, body) VALUES (?, ?)");
    for (std::size_t begin = 0; begin < texts.size(); begin += k_batch) {
        SQLite::Transaction transaction(database);
        for (std::size_t n = begin; n < std::min(begin + k_batch, texts.size()); ++n) {
            add.bind(1, static_cast<std::int64_t>(n + 1));
            add.bindNoCopy(2, texts[n]);
            add.exec();
            add.reset();
        }
        transaction.commit();
    }
}

void store(const std::string& from, const std::string& to) {
    SQLite::Database source(from, SQLite::OPEN_READONLY);
    SQLite::Database target(to, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    target.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = OFF");
    std::vector<Table> tables;
    {
        // Without triggers: what they write is inserted as rows.
        SQLite::Statement shape(source,
                                "SELECT type, name, sql FROM sqlite_schema WHERE sql NOT NULL AND type <> 'trigger'"
                                " AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_%' ORDER BY type = 'index'");
        while (shape.executeStep()) {
            const std::string name = shape.getColumn(1).getString(), sql = shape.getColumn(2).getString();
            if (sql.starts_with("CREATE VIRTUAL")) continue;
            target.exec(sql);
            // In the order of arrival, which is not that of every primary key.
            const bool by_story = name == "story_feed";
            if (shape.getColumn(0).getString() == "table")
                tables.push_back(read_table(
                    source, name, fmt::format("SELECT * FROM {}{}", name, by_story ? " ORDER BY story_id" : "")));
        }
    }
    measured("store", [&] { insert(target, tables); });
    std::vector<std::string> texts;
    for (SQLite::Statement rows(
             source,
             "SELECT title, summary_html, content_html FROM item JOIN item_body ON item_body.item_id = item.id");
         rows.executeStep();)
        texts.push_back(rows.getColumn(0).getString() + "\n" +
                        without_tags(agg::store::read_packed(rows.getColumn(1))) + "\n" +
                        without_tags(agg::store::read_packed(rows.getColumn(2))));
    measured("search", [&] { index(target, texts); });
}

}  // namespace

int main(int count, char** arguments) {
    const std::string work = count > 2 ? arguments[1] : "";
    try {
        if (work == "fetch") return fetch(arguments[2]), 0;
        if (work == "parse") return parse(arguments[2]), 0;
        if (work == "store" && count > 3) return store(arguments[2], arguments[3]), 0;
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "bench_floors: %s\n", failure.what());
        return 1;
    }
    std::fputs("usage: bench_floors fetch URLS | parse FOLDER | store DATABASE NEW\n", stderr);
    return 2;
}
