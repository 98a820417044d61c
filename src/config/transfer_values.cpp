#include "config/transfer_values.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/paths.hpp"
#include "base/proxy.hpp"
#include "base/text.hpp"

namespace agg::config {
namespace {

struct Reserved {
    std::string_view name;  // lower case; one that ends with "-" stands for all that begin so
    const char* why;
};

constexpr const char* k_of_the_connection = "belongs to the connection, which aggd manages";
constexpr const char* k_of_the_body = "describes a body, and a poll sends none";
constexpr const char* k_of_the_answer = "changes what the answer means, so that items would be lost";
constexpr const char* k_of_caches = "makes the publisher's caches useless; polls are conditional instead";
constexpr const char* k_of_people = "belongs to browsers; aggd sends nothing that follows people about";

constexpr std::array<Reserved, 27> k_reserved = {{
    {"host", "follows from the feed's url"},
    {"connection", k_of_the_connection},
    {"keep-alive", k_of_the_connection},
    {"proxy-", "is for a proxy; give its user and password in the proxy's URL"},
    {"te", k_of_the_connection},
    {"trailer", k_of_the_connection},
    {"transfer-encoding", k_of_the_connection},
    {"upgrade", k_of_the_connection},
    {"http2-settings", k_of_the_connection},
    {"expect", k_of_the_body},
    {"content-", k_of_the_body},
    {"accept-encoding", "is what aggd can unpack"},
    {"if-none-match", "is what aggd remembers of the feed"},
    {"if-modified-since", "is what aggd remembers of the feed"},
    {"if-match", k_of_the_answer},
    {"if-unmodified-since", k_of_the_answer},
    {"if-range", k_of_the_answer},
    {"range", k_of_the_answer},
    {"a-im", k_of_the_answer},
    {"cache-control", k_of_caches},
    {"pragma", k_of_caches},
    {"cookie", k_of_people},
    {"cookie2", k_of_people},
    {"referer", k_of_people},
    {"origin", k_of_people},
    {"user-agent", "has a key of its own: user_agent"},
    {"sec-", k_of_people},
}};

const Reserved* find_reserved(std::string_view name) {
    const std::string lower = ascii_lower(name);
    const auto found = std::find_if(k_reserved.begin(), k_reserved.end(), [&](const Reserved& reserved) {
        return reserved.name.ends_with('-') ? lower.starts_with(reserved.name) : lower == reserved.name;
    });
    return found == k_reserved.end() ? nullptr : &*found;
}

// RFC 9110, 5.6.2.
bool is_token(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return is_ascii_alpha(c) || is_ascii_digit(c) ||
               std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    });
}

bool ends_a_line(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F; }

}  // namespace

std::optional<std::string> read_proxy(const Value& value) {
    const auto text = read_text(value, R"(a URL such as "http://proxy.example:3128", or "none")");
    if (!text) return std::nullopt;
    const auto proxy = parse_proxy(*text);
    if (proxy) return *proxy;
    value.complain(proxy.error().message);
    return std::nullopt;
}

std::optional<std::string> read_user_agent(const Value& value) {
    const auto text = read_text(value, R"(a name such as "my-reader/1.0")");
    if (!text) return std::nullopt;
    if (!trim(*text).empty()) return std::string(trim(*text));
    value.complain("is empty; leave the key out to have the default");
    return std::nullopt;
}

std::optional<std::vector<std::pair<std::string, std::string>>> read_headers(const Value& value) {
    const auto* table = value.node.as<Table>();
    if (table == nullptr) {
        value.complain(
            fmt::format(R"(takes a table such as {{ "Accept-Language" = "de" }}, not {})", type_name(value.node)));
        return std::nullopt;
    }
    std::vector<std::pair<std::string, std::string>> headers;
    for (const Entry& entry : *table) {
        const Value own{entry.node, value.key, value.table, value.findings};
        const auto* text = entry.node.as<std::string>();
        const Reserved* reserved = find_reserved(entry.key);
        const auto has_name = [&](const auto& header) { return iequals(header.first, entry.key); };
        if (!is_token(entry.key))
            own.complain(fmt::format("has \"{}\", which cannot be the name of a header", entry.key));
        else if (reserved != nullptr)
            own.complain(fmt::format("cannot set {}: that {}", entry.key, reserved->why));
        else if (text == nullptr)
            own.complain(fmt::format("takes a string for {}, not {}", entry.key, type_name(entry.node)));
        else if (std::any_of(text->begin(), text->end(), ends_a_line))
            own.complain(fmt::format("has a line break or another control character in {}", entry.key));
        else if (std::any_of(headers.begin(), headers.end(), has_name))
            own.complain(fmt::format("sets {} twice; case makes no difference", entry.key));
        else
            headers.emplace_back(entry.key, trim(*text));
    }
    return headers;
}

std::optional<std::string> read_credentials_path(const Value& value) {
    const auto beside_the_file = read_path(value);
    if (!beside_the_file) return std::nullopt;
    return credentials_path(*value.node.as<std::string>(), *beside_the_file);
}

}  // namespace agg::config
