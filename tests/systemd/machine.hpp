// A machine of our own: a real systemd as PID 1 of its own namespaces, with aggd installed as `cmake --install` does
// it. It has a loopback network only, which the test shares from the machine's boot on: publishers of the test are
// reachable inside.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "support/origin.hpp"
#include "support/process.hpp"

namespace agg::test {

class Machine {
  public:
    // The one machine of this test program, booted when first asked for. Null, with a warning that says why, where none
    // can be booted.
    static Machine* booted();
    ~Machine();

    // Runs a command inside, as root.
    [[nodiscard]] Finished run(std::vector<std::string> command) const;
    // The same as bash understands it, as a user of the machine.
    [[nodiscard]] Finished shell(const std::string& user, const std::string& script) const;
    // Runs a command that must succeed, and returns what it printed.
    std::string must(std::vector<std::string> command) const;

    // A path inside as it is reached from outside.
    [[nodiscard]] std::string path(const std::string& inside) const { return root_ + inside; }

    // "/proc/PID" of its systemd, as it is outside.
    [[nodiscard]] std::string init() const { return root_.substr(0, root_.rfind('/')); }

    // aggd stopped, without a database, and with this feeds.conf; `drop_in` is added to aggd.service. Its socket
    // listens.
    void prepare(const std::string& feeds_conf, const std::string& drop_in = "") const;
    void start() const { must({"systemctl", "start", "aggd"}); }
    // The same with the one feed "quay", which `origin` then publishes with the one item "Ferry sinks"; returns when
    // that is served.
    void start_with_polled_feed(Origin& origin, const std::string& drop_in = "") const;
    // The titles of the merged feed as it is served on TCP, newest first.
    [[nodiscard]] std::vector<std::string> titles() const;

    // A property of aggd.service, as `systemctl show` tells it.
    [[nodiscard]] std::string property(const std::string& name) const;
    // The journal's entries of aggd that match "FIELD=value", their messages only.
    [[nodiscard]] std::string journal(const std::string& match = "") const;

  private:
    Machine(std::string script, std::string& problem);

    std::string script_;
    TemporaryFolder folder_;
    std::string root_;
};

// [fetch] for feeds of a publisher on loopback.
inline const std::string k_test_fetch = "[fetch]\nallow_private = [\"127.0.0.0/8\"]\n";

}  // namespace agg::test
