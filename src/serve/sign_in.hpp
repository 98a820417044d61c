// Who may read and change over TCP: the account of `aggctl passwd`, and how often a password may be tried.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "base/async.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "store/account.hpp"

namespace agg::serve {

// How long a password may not be tried any more after wrong ones: five are free, then the wait doubles from 2 s to 5
// min. Pure.
class Attempts {
  public:
    // When the next attempt may be made; absent: now.
    [[nodiscard]] std::optional<TimePoint> blocked_until(TimePoint now) const;
    // An attempt begins. It counts as wrong until it is known to be right, so that many at once gain nothing.
    void begin(TimePoint now);
    void succeed() { wrong_ = 0; }

  private:
    unsigned wrong_ = 0;  // in a row
    TimePoint last_{};
};

// Lives on the io thread; passwords are checked on `pool`.
class SignIn {
  public:
    explicit SignIn(asio::thread_pool& pool);

    // Ends all sessions: who signed in did so with another password.
    void use(std::optional<store::Account> account);
    [[nodiscard]] bool is_set_up() const { return account_.has_value(); }
    [[nodiscard]] std::string user() const { return account_ ? account_->user : std::string(); }

    // The token of the account whose user and password these are. Fails with `forbidden`; with `unavailable` when too
    // many were wrong, the message says until when.
    [[nodiscard]] Task<Result<std::string>> sign_in(std::string user, std::string password, TimePoint now);

    [[nodiscard]] bool is_token(std::string_view token) const;

    // The sessions of browsers, for whoever has signed in: the cookie of a new one, whether one goes on, and its end.
    // They are kept in memory; the oldest ends when there are too many.
    [[nodiscard]] std::string begin_session();
    [[nodiscard]] bool is_session(std::string_view session) const;
    void end_session(std::string_view session);

    // What a form of our own pages carries, and a form of another's cannot: another in each process.
    [[nodiscard]] const std::string& form_token() const { return form_token_; }

  private:
    asio::thread_pool& pool_;
    std::optional<store::Account> account_;
    Attempts attempts_;
    std::deque<std::string> sessions_;
    std::string form_token_;
};

}  // namespace agg::serve
