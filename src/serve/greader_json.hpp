// What the Google Reader API answers, as JSON. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "serve/admin.hpp"
#include "store/reader.hpp"

namespace agg::serve {

// The feed of `feeds` that a story is at home in: that of its first item. Null when it is no longer subscribed.
[[nodiscard]] const FeedStatus* home_of(const store::Story& story, const std::vector<FeedStatus>& feeds);

// All states, labels and the stream that a story is in.
[[nodiscard]] std::vector<std::string> categories_of(const store::Story& story, const FeedStatus* home);

[[nodiscard]] std::string write_user_info(const std::string& user);
[[nodiscard]] std::string write_tag_list(const std::vector<FeedStatus>& feeds,
                                         const std::vector<std::string>& story_tags);
[[nodiscard]] std::string write_subscription_list(const std::vector<FeedStatus>& feeds);
[[nodiscard]] std::string write_unread_count(const std::vector<FeedStatus>& feeds,
                                             const std::vector<store::FeedCount>& counts);
[[nodiscard]] std::string write_item_ids(const std::vector<StoryId>& stories, const std::string& continuation);
[[nodiscard]] std::string write_contents(const std::string& stream, const store::Page& page,
                                         const std::vector<FeedStatus>& feeds, const std::string& continuation,
                                         TimePoint now);
[[nodiscard]] std::string write_quick_add(const std::string& query, const Result<AddedFeed>& added);

}  // namespace agg::serve
