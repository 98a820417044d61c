// The account that readers on TCP sign in with: one user, set by `aggctl passwd`.
#pragma once

#include <optional>
#include <string>

namespace SQLite {
class Database;
}

namespace agg::store {

struct Account {
    std::string user;
    std::string password_hash;  // as crypt(3) writes it
    std::string token;          // what readers send once they have signed in; another one with every new password
};

[[nodiscard]] std::optional<Account> read_account(SQLite::Database& database);

// Replaces the account; absent: nobody can sign in.
void write_account(SQLite::Database& database, const std::optional<Account>& account);

}  // namespace agg::store
