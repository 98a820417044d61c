#include "aggctl/event_reader.hpp"

#include <vector>

#include <catch2/catch.hpp>

using namespace agg::aggctl;

namespace {

struct Read {
    EventReader reader;
    std::vector<std::string> events;  // "type|data"

    void take(std::string_view bytes) {
        reader.read(bytes, [this](const Event& event) { events.push_back(event.type + "|" + event.data); });
    }
};

const std::string k_stream =
    "retry: 2000\nid: db-7\n\n:\n\nid: db-8\ndata: {\"a\":1}\n\nevent: reset\r\ndata: x\r\ndata:y\r\n\r\nfuture: z\n\n";

}  // namespace

TEST_CASE("events come out of a stream wherever it is cut") {
    const std::size_t cut = GENERATE_COPY(range(std::size_t{0}, k_stream.size()));
    Read read;
    read.take(k_stream.substr(0, cut));
    read.take(k_stream.substr(cut));
    CHECK(read.events == std::vector<std::string>{"|{\"a\":1}", "reset|x\ny"});
    CHECK(read.reader.last_id() == "db-8");
    CHECK(read.reader.retry() == std::chrono::milliseconds{2000});
}

TEST_CASE("an id counts when its event is whole, so that what broke off is asked for again") {
    Read read;
    read.take("id: db-7\n\nid: db-8\ndata: half");
    CHECK(read.reader.last_id() == "db-7");
    read.reader.begin_again();
    read.take("id: db-8\ndata: whole\n\n");
    CHECK(read.events == std::vector<std::string>{"|whole"});
    CHECK(read.reader.last_id() == "db-8");
}
