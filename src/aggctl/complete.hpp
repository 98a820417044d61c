// What the shells ask while somebody types.
#pragma once

#include <string>
#include <vector>

namespace agg::aggctl {

// What may stand where the last word is being typed.
struct Completion {
    std::vector<std::string> words;  // verbs, options, fixed words
    bool feeds = false;              // names of feeds
    bool tags = false;
    bool files = false;
    std::string socket;  // as typed before; empty: find it
};

// `words` without the program's name; the last one is incomplete, or empty. Made from the same description as the
// parser, so that there is nothing to keep in step.
[[nodiscard]] Completion complete(const std::vector<std::string>& words);

}  // namespace agg::aggctl
