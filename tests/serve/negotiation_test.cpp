#include "serve/negotiation.hpp"

#include <catch2/catch.hpp>

using namespace agg::serve;

TEST_CASE("the coding follows Accept-Encoding and its weights") {
    struct Case {
        const char* header;
        Coding coding;
    };
    const Case each = GENERATE(values<Case>({
        {"", Coding::identity},
        {"gzip", Coding::gzip},
        {"GZIP", Coding::gzip},
        {"x-gzip", Coding::gzip},
        {"deflate, gzip, br", Coding::brotli},
        {"deflate, br", Coding::brotli},
        {"gzip, br;q=0.5", Coding::gzip},
        {"br;q=0, gzip", Coding::gzip},
        {"br;q=0.5, identity", Coding::identity},
        {"gzip;q=0", Coding::identity},
        {"gzip;q=0.000", Coding::identity},
        {"gzip ; q=0.001", Coding::gzip},
        {"gzip;q=0.5, identity", Coding::identity},
        {"gzip;q=0.5, identity;q=0.4", Coding::gzip},
        {"gzip, identity;q=0", Coding::gzip},
        {"identity;q=0", Coding::identity},
        {"*", Coding::brotli},
        {"*;q=0", Coding::identity},
        {"gzip;q=0, *", Coding::brotli},
        {"gzip;q=1.0, *;q=0.1", Coding::gzip},
        {",, gzip ,", Coding::gzip},
        {"gzipped", Coding::identity},
    }));
    CAPTURE(each.header);
    CHECK(choose_coding(each.header) == each.coding);
}

TEST_CASE("If-None-Match is a list, a star or nothing, compared weakly") {
    struct Case {
        const char* header;
        bool matches;
    };
    const Case each = GENERATE(values<Case>({
        {"", false},
        {"*", true},
        {" * ", true},
        {"\"a-1\"", true},
        {"W/\"a-1\"", true},
        {"\"b\"", false},
        {"\"b\", W/\"c\" ,\"a-1\"", true},
        {"\"b\", \"c\"", false},
        {"a-1", false},
        {"\"a-1", false},
        {"\"x,\"a-1\"", false},
        {"\"x,y\", \"a-1\"", true},
        {"\"A-1\"", false},
    }));
    CAPTURE(each.header);
    CHECK(etag_matches(each.header, "\"a-1\"") == each.matches);
}
