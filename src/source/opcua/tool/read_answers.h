/// What the server answered to a command's reads, kept until the values are decoded.
/// Thread: main. Lifetime: local to a command.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "source/opcua/services/read.h"

namespace tagwire::source::opcua {

class ReadAnswers {
public:
    /// Moves the values out.
    explicit ReadAnswers(ReadOutcomes& outcomes) : values_(outcomes.size()) {
        for (std::size_t i = 0; i < outcomes.size(); ++i) {
            status_.push_back(statusOf(outcomes[i]));
            std::swap(values_[i].get(), outcomes[i].result);
        }
    }

    [[nodiscard]] StatusCode status(std::size_t i) const noexcept { return status_[i]; }
    [[nodiscard]] const UA_DataValue& value(std::size_t i) const noexcept { return values_[i].get(); }
    /// For Connection::decode(); they stay here.
    [[nodiscard]] std::vector<const UA_DataValue*> values() const {
        std::vector<const UA_DataValue*> all;
        all.reserve(values_.size());
        for (const auto& value : values_) all.push_back(&value.get());
        return all;
    }

private:
    std::vector<StatusCode> status_;
    std::vector<Ua<UA_DataValue>> values_;
};

}  // namespace tagwire::source::opcua
