// Rules on the control API's wire. Pure.
#pragma once

#include <string>

#include "serve/admin.hpp"
#include "store/rule_trial.hpp"

namespace agg::serve {

[[nodiscard]] std::string write_rules(const RuleReport& report);
[[nodiscard]] std::string write_trial(const store::TrialOutcome& outcome);

}  // namespace agg::serve
