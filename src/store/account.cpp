#include "store/account.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace agg::store {
namespace {

constexpr const char* k_user = "account_user";
constexpr const char* k_hash = "account_password_hash";
constexpr const char* k_token = "account_token";

std::string read(SQLite::Database& database, const char* name) {
    SQLite::Statement row(database, "SELECT value FROM meta WHERE name = ?");
    row.bind(1, name);
    return row.executeStep() ? row.getColumn(0).getString() : std::string();
}

}  // namespace

std::optional<Account> read_account(SQLite::Database& database) {
    Account account{read(database, k_user), read(database, k_hash), read(database, k_token)};
    if (account.user.empty() || account.password_hash.empty() || account.token.empty()) return std::nullopt;
    return account;
}

void write_account(SQLite::Database& database, const std::optional<Account>& account) {
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    SQLite::Statement forget(database, "DELETE FROM meta WHERE name IN (?, ?, ?)");
    forget.bind(1, k_user);
    forget.bind(2, k_hash);
    forget.bind(3, k_token);
    forget.exec();
    const auto write = [&](const char* name, const std::string& value) {
        SQLite::Statement insert(database, "INSERT INTO meta (name, value) VALUES (?, ?)");
        insert.bind(1, name);
        insert.bind(2, value);
        insert.exec();
    };
    if (account) {
        write(k_user, account->user);
        write(k_hash, account->password_hash);
        write(k_token, account->token);
    }
    transaction.commit();
}

}  // namespace agg::store
