#include "history/policy.h"

namespace tagwire::history {
namespace {

Policy policyOf(const RuleOptions& rule) {
    Policy policy;
    policy.recorded = rule.record != RecordWhat::Nothing;
    if (rule.record == RecordWhat::Deadband) {
        const bool percent = rule.deadbandPercent.has_value();
        policy.deadband = {.kind = percent ? Deadband::Kind::Percent : Deadband::Kind::Absolute,
                           .size = percent ? *rule.deadbandPercent : rule.deadbandAbsolute.value_or(0),
                           .trigger = DataChangeTrigger::StatusValue};
    }
    policy.minInterval = rule.minInterval;
    policy.maxInterval = rule.maxInterval;
    return policy;
}

}  // namespace

PolicyTable::PolicyTable(const std::vector<RuleOptions>& rules) {
    for (const auto& rule : rules) {
        if (auto pattern = TagPattern::parse(rule.tags))
            rules_.push_back({*std::move(pattern), policyOf(rule)});
    }
}

const Policy& PolicyTable::find(const TagPath& path) const {
    for (const auto& rule : rules_) {
        if (rule.pattern.matches(path.text())) return rule.policy;
    }
    return otherwise_;
}

}  // namespace tagwire::history
