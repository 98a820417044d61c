#include "store/search_index.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>

#include "store/columns.hpp"
#include "store/details.hpp"
#include "store/search_text.hpp"

namespace agg::store {
namespace {

// Of one story: what stands further down is not what it is looked up by.
constexpr std::size_t k_body_bytes = 64 * 1024;

struct Text {
    std::string title, author, body;
};

class Feeder {
  public:
    explicit Feeder(SQLite::Database& database) : database_(database) {}

    void feed(std::int64_t story) {
        const bool exists = gather(story);
        forget_document_.reset();
        forget_document_.bind(1, story);
        forget_document_.exec();
        if (!exists) return;
        name_document_.reset();
        name_document_.bind(1, story);
        name_document_.exec();
        add_.reset();
        add_.bind(1, database_.getLastInsertRowid());
        add_.bindNoCopy(2, text_.title);
        add_.bindNoCopy(3, text_.author);
        add_.bindNoCopy(4, text_.body);
        add_.exec();
    }

  private:
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
            from_details(items_.getColumn(3).getString(), item);
            append_search_text(text_.title, items_.getColumn(0).getString() + "\n");
            for (const Author& author : item.authors) append_search_text(text_.author, author.name + "\n");
            for (const std::string& category : item.categories) append_search_text(text_.body, category + "\n");
            for (const int column : {1, 2}) {
                append_search_html(text_.body, items_.getColumn(column).getString(), k_body_bytes);
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
    SQLite::Statement add_{database_, "INSERT INTO search (rowid, title, author, body) VALUES (?, ?, ?, ?)"};
};

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
        Feeder feeder(database);
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

}  // namespace agg::store
