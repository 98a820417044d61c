#include "clean/safe_url.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "base/url_reference.hpp"

namespace agg::clean {
namespace {

// Schemes that open a program or a page when clicked and run nothing. In byte order.
constexpr auto k_link_schemes = std::to_array<std::string_view>({
    "acct",  "apt",     "bitcoin", "callto", "cvs",    "dat",    "did",    "doi",    "ftp",   "ftps",    "gemini",
    "geo",   "git",     "gopher",  "gtalk",  "hdl",    "http",   "https",  "im",     "info",  "ipfs",    "ipns",
    "irc",   "irc6",    "ircs",    "itms",   "magnet", "mailto", "matrix", "mms",    "news",  "nntp",    "podcast",
    "rsync", "rtmp",    "rtsp",    "sftp",   "sip",    "sips",   "skype",  "sms",    "snews", "spotify", "ssh",
    "svn",   "svn+ssh", "tag",     "tel",    "telnet", "urn",    "wais",   "webcal", "xmpp",
});
static_assert(std::is_sorted(k_link_schemes.begin(), k_link_schemes.end()));

// What a page may load. ftp is gone from browsers, but old feeds have it and it runs nothing.
constexpr auto k_resource_schemes = std::to_array<std::string_view>({"ftp", "http", "https", "rtmp", "rtsp"});

// Pictures in the page itself. SVG is not one of them: it is a document that may hold scripts.
constexpr auto k_data_images =
    std::to_array<std::string_view>({"data:image/png", "data:image/gif", "data:image/jpeg", "data:image/jpg",
                                     "data:image/webp", "data:image/avif", "data:image/bmp", "data:image/x-icon"});
constexpr std::size_t k_max_data_image = 256 * 1024;
constexpr std::size_t k_max_url = 8 * 1024;

bool is_scheme_character(char c) { return is_ascii_alpha(c) || is_ascii_digit(c) || c == '+' || c == '-' || c == '.'; }

// The scheme of `url`, "" when it is a relative reference. Absent when a colon stands where neither RFC 3986 nor the
// WHATWG rules allow one: readers that decode once more than we do would find a scheme there.
std::optional<std::string> scheme_of(std::string_view url) {
    const std::size_t stop = url.find_first_of(":/?#");
    if (stop == std::string_view::npos || url[stop] != ':') return "";
    const std::string_view scheme = url.substr(0, stop);
    if (scheme.empty() || !is_ascii_alpha(scheme[0]) || !std::all_of(scheme.begin(), scheme.end(), is_scheme_character))
        return std::nullopt;
    return ascii_lower(scheme);
}

// Browsers drop tabs and line ends anywhere in an address and controls at its ends (WHATWG URL, 4.4); no address needs
// any of them.
std::string without_controls(std::string_view url) {
    std::string out;
    out.reserve(url.size());
    for (std::size_t i = 0; i < url.size(); ++i) {
        const auto byte = static_cast<unsigned char>(url[i]);
        const bool is_c1 = byte == 0xC2 && i + 1 < url.size() && static_cast<unsigned char>(url[i + 1]) < 0xA0;
        if (is_c1)
            ++i;  // U+0080 to U+009F; what is written later leaves them out as well
        else if (byte >= 0x20 && byte != 0x7F)
            out += url[i];
    }
    return std::string(trim(out));
}

// Percent-encodes what would end an attribute or an address in a careless reader.
std::string encoded(std::string_view url) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    out.reserve(url.size());
    for (const char c : url) {
        if (c == ' ' || c == '"' || c == '<' || c == '>' || c == '`') {
            const auto byte = static_cast<unsigned char>(c);
            out += '%';
            out += digits[byte >> 4];
            out += digits[byte & 15];
        } else {
            out += c;
        }
    }
    return out;
}

bool is_data_image(std::string_view url) {
    if (url.size() > k_max_data_image) return false;
    return std::any_of(k_data_images.begin(), k_data_images.end(), [&](std::string_view prefix) {
        return istarts_with(url, prefix) && url.size() > prefix.size() &&
               (url[prefix.size()] == ';' || url[prefix.size()] == ',');
    });
}

template <typename Schemes>
bool contains(const Schemes& schemes, std::string_view scheme) {
    return std::find(schemes.begin(), schemes.end(), scheme) != schemes.end();
}

}  // namespace

std::optional<std::string> safe_url(std::string_view url, UrlUse use, std::string_view base) {
    const std::string text = without_controls(url);
    if (text.empty()) return text;
    const auto scheme = scheme_of(text);
    if (!scheme) return std::nullopt;
    if (*scheme == "data")
        return use == UrlUse::image && is_data_image(text) ? std::optional{encoded(text)} : std::nullopt;
    if (text.size() > k_max_url) return std::nullopt;
    if (!scheme->empty()) {
        const bool allowed =
            use == UrlUse::link ? contains(k_link_schemes, *scheme) : contains(k_resource_schemes, *scheme);
        return allowed ? std::optional{encoded(text)} : std::nullopt;
    }
    const std::string resolved = resolve_reference(base, text);
    const auto resolved_scheme = scheme_of(resolved);
    if (!resolved_scheme) return std::nullopt;
    if (!resolved_scheme->empty() && !contains(k_link_schemes, *resolved_scheme)) return std::nullopt;
    return encoded(resolved);
}

std::string safe_absolute_url(std::string_view url, UrlUse use) {
    const auto safe = safe_url(url, use, "");
    if (!safe) return {};
    const auto scheme = scheme_of(*safe);
    return scheme && !scheme->empty() ? *safe : std::string();
}

// WHATWG HTML, 4.8.4.2.3: an address ends at white space, and at a comma that ends the word; then a descriptor up to
// the next comma.
std::string safe_candidates(std::string_view srcset, std::string_view base) {
    std::string out;
    while (true) {
        while (!srcset.empty() && (is_ascii_space(srcset[0]) || srcset[0] == ',')) srcset.remove_prefix(1);
        if (srcset.empty()) return out;
        std::size_t end = 0;
        while (end < srcset.size() && !is_ascii_space(srcset[end])) ++end;
        std::string_view url = srcset.substr(0, end);
        srcset.remove_prefix(end);
        std::string_view descriptor;
        if (url.ends_with(',')) {
            while (url.ends_with(',')) url.remove_suffix(1);
        } else {
            const std::size_t comma = std::min(srcset.find(','), srcset.size());
            descriptor = trim(srcset.substr(0, comma));
            srcset.remove_prefix(comma);
        }
        const auto is_descriptor = [](char c) {
            return is_ascii_digit(c) || c == '.' || c == 'w' || c == 'x' || c == 'h' || c == ' ';
        };
        if (!std::all_of(descriptor.begin(), descriptor.end(), is_descriptor)) continue;
        const auto safe = safe_url(url, UrlUse::resource, base);
        if (!safe || safe->empty() || safe->ends_with(',') || safe->starts_with(',')) continue;
        if (!out.empty()) out += ", ";
        out += *safe;
        if (!descriptor.empty()) out.append(" ").append(descriptor);
    }
}

}  // namespace agg::clean
