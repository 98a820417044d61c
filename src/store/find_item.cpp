#include "store/find_item.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>

#include "base/text.hpp"
#include "dedup/fingerprint.hpp"
#include "store/columns.hpp"
#include "store/condition.hpp"
#include "store/key_index.hpp"

namespace agg::store {
namespace {

constexpr std::size_t k_candidates_shown = 10;

struct Candidate {
    FoundItem found;
    std::string outlet, title;
};

// One item of each story that fits `condition`, one more than are shown at most.
std::vector<Candidate> candidates(SQLite::Database& database, const std::string& condition,
                                  const std::vector<std::string>& values) {
    SQLite::Statement rows(database,
                           "SELECT min(item.id), story_id, feed.name, item.title FROM item JOIN feed ON feed.id = "
                           "item.feed_id WHERE " +
                               condition + " GROUP BY story_id ORDER BY min(item.id) LIMIT " +
                               std::to_string(k_candidates_shown + 1));
    for (std::size_t i = 0; i < values.size(); ++i) rows.bind(static_cast<int>(i) + 1, values[i]);
    std::vector<Candidate> all;
    while (rows.executeStep())
        all.push_back({{ItemId{rows.getColumn(0).getInt64()}, StoryId{rows.getColumn(1).getInt64()}},
                       rows.getColumn(2).getString(),
                       rows.getColumn(3).getString()});
    return all;
}

// The item that began the story, in a list.
std::vector<Candidate> told_in(SQLite::Database& database, const dedup::Uuid& uuid) {
    SQLite::Statement story(database, "SELECT id FROM story WHERE uid IN (?, ?)");
    bind_uuid(story, 1, uuid);
    story.bind(2, dedup::to_urn(uuid));
    if (!story.executeStep()) return {};
    return candidates(database, fmt::format("story_id = {}", story.getColumn(0).getInt64()), {});
}

std::optional<std::int64_t> to_number(std::string_view text) {
    if (text.starts_with('#')) text.remove_prefix(1);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional{number} : std::nullopt;
}

std::string like_prefix(std::string_view text) {
    std::string pattern;
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '\\') pattern += '\\';
        pattern += c;
    }
    return pattern + '%';
}

// Those whose title begins with `text`. The full-text index leads to them where it can: it has every title but those of
// stories that wait for it.
std::vector<Candidate> titled(SQLite::Database& database, const std::string& text) {
    const std::string begins = "item.title LIKE ? ESCAPE '\\'";
    const bool has_words = std::any_of(text.begin(), text.end(), [](char c) {
        return is_ascii_alpha(c) || is_ascii_digit(c) || static_cast<unsigned char>(c) >= 0x80;
    });
    if (!has_words) return candidates(database, begins, {like_prefix(text)});
    const auto match = match_expression(Query{.kind = Query::Kind::title, .text = text, .is_beginning = true});
    return candidates(
        database,
        begins +
            " AND story_id IN (SELECT story_id FROM search_document WHERE id IN (SELECT rowid FROM search "
            "WHERE search MATCH ?) UNION ALL SELECT story_id FROM search_pending)",
        {like_prefix(text), match.value()});
}

Result<FoundItem> only_one(const std::vector<Candidate>& fitting, std::string_view text) {
    if (fitting.size() == 1) return fitting.front().found;
    std::string list;
    for (std::size_t i = 0; i < std::min(fitting.size(), k_candidates_shown); ++i)
        list += fmt::format("\n{:>10}  {}: {}", to_column(fitting[i].found.item), fitting[i].outlet,
                            truncate_utf8(fitting[i].title, 100));
    const bool more = fitting.size() > k_candidates_shown;
    return fail(ErrorKind::ambiguous, "\"{}\" fits {}{} items; give the number of one:{}{}", truncate_utf8(text, 200),
                more ? "more than " : "", more ? k_candidates_shown : fitting.size(), list, more ? "\n  ..." : "");
}

}  // namespace

Result<FoundItem> find_item(SQLite::Database& database, std::string_view text, std::string_view canonical_url) {
    const std::string wanted(trim(text));
    if (wanted.empty())
        return fail(ErrorKind::invalid, "an item is named by its number, address or title, not by \"\"");
    if (const auto number = to_number(wanted)) {
        SQLite::Statement row(database, "SELECT story_id FROM item WHERE id = ?");
        row.bind(1, *number);
        if (row.executeStep()) return FoundItem{ItemId{*number}, StoryId{row.getColumn(0).getInt64()}};
    }
    std::vector<Candidate> fitting;
    if (const auto uuid = dedup::uuid_from_urn(wanted)) fitting = told_in(database, *uuid);
    const std::string canonical(canonical_url);
    if (fitting.empty() && !canonical.empty()) {
        const std::string at_address = has_key("url_key", dedup::fingerprint(canonical));
        fitting = candidates(database, at_address + " AND link = ?", {wanted});
        if (fitting.empty()) fitting = candidates(database, at_address + " AND canonical_url = ?", {canonical});
    }
    if (fitting.empty())
        fitting = candidates(database, has_key("guid_key", dedup::fingerprint(wanted)) + " AND guid = ?", {wanted});
    if (fitting.empty()) fitting = titled(database, wanted);
    // Links to no article and short ids have no key: every item is looked at.
    if (fitting.empty()) fitting = candidates(database, "link = ?1 OR guid = ?1", {wanted});
    if (fitting.empty())
        return fail(ErrorKind::not_found, "there is no item \"{}\": aggctl items shows their numbers",
                    truncate_utf8(wanted, 200));
    return only_one(fitting, wanted);
}

}  // namespace agg::store
