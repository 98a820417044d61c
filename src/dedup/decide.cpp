#include "dedup/decide.hpp"

namespace agg::dedup {

Decision decide(const Keys& keys, const std::string& canonical_url, const std::optional<KnownItem>& known,
                const std::vector<ToldElsewhere>& elsewhere) {
    if (known) {
        const Kind kind = known->content == keys.content ? Kind::unchanged : Kind::revised;
        return {.kind = kind, .rule = Rule::same_identity, .item = known->item};
    }
    std::optional<StoryId> story;
    for (const ToldElsewhere& told : elsewhere) {
        if (told.canonical_url != canonical_url) continue;
        if (story && *story != told.story) return {};
        story = told.story;
    }
    if (!story) return {};
    return {.kind = Kind::same_story, .rule = Rule::same_url, .story = *story};
}

}  // namespace agg::dedup
