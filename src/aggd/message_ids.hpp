// The kinds of changes that the log tells, as journald knows them: MESSAGE_ID=, 128 random bits each, for ever the
// same. The manual (aggd(8), JOURNAL) and systemd/aggd.catalog explain them.
#pragma once

#include <string_view>

#include "base/health_event.hpp"

namespace agg::aggd::message_id {

inline constexpr std::string_view k_started = "4797910ddbe3430f9f96f34d887f652a";
inline constexpr std::string_view k_stopping = "846d7e55e55d44be93efbb54d21dfa96";
inline constexpr std::string_view k_reloaded = "7069b8ae33644a1f8edde6a557e9b825";
inline constexpr std::string_view k_reload_failed = "7fb70c2b55ac4514abf0ec354d490f5e";
inline constexpr std::string_view k_offline = "9d7037c59a654bcbb089d99f749bc2df";
inline constexpr std::string_view k_online = "7591830e8c2147febb7c5764bc6bcb5b";
inline constexpr std::string_view k_feed_added = "5057712be28b4c7996d70746a33a67ba";
inline constexpr std::string_view k_feed_removed = "0ea1d93a07b74006813e9eca44ddc73c";
inline constexpr std::string_view k_stuck = "4e39ca9a5792469cabeaaa3348336638";
inline constexpr std::string_view k_not_storing = "67dc55ed094f4a3d8c59ae3485944e38";
inline constexpr std::string_view k_storing = "8db26ab54f3f44ad8811d4643cae1ba7";
inline constexpr std::string_view k_broken = "62144151b7394bd1a117eb52c6a799e1";
inline constexpr std::string_view k_recovered = "a15d7079747d47a7b7d54dd29cbacb0e";
inline constexpr std::string_view k_moved = "4a2420a29805431ba90962718d1a6949";
inline constexpr std::string_view k_gone = "379af58f3c434ec98a2308f514ad9784";
inline constexpr std::string_view k_stale = "790129bfb5434feb8e4111f07ff9fccd";
inline constexpr std::string_view k_rate_limited = "53e4627cf1694b02b1232524d5508b65";
inline constexpr std::string_view k_lying_cache = "546572c7d7124eefbc6f99699e4ede31";
inline constexpr std::string_view k_dead = "8d46490a570b46728550e7825ee239ff";
inline constexpr std::string_view k_ids_healed = "f1e0c88a003b4902b0614fdb444a535a";

[[nodiscard]] constexpr std::string_view of(HealthKind kind) {
    switch (kind) {
        case HealthKind::broken: return k_broken;
        case HealthKind::recovered: return k_recovered;
        case HealthKind::moved: return k_moved;
        case HealthKind::gone: return k_gone;
        case HealthKind::stale: return k_stale;
        case HealthKind::rate_limited: return k_rate_limited;
        case HealthKind::lying_cache: return k_lying_cache;
        case HealthKind::dead: return k_dead;
        case HealthKind::ids_healed: return k_ids_healed;
    }
    return {};
}

}  // namespace agg::aggd::message_id
