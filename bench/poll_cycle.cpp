// A cycle of feeds that all answer 304, by aggd's own path (poller, client, judge, commit) and by bare libcurl, in
// turns in one process. The publisher is a child process, whose CPU is not counted.
//
//     bench_poll_cycle [FEEDS [HOSTS [ROUNDS]]]
#include <arpa/inet.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <unordered_map>

#include <boost/asio/io_context.hpp>

#include "aggd/clock.hpp"
#include "aggd/commit_queue.hpp"
#include "aggd/polls.hpp"
#include "aggd/subscriptions.hpp"
#include "bare_libcurl.hpp"
#include "cpu_time.hpp"
#include "fetch/client.hpp"
#include "fetch/poller.hpp"
#include "store/writer.hpp"

namespace {

using namespace agg;
using Stopwatch = std::chrono::steady_clock;

constexpr const char* k_etag = "\"5f3759df-1a2b\"";
constexpr const char* k_last_modified = "Mon, 10 Jan 2022 10:00:00 GMT";
constexpr std::string_view k_answer =
    "HTTP/1.1 304 Not Modified\r\nServer: nginx\r\nDate: Sun, 22 Nov 2026 12:00:00 GMT\r\n"
    "Last-Modified: Mon, 10 Jan 2022 10:00:00 GMT\r\nConnection: keep-alive\r\nETag: \"5f3759df-1a2b\"\r\n"
    "Cache-Control: max-age=300\r\n\r\n";

void require(bool done, const char* what) {
    if (!done) throw std::runtime_error(what);
}

// The publisher: answers whatever is asked on every address of 127/8, until its parent ends.
[[noreturn]] void publish(int listener) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int events = ::epoll_create1(0);
    epoll_event listening{.events = EPOLLIN, .data = {.fd = listener}};
    ::epoll_ctl(events, EPOLL_CTL_ADD, listener, &listening);
    std::unordered_map<int, std::string> received;
    for (;;) {
        std::array<epoll_event, 64> ready{};
        const int count = ::epoll_wait(events, ready.data(), ready.size(), -1);
        for (int i = 0; i < count; ++i) {
            const int socket = ready[static_cast<std::size_t>(i)].data.fd;
            if (socket == listener) {
                const int accepted = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
                epoll_event reading{.events = EPOLLIN, .data = {.fd = accepted}};
                ::epoll_ctl(events, EPOLL_CTL_ADD, accepted, &reading);
                continue;
            }
            std::array<char, 4096> block{};
            const ssize_t got = ::recv(socket, block.data(), block.size(), 0);
            if (got <= 0) {
                received.erase(socket);
                ::close(socket);
                continue;
            }
            std::string& request = received[socket];
            request.append(block.data(), static_cast<std::size_t>(got));
            for (std::size_t end = 0; (end = request.find("\r\n\r\n")) != std::string::npos; request.erase(0, end + 4))
                (void)::send(socket, k_answer.data(), k_answer.size(), MSG_NOSIGNAL);
        }
    }
}

// Starts it and returns its port.
std::uint16_t start_publisher() {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in bound{};
    bound.sin_family = AF_INET;
    socklen_t size = sizeof bound;
    require(::bind(listener, reinterpret_cast<const sockaddr*>(&bound), size) == 0, "cannot bind");
    require(::listen(listener, 1024) == 0, "cannot listen");
    require(::getsockname(listener, reinterpret_cast<sockaddr*>(&bound), &size) == 0, "no port");
    const pid_t child = ::fork();
    require(child >= 0, "cannot fork");
    if (child == 0) publish(listener);
    ::close(listener);
    return ntohs(bound.sin_port);
}

// The parts of the daemon that a poll goes through.
class Cycle {
  public:
    Cycle(const std::vector<std::string>& urls, const std::string& folder)
        : writer_(open(folder + "/aggd.db")), client_(io_.get_executor(), workers_, settings()) {
        std::vector<Feed> feeds;
        for (std::size_t n = 0; n < urls.size(); ++n)
            feeds.push_back({.name = fmt::format("feed-{}", n), .url = urls[n]});
        auto stored = writer_.subscribe(feeds, aggd::now());
        for (std::size_t n = 0; n < urls.size(); ++n) {
            stored[n].poll.validators = {k_etag, k_last_modified};
            stored[n].poll.validators_url = urls[n];
            stored[n].poll.last_document = aggd::now();
        }
        subscriptions_.replace(feeds, std::move(stored));
    }
    ~Cycle() {
        poller_.stop();
        client_.stop();
        writer_pool_.join();
        workers_.join();
    }
    Cycle(const Cycle&) = delete;
    Cycle& operator=(const Cycle&) = delete;

