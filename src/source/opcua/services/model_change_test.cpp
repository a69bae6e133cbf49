#include "source/opcua/services/model_change.h"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagwire::source::opcua {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ModelChangeTest : public testing::Test {
protected:
    ModelChangeTest() {
        changes_[0].affected.namespaceIndex = 1;
        changes_[0].affected.identifier.numeric = 7;
        changes_[0].verb = 0x01;
        changes_[1].affected.identifier.numeric = 8;
        changes_[1].affectedType.identifier.numeric = 63;
        changes_[1].verb = 0x0a;
        UA_Variant_setArray(&field_, changes_.data(), changes_.size(),
                            &UA_TYPES[UA_TYPES_MODELCHANGESTRUCTUREDATATYPE]);
    }
    std::vector<ModelChange> decoded() const { return modelChangesIn(&field_, namespaces_); }

    std::array<UA_ModelChangeStructureDataType, 2> changes_{};
    UA_Variant field_{};
    std::vector<std::string> namespaces_{"http://opcfoundation.org/UA/", "urn:a"};
    const ModelChange first_{NodeAddress{std::string("urn:a"), std::uint32_t{7}}, std::nullopt, 0x01};
    const ModelChange second_{NodeAddress{std::uint16_t{0}, std::uint32_t{8}},
                              NodeAddress{std::uint16_t{0}, std::uint32_t{63}}, 0x0a};
};

TEST_F(ModelChangeTest, ListsWhatHasChanged) {
    EXPECT_THAT(decoded(), ElementsAre(first_, second_));

    std::array<UA_ExtensionObject, 2> objects{};
    for (std::size_t i = 0; i < objects.size(); ++i) {
        objects[i].encoding = UA_EXTENSIONOBJECT_DECODED_NODELETE;
        objects[i].content.decoded = {&UA_TYPES[UA_TYPES_MODELCHANGESTRUCTUREDATATYPE], &changes_[i]};
    }
    UA_Variant_setArray(&field_, objects.data(), objects.size(), &UA_TYPES[UA_TYPES_EXTENSIONOBJECT]);
    EXPECT_THAT(decoded(), ElementsAre(first_, second_));
    UA_Variant_setScalar(&field_, objects.data(), &UA_TYPES[UA_TYPES_EXTENSIONOBJECT]);
    EXPECT_THAT(decoded(), ElementsAre(first_));
}

TEST_F(ModelChangeTest, AnythingMayHaveChangedWhereItIsNotToldInFull) {
    EXPECT_THAT(modelChangesIn(nullptr, namespaces_), IsEmpty());
    std::array<UA_ExtensionObject, 2> objects{};
    objects[0].encoding = UA_EXTENSIONOBJECT_DECODED_NODELETE;
    objects[0].content.decoded = {&UA_TYPES[UA_TYPES_MODELCHANGESTRUCTUREDATATYPE], changes_.data()};
    UA_Variant_setArray(&field_, objects.data(), objects.size(), &UA_TYPES[UA_TYPES_EXTENSIONOBJECT]);
    EXPECT_THAT(decoded(), IsEmpty()) << "the second has no body";
    field_ = UA_Variant{};
    EXPECT_THAT(decoded(), IsEmpty());
    std::vector<UA_ModelChangeStructureDataType> flood(kMaxModelChanges + 1);
    UA_Variant_setArray(&field_, flood.data(), flood.size(),
                        &UA_TYPES[UA_TYPES_MODELCHANGESTRUCTUREDATATYPE]);
    EXPECT_THAT(decoded(), IsEmpty());
}

}  // namespace
}  // namespace tagwire::source::opcua
