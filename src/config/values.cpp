#include "config/values.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/time.hpp"
#include "base/url.hpp"

namespace agg::config {
namespace {

bool has_control_character(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

std::optional<std::uint64_t> to_number(std::string_view digits) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return number;
}

// "HOST:PORT", "[IPV6]:PORT" or "HOST" taken apart; the port is empty when there is none, the host without brackets.
struct Endpoint {
    std::string host;
    std::string_view port;
};
Endpoint split_endpoint(std::string_view text) {
    if (text.starts_with('[')) {
        const std::size_t close = text.find(']');
        if (close == std::string_view::npos) return {std::string(text), {}};
        const std::string_view rest = text.substr(close + 1);
        return {std::string(text.substr(1, close - 1)), rest.starts_with(':') ? rest.substr(1) : rest};
    }
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || text.find(':', colon + 1) != std::string_view::npos)
        return {std::string(text), {}};
    return {std::string(text.substr(0, colon)), text.substr(colon + 1)};
}

// The bits of an address: 32, 128, or 0 when `host` is none.
unsigned address_bits(const std::string& host) {
    in6_addr buffer{};
    if (inet_pton(AF_INET, host.c_str(), &buffer) == 1) return 32;
    return inet_pton(AF_INET6, host.c_str(), &buffer) == 1 ? 128 : 0;
}

bool is_loopback(const std::string& host) {
    in_addr v4{};
    if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
    in6_addr v6{};
    return inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

bool is_port(std::string_view text) {
    const auto number = to_number(text);
    return number && *number <= 65'535;
}

bool is_host_name(std::string_view text) {
    return !text.empty() && text.size() < 254 && text.front() != '.' &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return is_ascii_alpha(c) || is_ascii_digit(c) || c == '-' || c == '.' || c == '_' || (c & 0x80) != 0;
           });
}

bool is_network_or_host(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash != std::string_view::npos) {
        const unsigned bits = address_bits(std::string(text.substr(0, slash)));
        const auto prefix = to_number(text.substr(slash + 1));
        return bits > 0 && prefix && *prefix <= bits;
    }
    const Endpoint endpoint = split_endpoint(text);
    const bool has_port = text.ends_with(']') ? false : endpoint.host.size() < text.size();
    if (has_port && (!is_port(endpoint.port) || to_number(endpoint.port) == 0)) return false;
    return address_bits(endpoint.host) > 0 || is_host_name(endpoint.host);
}

}  // namespace

std::vector<Problem> Findings::take() {
    std::stable_sort(problems_.begin(), problems_.end(), [](const Problem& a, const Problem& b) {
        return std::pair(a.line, a.column) < std::pair(b.line, b.column);
    });
    return std::exchange(problems_, {});
}

void Value::complain(std::string_view message) const {
    findings.add(node.at, fmt::format("{} in {} {}", key, table, message));
}

std::optional<std::string> read_text(const Value& value, std::string_view expected) {
    const auto* text = value.node.as<std::string>();
    if (text == nullptr) {
        value.complain(fmt::format("takes {}, not {}", expected, type_name(value.node)));
        return std::nullopt;
    }
    if (has_control_character(*text)) {
        value.complain("contains a line break or another control character");
        return std::nullopt;
    }
    return *text;
}

std::optional<bool> read_truth(const Value& value) {
    if (const auto* truth = value.node.as<bool>()) return *truth;
    value.complain(fmt::format("takes true or false, not {}", type_name(value.node)));
    return std::nullopt;
}

std::optional<std::size_t> read_count(const Value& value, std::size_t least, std::size_t most) {
    const auto* number = value.node.as<std::int64_t>();
    if (number != nullptr && *number >= 0 && std::uint64_t(*number) >= least && std::uint64_t(*number) <= most)
        return static_cast<std::size_t>(*number);
    const std::string given = number != nullptr ? std::to_string(*number) : type_name(value.node);
    value.complain(fmt::format("takes a whole number from {} to {}, not {}", least, most, given));
    return std::nullopt;
}

std::optional<std::vector<std::string>> read_texts(const Value& value, std::string_view expected) {
    const auto* array = value.node.as<Array>();
    if (array == nullptr) {
        value.complain(fmt::format("takes an array such as {}, not {}", expected, type_name(value.node)));
        return std::nullopt;
    }
    std::vector<std::string> texts;
    for (const Node& node : *array) {
        const auto* text = node.as<std::string>();
        if (text == nullptr || trim(*text).empty() || has_control_character(*text)) {
            Value{node, value.key, value.table, value.findings}.complain(
                fmt::format("takes an array such as {}; this element is {}", expected,
                            text == nullptr ? type_name(node) : "empty or has a control character"));
            continue;
        }
        const std::string trimmed(trim(*text));
        if (std::find(texts.begin(), texts.end(), trimmed) == texts.end()) texts.push_back(trimmed);
    }
    return texts;
}

std::optional<std::chrono::milliseconds> read_duration(const Value& value) {
    constexpr std::string_view expected = R"(a duration such as "90s", "15min" or "1d")";
    const auto text = read_text(value, expected);
    if (!text) return std::nullopt;
    const auto duration = parse_duration(*text);
    if (!duration)
        value.complain(fmt::format(R"(takes {}, not "{}")", expected, *text));
    else if (*duration < std::chrono::seconds{1})
        value.complain("must be one second or more");
    else
        return duration;
    return std::nullopt;
}

