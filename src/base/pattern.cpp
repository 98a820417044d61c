#include "base/pattern.hpp"

#include <re2/re2.h>

namespace agg {
namespace {

// Of the compiled expression: some short ones, such as ((a{100}){100}){100}, ask for gigabytes.
constexpr std::int64_t k_most_memory_bytes = 4 * 1024 * 1024;

}  // namespace

Result<Pattern> Pattern::read(std::string_view expression, Case letters) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_case_sensitive(letters == Case::matters);
    options.set_max_mem(k_most_memory_bytes);
    auto compiled = std::make_shared<const re2::RE2>(re2::StringPiece(expression.data(), expression.size()), options);
    if (compiled->ok()) return Pattern(std::move(compiled));
    const std::string& part = compiled->error_arg();
    return fail(ErrorKind::invalid, "{}{}", compiled->error(),
                part.empty() || compiled->error().ends_with(part) ? "" : ": " + part);
}

bool Pattern::is_in(std::string_view text) const {
    return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *compiled_);
}

}  // namespace agg
