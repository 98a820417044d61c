// A program of ours, or a client of ours, run for real.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "support/temporary_folder.hpp"

namespace agg::test {

struct Finished {
    int exit_code = -1;  // -1 when a signal ended it
    int signal = 0;
    std::string out;
    std::string err;
};

// Runs from its construction on; killed when it is destroyed.
class Process {
  public:
    // `environment` is added to the test's own. Throws when the program cannot be started.
    explicit Process(std::vector<std::string> arguments, std::map<std::string, std::string> environment = {});
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    void send(int signal) const;
    // Waits for its end. Throws when that takes longer than `patience`.
    Finished wait(std::chrono::seconds patience = std::chrono::seconds{30});
    [[nodiscard]] bool has_ended();
    // What it has written so far.
    [[nodiscard]] std::string out() const;
    [[nodiscard]] std::string err() const;
    [[nodiscard]] pid_t pid() const { return pid_; }

  private:
    TemporaryFolder folder_;
    pid_t pid_ = -1;
    bool ended_ = false;
    int status_ = 0;
};

[[nodiscard]] Finished run(std::vector<std::string> arguments, std::map<std::string, std::string> environment = {});

// True when a program of this name is in PATH.
[[nodiscard]] bool is_installed(const std::string& program);

// The whole file; "" when it is not there.
[[nodiscard]] std::string read_file(const std::string& path);
void write_file(const std::string& path, std::string_view text);

// Asks `condition` again and again until it holds. Throws, naming `what`, when that takes longer than `patience`.
template <typename Condition>
void wait_until(const char* what, Condition condition, std::chrono::seconds patience = std::chrono::seconds{30});

// One pause between two questions.
void pause_briefly();

template <typename Condition>
void wait_until(const char* what, Condition condition, std::chrono::seconds patience) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end)
            throw std::runtime_error(std::string("waited in vain until ") + what);
        pause_briefly();
    }
}

}  // namespace agg::test
