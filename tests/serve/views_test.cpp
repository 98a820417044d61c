#include "serve/views.hpp"

#include <atomic>
#include <brotli/decode.h>
#include <future>
#include <set>
#include <thread>
#include <zlib.h>

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "serve/compression.hpp"
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

std::string unbrotli(const std::string& packed) {
    std::string out(10'000'000, '\0');
    std::size_t size = out.size();
    REQUIRE(::BrotliDecoderDecompress(packed.size(), reinterpret_cast<const std::uint8_t*>(packed.data()), &size,
                                      reinterpret_cast<std::uint8_t*>(out.data())) == BROTLI_DECODER_RESULT_SUCCESS);
    out.resize(size);
    return out;
}

// A store with `size` stories, the newest of them of generation `told_in`, that counts how often it is read and how
// often with bodies. `commit` tells the views of it, as the daemon does.
struct House {
    std::atomic<std::uint64_t> generation = 7;
    std::atomic<std::uint64_t> marks = 1;
    std::atomic<std::uint64_t> told_in = 7;
    std::atomic<unsigned> looks = 0;
    std::atomic<unsigned> reads = 0;
    std::atomic<bool> broken = false;
    std::size_t size = 300;
    std::shared_future<void> gate;  // a read waits for it when there is one
    Catalog catalog{{"alpha"},
                    {"news"},
                    {View{.name = "unread", .query_text = "is:unread", .query = Query{.kind = Query::Kind::unread}}}};
    asio::thread_pool pool{2};
    Views views;

    explicit House(ViewsSetup setup = {"c0ffee", 7, 1, "http://127.0.0.1:8137/"})
        : views(
              pool, [this](const store::Selection& selection, std::uint64_t known) { return page(selection, known); },
              std::move(setup)) {}

    store::Page page(const store::Selection& selection, std::uint64_t known) {
        store::Page page;
        page.generation = generation;
        page.marks = marks;
        const std::uint64_t told = told_in;
        ++looks;
        if (gate.valid()) gate.wait();
        if (broken) throw std::runtime_error("disk I/O error");
        page.fingerprint = told * 1000 + std::min(selection.limit, size);
        if (page.fingerprint == known) return page;
        ++reads;
        for (std::size_t i = 0; i < std::min(selection.limit, size); ++i) {
            page.stories.push_back(simple_story(static_cast<int>(i == 0 ? told * 1000 : i),
                                                fmt::format("Story {} of generation {}", i, told)));
            page.stories.back().fingerprint = i == 0 ? told : i;
        }
        if (size > selection.limit) page.next = store::Position{1000, static_cast<std::int64_t>(selection.limit)};
        return page;
    }
    // Something arrives; `seen`: in what is shown.
    void commit(bool seen = true) {
        if (seen) told_in = generation + 1;
        views.changed(++generation);
    }
    Response get(std::string_view target, Headers headers = {}, const char* method = "GET") {
        Request asked = request(method, target, std::move(headers));
        const auto slash = asked.path.find('/', 1);
        if (slash != std::string::npos) asked.captures = {asked.path.substr(slash + 1)};
        auto spec = read_view(asked, catalog, at("2022-01-10T12:00:30Z"));
        if (!spec) return text_response(spec.error().kind == ErrorKind::not_found ? 404 : 400, spec.error().message);
        return run(views.answer(std::move(asked), std::move(*spec)));
    }
    Task<Response> answer(std::string_view target, Headers headers = {}) {
        Request asked = request("GET", target, std::move(headers));
        ViewSpec spec = read_view(asked, catalog, at("2022-01-10T12:00:30Z")).value();
        return views.answer(std::move(asked), std::move(spec));
    }
};

std::string etag_of(const Response& response) { return std::string(response.header("ETag").value()); }

Task<void> count_failure(Task<Response> answer, unsigned& failed) {
    try {
        (void)co_await std::move(answer);
    } catch (const std::runtime_error&) {
        ++failed;
    }
}

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
    CHECK(house.get("/feed.rss").status == 200);
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

TEST_CASE("who has it already gets 304, without a read when nothing has changed") {
    House house;
    const std::string etag = etag_of(house.get("/feed.atom"));
    const unsigned looks = house.looks;
    const Response answer = house.get("/feed.atom", {{"If-None-Match", "\"old\", W/" + etag}});
    CHECK(answer.status == 304);
    CHECK_FALSE(answer.body);
    CHECK(answer.header("ETag") == etag);
    CHECK(answer.header("Cache-Control") == "private, no-cache");
    CHECK(answer.header("Vary") == "Accept-Encoding, A-IM");
    CHECK_FALSE(answer.header("Content-Type"));
    CHECK(house.looks == looks);
    house.commit();
    CHECK(house.get("/feed.atom", {{"If-None-Match", etag}}).status == 200);
}

TEST_CASE("an ETag outlives a restart") {
    House before;
    House after;
    CHECK(after.get("/feed.atom", {{"If-None-Match", etag_of(before.get("/feed.atom"))}}).status == 304);
}

