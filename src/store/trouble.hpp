// What is wrong with the database as a whole, and what to do about it; as opposed to a change that it does not take.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>

namespace SQLite {
class Database;
}

namespace agg::store {

// what() is a sentence that says what, where, and what to do.
class Trouble : public std::runtime_error {
  public:
    enum class Kind {
        passing,  // a full disk, a lock: the same change succeeds when that is over
        damage,   // the file itself is broken
    };
    Trouble(Kind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}

    [[nodiscard]] Kind kind() const { return kind_; }

  private:
    Kind kind_;
};

// What `failure`, thrown by work on the database at `path`, tells of it; absent: it is about that work alone.
[[nodiscard]] std::optional<Trouble> trouble_of(const std::exception& failure, const std::string& path);

// Calls `work`, which uses the database at `path`, and throws its Trouble for what that throws of it.
template <typename Work>
auto telling_trouble(const std::string& path, Work&& work) {
    try {
        return work();
    } catch (const std::exception& failure) {
        if (const auto trouble = trouble_of(failure, path)) throw Trouble(*trouble);
        throw;
    }
}

// Throws Trouble when the open file is not the one at its path any more: whatever is written to it would be lost.
void check_in_place(SQLite::Database& database);

}  // namespace agg::store
