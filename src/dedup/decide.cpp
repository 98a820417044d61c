#include "dedup/decide.hpp"

#include <algorithm>
#include <array>

#include "dedup/page_key.hpp"

namespace agg::dedup {
namespace {

using namespace std::chrono_literals;

constexpr auto k_index_window = 5 * 24h;
constexpr auto k_page_window = 30 * 24h;
constexpr std::size_t k_max_candidates = 12;  // whose texts are compared
constexpr std::size_t k_max_same_key = 8;     // items under one key that are looked at

std::chrono::milliseconds distance(TimePoint a, TimePoint b) { return a < b ? b - a : a - b; }

class Judge {
  public:
    Judge(const KeyedItem& item, FeedId feed, const Policy& policy, Archive& archive, const AnchorIndex& index)
        : item_(item), feed_(feed), policy_(policy), archive_(archive), index_(index) {}

    Decision decide() {
        Decision decision = found();
        if (decision.kind == Kind::same_story) respect_splits(decision);
        return decision;
    }

  private:
    Decision found() {
        Decision decision;
        if (known(decision) || policy_.scope == Dedup::off) return decision;
        if (same_address(decision) || same_name(decision, Key::guid, item_.keys.guid, Rule::same_guid)) return decision;
        if (same_name(decision, Key::page, item_.keys.page, Rule::same_page) || policy_.scope == Dedup::exact) return decision;
        same_words(decision);
        return decision;
    }

    // The item itself, stored before. An id over another title and text is no identity: the link is asked, then the
    // title. The first of them that is free becomes the item's key.
    bool known(Decision& decision) {
        const Keys& keys = item_.keys;
        std::array<std::uint64_t, 4> identities{keys.identity, keys.link_identity, keys.title_identity, keys.content};
        if (policy_.ids_distrusted) identities = {keys.link_identity, keys.title_identity, keys.identity, keys.content};
        for (const std::uint64_t identity : identities) {
            if (identity == 0) continue;
            const auto found = archive_.find(Key::identity, identity, feed_, 1);
            if (found.empty()) {
                if (decision.identity == 0) decision.identity = identity;
                // Items from before the ids were distrusted are still stored under them.
                if (policy_.ids_distrusted) continue;
                return false;
            }
            if (is_item(decision, found.front())) return true;
        }
        return false;
    }

    bool is_item(Decision& decision, const Found& found) {
        std::optional<Evidence> evidence;
        if (found.content != item_.keys.content) {
            const auto stored = archive_.load(found.item);
            if (!stored) return false;
            evidence = compare(stored->telling, item_.telling);
            const bool same =
                stored->canonical_url == item_.item.canonical_url ? agree(*evidence) : agree_strongly(*evidence);
            if (!same) {
                decision.id_clash = true;
                miss(decision, found, Guard::contradiction, std::move(*evidence));
                return false;
            }
        }
        decision.kind = evidence ? Kind::revised : Kind::unchanged;
        decision.rule = Rule::same_identity;
        decision.match = found;
        decision.evidence = std::move(evidence);
        return true;
    }

    void join(Decision& decision, Rule rule, const Found& match, Evidence evidence) {
        decision.kind = Kind::same_story;
        decision.rule = rule;
        decision.match = match;
        decision.evidence = std::move(evidence);
    }

    static void miss(Decision& decision, const Found& other, Guard guard, Evidence evidence) {
        if (!decision.near_miss) decision.near_miss = NearMiss{other, guard, std::move(evidence)};
    }

