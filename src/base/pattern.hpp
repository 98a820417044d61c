// Regular expressions as people write them in rules: RE2, so that none takes longer than the text is long.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace re2 {
class RE2;
}

namespace agg {

// Read once, asked by any number of threads.
class Pattern {
  public:
    enum class Case { matters, ignored };

    // Fails with `invalid`: what is wrong, and with which part of the expression.
    [[nodiscard]] static Result<Pattern> read(std::string_view expression, Case letters);

    // Whether any part of `text`, valid UTF-8, matches. "^" and "$" are the text's ends, and "." is no line break.
    [[nodiscard]] bool is_in(std::string_view text) const;

  private:
    explicit Pattern(std::shared_ptr<const re2::RE2> compiled) : compiled_(std::move(compiled)) {}
    std::shared_ptr<const re2::RE2> compiled_;
};

}  // namespace agg