std::optional<std::optional<std::chrono::milliseconds>> read_interval(const Value& value) {
    const auto text = read_text(value, R"("auto" or a duration such as "30min")");
    if (!text) return std::nullopt;
    if (*text == "auto") return std::optional<std::chrono::milliseconds>{};
    if (!parse_duration(*text)) {
        value.complain(fmt::format(R"(takes "auto" or a duration such as "30min", not "{}")", *text));
        return std::nullopt;
    }
    if (const auto duration = read_duration(value)) return duration;
    return std::nullopt;
}

std::optional<std::optional<std::chrono::milliseconds>> read_keep(const Value& value) {
    const auto text = read_text(value, R"("forever" or a duration such as "90d")");
    if (!text) return std::nullopt;
    if (*text == "forever") return std::optional<std::chrono::milliseconds>{};
    const auto duration = parse_duration(*text);
    if (!duration) {
        value.complain(fmt::format(R"(takes "forever" or a duration such as "90d", not "{}")", *text));
        return std::nullopt;
    }
    // What other outlets tell again is recognised by the items of the last days.
    if (*duration < std::chrono::hours{24 * 7}) {
        value.complain(fmt::format(R"(is {}; items are kept for a week at least, "7d")", *text));
        return std::nullopt;
    }
    return duration;
}

std::optional<std::uint64_t> read_size(const Value& value) {
    constexpr std::string_view expected = R"(a size such as "16M", "512K" or a number of bytes)";
    if (const auto* number = value.node.as<std::int64_t>(); number != nullptr && *number > 0)
        return static_cast<std::uint64_t>(*number);
    const auto* text = value.node.as<std::string>();
    if (text == nullptr) {
        value.complain(fmt::format("takes {}, not {}", expected, type_name(value.node)));
        return std::nullopt;
    }
    constexpr std::string_view units = "KMG";
    std::string_view digits = trim(*text);
    unsigned shift = 0;
    if (!digits.empty() && units.find(digits.back()) != std::string_view::npos) {
        shift = 10 * (static_cast<unsigned>(units.find(digits.back())) + 1);
        digits.remove_suffix(1);
    }
    const auto number = to_number(trim(digits));
    if (number && *number > 0 && *number <= (std::uint64_t{1} << 40 >> shift)) return *number << shift;
    value.complain(fmt::format(R"(takes {}, not "{}")", expected, *text));
    return std::nullopt;
}

std::optional<std::string> read_path(const Value& value) {
    const auto text = read_text(value, "a path");
    if (!text) return std::nullopt;
    if (text->empty()) {
        value.complain("is empty; leave the key out to have the default");
        return std::nullopt;
    }
    if (text->starts_with('~')) {
        value.complain(R"(begins with "~", which is not expanded; write the path in full)");
        return std::nullopt;
    }
    const std::filesystem::path folder = std::filesystem::absolute(value.findings.file()).parent_path();
    return (folder / *text).lexically_normal().string();
}

std::optional<std::string> read_feed_url(const Value& value) {
    const auto text = read_text(value, "the address of a feed as a string");
    if (!text) return std::nullopt;
    // What cannot be read is not repeated: it may hold a password.
    const auto url = Url::parse(*text);
    if (!url)
        value.complain(R"(is not an absolute URL such as "https://example.org/feed.xml")");
    else if (!url->is_http() && !url->is_file())
        value.complain(fmt::format("begins with \"{}:\"; aggd polls http, https and file only", url->scheme()));
    else if (url->is_http() && url->host().empty())
        value.complain("names no host");
    else
        return url->text();
    return std::nullopt;
}

std::optional<std::string> read_loopback(const Value& value) {
    constexpr std::string_view expected = R"("127.0.0.1:PORT", "[::1]:PORT" or "off")";
    const auto text = read_text(value, expected);
    if (!text) return std::nullopt;
    if (*text == "off") return "";
    const Endpoint endpoint = split_endpoint(*text);
    if (is_port(endpoint.port) && is_loopback(endpoint.host)) return text;
    if (is_port(endpoint.port) && address_bits(endpoint.host) > 0) {
        value.complain(
            fmt::format(R"(is "{}", which other machines can reach, and this server has neither encryption nor )"
                        R"(users; use "127.0.0.1:{}" and put a web server with TLS in front of it)",
                        *text, endpoint.port));
    } else {
        value.complain(fmt::format(R"(takes {}, not "{}")", expected, *text));
    }
    return std::nullopt;
}

std::optional<std::vector<std::string>> read_private_hosts(const Value& value) {
    auto hosts = read_texts(value, R"(["192.168.0.0/16", "nas.local:8080"])");
    if (!hosts) return std::nullopt;
    for (const std::string& host : *hosts) {
        if (!is_network_or_host(host))
            value.complain(fmt::format(
                R"(has "{}", which is neither a network such as "10.0.0.0/8" nor a host or host:port)", host));
    }
    return hosts;
}

}  // namespace agg::config
