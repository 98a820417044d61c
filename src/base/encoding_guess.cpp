#include "base/encoding_guess.hpp"

namespace agg {

std::string guess_encoding(std::string_view) { return "CP1252"; }

}  // namespace agg
