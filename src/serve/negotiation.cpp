#include "serve/negotiation.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"

namespace agg::serve {
namespace {

// "0.5" in thousandths. A weight that cannot be read counts as 1, as most servers do.
int weight(std::string_view parameters) {
    for (std::string_view parameter : split(parameters, ';')) {
        parameter = trim(parameter);
        if (!istarts_with(parameter, "q=")) continue;
        const std::string_view digits = parameter.substr(2);
        if (digits.empty() || !is_ascii_digit(digits[0])) return 1000;
        if (digits[0] != '0') return 1000;
        int thousandths = 0;
        int scale = 100;
        for (std::size_t at = 2; at < digits.size() && scale > 0; ++at, scale /= 10)
            if (is_ascii_digit(digits[at])) thousandths += scale * (digits[at] - '0');
        return thousandths;
    }
    return 1000;
}

}  // namespace

const char* to_string(Coding coding) {
    switch (coding) {
        case Coding::identity: return "identity";
        case Coding::gzip: return "gzip";
        case Coding::brotli: return "br";
    }
    return "identity";
}

Coding choose_coding(std::string_view accept_encoding) {
    std::optional<int> brotli;
    std::optional<int> gzip;
    std::optional<int> identity;
    std::optional<int> any;
    for (const std::string_view part : split(accept_encoding, ',')) {
        const std::size_t semicolon = part.find(';');
        const std::string_view name = trim(part.substr(0, semicolon));
        const int q = semicolon == std::string_view::npos ? 1000 : weight(part.substr(semicolon + 1));
        if (iequals(name, "br")) brotli = q;
        if (iequals(name, "gzip") || iequals(name, "x-gzip")) gzip = q;
        if (iequals(name, "identity")) identity = q;
        if (name == "*") any = q;
    }
    const int brotli_weight = brotli.value_or(any.value_or(0));
    const int gzip_weight = gzip.value_or(any.value_or(0));
    // Identity is acceptable unless excluded, but a client that names a coding and not identity wants the coding.
    const int identity_weight = identity.value_or(any && (gzip || brotli) ? *any : 0);
    const Coding best = brotli_weight >= gzip_weight ? Coding::brotli : Coding::gzip;
    const int best_weight = std::max(brotli_weight, gzip_weight);
    return best_weight > 0 && best_weight >= identity_weight ? best : Coding::identity;
}

bool etag_matches(std::string_view if_none_match, std::string_view etag) {
    const auto opaque = [](std::string_view tag) { return tag.starts_with("W/") ? tag.substr(2) : tag; };
    std::string_view rest = trim(if_none_match);
    if (rest == "*") return true;
    // Not split at commas: an opaque tag may hold one.
    while (!rest.empty()) {
        const std::size_t open = rest.find('"');
        if (open == std::string_view::npos) return false;
        const std::size_t close = rest.find('"', open + 1);
        if (close == std::string_view::npos) return false;
        if (rest.substr(open, close - open + 1) == opaque(etag)) return true;
        rest.remove_prefix(close + 1);
    }
    return false;
}

}  // namespace agg::serve
