// The real aggd with a folder of its own, and the ways people reach it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "support/process.hpp"

namespace agg::test {

struct HttpAnswer {
    int status = 0;                              // 0: no answer
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;
};

class DaemonUnderTest {
  public:
    // Writes feeds.conf (with [serve] on any free port, [store], [fetch] allowing loopback, and intervals of seconds,
    // then `feeds`), and starts nothing yet. The database is in `state_folder`; empty: beside feeds.conf.
    explicit DaemonUnderTest(std::string feeds, std::string state_folder = "");

    // Starts aggd and returns when it answers on its socket.
    void start(std::map<std::string, std::string> environment = {});
    // SIGTERM, and its end.
    Finished stop();
    void kill();

    [[nodiscard]] Finished aggctl(std::vector<std::string> arguments) const;
    // Runs `aggctl refresh --wait --force`: returns when every feed has been polled since.
    void refresh() const;

    // GET (or `method`) of a path on the Unix socket, `headers` as "Name: value".
    [[nodiscard]] HttpAnswer get(const std::string& path, std::vector<std::string> headers = {},
                                 const std::string& method = "GET") const;
    // "http://127.0.0.1:PORT" of the running daemon.
    [[nodiscard]] std::string tcp_url() const;

    [[nodiscard]] std::string config_file() const { return folder_ / "feeds.conf"; }
    [[nodiscard]] std::string socket() const { return folder_ / "aggd.sock"; }
    [[nodiscard]] std::string database() const { return state_folder_ + "/aggd.db"; }
    [[nodiscard]] Process& process() { return *process_; }

    // The titles of the merged feed, newest first.
    [[nodiscard]] std::vector<std::string> titles() const;

  private:
    TemporaryFolder folder_;
    std::string state_folder_;
    std::unique_ptr<Process> process_;
};

// GET of any URL, over `unix_socket` unless that is empty.
[[nodiscard]] HttpAnswer http(const std::string& url, std::vector<std::string> headers = {},
                              const std::string& unix_socket = "", const std::string& method = "GET");

// Bytes sent to the daemon's TCP port as they are, and everything that comes back until it closes.
[[nodiscard]] std::string raw_exchange(const std::string& tcp_url, std::string_view bytes);

// An RSS document with an item for each title, the first one newest; links are `base`/TITLE.
[[nodiscard]] std::string rss(const std::string& channel, const std::vector<std::string>& titles,
                              const std::string& base = "https://a.example");

// The text of every <title> inside an <entry>, and every link of the entry titled `title`.
[[nodiscard]] std::vector<std::string> entry_titles(const std::string& atom);
[[nodiscard]] std::vector<std::string> entry_links(const std::string& atom, const std::string& title);

// A table of feeds.conf.
[[nodiscard]] std::string feed_table(const std::string& name, const std::string& url, const std::string& more = "");

}  // namespace agg::test
