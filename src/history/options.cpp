#include "history/options.h"

#include "model/tag_path.h"

namespace tagwire::history {

std::span<const OptionName<RecordWhat>> optionNames(RecordWhat /*what*/) noexcept {
    static constexpr std::array kNames{OptionName{RecordWhat::All, std::string_view("all")},
                                       OptionName{RecordWhat::Deadband, std::string_view("deadband")},
                                       OptionName{RecordWhat::Nothing, std::string_view("nothing")}};
    return kNames;
}

void RuleOptions::check(OptionErrors& errors) const {
    if (const auto pattern = TagPattern::parse(tags); !pattern) errors.add("tags", pattern.error().message);
    const bool sized = deadbandAbsolute || deadbandPercent;
    if (deadbandAbsolute && deadbandPercent)
        errors.add("deadband_percent", "deadband_absolute is set as well; set only one of them");
    if (record == RecordWhat::Deadband && !sized)
        errors.add("record", "\"deadband\" needs its size: set deadband_absolute or deadband_percent");
    if (record != RecordWhat::Deadband && sized) {
        errors.add(deadbandAbsolute ? "deadband_absolute" : "deadband_percent",
                   "counts only with record = \"deadband\"");
    }
}

}  // namespace tagwire::history
