// Text in words, exactly as the full-text index has them: what a rule matches is what a search finds.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace SQLite {
class Database;
}

namespace agg::store {

// For one thread at a time; `database` must outlive it.
class Tokenizer {
  public:
    // Throws when SQLite has no FTS5.
    explicit Tokenizer(SQLite::Database& database);
    ~Tokenizer();
    Tokenizer(Tokenizer&&) noexcept;
    Tokenizer& operator=(Tokenizer&&) noexcept;

    // Appends the words of `text`, folded, each followed by a space. It has gone through append_search_text or
    // append_search_html.
    void append_words(std::string& out, std::string_view text);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace agg::store
