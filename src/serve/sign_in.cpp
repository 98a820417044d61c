#include "serve/sign_in.hpp"

#include <algorithm>

#include "serve/password.hpp"

namespace agg::serve {
namespace {

constexpr unsigned k_free_attempts = 5;
constexpr std::chrono::seconds k_longest_wait{300};
constexpr std::size_t k_most_sessions = 100;

}  // namespace

std::optional<TimePoint> Attempts::blocked_until(TimePoint now) const {
    if (wrong_ < k_free_attempts) return std::nullopt;
    const unsigned doublings = std::min(wrong_ - k_free_attempts, 10U);
    const TimePoint until = last_ + std::min(std::chrono::seconds{2 << doublings}, k_longest_wait);
    return now < until ? std::optional{until} : std::nullopt;
}

void Attempts::begin(TimePoint now) {
    ++wrong_;
    last_ = now;
}

SignIn::SignIn(asio::thread_pool& pool) : pool_(pool), form_token_(random_token()) {}

void SignIn::use(std::optional<store::Account> account) {
    account_ = std::move(account);
    sessions_.clear();
}

Task<Result<std::string>> SignIn::sign_in(std::string user, std::string password, TimePoint now) {
    if (!account_)
        co_return fail(ErrorKind::forbidden, "Nobody can sign in yet: set a password with `aggctl passwd USER`.");
    if (const auto until = attempts_.blocked_until(now))
        co_return fail(ErrorKind::unavailable, "Too many wrong passwords; try again at {}.", to_rfc3339(*until));
    attempts_.begin(now);
    const store::Account account = *account_;
    // The password is hashed for a wrong user as well: the time tells nothing.
    auto check = [password = std::move(password), hash = account.password_hash] { return is_password(password, hash); };
    const bool is_right = co_await run_on(pool_, std::move(check));
    // Another password may have been set meanwhile.
    const bool is_current = account_ && account_->password_hash == account.password_hash;
    if (!equals_in_constant_time(user, account.user) || !is_right || !is_current)
        co_return fail(ErrorKind::forbidden, "The user or the password is wrong.");
    attempts_.succeed();
    co_return account.token;
}

bool SignIn::is_token(std::string_view token) const {
    return account_ && equals_in_constant_time(token, account_->token);
}

std::string SignIn::begin_session() {
    if (sessions_.size() == k_most_sessions) sessions_.pop_front();
    return sessions_.emplace_back(random_token());
}

bool SignIn::is_session(std::string_view session) const {
    return std::any_of(sessions_.begin(), sessions_.end(),
                       [&](const std::string& one) { return equals_in_constant_time(one, session); });
}

void SignIn::end_session(std::string_view session) {
    std::erase_if(sessions_, [&](const std::string& one) { return equals_in_constant_time(one, session); });
}

}  // namespace agg::serve
