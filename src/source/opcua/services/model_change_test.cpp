#include "source/opcua/services/model_change.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <open62541/nodeids.h>

namespace tagwire::source::opcua {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ModelChangeTest : public testing::Test {
protected:
    ModelChangeTest() {
        type_.identifier.numeric = UA_NS0ID_GENERALMODELCHANGEEVENTTYPE;
        UA_Variant_setScalar(fields_.data(), &type_, &UA_TYPES[UA_TYPES_NODEID]);
        changes_[0].affected.namespaceIndex = 1;
        changes_[0].affected.identifier.numeric = 7;
        changes_[0].verb = 0x01;
        changes_[1].affected.identifier.numeric = 8;
        changes_[1].affectedType.identifier.numeric = 63;
        changes_[1].verb = 0x0a;
        UA_Variant_setArray(&fields_[1], changes_.data(), changes_.size(),
                            &UA_TYPES[UA_TYPES_MODELCHANGESTRUCTUREDATATYPE]);
    }
    std::optional<std::vector<ModelChange>> decoded() const { return modelChangesOf(fields_, namespaces_); }

    UA_NodeId type_{};
    std::array<UA_ModelChangeStructureDataType, 2> changes_{};
    std::array<UA_Variant, 2> fields_{};
    std::vector<std::string> namespaces_{"http://opcfoundation.org/UA/", "urn:a"};
};

TEST_F(ModelChangeTest, ListsWhatHasChanged) {
    const ModelChange first{NodeAddress{std::string("urn:a"), std::uint32_t{7}}, std::nullopt, 0x01};
    const ModelChange second{NodeAddress{std::uint16_t{0}, std::uint32_t{8}},
                             NodeAddress{std::uint16_t{0}, std::uint32_t{63}}, 0x0a};
    EXPECT_THAT(decoded().value(), ElementsAre(first, second));

    std::array<UA_ExtensionObject, 2> objects{};
    objects[0].encoding = UA_EXTENSIONOBJECT_DECODED_NODELETE;
    objects[0].content.decoded = {&UA_TYPES[UA_TYPES_MODELCHANGESTRUCTUREDATATYPE], changes_.data()};
    UA_Variant_setArray(&fields_[1], objects.data(), objects.size(), &UA_TYPES[UA_TYPES_EXTENSIONOBJECT]);
    EXPECT_THAT(decoded().value(), ElementsAre(first)) << "the second has no body";
    UA_Variant_setScalar(&fields_[1], objects.data(), &UA_TYPES[UA_TYPES_EXTENSIONOBJECT]);
    EXPECT_THAT(decoded().value(), ElementsAre(first));
}

TEST_F(ModelChangeTest, AnythingMayHaveChangedWhereThereIsNoList) {
    type_.identifier.numeric = UA_NS0ID_BASEMODELCHANGEEVENTTYPE;
    fields_[1] = UA_Variant{};
    EXPECT_THAT(decoded().value(), IsEmpty());
    std::vector<UA_ModelChangeStructureDataType> flood(kMaxModelChanges + 1);
    UA_Variant_setArray(&fields_[1], flood.data(), flood.size(),
                        &UA_TYPES[UA_TYPES_MODELCHANGESTRUCTUREDATATYPE]);
    EXPECT_THAT(decoded().value(), IsEmpty());
}

TEST_F(ModelChangeTest, OtherEventsAreNotMeant) {
    type_.identifier.numeric = UA_NS0ID_BASEEVENTTYPE;
    EXPECT_EQ(decoded(), std::nullopt);
    type_.identifier.numeric = UA_NS0ID_GENERALMODELCHANGEEVENTTYPE;
    type_.namespaceIndex = 1;
    EXPECT_EQ(decoded(), std::nullopt);
    fields_[0] = UA_Variant{};
    EXPECT_EQ(decoded(), std::nullopt);
    EXPECT_EQ(modelChangesOf({}, namespaces_), std::nullopt);
}

}  // namespace
}  // namespace tagwire::source::opcua
