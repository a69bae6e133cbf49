#include "source/opcua/services/whole_values.h"

#include <cstddef>
#include <memory>
#include <numeric>
#include <utility>

#include "source/opcua/values/value_convert.h"

namespace tagwire::source::opcua {
namespace {

/// What is in a structure shows when the type of the structure around it is known, level by level.
constexpr int kMaxRounds = ValueLimits::kMaxDepth + 2;

/// Kept alive by the types it waits for.
class Conversion : public std::enable_shared_from_this<Conversion> {
public:
    Conversion(TypeReader& reader, std::vector<const UA_DataValue*> values, Timestamp received,
               std::function<void(std::vector<DataValue>&)> done)
        : reader_(reader),
          values_(std::move(values)),
          received_(received),
          converted_(values_.size()),
          open_(values_.size()),
          done_(std::move(done)) {
        std::iota(open_.begin(), open_.end(), std::size_t{0});
    }

    void goOn() {
        StructureTypes& types = reader_.types();
        std::erase_if(open_, [&](std::size_t i) {
            ConvertContext context{.namespaces = types.namespaces(), .types = &types};
            converted_[i] = convert(*values_[i], context, received_);
            return !context.awaitsTypes;
        });
        if (open_.empty() || ++rounds_ > kMaxRounds) {
            std::exchange(done_, {})(converted_);
            return;
        }
        reader_.whenIdle([self = shared_from_this()] { self->goOn(); });
    }

private:
    TypeReader& reader_;
    const std::vector<const UA_DataValue*> values_;
    const Timestamp received_;
    std::vector<DataValue> converted_;
    /// Not whole yet.
    std::vector<std::size_t> open_;
    int rounds_ = 0;
    std::function<void(std::vector<DataValue>&)> done_;
};

}  // namespace

void convertWhole(TypeReader& reader, std::vector<const UA_DataValue*> values, Timestamp received,
                  std::function<void(std::vector<DataValue>&)> done) {
    std::make_shared<Conversion>(reader, std::move(values), received, std::move(done))->goOn();
}

}  // namespace tagwire::source::opcua
