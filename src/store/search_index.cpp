#include "store/search_index.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>

#include "store/columns.hpp"
#include "store/details.hpp"
#include "store/packed_text.hpp"
#include "store/search_text.hpp"

namespace agg::store {
namespace {

// Of one story: what stands further down is not what it is looked up by.
constexpr std::size_t k_body_bytes = 64 * 1024;

// As the index that the migrations make.
constexpr const char* k_new_index =
    "CREATE VIRTUAL TABLE IF NOT EXISTS search_new USING fts5(title, author, body, content = '', "
    "tokenize = 'unicode61 remove_diacritics 2'); "
    "INSERT INTO search_new (search_new, rank) VALUES ('hashsize', 16000000)";

constexpr std::int64_t k_worth_renewing = 1'000;  // stories that nothing leads to

struct Text {
    std::string title, author, body;
};

class Feeder {
  public:
    Feeder(SQLite::Database& database, const std::string& index)
        : database_(database),
          add_(database, "INSERT INTO " + index + " (rowid, title, author, body) VALUES (?, ?, ?, ?)") {}

    // Gives the story a new document.
    void feed(std::int64_t story) {
        const bool exists = gather(story);
        forget_document_.reset();
        forget_document_.bind(1, story);
        forget_document_.exec();
        if (!exists) return;
        name_document_.reset();
        name_document_.bind(1, story);
        name_document_.exec();
        write(database_.getLastInsertRowid());
    }

    // Writes the document that the story has.
    void write_again(std::int64_t document, std::int64_t story) {
        if (gather(story)) write(document);
    }

  private:
    void write(std::int64_t document) {
        add_.reset();
        add_.bind(1, document);
        add_.bindNoCopy(2, text_.title);
        add_.bindNoCopy(3, text_.author);
        add_.bindNoCopy(4, text_.body);
        add_.exec();
    }

    // All tellings of the story that are shown into text_, or, of a hidden one, all. False when there are none.
    bool gather(std::int64_t story) {
        text_.title.clear();
        text_.author.clear();
        text_.body.clear();
        bool any = false;
        items_.reset();
        items_.bind(1, story);
        while (items_.executeStep()) {
            any = true;
            Item item;
            from_details(read_packed(items_.getColumn(3)), item);
            append_search_text(text_.title, items_.getColumn(0).getString() + "\n");
            for (const Author& author : item.authors) append_search_text(text_.author, author.name + "\n");
            for (const std::string& category : item.categories) append_search_text(text_.body, category + "\n");
            for (const int column : {1, 2}) {
                append_search_html(text_.body, read_packed(items_.getColumn(column)), k_body_bytes);
                text_.body += '\n';
            }
        }
        return any;
    }

    SQLite::Database& database_;
    Text text_;
    SQLite::Statement items_{database_,
                             "SELECT title, summary_html, content_html, details FROM item JOIN item_body ON "
                             "item_body.item_id = item.id JOIN story ON story.id = story_id WHERE story_id = ? AND "
                             "is_dropped = is_hidden ORDER BY item.id"};
    SQLite::Statement forget_document_{database_, "DELETE FROM search_document WHERE story_id = ?"};
    SQLite::Statement name_document_{database_, "INSERT INTO search_document (story_id) VALUES (?)"};
    SQLite::Statement add_;
};

std::int64_t number(SQLite::Database& database, const char* query) { return database.execAndGet(query).getInt64(); }

bool is_worth_renewing(SQLite::Database& database) {
    if (database.tableExists("search_new")) return true;
    const std::int64_t written = number(database, "SELECT count(*) FROM search_docsize");
    const std::int64_t left = written - number(database, "SELECT count(*) FROM search_document");
    return left > k_worth_renewing && left > written / 3;
}

}  // namespace

Indexed index_pending(SQLite::Database& database, std::size_t limit) {
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    std::vector<std::int64_t> stories;
    SQLite::Statement pending(database, "SELECT story_id FROM search_pending ORDER BY story_id LIMIT ?");
    pending.bind(1, static_cast<std::int64_t>(limit));
    while (pending.executeStep()) stories.push_back(pending.getColumn(0).getInt64());
    if (stories.empty()) return {};
    pending.reset();
    {
        Feeder feeder(database, "search");
        for (const std::int64_t story : stories) feeder.feed(story);
    }
    SQLite::Statement done(database, "DELETE FROM search_pending WHERE story_id BETWEEN ? AND ?");
    done.bind(1, stories.front());
    done.bind(2, stories.back());
    done.exec();
    database.exec("UPDATE meta SET value = value + 1 WHERE name = 'marks'");
    const SQLite::Column marks = database.execAndGet("SELECT value FROM meta WHERE name = 'marks'");
    const Indexed indexed{stories.size(), from_column(marks.getInt64())};
    transaction.commit();
    return indexed;
}

bool renew_index(SQLite::Database& database, std::size_t limit) {
    if (!is_worth_renewing(database)) return false;
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    database.exec(k_new_index);
    // Documents keep their numbers, which are the order of what a search finds; the last one written tells how far it
    // is.
    SQLite::Statement rows(database, R"sql(
        SELECT id, story_id FROM search_document
        WHERE id > (SELECT ifnull(max(id), 0) FROM search_new_docsize) ORDER BY id LIMIT ?)sql");
    rows.bind(1, static_cast<std::int64_t>(limit));
    std::vector<std::pair<std::int64_t, std::int64_t>> documents;
    while (rows.executeStep()) documents.emplace_back(rows.getColumn(0).getInt64(), rows.getColumn(1).getInt64());
    rows.reset();
    {
        Feeder feeder(database, "search_new");
        for (const auto& [document, story] : documents) feeder.write_again(document, story);
    }
    const bool more = documents.size() == limit;
    if (!more) database.exec("DROP TABLE search; ALTER TABLE search_new RENAME TO search");
    transaction.commit();
    return more;
}

}  // namespace agg::store
