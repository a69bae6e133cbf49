// Values as clients send them, for tags of every type: what is taken has the tag's type and shape, and is
// what was sent.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "base/strict_json.h"
#include "control/typed_value.h"
#include "control/value_range.h"
#include "model/value_json.h"

namespace {

constexpr std::size_t kMaxDepth = 8;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

/// The first byte is the type, the second the number of dimensions and how long they may be.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tagwire;
    if (size < 2) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data + 2), size - 2);
    const auto sent = parseStrictJson(text, kMaxDepth, {});
    if (!sent) return 0;
    TagInfo tag{.id = TagId{1}, .path = TagPath::parse("T").value(), .source = SourceId{1}};
    tag.type = static_cast<BuiltInType>(data[0] % 26);
    tag.dimensions.assign(data[1] % 4U, data[1] / 4U);
    tag.range = EURange{-1e300, 1e300};
    const auto made = control::typedValue(*sent, tag);
    if (!made) {
        if (!made.error().status.isBad() || made.error().message.empty()) __builtin_trap();
        return 0;
    }
    if (made->type() != tag.type || made->isArray() != !tag.dimensions.empty()) __builtin_trap();
    static_cast<void>(control::outOfRange(*made, tag));
    // What is read back looks like what was sent, so the same must be taken again, and be the same.
    std::string again;
    appendValue(again, *made);
    const auto parsed = parseStrictJson(again, kMaxDepth, {});
    if (!parsed) __builtin_trap();
    const auto second = control::typedValue(*parsed, tag);
    if (!second || *second != *made) __builtin_trap();
    return 0;
}