    // Polls every feed once.
    void poll_all() {
        const std::uint64_t before = polls_.counts().not_modified;
        done_at_ = polls_.counts().polls + subscriptions_.all().size();
        for (const aggd::Subscription& subscription : subscriptions_.all())
            poller_.schedule(subscription.id, {Url::parse(subscription.feed.url)->host()}, std::nullopt);
        io_.restart();
        io_.run();
        require(polls_.counts().not_modified - before == subscriptions_.all().size(), "a feed was not answered 304");
    }

  private:
    static store::Writer open(const std::string& path) {
        auto writer = store::Writer::open(path);
        if (!writer) throw std::runtime_error(writer.error().message);
        return std::move(*writer);
    }
    static fetch::ClientSettings settings() {
        fetch::ClientSettings settings;
        settings.user_agent = "aggd/bench";
        settings.contact = "https://example.org/";
        settings.allow_private = *fetch::AllowedPrivate::parse({"127.0.0.0/8"});
        // The publisher is on loopback, but counts as a stranger.
        settings.limits.transfers_per_private_address = settings.limits.transfers_per_address;
        return settings;
    }
    void committed() {
        if (polls_.counts().polls == done_at_) asio::post(io_, [this] { io_.stop(); });
    }

    asio::io_context io_{1};
    asio::thread_pool workers_{2}, writer_pool_{1};
    store::Writer writer_;
    aggd::Subscriptions subscriptions_;
    aggd::CommitQueue commits_{io_.get_executor(), writer_pool_, writer_};
    fetch::Client client_;
    fetch::Hosts hosts_{std::chrono::milliseconds{0}};
    std::uint64_t done_at_ = 0;
    aggd::Polls polls_{{.client = client_,
                        .workers = workers_,
                        .commits = commits_,
                        .subscriptions = subscriptions_,
                        .hosts = hosts_,
                        .committed = [this](std::uint64_t) { committed(); },
                        .schedule = [](const aggd::Subscription&) {},
                        .network_changed = [](std::optional<TimePoint>) {}}};
    fetch::Poller poller_{
        io_.get_executor(),
        polls_,
        hosts_,
        {.max_transfers = bench::BareLibcurl::k_at_once, .catch_up_spacing = std::chrono::milliseconds{0}}};
};

template <typename Work>
double measured(const char* name, std::size_t feeds, const Work& work) {
    const auto wall = Stopwatch::now();
    const double cpu = bench::cpu_seconds();
    work();
    const double seconds = bench::cpu_seconds() - cpu;
    std::printf("%-13s %6.1f us CPU a feed, %.2f s CPU, %.2f s\n", name, seconds * 1e6 / static_cast<double>(feeds),
                seconds, std::chrono::duration<double>(Stopwatch::now() - wall).count());
    return seconds;
}

}  // namespace

int main(int count, char** arguments) {
    const auto number = [&](int position, std::size_t otherwise) {
        return position < count ? std::strtoul(arguments[position], nullptr, 10) : otherwise;
    };
    const std::size_t feeds = number(1, 10'000), hosts = number(2, feeds), rounds = number(3, 5);
    try {
        const std::uint16_t port = start_publisher();
        std::string folder = (std::filesystem::temp_directory_path() / "aggd-bench-XXXXXX").string();
        require(::mkdtemp(folder.data()) != nullptr, "cannot make a folder");
        std::vector<std::string> urls;
        for (std::size_t n = 0; n < feeds; ++n) {
            const std::size_t host = n % hosts + 1;
            urls.push_back(fmt::format("http://127.{}.{}.{}:{}/feeds/{}.xml", host >> 16 & 255, host >> 8 & 255,
                                       host & 255, port, n));
        }
        std::vector<double> ratios;
        {
            bench::BareLibcurl bare;
            for (const std::string& url : urls) bare.remember(url, k_etag, k_last_modified);
            Cycle cycle(urls, folder);
            for (std::size_t round = 0; round < rounds; ++round) {
                const double libcurl = measured("bare libcurl", feeds, [&] { bare.fetch(urls, 304); });
                const double aggd = measured("aggd", feeds, [&] { cycle.poll_all(); });
                ratios.push_back(aggd / libcurl);
            }
        }
        std::sort(ratios.begin(), ratios.end());
        std::printf(
            "%zu feeds on %zu hosts: aggd takes %.2f times the CPU of bare libcurl (least %.2f, most %.2f, of %zu "
            "rounds)\n",
            feeds, hosts, ratios[ratios.size() / 2], ratios.front(), ratios.back(), rounds);
        std::filesystem::remove_all(folder);
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "bench_poll_cycle: %s\n", failure.what());
        return 1;
    }
}
