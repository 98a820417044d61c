// Which network addresses a feed may lead to. Pure, but for parsing text.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

struct sockaddr;

namespace agg::fetch {

// An IPv4 address (family 4, the first four bytes) or an IPv6 address (family 6).
struct Address {
    int family = 4;
    std::array<std::uint8_t, 16> bytes{};

    // Absent for every other family: such sockets are never opened.
    [[nodiscard]] static std::optional<Address> from(const sockaddr& socket_address);
    // Reads "192.0.2.1" or "2001:db8::1".
    [[nodiscard]] static std::optional<Address> parse(std::string_view text);
    [[nodiscard]] std::string text() const;

    friend auto operator<=>(const Address&, const Address&) = default;
};

// False for what is not on the public internet: loopback, private, shared, link-local, documentation, benchmarking,
// multicast and reserved ranges (IANA special-purpose registries). An IPv4 address inside ::ffff:0:0/96, 64:ff9b::/96
// or 2002::/16 is judged as itself.
[[nodiscard]] bool is_public(const Address& address);

// The address that `host` is, in any spelling that resolvers take without asking anybody ("127.1", "0x7f000001",
// "[::1]"); loopback for "localhost" and what is below it (RFC 6761, 6.3). Absent for every other name.
[[nodiscard]] std::optional<Address> literal_address(std::string_view host);

// Is `address` in `network`: "10.0.0.0/8", "fd00::/8" or a single address? False when `network` is none.
[[nodiscard]] bool network_contains(std::string_view network, const Address& address);

// [fetch] allow_private: the networks and hosts that may be private all the same.
class AllowedPrivate {
  public:
    // Reads "10.0.0.0/8", "fd00::/8", "192.168.1.5", "nas.local", "nas.local:8080". Fails with `invalid`, naming the
    // entry.
    [[nodiscard]] static Result<AllowedPrivate> parse(const std::vector<std::string>& entries);

    // May a connection for `host` (lower case) and `port` go to `address`, although that is not public?
    [[nodiscard]] bool permits(const Address& address, std::string_view host, std::uint16_t port) const;

  private:
    struct Network {
        Address address;
        unsigned prefix_bits;
    };
    struct Host {
        std::string name;
        std::uint16_t port;  // 0: any
    };
    std::vector<Network> networks_;
    std::vector<Host> hosts_;
};

}  // namespace agg::fetch
