#include "fetch/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <memory>
#include <netdb.h>

#include "base/text.hpp"

namespace agg::fetch {
namespace {

// True when the first `bits` bits of both agree.
bool shares_prefix(const Address& a, const Address& b, unsigned bits) {
    if (a.family != b.family) return false;
    const std::size_t whole = bits / 8;
    if (!std::equal(a.bytes.begin(), a.bytes.begin() + whole, b.bytes.begin())) return false;
    const unsigned rest = bits % 8;
    return rest == 0 || (a.bytes[whole] ^ b.bytes[whole]) >> (8 - rest) == 0;
}

struct Range {
    const char* network;
    unsigned prefix_bits;
};
// clang-format off
constexpr std::array<Range, 15> k_special_v4 = {{
    {"0.0.0.0", 8}, {"10.0.0.0", 8}, {"100.64.0.0", 10}, {"127.0.0.0", 8}, {"169.254.0.0", 16}, {"172.16.0.0", 12}, {"192.0.0.0", 24},
    {"192.0.2.0", 24}, {"192.88.99.0", 24}, {"192.168.0.0", 16}, {"198.18.0.0", 15}, {"198.51.100.0", 24}, {"203.0.113.0", 24},
    {"224.0.0.0", 4}, {"240.0.0.0", 4}}};
constexpr std::array<Range, 12> k_special_v6 = {{
    {"::", 128}, {"::1", 128}, {"64:ff9b:1::", 48}, {"100::", 64}, {"2001::", 23}, {"2001:db8::", 32}, {"3fff::", 20}, {"5f00::", 16},
    {"fc00::", 7}, {"fe80::", 10}, {"fec0::", 10}, {"ff00::", 8}}};
// clang-format on

template <std::size_t Count>
std::array<std::pair<Address, unsigned>, Count> read(const std::array<Range, Count>& ranges) {
    std::array<std::pair<Address, unsigned>, Count> out;
    for (std::size_t i = 0; i < Count; ++i) out[i] = {*Address::parse(ranges[i].network), ranges[i].prefix_bits};
    return out;
}

bool in_any(const Address& address, const auto& ranges) {
    return std::any_of(ranges.begin(), ranges.end(),
                       [&](const auto& range) { return shares_prefix(address, range.first, range.second); });
}

Address embedded_v4(const Address& address, std::size_t offset) {
    Address inner;
    std::copy_n(address.bytes.begin() + static_cast<std::ptrdiff_t>(offset), 4, inner.bytes.begin());
    return inner;
}

// The IPv4 address that `address` carries (mapped, NAT64, 6to4), or else `address`.
Address unwrapped(const Address& address) {
    static const Address mapped = *Address::parse("::ffff:0:0");
    static const Address translated = *Address::parse("64:ff9b::");
    static const Address six_to_four = *Address::parse("2002::");
    if (shares_prefix(address, mapped, 96) || shares_prefix(address, translated, 96)) return embedded_v4(address, 12);
    if (shares_prefix(address, six_to_four, 16)) return embedded_v4(address, 2);
    return address;
}

// `text` without the brackets of an IPv6 host.
std::string_view without_brackets(std::string_view text) {
    if (text.size() > 1 && text.front() == '[' && text.back() == ']') return text.substr(1, text.size() - 2);
    return text;
}

// "10.0.0.0/8" or a single address: the address and the length of its prefix.
std::optional<std::pair<Address, unsigned>> read_network(std::string_view text) {
    const std::size_t slash = text.find('/');
    const auto address = Address::parse(text.substr(0, slash));
    if (!address) return std::nullopt;
    const unsigned longest = address->family == 4 ? 32 : 128;
    if (slash == std::string_view::npos) return std::pair(*address, longest);
    unsigned bits = 0;
    const char* end = text.data() + text.size();
    const auto [read_to, error] = std::from_chars(text.data() + slash + 1, end, bits);
    if (error != std::errc{} || read_to != end || bits > longest) return std::nullopt;
    return std::pair(*address, bits);
}

}  // namespace

std::optional<Address> Address::from(const sockaddr& socket_address) {
    Address address;
    if (socket_address.sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &socket_address, sizeof v4);
        std::memcpy(address.bytes.data(), &v4.sin_addr, 4);
        return address;
    }
    if (socket_address.sa_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &socket_address, sizeof v6);
        address.family = 6;
        std::memcpy(address.bytes.data(), &v6.sin6_addr, 16);
        return address;
    }
    return std::nullopt;
}

