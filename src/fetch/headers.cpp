#include "base/text.hpp"
#include "fetch/response.hpp"

namespace agg::fetch {

const std::string& Headers::get(std::string_view name) const {
    static const std::string absent;
    for (const auto& [key, value] : all_)
        if (iequals(key, name)) return value;
    return absent;
}

std::string Headers::joined(std::string_view name) const {
    std::string out;
    for (const auto& [key, value] : all_) {
        if (!iequals(key, name)) continue;
        if (!out.empty()) out += ", ";
        out += value;
    }
    return out;
}

}  // namespace agg::fetch
