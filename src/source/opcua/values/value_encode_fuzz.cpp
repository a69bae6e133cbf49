// Whatever is typed for a node: it is refused with a reason, or what the node then shows can be written to it
// again and is the same.
//
// Input: data type, value rank, then the text.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "model/data_value.h"
#include "source/opcua/values/structure_testing.h"
#include "source/opcua/values/value_convert.h"
#include "source/opcua/values/value_encode.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tagwire;
    using namespace tagwire::source::opcua;
    static const std::vector<std::string> namespaces{"http://opcfoundation.org/UA/", "urn:server",
                                                     "http://plant/"};
    if (size < 2) return 0;
    StructureTypes types(namespaces);
    defineEnumeration(types, 1, {{0, "Off"}, {1, "On"}});
    defineStructure(types, 2, "Point", UA_STRUCTURETYPE_STRUCTURE,
                    {{"x", standardNode(UA_NS0ID_DOUBLE)}, {"s", plantNode(1)}});
    defineStructure(types, 3, "Recipe", UA_STRUCTURETYPE_STRUCTUREWITHOPTIONALFIELDS,
                    {{"p", plantNode(2), 1},
                     {"m", standardNode(UA_NS0ID_INT32), 2, true},
                     {"a", standardNode(UA_NS0ID_BASEDATATYPE)}});
    defineStructure(types, 4, "Choice", UA_STRUCTURETYPE_UNION,
                    {{"n", standardNode(UA_NS0ID_INT64)}, {"w", standardNode(UA_NS0ID_LOCALIZEDTEXT)}});
    const unsigned type = data[0] % 36U;
    const WriteTarget target{.dataType = types.typeOf(type < 32 ? standardNode(type) : plantNode(type - 31)),
                             .valueRank = data[1] % 8 - 3,
                             .arrayDimensions = {}};
    const auto encoded = encodeText({reinterpret_cast<const char*>(data + 2), size - 2}, target, types);
    if (!encoded) {
        if (encoded.error().message.empty()) std::abort();
        return 0;
    }
    const auto show = [&](const Ua<UA_Variant>& variant) {
        UA_DataValue value{};
        value.hasValue = true;
        value.value = variant.get();
        ConvertContext context{.namespaces = namespaces, .types = &types};
        return convert(value, context, {});
    };
    const DataValue first = show(*encoded);
    // Structures go through JSON text, whose numbers may be one bit off; abstract types by what they look
    // like.
    const auto resolved = types.resolve(target.dataType);
    if (resolved->structure != nullptr || resolved->builtIn == BuiltInType::Variant) return 0;
    // Cut for show.
    if (!first.status.isGood()) return 0;
    const auto again = encodeValue(first.value, target, types);
    if (!again || !(show(*again).value == first.value)) std::abort();
    return 0;
}
