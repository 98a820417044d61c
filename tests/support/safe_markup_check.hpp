// An independent look at safe HTML: what may stand in it is written down here once more, so that a fault in the
// cleaner's own tables shows. It reads strictly what the cleaner writes and accepts nothing else.
#pragma once

#include <string>
#include <string_view>

namespace agg::test {

// Why `html` is not safe; empty when it is. Checked: every tag is lower case, quoted and balanced, "<", ">" and "&"
// stand for nothing else, no element or attribute acts, no address runs anything, no control characters, valid UTF-8.
[[nodiscard]] std::string fault_in(std::string_view html);

}  // namespace agg::test
