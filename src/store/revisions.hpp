// The versions of an item: each older one as what must be put back into the next newer one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/item.hpp"

namespace agg::store {

// The fields of an item that people compare.
struct Version {
    std::string title;
    std::string link;
    std::string summary_html;
    std::string content_html;

    friend bool operator==(const Version&, const Version&) = default;
};

[[nodiscard]] Version version_of(const Item& item);

// What turns `newer` back into `older`, as text: per field the bytes at both ends that stay and what stood between
// them. Empty when it would take more than 64 kB: such a version is told of, but not kept.
[[nodiscard]] std::string difference(const Version& older, const Version& newer);

// The older version again. Absent when `difference` is empty, or was not made for `newer`.
[[nodiscard]] std::optional<Version> older_version(const Version& newer, std::string_view difference);

}  // namespace agg::store