TEST_CASE("a change of something else is looked at once and changes neither bytes nor ETag") {
    House house;
    const Response first = house.get("/feed.atom");
    const Response packed = house.get("/feed.atom", {{"Accept-Encoding", "gzip"}});
    house.commit(false);
    const unsigned looks = house.looks;
    const Response second = house.get("/feed.atom");
    CHECK(second.body.get() == first.body.get());
    CHECK(etag_of(second) == etag_of(first));
    CHECK(house.get("/feed.atom", {{"If-None-Match", etag_of(first)}}).status == 304);
    CHECK(house.get("/feed.atom", {{"Accept-Encoding", "gzip"}}).body.get() == packed.body.get());
    CHECK(house.reads == 1);
    CHECK(house.looks == looks + 1);
}

TEST_CASE("a change of marks concerns the views that ask by them only") {
    House house;
    (void)house.get("/feed.atom");
    (void)house.get("/view/unread.atom");
    (void)house.get("/search.atom?q=rain");
    const unsigned looks = house.looks;
    house.views.marks_changed(++house.marks);
    (void)house.get("/feed.atom");
    CHECK(house.looks == looks);
    (void)house.get("/view/unread.atom");
    (void)house.get("/search.atom?q=rain");
    CHECK(house.looks == looks + 2);
}

TEST_CASE("A-IM: feed is answered with the new entries when the ETag is known, and only then") {
    House house;
    const std::string etag = etag_of(house.get("/feed.atom?n=10", {{"Accept-Encoding", "gzip"}}));
    const Headers asks = {{"A-IM", "feed"}, {"If-None-Match", etag}};
    CHECK(
        house.get("/feed.atom?n=10", {{"A-IM", "feed"}, {"If-None-Match", etag}, {"Accept-Encoding", "gzip"}}).status ==
        304);
    house.commit();
    const Response news = house.get("/feed.atom?n=10", asks);
    CHECK(news.status == 226);
    CHECK(news.header("IM") == "feed");
    CHECK(count_of(*news.body, "<entry>") == 1);
    CHECK_THAT(*news.body, Catch::Contains("generation 8"));
    CHECK(etag_of(news) == etag_of(house.get("/feed.atom?n=10")));
    CHECK(house.get("/feed.atom?n=10", {{"A-IM", "feed"}, {"If-None-Match", etag_of(news)}}).status == 304);
    CHECK(house.get("/feed.atom?n=10", {{"If-None-Match", etag}}).status == 200);
    CHECK(house.get("/feed.atom?n=10", {{"A-IM", "feed"}}).status == 200);
    CHECK(house.get("/feed.atom?n=10", {{"A-IM", "vcdiff"}, {"If-None-Match", etag}}).status == 200);
    CHECK(house.get("/feed.atom?n=10", {{"A-IM", "feed"}, {"If-None-Match", "\"other\""}}).status == 200);
    CHECK(house.get("/feed.atom?n=20", asks).status == 200);
    CHECK(house.get("/feed.atom?n=10", asks, "HEAD").status == 200);
    for (int i = 0; i < 20; ++i) {
        house.commit();
        (void)house.get("/feed.atom?n=10");
    }
    CHECK(house.get("/feed.atom?n=10", asks).status == 200);
}

TEST_CASE("a commit that nobody announced yet is not taken for the old state") {
    House house;
    house.told_in = ++house.generation;
    const Response fresh = house.get("/feed.atom");
    CHECK_THAT(*fresh.body, Catch::Contains("generation 8"));
    CHECK(house.get("/feed.atom", {{"If-None-Match", etag_of(fresh)}}).status == 304);
    house.views.changed(8);
    CHECK(house.get("/feed.atom").body.get() == fresh.body.get());
}

TEST_CASE("ETags differ by format, coding, number of entries, page and store") {
    House house;
    std::set<std::string> etags = {etag_of(house.get("/feed.atom")),
                                   etag_of(house.get("/feed.atom?n=5")),
                                   etag_of(house.get("/feed.atom", {{"Accept-Encoding", "gzip"}})),
                                   etag_of(house.get("/feed.atom", {{"Accept-Encoding", "br"}})),
                                   etag_of(house.get("/feed.atom?before=5.5")),
                                   etag_of(house.get("/feed.rss"))};
    House other({"decaf", 7, 1, "http://127.0.0.1:8137/"});
    etags.insert(etag_of(other.get("/feed.atom")));
    CHECK(etags.size() == 7);
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
    CHECK(packed.header("Vary") == "Accept-Encoding, A-IM");
    CHECK_FALSE(plain.header("Content-Encoding"));
    CHECK(packed.body->size() < plain.body->size() / 4);
    CHECK(gunzip(*packed.body) == *plain.body);
    CHECK(house.get("/feed.atom", {{"Accept-Encoding", "gzip"}}).body.get() == packed.body.get());
    CHECK(house.reads == 1);
    CHECK(house.get("/feed.atom", {{"Accept-Encoding", "gzip"}, {"If-None-Match", etag_of(packed)}}).status == 304);
    CHECK(house.get("/feed.atom", {{"If-None-Match", etag_of(packed)}}).status == 200);
}

