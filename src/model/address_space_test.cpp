#include "model/address_space.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagwire {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(AddressSpace, NamesTheRightsOfAnAccessLevel) {
    EXPECT_THAT(accessWords(AccessLevel{0x05}), ElementsAre("CurrentRead", "HistoryRead"));
    EXPECT_THAT(accessWords(AccessLevel{0x42}), ElementsAre("CurrentWrite", "TimestampWrite"));
    EXPECT_THAT(accessWords(AccessLevel{0x80}), IsEmpty()) << "a reserved bit";
}

TEST(AddressSpace, NamesNodeClasses) {
    EXPECT_EQ(nodeClassName(NodeClass::Variable), "Variable");
    EXPECT_EQ(nodeClassName(NodeClass::View), "View");
    EXPECT_EQ(nodeClassName(static_cast<NodeClass>(3)), "Unspecified");
}

}  // namespace
}  // namespace tagwire