    bool same_address(Decision& decision) {
        if (item_.keys.url == 0) return false;
        const auto all = archive_.find(Key::url, item_.keys.url, feed_, k_max_same_key);
        // An address that stands for several stories (a feed whose items all link to its front page) proves little.
        const bool ambiguous = std::any_of(all.begin(), all.end(),
                                           [&](const Found& one) { return one.story != all.front().story; });
        for (const Found& found : all) {
            const auto stored = archive_.load(found.item);
            if (!stored || stored->canonical_url != item_.item.canonical_url) continue;
            Evidence evidence = compare(stored->telling, item_.telling);
            // What another feed links to is the article, whatever that feed calls it.
            const bool other_feed = found.feed != feed_;
            if (!evidence.headlines_conflict && (ambiguous ? agree_strongly(evidence) : other_feed || agree(evidence))) {
                join(decision, Rule::same_url, found, std::move(evidence));
                return true;
            }
            miss(decision, found, Guard::contradiction, std::move(evidence));
        }
        return false;
    }

    // The same id or page name somewhere else: many outlets count from 1, so that the words must agree.
    bool same_name(Decision& decision, Key key, std::uint64_t fingerprint, Rule rule) {
        if (fingerprint == 0) return false;
        for (const Found& found : archive_.find(key, fingerprint, feed_, k_max_same_key)) {
            if (distance(found.published, item_.item.published) > k_page_window) continue;
            const auto stored = archive_.load(found.item);
            if (!stored) continue;
            Evidence evidence = compare(stored->telling, item_.telling);
            const bool alike = evidence.title_similarity >= 0.5 || evidence.containment >= 0.3;
            if (alike && !evidence.headlines_conflict && evidence.figure_changes == 0) {
                join(decision, rule, found, std::move(evidence));
                return true;
            }
        }
        return false;
    }

    void same_words(Decision& decision) {
        const TimePoint published = item_.item.published;
        const std::vector<Candidate> candidates =
            index_.candidates(item_.anchors, feed_, published, k_index_window, k_max_candidates);
        double best = 0;
        for (const Candidate& candidate : candidates) {
            const auto stored = archive_.load(candidate.known.item);
            if (!stored) continue;
            if (candidate.rare == 0 && !candidate.title &&
                compare_titles(stored->telling, item_.telling).title_similarity < 0.6)
                continue;
            Evidence evidence = compare(stored->telling, item_.telling);
            const Relation relation{.same_feed = candidate.known.feed == feed_,
                                    .same_outlet = owner_of(stored->canonical_url) == owner_of(item_.item.canonical_url),
                                    .apart = distance(candidate.known.published, published)};
            const Verdict verdict = same_story(evidence, relation, candidate.recurring_title);
            Found found = stored->found;
            if (verdict.rule == Rule::fresh) {
                if (verdict.guard != Guard::too_little || evidence.containment >= 0.15) miss(decision, found, verdict.guard, std::move(evidence));
                continue;
            }
            // Equals: the earlier candidate, so that a story keeps together.
            const double strength = evidence.containment + evidence.title_similarity;
            if (decision.kind == Kind::same_story && strength <= best) continue;
            best = strength;
            join(decision, verdict.rule, found, std::move(evidence));
        }
    }

    // What a person took out of the story takes with it what is at least as much like it.
    void respect_splits(Decision& decision) {
        const double strength = decision.evidence->containment + decision.evidence->title_similarity;
        for (const ItemId taken_out : archive_.split_from(decision.match.story)) {
            const auto stored = archive_.load(taken_out);
            if (!stored) continue;
            Evidence evidence = compare(stored->telling, item_.telling);
            const Relation relation{.apart = distance(stored->found.published, item_.item.published)};
            const bool same = stored->canonical_url == item_.item.canonical_url ||
                              same_story(evidence, relation, false).rule != Rule::fresh;
            if (!same || evidence.containment + evidence.title_similarity < strength) continue;
            join(decision, Rule::by_hand, stored->found, std::move(evidence));
            return;
        }
    }

    const KeyedItem& item_;
    FeedId feed_;
    const Policy& policy_;
    Archive& archive_;
    const AnchorIndex& index_;
};

}  // namespace

Decision decide(const KeyedItem& item, FeedId feed, const Policy& policy, Archive& archive, const AnchorIndex& index) {
    return Judge(item, feed, policy, archive, index).decide();
}

}  // namespace agg::dedup
