#include "store/tokenizer.hpp"

#include <array>
#include <stdexcept>

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

namespace agg::store {
namespace {

// https://www.sqlite.org/fts5.html#extending_fts5
fts5_api* api_of(SQLite::Database& database) {
    fts5_api* api = nullptr;
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(database.getHandle(), "SELECT fts5(?1)", -1, &statement, nullptr) == SQLITE_OK) {
        sqlite3_bind_pointer(statement, 1, static_cast<void*>(&api), "fts5_api_ptr", nullptr);
        sqlite3_step(statement);
    }
    sqlite3_finalize(statement);
    return api;
}

int append_word(void* context, int, const char* word, int size, int, int) {
    static_cast<std::string*>(context)->append(word, static_cast<std::size_t>(size)) += ' ';
    return SQLITE_OK;
}

}  // namespace

struct Tokenizer::Impl {
    fts5_tokenizer kind{};
    Fts5Tokenizer* made = nullptr;

    explicit Impl(SQLite::Database& database) {
        fts5_api* api = api_of(database);
        void* context = nullptr;
        // As the table `search` is made in schema.cpp.
        std::array<const char*, 2> arguments = {"remove_diacritics", "2"};
        if (api == nullptr || api->xFindTokenizer(api, "unicode61", &context, &kind) != SQLITE_OK ||
            kind.xCreate(context, arguments.data(), static_cast<int>(arguments.size()), &made) != SQLITE_OK)
            throw std::runtime_error("this SQLite has no full-text index (FTS5)");
    }
    ~Impl() { kind.xDelete(made); }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
};

Tokenizer::Tokenizer(SQLite::Database& database) : impl_(std::make_unique<Impl>(database)) {}
Tokenizer::~Tokenizer() = default;
Tokenizer::Tokenizer(Tokenizer&&) noexcept = default;
Tokenizer& Tokenizer::operator=(Tokenizer&&) noexcept = default;

void Tokenizer::append_words(std::string& out, std::string_view text) {
    if (impl_->kind.xTokenize(impl_->made, &out, FTS5_TOKENIZE_DOCUMENT, text.data(), static_cast<int>(text.size()),
                              append_word) != SQLITE_OK)
        throw std::runtime_error("SQLite could not take a text apart into words");
}

}  // namespace agg::store
