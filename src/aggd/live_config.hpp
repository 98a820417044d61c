// feeds.conf as it is in force: loaded, edited, and brought into step with the database's subscriptions and the poller.
#pragma once

#include <functional>
#include <string>

#include "aggd/async_mutex.hpp"
#include "aggd/commit_queue.hpp"
#include "aggd/polls.hpp"
#include "aggd/subscriptions.hpp"
#include "config/config.hpp"
#include "fetch/client.hpp"
#include "fetch/poller.hpp"
#include "serve/admin.hpp"

namespace agg::aggd {

// What the fetcher needs of the configuration, of the files of passwords that it names, and of the environment's
// proxies. Fails as fetch::Credentials::read does, or with `invalid` when something else cannot be read or a feed's own
// file of passwords has none for its host; the message says what to mend. Blocks.
[[nodiscard]] Result<fetch::ClientSettings> client_settings(const config::Config& config);

// What changes when `after` is put in force instead of `before`.
[[nodiscard]] serve::ReloadReport differences(const config::Config& before, const config::Config& after);

class LiveConfig {
  public:
    struct Parts {
        asio::thread_pool& workers;
        store::Writer& writer;
        CommitQueue& commits;
        Subscriptions& subscriptions;
        fetch::Client& client;
        fetch::Poller& poller;
        fetch::Hosts& hosts;
        Polls& polls;
        std::function<void(std::uint64_t generation)> committed;  // on the io thread
        std::function<void()> applied;                            // config() is another one; before `committed`
    };

    // `file` was loaded as `config`. Nothing is in force before apply_first().
    LiveConfig(asio::any_io_executor executor, std::string file, config::Config config, Parts parts);

    // Puts the configuration that was loaded first in force. Fails with `storage` when the database does not take it.
    [[nodiscard]] Task<Result<void>> apply_first();

    // Reads the file anew and puts it in force. A file with an error changes nothing: fails with `invalid` and all its
    // problems. Either is logged, and told to the service manager.
    [[nodiscard]] Task<Result<serve::ReloadReport>> reload();

    // Changes the file by `change` (old text to new) and puts the result in force. The feed named `unscheduled` stays
    // out of the poller: the caller has its first answer already. Fails as `change` fails, or as the file cannot be
    // replaced; nothing has changed then.
    [[nodiscard]] Task<Result<void>> edit(std::function<Result<std::string>(std::string_view)> change,
                                          std::string unscheduled);

    // What reload() would change; fails as it would.
    [[nodiscard]] Task<Result<serve::ReloadReport>> preview();

    // Calls `change` with the file's text as edit() would, and changes nothing.
    [[nodiscard]] Task<Result<void>> try_edit(std::function<Result<std::string>(std::string_view)> change);

    // True when the file holds another text than the one that is in force.
    [[nodiscard]] Task<bool> is_behind_its_file();

    // Forgets a feed that is not in the file any more, and what only it told. False when the database did not do it,
    // which is logged.
    [[nodiscard]] Task<bool> purge(FeedId feed);

    // Tells the poller when a feed is due, as the subscription remembers it.
    void schedule(const Subscription& subscription);

    // Where a feed is polled.
    [[nodiscard]] fetch::HostOfFeed host_of(const Subscription& subscription) const;

    [[nodiscard]] const std::string& file() const { return file_; }
    [[nodiscard]] const config::Config& config() const { return config_; }
    // Why the file was not taken at the last attempt; empty when it is in force.
    [[nodiscard]] const std::string& problem() const { return problem_; }

  private:
    struct Next {
        config::Config config;
        fetch::ClientSettings client_settings;
        std::string text_before, text_after;  // of an edit
    };
    [[nodiscard]] static Result<Next> prepare(config::Config config);
    [[nodiscard]] Task<Result<serve::ReloadReport>> read_anew();
    [[nodiscard]] Task<Result<serve::ReloadReport>> take(Next next, std::string unscheduled);

    std::string file_;
    config::Config config_;
    Parts parts_;
    std::string problem_;
    AsyncMutex editing_;
};

}  // namespace agg::aggd
