/// Which changes of which tags are recorded, ready for use.
/// Thread: any. Lifetime: value types; a policy is found once a tag.
#pragma once

#include <vector>

#include "base/time.h"
#include "history/options.h"
#include "model/deadband.h"
#include "model/tag_path.h"

namespace tagwire::history {

struct Policy {
    bool recorded = true;
    /// Without deadband what the store has published is recorded, whatever it is.
    Deadband deadband{};
    Ticks minInterval{0};
    Ticks maxInterval{0};

    friend bool operator==(const Policy&, const Policy&) = default;
};

class PolicyTable {
public:
    /// Of rules that have been checked.
    explicit PolicyTable(const std::vector<RuleOptions>& rules);

    /// Lives as long as the table.
    [[nodiscard]] const Policy& find(const TagPath& path) const;

private:
    struct Rule {
        TagPattern pattern;
        Policy policy;
    };
    std::vector<Rule> rules_;
    Policy otherwise_;
};

}  // namespace tagwire::history
