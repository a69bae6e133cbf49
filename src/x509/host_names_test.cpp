#include "x509/host_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagwire::x509 {
namespace {

using testing::Contains;
using testing::Each;
using testing::Not;
using testing::StartsWith;

TEST(HostNames, AreThoseOfTheMachineAndNoneThatLeadElsewhere) {
    const auto names = hostNames();
    EXPECT_THAT(names.name, Not(testing::IsEmpty()));
    EXPECT_THAT(names.dnsNames, Contains(names.name));
    EXPECT_THAT(names.dnsNames, Contains("localhost"));
    EXPECT_THAT(names.addresses, Each(Not(StartsWith("127."))));
    EXPECT_THAT(names.addresses, Each(Not(StartsWith("fe80:"))));
}

}  // namespace
}  // namespace tagwire::x509
