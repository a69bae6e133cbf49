// What one change costs between the library's decoded notification and the model's value.
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "source/opcua/values/structure_testing.h"
#include "source/opcua/values/value_decoder.h"

namespace tagwire::source::opcua {
namespace {

const std::vector<std::string> kNamespaces{"http://opcfoundation.org/UA/", "urn:server", "http://plant/"};
/// As many as a PublishResponse brings.
constexpr std::size_t kChanges = 1'000;

/// As a server sends them: status Good is left out, both times are there.
UA_DataValue notified(void* data, const UA_DataType& type) {
    UA_DataValue value{};
    value.hasValue = true;
    value.hasSourceTimestamp = value.hasServerTimestamp = true;
    value.sourceTimestamp = value.serverTimestamp = 132'223'104'000'000'000;
    UA_Variant_setScalar(&value.value, data, &type);
    return value;
}

void convertAll(benchmark::State& state, const std::vector<UA_DataValue>& values, ValueDecoder& decoder) {
    std::vector<DataValue> out;
    out.reserve(values.size());
    for (auto _ : state) {
        out.clear();
        for (std::uint32_t i = 0; i < values.size(); ++i) out.push_back(decoder.decode(values[i], i, {}));
        benchmark::DoNotOptimize(out.data());
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(values.size()));
}

template <class T>
void scalars(benchmark::State& state, int type) {
    ValueDecoder decoder(kNamespaces);
    std::array<T, kChanges> numbers{};
    std::vector<UA_DataValue> values;
    for (std::size_t i = 0; i < kChanges; ++i) {
        numbers[i] = static_cast<T>(i);
        values.push_back(notified(&numbers[i], UA_TYPES[type]));
    }
    convertAll(state, values, decoder);
}

void doubles(benchmark::State& state) { scalars<UA_Double>(state, UA_TYPES_DOUBLE); }
void bools(benchmark::State& state) { scalars<UA_Boolean>(state, UA_TYPES_BOOLEAN); }
void int16s(benchmark::State& state) { scalars<UA_Int16>(state, UA_TYPES_INT16); }

void strings(benchmark::State& state) {
    ValueDecoder decoder(kNamespaces);
    UA_String text = borrow("a text of some length");
    convertAll(state, std::vector<UA_DataValue>(kChanges, notified(&text, UA_TYPES[UA_TYPES_STRING])),
               decoder);
}

void arrays(benchmark::State& state) {
    ValueDecoder decoder(kNamespaces);
    std::vector<UA_Double> numbers(1'000, 1.5);
    UA_DataValue value = notified(numbers.data(), UA_TYPES[UA_TYPES_DOUBLE]);
    value.value.arrayLength = numbers.size();
    convertAll(state, std::vector<UA_DataValue>(kChanges, value), decoder);
}

void structures(benchmark::State& state) {
    ValueDecoder decoder(kNamespaces);
    defineStructure(decoder.types(), 1, "Point", UA_STRUCTURETYPE_STRUCTURE,
                    {{"X", standardNode(UA_NS0ID_DOUBLE)},
                     {"Y", standardNode(UA_NS0ID_DOUBLE)},
                     {"Count", standardNode(UA_NS0ID_INT32)},
                     {"Name", standardNode(UA_NS0ID_STRING)}});
    const TestBytes body = TestBytes{}.number(1.25).number(-2.5).number(7).text("pump");
    UA_ExtensionObject object{};
    object.encoding = UA_EXTENSIONOBJECT_ENCODED_BYTESTRING;
    object.content.encoded.typeId = plantNode(1001);
    object.content.encoded.body = borrow(body.bytes);
    convertAll(state,
               std::vector<UA_DataValue>(kChanges, notified(&object, UA_TYPES[UA_TYPES_EXTENSIONOBJECT])),
               decoder);
}

BENCHMARK(doubles);
BENCHMARK(bools);
BENCHMARK(int16s);
BENCHMARK(strings);
BENCHMARK(arrays);
BENCHMARK(structures);

}  // namespace
}  // namespace tagwire::source::opcua
