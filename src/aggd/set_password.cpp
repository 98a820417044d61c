// Control: the account that readers on TCP sign in with.
#include "aggd/control.hpp"
#include "serve/password.hpp"

namespace agg::aggd {

Task<Result<void>> Control::set_password(std::string user, std::string password) {
    std::optional<store::Account> account;
    if (!password.empty()) {
        auto hash = [password = std::move(password)] { return serve::hash_password(password); };
        std::string hashed = co_await run_on(parts_.workers, std::move(hash));
        account = store::Account{std::move(user), std::move(hashed), serve::random_token()};
    }
    auto work = [&writer = parts_.writer, account] {
        writer.set_account(account);
        return true;
    };
    try {
        (void)co_await parts_.commits.run(std::move(work));
    } catch (const std::exception& failure) {
        co_return fail(ErrorKind::storage, "the database did not take the password: {}", failure.what());
    }
    if (account)
        log::info("readers on TCP sign in as {}", account->user);
    else
        log::info("nobody can sign in on TCP any more");
    parts_.sign_in.use(std::move(account));
    co_return Result<void>{};
}

}  // namespace agg::aggd
