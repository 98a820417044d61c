#include "base/url_reference.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace agg {
namespace {

constexpr auto npos = std::string_view::npos;

struct Parts {
    std::string_view scheme, authority, path, query, fragment;
    bool has_authority = false, has_query = false, has_fragment = false;
};

// The length of a scheme at the start of `text`, without ":"; 0 when there is none.
std::size_t scheme_length(std::string_view text) {
    if (text.empty() || !is_ascii_alpha(text[0])) return 0;
    std::size_t end = 1;
    while (end < text.size() && (is_ascii_alpha(text[end]) || is_ascii_digit(text[end]) || text[end] == '+' || text[end] == '-' || text[end] == '.'))
        ++end;
    return end < text.size() && text[end] == ':' ? end : 0;
}

Parts take_apart(std::string_view text) {
    Parts parts;
    if (const std::size_t length = scheme_length(text); length > 0) {
        parts.scheme = text.substr(0, length);
        text.remove_prefix(length + 1);
    }
    if (const std::size_t hash = text.find('#'); hash != npos) {
        parts.has_fragment = true;
        parts.fragment = text.substr(hash + 1);
        text = text.substr(0, hash);
    }
    if (const std::size_t mark = text.find('?'); mark != npos) {
        parts.has_query = true;
        parts.query = text.substr(mark + 1);
        text = text.substr(0, mark);
    }
    if (text.starts_with("//")) {
        const std::size_t end = std::min(text.find('/', 2), text.size());
        parts.has_authority = true;
        parts.authority = text.substr(2, end - 2);
        text.remove_prefix(end);
    }
    parts.path = text;
    return parts;
}

std::string without_dot_segments(std::string_view path) {
    std::string out;
    out.reserve(path.size());
    while (!path.empty()) {
        if (path.starts_with("../")) path.remove_prefix(3);
        else if (path.starts_with("./")) path.remove_prefix(2);
        else if (path.starts_with("/./")) path.remove_prefix(2);
        else if (path == "/.") path = "/";
        else if (path.starts_with("/../") || path == "/..") {
            path = path == "/.." ? "/" : path.substr(3);
            const std::size_t slash = out.rfind('/');
            out.resize(slash == std::string::npos ? 0 : slash);
        } else if (path == "." || path == "..") {
            break;
        } else {
            const std::size_t end = std::min(path.find('/', 1), path.size());
            out += path.substr(0, end);
            path.remove_prefix(end);
        }
    }
    return out;
}

std::string put_together(const Parts& base, const Parts& parts, std::string_view path, bool has_query, std::string_view query) {
    std::string out;
    out.append(base.scheme).append(":");
    if (base.has_authority) out.append("//").append(base.authority);
    out += path;
    if (has_query) out.append("?").append(query);
    if (parts.has_fragment) out.append("#").append(parts.fragment);
    return out;
}

std::string without_line_breaks(std::string_view text) {
    std::string out(trim(text));
    const auto breaks = [](char c) { return c == '\n' || c == '\r' || c == '\t'; };
    if (std::any_of(out.begin(), out.end(), breaks)) std::erase_if(out, breaks);
    return out;
}

}  // namespace

bool has_scheme(std::string_view reference) { return scheme_length(reference) > 0; }

std::string resolve_reference(std::string_view base_text, std::string_view reference_text) {
    std::string reference = without_line_breaks(reference_text);
    if (base_text.empty() || has_scheme(reference)) return reference;
    const Parts base = take_apart(base_text);
    if (base.scheme.empty() || (!base.has_authority && !base.path.starts_with('/'))) return reference;  // "urn:a" is no base
    const Parts parts = take_apart(reference);
    if (parts.has_authority) {
        Parts whole = parts;
        whole.scheme = base.scheme;
        return put_together(whole, parts, without_dot_segments(parts.path), parts.has_query, parts.query);
    }
    if (parts.path.empty())
        return put_together(base, parts, base.path, parts.has_query || base.has_query, parts.has_query ? parts.query : base.query);
    std::string path;
    if (parts.path.starts_with('/')) {
        path = parts.path;
    } else {
        const std::size_t slash = base.path.rfind('/');
        path = slash == npos ? "/" : std::string(base.path.substr(0, slash + 1));
        path += parts.path;
    }
    return put_together(base, parts, without_dot_segments(path), parts.has_query, parts.query);
}

}  // namespace agg
