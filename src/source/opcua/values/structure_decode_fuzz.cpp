// Whatever a server says of its types, and whatever bytes it sends for them: what comes out is JSON within
// the limits, or a reason.
//
// Input: types as bytes (kind, number of fields, of each: type, rank, optional), ended by the kind 0xFF; the
// rest is a body of the first type.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <boost/json/parse.hpp>
#include <boost/json/parse_options.hpp>

#include "source/opcua/values/binary_reader.h"
#include "source/opcua/values/structure_decode.h"
#include "source/opcua/values/structure_testing.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tagwire::source::opcua;
    static const std::vector<std::string> namespaces{"http://opcfoundation.org/UA/", "urn:server",
                                                     "http://plant/"};
    static constexpr std::string_view kNames = "abcdefghijklmnop";
    constexpr std::uint8_t kEnd = 0xFF;
    constexpr UA_UInt32 kMaxTypes = 8;

    BinaryReader in({reinterpret_cast<const char*>(data), size});
    StructureTypes types(namespaces);
    // 0 to 31 are types of OPC UA, some of them unknown; the others are those that are defined here.
    const auto typeNode = [](std::uint8_t code) {
        return code < 32 ? standardNode(code) : plantNode(1U + code % kMaxTypes);
    };
    for (UA_UInt32 number = 1; number <= kMaxTypes && in.ok(); ++number) {
        const auto kind = in.number<std::uint8_t>();
        if (kind == kEnd) break;
        if (kind % 8 == 7) {
            defineEnumeration(types, number, {{0, "Off"}, {1, "On"}}, in.number<std::uint8_t>() % 32);
            continue;
        }
        if (kind % 8 == 6) {
            types.setDerived(types.typeOf(plantNode(number)), typeNode(in.number<std::uint8_t>()),
                             kind >= 128);
            continue;
        }
        std::vector<TestField> fields;
        const std::size_t count = in.number<std::uint8_t>() % (kNames.size() + 1);
        for (std::size_t i = 0; i < count && in.ok(); ++i) {
            const auto type = in.number<std::uint8_t>();
            const auto shape = in.number<std::uint8_t>();
            fields.push_back({kNames.substr(i, 1), typeNode(type), shape % 5 - 1, (shape & 0x80U) != 0});
        }
        defineStructure(types, number, "T", static_cast<UA_StructureType>(kind % 8), fields, kind >= 128);
    }
    std::string body;
    while (!in.atEnd()) body += in.number<char>();

    ValueBudget budget;
    const auto json = decodeBody(body, types.typeOf(plantNode(1)), types, budget);
    if (!json) {
        if (json.error().reason.empty()) std::abort();
        return 0;
    }
    if (json->size() > ValueLimits::kMaxBytes || budget.depth != 0) std::abort();
    boost::json::parse_options options;
    options.max_depth = 1'000;
    boost::json::error_code error;
    boost::json::parse(*json, error, {}, options);
    if (error) std::abort();
    return 0;
}
