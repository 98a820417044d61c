#include "fetch/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>

#include <catch2/catch.hpp>

using namespace agg;
using namespace agg::fetch;

namespace {

Address address(std::string_view text) {
    const auto parsed = Address::parse(text);
    if (!parsed) throw std::invalid_argument(std::string(text));
    return *parsed;
}

AllowedPrivate allowed(const std::vector<std::string>& entries) {
    auto parsed = AllowedPrivate::parse(entries);
    if (!parsed) throw std::invalid_argument(parsed.error().message);
    return *parsed;
}

struct Range {
    const char* before;  // public, or "" where another special range borders
    const char* first;
    const char* last;
    const char* after;
};

// IANA special-purpose address registries.
const std::vector<Range> k_special = {
    {"", "0.0.0.0", "0.255.255.255", "1.0.0.0"},                           // this network
    {"9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0"},           // private
    {"100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0"},    // shared with a carrier's customers
    {"126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0"},      // loopback
    {"169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0"},  // link-local, clouds' metadata
    {"172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0"},      // private
    {"191.255.255.255", "192.0.0.0", "192.0.0.255", "192.0.1.0"},          // protocol assignments
    {"192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0"},              // documentation
    {"192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0"},  // private
    {"198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0"},      // benchmarking
    {"198.51.99.255", "198.51.100.0", "198.51.100.255", "198.51.101.0"},   // documentation
    {"203.0.112.255", "203.0.113.0", "203.0.113.255", "203.0.114.0"},      // documentation
    {"223.255.255.255", "224.0.0.0", "255.255.255.255", ""},               // multicast, reserved, broadcast
    {"", "::", "::1", "::2:0:0"},                                          // unspecified, loopback
    {"ff:ffff::", "100::", "100::ffff:ffff:ffff:ffff", "100:0:0:1::"},     // discard
    {"2001:db7:ffff::", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::"},  // documentation
    {"fbff::", "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fe00::"},                  // private
    {"fe7f:ffff::", "fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ""},                   // link-local
    {"", "ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ""},                              // multicast
};

}  // namespace

TEST_CASE("a special range is refused from its first to its last address, and its neighbours are not") {
    const Range range = GENERATE(from_range(k_special));
    INFO(range.first << " to " << range.last);
    CHECK_FALSE(is_public(address(range.first)));
    CHECK_FALSE(is_public(address(range.last)));
    if (*range.before != '\0') CHECK(is_public(address(range.before)));
    if (*range.after != '\0') CHECK(is_public(address(range.after)));
}

TEST_CASE("ordinary addresses are public") {
    const auto text =
        GENERATE("1.1.1.1", "8.8.8.8", "93.184.216.34", "151.101.0.81", "2606:4700::1111", "2a00:1450:4001:80b::200e");
    CHECK(is_public(address(text)));
}

TEST_CASE("an IPv4 address inside an IPv6 one is judged as itself") {
    const auto prefix = GENERATE("::ffff:", "64:ff9b::");
    INFO(prefix);
    CHECK_FALSE(is_public(address(prefix + std::string("127.0.0.1"))));
    CHECK_FALSE(is_public(address(prefix + std::string("10.1.2.3"))));
    CHECK_FALSE(is_public(address(prefix + std::string("169.254.169.254"))));
    CHECK_FALSE(is_public(address(prefix + std::string("0.0.0.0"))));
    CHECK(is_public(address(prefix + std::string("8.8.8.8"))));
}

TEST_CASE("a 6to4 address is judged by the IPv4 address in its second to sixth byte") {
    CHECK_FALSE(is_public(address("2002:7f00:1::")));           // 127.0.0.1
    CHECK_FALSE(is_public(address("2002:c0a8:101::8.8.8.8")));  // 192.168.1.1
    CHECK_FALSE(is_public(address("2002:a9fe:a9fe::1")));       // 169.254.169.254
    CHECK(is_public(address("2002:808:808::1")));               // 8.8.8.8
}

TEST_CASE("an address reads and writes as text, in brackets or not") {
    CHECK(address("192.168.1.5").text() == "192.168.1.5");
    CHECK(address("[2001:DB8::1]").text() == "2001:db8::1");
    const auto no_address = GENERATE("", "localhost", "1.2.3", "1.2.3.4.5", "256.1.1.1", "0x7f.1", "2130706433",
                                     "::1::", "[::1", "fe80::1%eth0");
    CHECK_FALSE(Address::parse(no_address));
}

TEST_CASE("a socket address that is neither IPv4 nor IPv6 is none") {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_addr.s_addr = htonl(0x0A000001);
    CHECK(Address::from(reinterpret_cast<const sockaddr&>(v4))->text() == "10.0.0.1");
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_addr = in6addr_loopback;
    CHECK(Address::from(reinterpret_cast<const sockaddr&>(v6))->text() == "::1");
    sockaddr_un local{};
    local.sun_family = AF_UNIX;
    CHECK_FALSE(Address::from(reinterpret_cast<const sockaddr&>(local)));
}

TEST_CASE("allow_private names networks, single addresses, hosts and hosts with a port") {
    struct Case {
        const char* entry;
        const char* address;
        const char* host;
        std::uint16_t port;
        bool permitted;
    };
    const auto test = GENERATE(values<Case>({
        {"10.0.0.0/8", "10.255.0.1", "any.example", 80, true},
        {"10.0.0.0/8", "11.0.0.1", "any.example", 80, false},
        {"10.1.2.0/23", "10.1.3.255", "any.example", 80, true},
        {"10.1.2.0/23", "10.1.4.0", "any.example", 80, false},
        {"0.0.0.0/0", "127.0.0.1", "any.example", 80, true},
        {"0.0.0.0/0", "::1", "any.example", 80, false},  // the other family
        {"fd00::/8", "fd12::1", "any.example", 80, true},
        {"fd00::/8", "fc12::1", "any.example", 80, false},
        {"192.168.1.5", "192.168.1.5", "any.example", 80, true},
        {"192.168.1.5", "192.168.1.6", "any.example", 80, false},
        {"::1", "::1", "any.example", 80, true},
        {"[::1]", "::1", "any.example", 80, true},
        {"nas.local", "192.168.1.5", "nas.local", 8080, true},
        {" NAS.local ", "192.168.1.5", "nas.local", 8080, true},
        {"nas.local", "192.168.1.5", "other.local", 8080, false},
        {"nas.local", "192.168.1.5", "x.nas.local", 8080, false},
        {"nas.local:8080", "192.168.1.5", "nas.local", 8080, true},
        {"nas.local:8080", "192.168.1.5", "nas.local", 80, false},
        {"192.168.1.5:8080", "192.168.1.5", "192.168.1.5", 8080, true},
        {"192.168.1.5:8080", "192.168.1.5", "192.168.1.5", 80, false},
        {"[::1]:8080", "::1", "[::1]", 8080, true},
        {"[::1]:8080", "::1", "[::1]", 80, false},
    }));
    INFO(test.entry << " for " << test.address << " as " << test.host << ":" << test.port);
    CHECK(allowed({test.entry}).permits(address(test.address), test.host, test.port) == test.permitted);
}

TEST_CASE("nothing private is allowed unless it is named") {
    CHECK_FALSE(allowed({}).permits(address("127.0.0.1"), "localhost", 80));
    const auto several = allowed({"10.0.0.0/8", "nas.local:8080", "fd00::/8"});
    CHECK(several.permits(address("10.0.0.1"), "a.example", 80));
    CHECK(several.permits(address("192.168.0.1"), "nas.local", 8080));
    CHECK_FALSE(several.permits(address("192.168.0.1"), "a.example", 8080));
}

TEST_CASE("an allowed IPv4 network covers its addresses mapped into IPv6") {
    CHECK(allowed({"127.0.0.0/8"}).permits(address("::ffff:127.0.0.1"), "a.example", 80));
    CHECK_FALSE(allowed({"127.0.0.0/8"}).permits(address("::ffff:10.0.0.1"), "a.example", 80));
}

TEST_CASE("an entry of allow_private that means nothing is refused by its name") {
    const std::string entry = GENERATE("", " ", "10.0.0.0/33", "fd00::/129", "10.0.0.0/", "10.0.0.0/8x", "10.0.0.0/-1",
                                       "nas.local:", "nas.local:0", "nas.local:65536", "nas.local:http", ":8080",
                                       "nas local", "http://nas.local", "nas.local/8", "10.0.0.0/8/8");
    INFO(entry);
    const auto parsed = AllowedPrivate::parse({"10.0.0.0/8", entry});
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().kind == ErrorKind::invalid);
    CHECK_THAT(parsed.error().message, Catch::Contains("\"" + entry + "\""));
}
