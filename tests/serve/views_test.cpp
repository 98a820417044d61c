#include "serve/views.hpp"

#include <atomic>
#include <future>
#include <set>
#include <thread>
#include <zlib.h>

#include <catch2/catch.hpp>

#include "serve/gzip.hpp"
#include "serve/samples.hpp"

using namespace agg;
using namespace agg::serve;
using namespace agg::serve::test;

namespace {

std::string gunzip(const std::string& packed) {
    z_stream stream{};
    REQUIRE(::inflateInit2(&stream, 15 + 16) == Z_OK);
    std::string out(10'000'000, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    CHECK(::inflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(stream.total_out);
    ::inflateEnd(&stream);
    return out;
}

// A store with `size` stories that counts how often it is read. `changed` tells the views of a commit, as the daemon
// does.
struct House {
    std::atomic<std::uint64_t> generation = 7;
    std::atomic<unsigned> reads = 0;
    std::atomic<bool> broken = false;
    std::size_t size = 300;
    std::shared_future<void> gate;  // a read waits for it when there is one
    asio::thread_pool pool{2};
    Views views{pool, [this](std::size_t limit) { return newest(limit); },
                ViewsSetup{"c0ffee", 7, "http://127.0.0.1:8137/"}};

    store::Page newest(std::size_t limit) {
        store::Page page;
        page.generation = generation;
        ++reads;
        if (gate.valid()) gate.wait();
        if (broken) throw std::runtime_error("disk I/O error");
        for (std::size_t i = 0; i < std::min(limit, size); ++i)
            page.stories.push_back(
                simple_story(static_cast<int>(i + 1), fmt::format("Story {} of generation {}", i, page.generation)));
        return page;
    }
    void commit() { views.changed(++generation); }
    Response get(std::string_view target, Headers headers = {}, ViewFormat format = ViewFormat::atom) {
        return run(views.answer(request("GET", target, std::move(headers)), format));
    }
};

std::string etag_of(const Response& response) { return std::string(response.header("ETag").value()); }

std::size_t count_of(const std::string& text, std::string_view part) {
    std::size_t count = 0;
    for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++count;
    return count;
}

}  // namespace

TEST_CASE("a view is read once and then served from memory, the same bytes and not a copy") {
    House house;
    const Response first = house.get("/feed.atom");
    const Response second = house.get("/feed.atom");
    CHECK(first.status == 200);
    CHECK(first.body.get() == second.body.get());
    CHECK(house.reads == 1);
    CHECK(house.get("/feed.rss", {}, ViewFormat::rss).status == 200);
    CHECK(house.reads == 2);
}

TEST_CASE("a change is seen by the next request") {
    House house;
    const Response before = house.get("/feed.atom");
    house.commit();
    const Response after = house.get("/feed.atom");
    CHECK(etag_of(before) != etag_of(after));
    CHECK_THAT(*after.body, Catch::Contains("generation 8"));
    CHECK(house.reads == 2);
}

TEST_CASE("who has it already gets 304 without a read, also from a view never rendered") {
    House house;
    const std::string etag = etag_of(house.get("/feed.atom"));
    House restarted;
    for (House* each : {&house, &restarted}) {
        const unsigned reads = each->reads;
        const Response answer = each->get("/feed.atom", {{"If-None-Match", "\"old\", W/" + etag}});
        CHECK(answer.status == 304);
        CHECK_FALSE(answer.body);
        CHECK(answer.header("ETag") == etag);
        CHECK(answer.header("Cache-Control") == "private, no-cache");
        CHECK(answer.header("Vary") == "Accept-Encoding");
        CHECK_FALSE(answer.header("Content-Type"));
        CHECK(each->reads == reads);
    }
    house.commit();
    CHECK(house.get("/feed.atom", {{"If-None-Match", etag}}).status == 200);
}

TEST_CASE("a commit that nobody announced yet is not taken for the old state") {
    House house;
    ++house.generation;
    const Response fresh = house.get("/feed.atom");
    CHECK_THAT(*fresh.body, Catch::Contains("generation 8"));
    CHECK(house.get("/feed.atom", {{"If-None-Match", etag_of(fresh)}}).status == 304);
    house.views.changed(8);
    CHECK(house.get("/feed.atom").body.get() == fresh.body.get());
}

TEST_CASE("ETags differ by format, coding, number of entries and store") {
    House house;
    std::set<std::string> etags = {etag_of(house.get("/feed.atom")), etag_of(house.get("/feed.atom?n=5")),
                                   etag_of(house.get("/feed.atom", {{"Accept-Encoding", "gzip"}})),
                                   etag_of(house.get("/feed.rss", {}, ViewFormat::rss))};
    Views other(
        house.pool, [&](std::size_t limit) { return house.newest(limit); },
        ViewsSetup{"decaf", 7, "http://127.0.0.1:8137/"});
    etags.insert(etag_of(run(other.answer(request("GET", "/feed.atom"), ViewFormat::atom))));
    CHECK(etags.size() == 5);
    for (const std::string& etag : etags) {
        CHECK(etag.starts_with('"'));
        CHECK(etag.ends_with('"'));
    }
}

TEST_CASE("there is no Last-Modified") { CHECK_FALSE(House().get("/feed.atom").header("Last-Modified")); }

TEST_CASE("gzip is the same content, compressed once") {
    House house;
    const Response plain = house.get("/feed.atom");
    const Response packed = house.get("/feed.atom", {{"Accept-Encoding", "gzip, deflate"}});
    CHECK(packed.header("Content-Encoding") == "gzip");
    CHECK(packed.header("Vary") == "Accept-Encoding");
    CHECK_FALSE(plain.header("Content-Encoding"));
    CHECK(packed.body->size() < plain.body->size() / 4);
    CHECK(gunzip(*packed.body) == *plain.body);
    CHECK(house.get("/feed.atom", {{"Accept-Encoding", "gzip"}}).body.get() == packed.body.get());
    CHECK(house.reads == 1);
    CHECK(house.get("/feed.atom", {{"Accept-Encoding", "gzip"}, {"If-None-Match", etag_of(packed)}}).status == 304);
    CHECK(house.get("/feed.atom", {{"If-None-Match", etag_of(packed)}}).status == 200);
}

TEST_CASE("gzip of nothing and of noise reads back") {
    CHECK(gunzip(gzip("")).empty());
    std::string noise(100'000, '\0');
    std::uint32_t state = 1;
    for (char& byte : noise) byte = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
    CHECK(gunzip(gzip(noise)) == noise);
}

TEST_CASE("n is the number of entries, 100 when not given") {
    House house;
    CHECK(count_of(*house.get("/feed.atom").body, "<entry>") == 100);
    CHECK(count_of(*house.get("/feed.atom?n=1").body, "<entry>") == 1);
    CHECK(count_of(*house.get("/feed.atom?n=1000").body, "<entry>") == 300);
    CHECK_THAT(*house.get("/feed.atom?n=1").body, Catch::Contains("http://127.0.0.1:8137/feed.atom?n=1\""));
    const char* bad = GENERATE("", "0", "1001", "-1", "ten", "5x", "1.5", "99999999999999999999");
    const Response refused = house.get(fmt::format("/feed.atom?n={}", bad));
    CHECK(refused.status == 400);
    CHECK_THAT(*refused.body, Catch::Contains("1 to 1000") && Catch::Contains(fmt::format("\"{}\"", bad)));
}

TEST_CASE("many who ask at once share one read") {
    House house;
    std::promise<void> open;
    house.gate = open.get_future().share();
    asio::io_context io;
    std::vector<Response> answers(50);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        // Half of them want gzip: they wait for the same read too.
        Headers headers;
        if (i % 2 == 1) headers.emplace_back("Accept-Encoding", "gzip");
        asio::co_spawn(io, house.views.answer(request("GET", "/feed.atom", headers), ViewFormat::atom),
                       [&answers, i](std::exception_ptr, Response answer) { answers[i] = std::move(answer); });
    }
    io.poll();
    open.set_value();
    io.run();
    CHECK(house.reads == 1);
    for (const Response& answer : answers) CHECK(answer.status == 200);
    CHECK(answers[0].body.get() == answers[48].body.get());
    CHECK(answers[1].body.get() == answers[49].body.get());
}

TEST_CASE("who asks after a change is not given a rendering that began before it") {
    House house;
    std::promise<void> open;
    house.gate = open.get_future().share();
    asio::io_context io;
    Response early;
    Response late;
    const auto into = [](Response& place) {
        return [&place](std::exception_ptr, Response answer) { place = std::move(answer); };
    };
    asio::co_spawn(io, house.views.answer(request("GET", "/feed.atom"), ViewFormat::atom), into(early));
    io.poll();
    while (house.reads == 0) std::this_thread::yield();
    house.commit();
    asio::co_spawn(io, house.views.answer(request("GET", "/feed.atom"), ViewFormat::atom), into(late));
    io.poll();
    open.set_value();
    io.run();
    CHECK_THAT(*early.body, Catch::Contains("generation 7"));
    CHECK_THAT(*late.body, Catch::Contains("generation 8"));
}

TEST_CASE("a store that cannot be read fails every waiting request once, and the next one tries again") {
    House house;
    house.broken = true;
    asio::io_context io;
    unsigned failed = 0;
    for (int i = 0; i < 5; ++i)
        asio::co_spawn(io, house.views.answer(request("GET", "/feed.atom"), ViewFormat::atom),
                       [&failed](std::exception_ptr thrown, Response) { failed += thrown != nullptr; });
    io.run();
    CHECK(failed == 5);
    CHECK(house.reads == 1);
    house.broken = false;
    CHECK(house.get("/feed.atom").status == 200);
}

TEST_CASE("what nobody asked for lately leaves the memory") {
    House house;
    house.size = 1;
    const Response kept = house.get("/feed.atom");
    for (int n = 1; n <= 200; ++n) {
        CHECK(house.get(fmt::format("/feed.atom?n={}", n)).status == 200);
        if (n % 10 == 0) CHECK(house.get("/feed.atom").body.get() == kept.body.get());
    }
    const unsigned reads = house.reads;
    CHECK(house.get("/feed.atom?n=1").status == 200);
    CHECK(house.reads == reads + 1);
}

TEST_CASE("an empty store is a valid feed") {
    House house;
    house.size = 0;
    CHECK_THAT(*house.get("/feed.atom").body, Catch::Contains("<updated>1970-01-01T00:00:00Z</updated>"));
}
