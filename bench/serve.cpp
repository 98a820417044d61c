// What readers wait for, with many items stored: the merged view from memory beside the same session sending a constant
// string of the same size; views that are not in memory; searches; and how deep a page may lie. Once with nothing else
// going on, once while items are being stored.
//
//     bench_serve DATABASE [ITEMS_A_SECOND]
//
// DATABASE is one that bench_store_growth has made. The client is a child process.
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <random>
#include <stdexcept>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include "dedup/identity.hpp"
#include "serve/server.hpp"
#include "serve/views.hpp"
#include "store/reader_pool.hpp"
#include "store/writer.hpp"
#include "synthetic_news.hpp"

namespace {

using namespace agg;
using Clock = std::chrono::steady_clock;

constexpr std::size_t k_rounds = 5;
constexpr std::size_t k_requests_a_round = 2'000;

void require(bool done, const char* what) {
    if (!done) throw std::runtime_error(what);
}

double milliseconds_since(Clock::time_point begin) {
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

// One connection that is kept, asked and answered in turns.
class Client {
  public:
    explicit Client(const std::string& path) : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
        require(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0, "cannot connect");
    }
    ~Client() { ::close(socket_); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    struct Reply {
        double first_byte_ms = 0;
        std::string body;
    };
    Reply get(const std::string& target) {
        const std::string request = "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        const auto begin = Clock::now();
        require(::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size()),
                "cannot send");
        std::string received;
        Reply reply;
        std::size_t end = std::string::npos;
        while ((end = received.find("\r\n\r\n")) == std::string::npos) {
            receive(received);
            if (reply.first_byte_ms == 0) reply.first_byte_ms = milliseconds_since(begin);
        }
        if (!received.starts_with("HTTP/1.1 200")) throw std::runtime_error(target + ": " + received.substr(0, 300));
        const std::size_t length = std::strtoul(received.c_str() + received.find("Content-Length:") + 15, nullptr, 10);
        while (received.size() < end + 4 + length) receive(received);
        reply.body = received.substr(end + 4);
        return reply;
    }

  private:
    void receive(std::string& received) {
        const std::size_t size = received.size();
        received.resize(size + 256 * 1024);
        const ssize_t got = ::recv(socket_, received.data() + size, 256 * 1024, 0);
        require(got > 0, "the server hung up");
        received.resize(size + static_cast<std::size_t>(got));
    }
    int socket_;
};

struct Times {
    std::vector<double> values;
    void add(double value) { values.push_back(value); }
    [[nodiscard]] double at(double share) const {
        auto sorted = values;
        std::sort(sorted.begin(), sorted.end());
        return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
    }
};

void print(const char* what, const Times& times) {
    std::printf("  %-44s median %6.2f ms, 95 %% %6.2f, most %6.2f, of %zu\n", what, times.at(0.5), times.at(0.95),
                times.at(1), times.values.size());
}

std::string next_link(const std::string& atom) {
    const std::size_t link = atom.find("rel=\"next\"");
    require(link != std::string::npos, "the page has no next one");
    const std::size_t begin = atom.find("href=\"", atom.rfind('<', link)) + 6;
    std::string address = atom.substr(begin, atom.find('"', begin) - begin);
    for (std::size_t at; (at = address.find("&amp;")) != std::string::npos;) address.erase(at + 1, 4);
    return address.substr(address.find('/', address.find("//") + 2));
}

// What the child does.
void measure(const std::string& folder, std::uint64_t stories) {
    Client aggd(folder + "/aggd.sock"), constant(folder + "/constant.sock");
    const std::string merged = "/feed.atom?n=100";
    (void)aggd.get(merged);
    const std::size_t bytes = aggd.get(merged).body.size();
    (void)constant.get("/" + std::to_string(bytes));
    Times ratios;
    for (std::size_t round = 0; round < k_rounds; ++round) {
        const auto rate = [&](Client& client, const std::string& target) {
            const auto begin = Clock::now();
            for (std::size_t n = 0; n < k_requests_a_round; ++n) (void)client.get(target);
            return k_requests_a_round * 1e3 / milliseconds_since(begin);
        };
        const double floor = rate(constant, "/" + std::to_string(bytes));
        ratios.add(rate(aggd, merged) / floor);
    }
    std::printf("  from memory, %zu kB: %.2f of the rate of a constant (least %.2f, most %.2f, of %zu rounds)\n",
                bytes / 1000, ratios.at(0.5), ratios.at(0), ratios.at(1), k_rounds);

    std::minstd_rand random(7);
    const auto time_of = [&](const std::string& target) { return aggd.get(target).first_byte_ms; };
    const auto repeated = [&](const char* what, std::size_t times, const auto& target) {
        Times seen;
        for (std::size_t n = 0; n < times; ++n) seen.add(time_of(target(n)));
        print(what, seen);
    };
    // `since` makes each view another one, that shows the same.
    static std::size_t other = 0;
    const auto fresh = [&] { return "&since=" + std::to_string(300'000 + ++other) + "h"; };
    repeated("merged view, not in memory", 100, [&](std::size_t) { return merged + fresh(); });
    repeated("a tag's, not in memory", 100,
             [&](std::size_t n) { return fmt::format("/tag/tag-{}.atom?n=100", n % 20) + fresh(); });
    repeated("a feed's, not in memory", 100,
             [&](std::size_t n) { return fmt::format("/source/news-{}.atom?n=100", n * 5) + fresh(); });
    repeated("unread of two tags but one feed", 50, [&](std::size_t n) {
        return fmt::format("/feed.atom?n=100&q=is:unread+(tag:tag-{}+OR+tag:tag-{})+-source:news-1", n % 20,
                           (n + 7) % 20) +
               fresh();
    });
    const auto search = [&](const char* what, std::uint32_t from, std::uint32_t to) {
        repeated(what, 100, [&](std::size_t) {
            const auto any = [&] {
                return bench::SyntheticNews::word(from + static_cast<std::uint32_t>(random()) % (to - from));
            };
            const std::string first = any();
            return fmt::format("/search.atom?n=100&q={}+{}", first, any()) + fresh();
        });
    };
    search("search: two of the 20 commonest words", 0, 20);
    search("search: two of the 500 commonest words", 0, 500);
    search("search: two of the 20,000 commonest words", 0, 20'000);
    repeated("search: a phrase of two common words", 50, [&](std::size_t) {
        return fmt::format("/search.atom?n=100&q=%22{}+{}%22",
                           bench::SyntheticNews::word(static_cast<std::uint32_t>(random()) % 50),
                           bench::SyntheticNews::word(static_cast<std::uint32_t>(random()) % 50)) +
               fresh();
    });

    Times first, last;
    const std::size_t pages = std::clamp<std::size_t>(stories / 100, 51, 1'001) - 1;
    std::string page = merged;
    for (std::size_t n = 0; n < pages; ++n) {
        const auto reply = aggd.get(page);
        if (n < 50) first.add(reply.first_byte_ms);
        if (n >= pages - 50) last.add(reply.first_byte_ms);
        page = next_link(reply.body);
    }
    print("pages 1 to 50 of the merged view", first);
    print(fmt::format("the last 50 of {} pages", pages).c_str(), last);
    std::fflush(stdout);
}

// Stores new items at a steady rate, as the daemon does, until told to end.
class Ingest {
  public:
    Ingest(store::Writer& writer, std::size_t items_a_second, std::function<void(std::uint64_t, std::uint64_t)> stored)
        : thread_(
              [this, &writer, items_a_second, stored = std::move(stored)] { run(writer, items_a_second, stored); }) {}
    ~Ingest() {
        done_ = true;
        thread_.join();
    }
    Ingest(const Ingest&) = delete;
    Ingest& operator=(const Ingest&) = delete;

    [[nodiscard]] std::uint64_t items() const { return items_; }

  private:
    void run(store::Writer& writer, std::size_t items_a_second,
             const std::function<void(std::uint64_t, std::uint64_t)>& stored) {
        constexpr std::size_t k_batch = 50;
        const auto feeds = writer.subscribe(bench::synthetic_feeds(500), now());
        const auto begin = Clock::now();
        while (!done_) {
            std::vector<Item> made;
            // Far from the numbers of those that are stored.
            const bench::SyntheticNews news(1, now(), std::chrono::hours{0});
            for (std::size_t n = 0; n < k_batch; ++n) {
                made.push_back(news.item(900'000'000 + seed_ + items_ + n));
                made.back().published = now();
            }
            store::Poll poll;
            poll.feed = feeds[items_ / k_batch % feeds.size()].id;
            poll.now = now();
            poll.info = FeedInfo{
                .format = Format::rss, .title = "News", .subtitle = {}, .site = {}, .icon = {}, .language = {}};
            poll.items = dedup::keyed_items(std::move(made));
            std::vector<store::Poll> polls;
            polls.push_back(std::move(poll));
            const auto commit = writer.commit(polls);
            items_ += k_batch;
            // As the daemon, while nothing pauses.
            if (items_ % (4 * items_a_second) < k_batch) {
                for (store::Indexed indexed{.stories = store::k_indexed_at_once, .marks = 0};
                     indexed.stories == store::k_indexed_at_once;) {
                    indexed = writer.index_pending(store::k_indexed_at_once);
                    stored(commit.generation, indexed.marks);
                }
            }
            stored(commit.generation, 0);
            std::this_thread::sleep_until(begin + std::chrono::microseconds{items_ * 1'000'000 / items_a_second});
        }
    }
    static TimePoint now() {
        return std::chrono::time_point_cast<TimePoint::duration>(std::chrono::system_clock::now());
    }

    std::atomic<bool> done_ = false;
    std::atomic<std::uint64_t> items_ = 0;
    std::uint64_t seed_ = static_cast<std::uint64_t>(::getpid()) * 1'000'000;
    std::thread thread_;
};

// The parts of the daemon that serve a view, and beside them the same server with nothing to do.
class House {
  public:
    House(const std::string& database, const std::string& folder, store::Writer& writer)
        : readers_(database),
          views_(pool_,
                 [this](const store::Selection& selection, std::uint64_t known) {
                     return readers_.with([&](store::Reader& reader) { return reader.page(selection, known); });
                 },
                 {.store_identity = writer.uid(), .generation = writer.generation(), .base_url = "http://localhost/"}) {
        for (std::size_t n = 0; n < 500; ++n) catalog_.sources.insert(fmt::format("news-{}", n));
        for (std::size_t n = 0; n < 20; ++n) catalog_.tags.insert(fmt::format("tag-{}", n));
        server_.serve(listen(folder + "/aggd.sock"));
        constant_server_.serve(listen(folder + "/constant.sock"));
        thread_ = std::thread([this] { io_.run(); });
    }
    ~House() {
        asio::post(io_, [this] {
            server_.stop();
            constant_server_.stop();
        });
        thread_.join();
        pool_.join();
    }
    House(const House&) = delete;
    House& operator=(const House&) = delete;

    void changed(std::uint64_t generation, std::uint64_t marks) {
        asio::post(io_, [this, generation, marks] {
            views_.changed(generation);
            views_.marks_changed(marks);
        });
    }

  private:
    static serve::Listener listen(const std::string& path) {
        auto listener = serve::listen_unix(path);
        if (!listener) throw std::runtime_error(listener.error().message);
        return *listener;
    }
    Task<serve::Response> view(serve::Request request) {
        const auto now = std::chrono::time_point_cast<TimePoint::duration>(std::chrono::system_clock::now());
        // As the route table captures it: the last segment, when there are two.
        if (const std::size_t slash = request.path.rfind('/'); slash > 0)
            request.captures = {request.path.substr(slash + 1)};
        auto spec = serve::read_view(request, catalog_, now);
        if (!spec) co_return serve::text_response(400, spec.error().message);
        auto answering = views_.answer(std::move(request), std::move(*spec));
        co_return co_await std::move(answering);
    }
    // GET /NUMBER: so many bytes.
    Task<serve::Response> constant(serve::Request request) {
        if (!constant_) constant_ = std::make_shared<std::string>(std::stoul(request.path.substr(1)), 'x');
        serve::Response response;
        response.headers = {{"Content-Type", "application/atom+xml; charset=utf-8"}};
        response.body = constant_;
        co_return response;
    }

    asio::io_context io_{1};
    asio::thread_pool pool_{2};
    store::ReaderPool readers_;
    serve::Catalog catalog_;
    serve::Views views_;
    std::shared_ptr<const std::string> constant_;
    serve::Server server_{io_, [this](serve::Request request) { return view(std::move(request)); }};
    serve::Server constant_server_{io_, [this](serve::Request request) { return constant(std::move(request)); }};
    std::thread thread_;
};

void measure_in_child(const std::string& folder, std::uint64_t stories) {
    std::fflush(stdout);
    const pid_t child = ::fork();
    require(child >= 0, "cannot fork");
    if (child == 0) {
        try {
            measure(folder, stories);
            ::_exit(0);
        } catch (const std::exception& failure) {
            std::fprintf(stderr, "bench_serve: %s\n", failure.what());
            ::_exit(1);
        }
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    require(status == 0, "the client failed");
}

void run(const std::string& database, std::size_t items_a_second) {
    auto writer = store::Writer::open(database);
    if (!writer) throw std::runtime_error(writer.error().message);
    std::string folder = (std::filesystem::temp_directory_path() / "aggd-bench-XXXXXX").string();
    require(::mkdtemp(folder.data()) != nullptr, "cannot make a folder");
    {
        House house(database, folder, *writer);
        const auto totals = store::Reader(database).totals();
        std::printf("%lu items, %lu stories; nothing else going on\n", totals.items, totals.stories);
        measure_in_child(folder, totals.stories);
        const auto begin = Clock::now();
        Ingest ingest(*writer, items_a_second,
                      [&](std::uint64_t generation, std::uint64_t marks) { house.changed(generation, marks); });
        std::printf("while items are being stored\n");
        measure_in_child(folder, totals.stories);
        std::printf("  %.0f items a second were stored\n",
                    static_cast<double>(ingest.items()) * 1e3 / milliseconds_since(begin));
    }
    std::filesystem::remove_all(folder);
}

}  // namespace

int main(int count, char** arguments) {
    if (count < 2 || arguments[1][0] == '-') {
        std::fputs("usage: bench_serve DATABASE [ITEMS_A_SECOND]\n", stderr);
        return 2;
    }
    try {
        run(arguments[1], count > 2 ? std::strtoul(arguments[2], nullptr, 10) : 2'000);
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "bench_serve: %s\n", failure.what());
        return 1;
    }
}
