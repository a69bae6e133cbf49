#include "source/opcua/services/type_reader.h"

#include <chrono>
#include <map>
#include <optional>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "source/opcua/testing/peer_testing.h"
#include "source/opcua/values/value_decoder.h"

namespace tagwire::source::opcua {
namespace {

using namespace std::chrono_literals;

const auto kPort = static_cast<std::uint16_t>(20'000 + getpid() % 6'000);
const std::vector<std::string> kNamespaces{"http://opcfoundation.org/UA/", "urn:open62541.server.application",
                                           "http://tagwire.test/plant/"};
constexpr UA_UInt16 kPlant = 2;

class TypeReaderTest : public testing::Test {
protected:
    void connect(const std::vector<std::string>& arguments = {}) {
        peer_.emplace(kPort, arguments);
        client_.connect();
        run([this] { return client_.active(); });
        ASSERT_TRUE(client_.active());
    }

    template <class Condition>
    void run(const Condition& condition) {
        const auto deadline = SteadyClock::now() + 10s;
        while (!condition() && SteadyClock::now() < deadline) {
            client_.run(5ms);
            if (!reader_.tick()) continue;
            for (auto& [handle, value] : decoder_.retry()) values_[handle] = std::move(value);
        }
    }

    /// Reads the variable as a subscription would bring it; as JSON, or the reason why not, once all types
    /// are read.
    std::string value(const std::string& name) {
        UaArray<UA_ReadValueId> items(1);
        items[0].nodeId.namespaceIndex = kPlant;
        items[0].nodeId.identifierType = UA_NODEIDTYPE_STRING;
        items[0].nodeId.identifier.string = copyOf(std::string_view(name));
        items[0].attributeId = UA_ATTRIBUTEID_VALUE;
        bool done = false;
        const std::function<void(std::vector<Outcome<UA_DataValue>>&)> take = [&](auto& outcomes) {
            values_[1] = decoder_.decode(outcomes[0].result, 1, {});
            first_ = values_[1].value;
            done = true;
        };
        callInBatches(client_, kRead, 0, std::move(items), {}, take);
        run([&] { return done; });
        run([&] { return reader_.idle(); });
        return text(values_[1].value);
    }

    static std::string text(const Value& value) {
        if (const auto* array = value.getIf<Array>()) {
            std::string out;
            for (const Value& each : std::get<std::vector<Value>>(array->elements)) out += text(each) + ";";
            return out;
        }
        const auto* structure = value.getIf<Structure>();
        if (structure == nullptr) return "no structure";
        return structure->json.empty() ? structure->opaqueReason : structure->json;
    }

    std::optional<PeerProcess> peer_;
    UaClient client_{{.url = fmt::format("opc.tcp://127.0.0.1:{}", kPort),
                      .sessionName = "test",
                      .requestTimeout = 5s,
                      .sessionTimeout = 10s,
                      .security = {.policy = SecurityPolicyChoice::None}}};
    OperationLimits limits_;
    ValueDecoder decoder_{kNamespaces};
    TypeReader reader_{client_, limits_, decoder_.types()};
    std::map<std::uint32_t, DataValue> values_;
    Value first_;
};

constexpr const char* kFirst = R"({"Name":"first","State":1,"Origin":{"X":1,"Y":2},"Samples":[1.5,-2]})";

TEST_F(TypeReaderTest, ReadsAStructureWithAllThatIsInIt) {
    connect();
    EXPECT_EQ(value("Recipe"), kFirst);
    EXPECT_EQ(text(first_),
              "the type of the structure with encoding nsu=http://tagwire.test/plant/;i=3103 is being read");
    EXPECT_EQ(peer_->ask("recipe second 7.5"), "Good");
    EXPECT_EQ(value("Recipe"),
              R"({"Name":"second","State":2,"Origin":{"X":3,"Y":4},"Samples":[],"Limit":7.5})");
    EXPECT_EQ(first_, values_[1].value);  // at once
    EXPECT_EQ(value("Recipes"), std::string(kFirst) + ";" + kFirst + ";");
    EXPECT_EQ(value("Setting"), R"({"Word":"slow"})");
}

TEST_F(TypeReaderTest, KeepsTheServersLimits) {
    limits_.read = 2;
    limits_.browse = 1;
    connect({"per_read=2"});
    EXPECT_EQ(value("Recipe"), kFirst);
}

TEST_F(TypeReaderTest, TakesTheNamesOfEnumerationsFromTheirPropertiesWhereThereIsNoDefinition) {
    connect();
    std::map<UA_UInt32, TypeIndex> read;
    for (const UA_UInt32 type : {3002U, 3006U, 3007U})
        reader_.whenRead(UA_NODEID_NUMERIC(kPlant, type), [&, type](TypeIndex index) { read[type] = index; });
    run([&] { return read.size() == 3; });
    const auto names = [&](UA_UInt32 type) {
        const auto resolved = decoder_.types().resolve(read.at(type));
        EXPECT_EQ(resolved.value().builtIn, BuiltInType::Int32);
        return resolved->enumeration == nullptr ? std::vector<std::pair<std::int64_t, std::string>>{}
                                                : resolved->enumeration->names;
    };
    using Names = std::vector<std::pair<std::int64_t, std::string>>;
    EXPECT_EQ(names(3002), Names{}) << "it has none";
    EXPECT_EQ(names(3006), (Names{{0, "Off"}, {1, "Hand"}, {2, "Auto"}}));
    EXPECT_EQ(names(3007), (Names{{-1, "Draining"}, {10, "Filling"}}));
}

TEST_F(TypeReaderTest, SaysWhyATypeStaysUnknown) {
    connect();
    EXPECT_EQ(
        value("Undescribed"),
        "structure with encoding nsu=http://tagwire.test/plant/;i=3105 is not known: the server does not "
        "say of which data type it is");
    UA_NodeId missing{};
    missing.namespaceIndex = kPlant;
    missing.identifier.numeric = 4711;
    std::optional<TypeIndex> read;
    reader_.whenRead(missing, [&](TypeIndex type) { read = type; });
    EXPECT_FALSE(read);
    run([&] { return read.has_value(); });
    ASSERT_TRUE(read);
    EXPECT_EQ(
        decoder_.types().resolve(*read).error().reason,
        "type nsu=http://tagwire.test/plant/;i=4711: the server gives no definition (BadNodeIdUnknown)");
    // Nothing is to be read for a type of OPC UA.
    read.reset();
    reader_.whenRead(standardNode(UA_NS0ID_RANGE), [&](TypeIndex type) { read = type; });
    EXPECT_TRUE(read);
}

TEST_F(TypeReaderTest, AServerThatDiesLeavesTypesUnknown) {
    connect();
    peer_->signal(SIGSTOP);
    std::optional<TypeIndex> read;
    reader_.whenRead(UA_NODEID_NUMERIC(kPlant, 3003), [&](TypeIndex type) { read = type; });
    EXPECT_FALSE(reader_.tick());
    peer_->kill();
    run([&] { return read.has_value(); });
    ASSERT_TRUE(read);
    const auto resolved = decoder_.types().resolve(*read);
    ASSERT_FALSE(resolved);
    EXPECT_FALSE(resolved.error().pending);
}

}  // namespace
}  // namespace tagwire::source::opcua
