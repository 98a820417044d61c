// What aggctl shows on a terminal while something takes long, and what Ctrl-C leaves.
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <future>
#include <poll.h>
#include <pty.h>
#include <thread>

#include <catch2/catch.hpp>

#include "daemon_under_test.hpp"
#include "support/origin.hpp"

using namespace agg::test;
using Catch::Contains;
using Catch::EndsWith;

namespace {

// aggctl on a terminal of its own, 60 columns wide; killed when this is destroyed.
class OnTerminal {
  public:
    explicit OnTerminal(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), AGGCTL_PROGRAM);
        std::vector<char*> words;
        for (std::string& word : arguments) words.push_back(word.data());
        words.push_back(nullptr);
        winsize size{};
        size.ws_row = 24;
        size.ws_col = 60;
        pid_ = ::forkpty(&terminal_, nullptr, nullptr, &size);
        if (pid_ == 0) {
            ::execv(words[0], words.data());
            ::_exit(127);
        }
        if (pid_ < 0) throw std::runtime_error("no terminal can be made");
    }
    ~OnTerminal() {
        if (pid_ > 0 && ::kill(pid_, SIGKILL) == 0) ::waitpid(pid_, nullptr, 0);
        ::close(terminal_);
    }
    OnTerminal(const OnTerminal&) = delete;
    OnTerminal& operator=(const OnTerminal&) = delete;

    void type(std::string_view text) const { REQUIRE(::write(terminal_, text.data(), text.size()) > 0); }

    // Reads until `text` was written.
    void read_until(const std::string& text) {
        while (seen_.find(text) == std::string::npos) REQUIRE(read_some());
    }
    // Reads to its end and returns the exit status.
    int finish() {
        while (read_some()) {
        }
        int status = 0;
        ::waitpid(std::exchange(pid_, -1), &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    // All that was written.
    [[nodiscard]] const std::string& seen() const { return seen_; }
    // What is left to be seen: what was overwritten from the left, or wiped out, is not.
    [[nodiscard]] std::string left() const {
        std::string all, line;
        for (std::size_t at = 0; at < seen_.size(); ++at) {
            if (seen_[at] == '\n') {
                all += std::exchange(line, {}) + "\n";
            } else if (seen_[at] == '\r') {
                if (seen_.compare(at + 1, 1, "\n") != 0) line.clear();
            } else if (seen_.compare(at, 3, "\x1b[K") == 0) {
                at += 2;
            } else {
                line += seen_[at];
            }
        }
        return all + line;
    }

  private:
    bool read_some() {
        pollfd waiting{terminal_, POLLIN, 0};
        if (::poll(&waiting, 1, 30'000) != 1) throw std::runtime_error("nothing more is written after: " + seen_);
        char bytes[4096];
        const ssize_t count = ::read(terminal_, bytes, sizeof bytes);
        if (count > 0) seen_.append(bytes, static_cast<std::size_t>(count));
        return count > 0;
    }

    pid_t pid_ = -1;
    int terminal_ = -1;
    std::string seen_;
};

// Answers every connection with the beginning of a large body, and keeps them open.
class HalfAnswer {
  public:
    explicit HalfAnswer(const std::string& socket) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, socket.c_str(), sizeof address.sun_path - 1);
        listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        REQUIRE(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
        REQUIRE(::listen(listener_, 16) == 0);
        thread_ = std::thread([this] {
            for (int one; (one = ::accept(listener_, nullptr, nullptr)) >= 0;) {
                open_.push_back(one);
                char request[4096];
                if (::recv(one, request, sizeof request, 0) <= 0) continue;
                const std::string half =
                    "HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n" + std::string(1'000'000, 'x');
                for (std::size_t sent = 0; sent < half.size();) {
                    const ssize_t count = ::send(one, half.data() + sent, half.size() - sent, MSG_NOSIGNAL);
                    if (count <= 0) break;
                    sent += static_cast<std::size_t>(count);
                }
            }
        });
    }
    ~HalfAnswer() {
        ::shutdown(listener_, SHUT_RDWR);
        thread_.join();
        for (const int one : open_) ::close(one);
        ::close(listener_);
    }

  private:
    int listener_ = -1;
    std::vector<int> open_;
    std::thread thread_;
};

}  // namespace

TEST_CASE("refresh --wait shows a bar on a terminal, which is gone when the results come") {
    Origin origin;
    std::promise<void> gate;
    origin.on("/a", document(rss("Alpha", {"A1"})));
    origin.on("/b", document(rss("Beta", {"B1"})));
    origin.on("/c", [held = gate.get_future().share()](const SeenRequest&) {
        return Reply(Answer{200, {{"Content-Type", "application/rss+xml"}}, rss("Gamma", {"C1"})}).when(held);
    });
    DaemonUnderTest aggd(feed_table("alpha", origin.url("/a")) + feed_table("beta", origin.url("/b")) +
                         feed_table("gamma", origin.url("/c")));
    aggd.start();
    OnTerminal refresh({"--socket", aggd.socket(), "refresh", "--wait", "--force"});
    refresh.read_until("2 of 3");
    CHECK_THAT(refresh.seen(), Contains("refresh  [###") && !Contains("gamma"));
    gate.set_value();
    CHECK(refresh.finish() == 0);
    CHECK_THAT(refresh.left(), Contains("gamma") && !Contains("of 3") && !Contains("[#"));
}

TEST_CASE("there is no bar with --quiet, nor where standard error is no terminal") {
    Origin origin;
    origin.on("/a", [](const SeenRequest&) {
        return drip(to_bytes(Answer{200, {}, rss("Alpha", {"A1"})}), std::chrono::milliseconds(2));
    });
    DaemonUnderTest aggd(feed_table("alpha", origin.url("/a")));
    aggd.start();
    OnTerminal quiet({"--socket", aggd.socket(), "--quiet", "refresh", "--wait", "--force"});
    CHECK(quiet.finish() == 0);
    CHECK(quiet.seen().empty());
    CHECK(aggd.aggctl({"refresh", "--wait", "--force"}).err.empty());
}

TEST_CASE("Ctrl-C ends a wait at once, wipes the bar and says what goes on") {
    Origin origin;
    origin.on("/a", [](const SeenRequest&) { return hang(); });
    DaemonUnderTest aggd(feed_table("alpha", origin.url("/a")));
    aggd.start();
    OnTerminal refresh({"--socket", aggd.socket(), "refresh", "--wait", "--force"});
    refresh.read_until("0 of 1");
    refresh.type("\x03");
    CHECK(refresh.finish() == 1);
    CHECK_THAT(refresh.left(),
               EndsWith("aggctl: interrupted; aggd finishes what it was asked for\n") && !Contains("of 1"));
}

TEST_CASE("Ctrl-C in the middle of a backup leaves no file, and the old one as it was") {
    TemporaryFolder folder;
    const HalfAnswer daemon(folder / "aggd.sock");
    write_file(folder / "archive", "the old one");
    for (const std::string name : {"archive", "fresh"}) {
        OnTerminal backup({"--socket", folder / "aggd.sock", "backup", "--force", folder / name});
        backup.read_until("1.0 MB of 2.0 MB");
        backup.type("\x03");
        CHECK(backup.finish() == 1);
        CHECK_THAT(backup.left(), EndsWith("aggctl: interrupted; nothing was written\n") && !Contains("MB"));
    }
    CHECK(read_file(folder / "archive") == "the old one");
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) files += entry.exists() ? 1U : 0U;
    CHECK(files == 2);  // the archive and the socket
}
