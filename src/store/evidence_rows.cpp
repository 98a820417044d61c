#include "store/evidence_rows.hpp"

#include <array>
#include <cmath>

#include <boost/json.hpp>

namespace agg::store {
namespace {

namespace json = boost::json;
using dedup::Evidence;

struct Share {
    const char* name;
    double Evidence::*value;
};
constexpr std::array k_shares = {Share{"title_similarity", &Evidence::title_similarity},
                                 Share{"title_containment", &Evidence::title_containment},
                                 Share{"containment", &Evidence::containment}};

struct Count {
    const char* name;
    std::uint32_t Evidence::*value;
};
constexpr std::array k_counts = {
    Count{"equal_headline", &Evidence::equal_headline},
    Count{"shorter", &Evidence::shorter},
    Count{"longer", &Evidence::longer},
    Count{"matched", &Evidence::matched},
    Count{"begin_in_shorter", &Evidence::begin_in_shorter},
    Count{"begin_in_longer", &Evidence::begin_in_longer},
    Count{"lead_run", &Evidence::lead_run},
    Count{"figures", &Evidence::figures},
    Count{"word_changes", &Evidence::word_changes},
    Count{"figure_changes", &Evidence::figure_changes},
    Count{"date_changes", &Evidence::date_changes},
    Count{"negation_changes", &Evidence::negation_changes},
};

struct Flag {
    const char* name;
    bool Evidence::*value;
};
constexpr std::array k_flags = {Flag{"headlines_conflict", &Evidence::headlines_conflict},
                                Flag{"name_swapped", &Evidence::name_swapped},
                                Flag{"facts_before", &Evidence::facts_before}};

}  // namespace

// What is zero is left out: most of it is.
std::string to_column(const Evidence& evidence) {
    json::object out;
    for (const Share& share : k_shares)
        if (const double value = evidence.*share.value; value != 0) out[share.name] = std::round(value * 1000) / 1000;
    for (const Count& count : k_counts)
        if (const std::uint32_t value = evidence.*count.value; value != 0) out[count.name] = value;
    for (const Flag& flag : k_flags)
        if (evidence.*flag.value) out[flag.name] = true;
    if (!evidence.differences.empty()) {
        json::array differences;
        for (const dedup::Difference& one : evidence.differences)
            differences.push_back(json::array{one.a, one.b, static_cast<int>(one.kind)});
        out["differences"] = std::move(differences);
    }
    return json::serialize(out);
}

Evidence evidence_from(std::string_view column) {
    Evidence evidence;
    const json::value parsed = json::parse(column);
    const json::object& object = parsed.as_object();
    for (const Share& share : k_shares)
        if (const json::value* value = object.if_contains(share.name))
            evidence.*share.value = value->to_number<double>();
    for (const Count& count : k_counts)
        if (const json::value* value = object.if_contains(count.name))
            evidence.*count.value = value->to_number<std::uint32_t>();
    for (const Flag& flag : k_flags) evidence.*flag.value = object.contains(flag.name);
    if (const json::value* all = object.if_contains("differences"))
        for (const json::value& one : all->as_array())
            evidence.differences.push_back({std::string(one.at(0).as_string()), std::string(one.at(1).as_string()),
                                            static_cast<dedup::WordKind>(one.at(2).to_number<int>())});
    return evidence;
}

}  // namespace agg::store
