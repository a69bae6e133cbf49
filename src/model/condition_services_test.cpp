#include "model/condition_services.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/generated/status_codes.h"

namespace tagwire {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(ConditionServicesTest, ARefusalSaysWhatToDoAndNamesTheStatus) {
    EXPECT_THAT(refusalText(ConditionMethod::Acknowledge, kBadEventIdUnknown),
                AllOf(HasSubstr("not acknowledged"), HasSubstr("look at its present state and try again"),
                      HasSubstr("BadEventIdUnknown")));
    EXPECT_THAT(refusalText(ConditionMethod::Confirm, kBadMethodInvalid), HasSubstr("needs no confirmation"));
    EXPECT_THAT(refusalText(ConditionMethod::Confirm, kBadOutOfMemory), HasSubstr("BadOutOfMemory"));
    EXPECT_EQ(refusalText(ConditionMethod::Acknowledge, StatusCode{}), "");
}

TEST(ConditionServicesTest, WhatIsDoneIsNotDoneAgain) {
    SourceCondition condition;
    EXPECT_EQ(alreadyDone(ConditionMethod::Acknowledge, condition), std::nullopt) << "it is not known";
    condition.acked = true;
    condition.confirmed = false;
    EXPECT_EQ(alreadyDone(ConditionMethod::Acknowledge, condition), kBadConditionBranchAlreadyAcked);
    EXPECT_EQ(alreadyDone(ConditionMethod::Confirm, condition), std::nullopt);
    condition.confirmed = true;
    EXPECT_EQ(alreadyDone(ConditionMethod::Confirm, condition), kBadConditionBranchAlreadyConfirmed);
    EXPECT_EQ(alreadyDone(ConditionMethod::AddComment, condition), std::nullopt);
}

}  // namespace
}  // namespace tagwire