TEST_CASE("brotli is the same content, in fewer bytes than gzip") {
    House house;
    const Response packed = house.get("/feed.atom", {{"Accept-Encoding", "gzip, br"}});
    CHECK(packed.header("Content-Encoding") == "br");
    CHECK(unbrotli(*packed.body) == *house.get("/feed.atom").body);
    CHECK(packed.body->size() < house.get("/feed.atom", {{"Accept-Encoding", "gzip"}}).body->size());
}

TEST_CASE("compression of nothing and of noise reads back") {
    std::string noise(100'000, '\0');
    std::uint32_t state = 1;
    for (char& byte : noise) byte = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
    for (const Effort effort : {Effort::once, Effort::often}) {
        CHECK(gunzip(compress("", Coding::gzip, effort)).empty());
        CHECK(unbrotli(compress("", Coding::brotli, effort)).empty());
        CHECK(gunzip(compress(noise, Coding::gzip, effort)) == noise);
        CHECK(unbrotli(compress(noise, Coding::brotli, effort)) == noise);
    }
}

TEST_CASE("a view links to its older entries, and a page of older ones to the newest") {
    House house;
    const std::string first = *house.get("/feed.atom?n=10&q=rain").body;
    CHECK_THAT(first, Catch::Contains("<link rel=\"next\" type=\"application/atom+xml\" "
                                      "href=\"http://127.0.0.1:8137/feed.atom?n=10&amp;q=rain&amp;before=1000.10\"/>"));
    CHECK_THAT(first, Catch::Contains("rel=\"prev-archive\"") && !Catch::Contains("fh:archive/"));
    const std::string second = *house.get("/feed.atom?n=10&q=rain&before=1000.10").body;
    CHECK_THAT(second, Catch::Contains("<fh:archive/>") &&
                           Catch::Contains("<link rel=\"current\" type=\"application/atom+xml\" "
                                           "href=\"http://127.0.0.1:8137/feed.atom?n=10&amp;q=rain\"/>"));
    CHECK_THAT(*house.get("/feed.rss").body, Catch::Contains("atom:link rel=\"next\""));
    CHECK_THAT(*house.get("/feed.json").body,
               Catch::Contains("\"next_url\":\"http://127.0.0.1:8137/feed.json?before=1000.100\""));
    house.size = 5;
    house.commit();
    CHECK_THAT(*house.get("/feed.atom?n=10").body, !Catch::Contains("rel=\"next\""));
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
    std::vector<std::optional<Response>> answers(50);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        // Half of them want gzip: they wait for the same read too.
        Headers headers;
        if (i % 2 == 1) headers.emplace_back("Accept-Encoding", "gzip");
        spawn(io.get_executor(), "answer", take(house.answer("/feed.atom", headers), answers[i]));
    }
    io.poll();
    open.set_value();
    io.run();
    CHECK(house.reads == 1);
    for (const auto& answer : answers) CHECK(answer.value().status == 200);
    CHECK(answers[0]->body.get() == answers[48]->body.get());
    CHECK(answers[1]->body.get() == answers[49]->body.get());
}

TEST_CASE("who asks after a change is not given a rendering that began before it") {
    House house;
    std::promise<void> open;
    house.gate = open.get_future().share();
    asio::io_context io;
    std::optional<Response> early, late;
    spawn(io.get_executor(), "answer", take(house.answer("/feed.atom"), early));
    io.poll();
    while (house.looks == 0) std::this_thread::yield();
    house.commit();
    spawn(io.get_executor(), "answer", take(house.answer("/feed.atom"), late));
    io.poll();
    open.set_value();
    io.run();
    CHECK_THAT(*early.value().body, Catch::Contains("generation 7"));
    CHECK_THAT(*late.value().body, Catch::Contains("generation 8"));
}

TEST_CASE("a store that cannot be read fails every waiting request once, and the next one tries again") {
    House house;
    house.broken = true;
    asio::io_context io;
    unsigned failed = 0;
    for (int i = 0; i < 5; ++i) spawn(io.get_executor(), "answer", count_failure(house.answer("/feed.atom"), failed));
    io.run();
    CHECK(failed == 5);
    CHECK(house.looks == 1);
    house.broken = false;
    CHECK(house.get("/feed.atom").status == 200);
}

TEST_CASE("what nobody asked for lately leaves the memory, which is bounded in bytes") {
    House house({"c0ffee", 7, 1, "http://127.0.0.1:8137/", 2'000'000});
    house.size = 10;
    const Response kept = house.get("/feed.atom");
    for (int n = 1; n <= 1000; ++n) {
        CHECK(house.get(fmt::format("/feed.atom?n={}", n)).status == 200);
        if (n % 10 == 0) CHECK(house.get("/feed.atom").body.get() == kept.body.get());
        CHECK(house.views.cached_bytes() <= 2'000'000);
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