std::optional<Address> Address::parse(std::string_view text) {
    const std::string terminated(without_brackets(text));
    Address address;
    if (::inet_pton(AF_INET, terminated.c_str(), address.bytes.data()) == 1) return address;
    address.family = 6;
    if (::inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) return address;
    return std::nullopt;
}

std::string Address::text() const {
    std::array<char, INET6_ADDRSTRLEN> text{};
    ::inet_ntop(family == 4 ? AF_INET : AF_INET6, bytes.data(), text.data(), static_cast<socklen_t>(text.size()));
    return text.data();
}

bool is_public(const Address& address) {
    static const auto special_v4 = read(k_special_v4);
    static const auto special_v6 = read(k_special_v6);
    const Address judged = unwrapped(address);
    return judged.family == 4 ? !in_any(judged, special_v4) : !in_any(judged, special_v6);
}

std::optional<Address> literal_address(std::string_view host) {
    host = without_brackets(host);
    if (host.ends_with('.')) host.remove_suffix(1);
    if (iequals(host, "localhost") || (host.size() > 10 && iequals(host.substr(host.size() - 10), ".localhost")))
        return Address::parse("127.0.0.1");
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST;
    addrinfo* found = nullptr;
    if (::getaddrinfo(std::string(host).c_str(), nullptr, &hints, &found) != 0) return std::nullopt;
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
    return Address::from(*found->ai_addr);
}

bool network_contains(std::string_view network, const Address& address) {
    const auto parsed = read_network(network);
    return parsed && shares_prefix(address, parsed->first, parsed->second);
}

Result<AllowedPrivate> AllowedPrivate::parse(const std::vector<std::string>& entries) {
    AllowedPrivate allowed;
    for (const std::string& entry : entries) {
        const auto wrong = [&] {
            return fail(ErrorKind::invalid,
                        "\"{}\" is neither a network (\"10.0.0.0/8\", \"fd00::/8\") nor a host (\"nas.local\", "
                        "\"nas.local:8080\")",
                        entry);
        };
        const std::string text = ascii_lower(trim(entry));
        if (const auto network = read_network(text)) {
            allowed.networks_.push_back({network->first, network->second});
            continue;
        }
        if (text.find('/') != std::string::npos) return wrong();
        const std::size_t colon = text.rfind(':');
        Host host{text.substr(0, colon), 0};
        if (colon != std::string::npos) {
            const char* end = text.data() + text.size();
            const auto [read_to, error] = std::from_chars(text.data() + colon + 1, end, host.port);
            if (error != std::errc{} || read_to != end || host.port == 0) return wrong();
        }
        if (host.name.empty() || host.name.find_first_of(" \t") != std::string::npos) return wrong();
        allowed.hosts_.push_back(std::move(host));
    }
    return allowed;
}

bool AllowedPrivate::permits(const Address& address, std::string_view host, std::uint16_t port) const {
    const Address judged = unwrapped(address);
    return std::any_of(networks_.begin(), networks_.end(),
                       [&](const Network& network) {
                           return shares_prefix(address, network.address, network.prefix_bits) ||
                                  shares_prefix(judged, network.address, network.prefix_bits);
                       }) ||
           std::any_of(hosts_.begin(), hosts_.end(), [&](const Host& allowed) {
               return without_brackets(allowed.name) == without_brackets(host) &&
                      (allowed.port == 0 || allowed.port == port);
           });
}

}  // namespace agg::fetch
