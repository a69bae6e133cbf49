#include "source/opcua/values/encoded_notification.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

#include "source/opcua/values/library_bytes_testing.h"

namespace tagwire::source::opcua {
namespace {

/// A response with two notifications, as the library writes it.
class EncodedNotificationTest : public testing::Test {
protected:
    EncodedNotificationTest() {
        UA_Variant_setScalar(&item_.value.value, &number_, &UA_TYPES[UA_TYPES_DOUBLE]);
        item_.value.hasValue = true;
        item_.clientHandle = 9;
        change_.monitoredItems = &item_;
        change_.monitoredItemsSize = 1;
        lost_.status = UA_STATUSCODE_BADTIMEOUT;
        put(0, &change_, dataTypeOf<UA_DataChangeNotification>());
        put(1, &lost_, dataTypeOf<UA_StatusChangeNotification>());
        message_.sequenceNumber = 4711;
        message_.publishTime = 133'000'000'000'000'000;
        message_.notificationData = data_.data();
        message_.notificationDataSize = data_.size();
    }

    void put(std::size_t place, void* notification, const UA_DataType& type) {
        data_.at(place).encoding = UA_EXTENSIONOBJECT_DECODED_NODELETE;
        data_.at(place).content.decoded = {.type = &type, .data = notification};
    }

    void expectMessage(const EncodedNotificationMessage& message) const {
        EXPECT_EQ(message.sequenceNumber, message_.sequenceNumber);
        EXPECT_EQ(message.publishTime, message_.publishTime);
        ASSERT_EQ(message.notificationDataSize, 2U);
        EXPECT_TRUE(holds<UA_DataChangeNotification>(message.notificationData[0]));
        EXPECT_FALSE(holds<UA_EventNotificationList>(message.notificationData[0]));
        EXPECT_EQ(view(message.notificationData[0].body), libraryBytes(change_));
        EXPECT_TRUE(holds<UA_StatusChangeNotification>(message.notificationData[1]));
        EXPECT_EQ(view(message.notificationData[1].body), libraryBytes(lost_));
    }

    UA_Double number_ = 1.5;
    UA_MonitoredItemNotification item_{};
    UA_DataChangeNotification change_{};
    UA_StatusChangeNotification lost_{};
    std::array<UA_ExtensionObject, 2> data_{};
    UA_NotificationMessage message_{};
};

TEST_F(EncodedNotificationTest, APublishResponseKeepsItsNotificationsEncoded) {
    std::array<UA_UInt32, 2> available{4710, 4711};
    std::array<UA_StatusCode, 1> results{UA_STATUSCODE_BADSEQUENCENUMBERUNKNOWN};
    UA_PublishResponse response{};
    response.responseHeader.requestHandle = 5;
    response.responseHeader.serviceResult = UA_STATUSCODE_GOOD;
    response.subscriptionId = 3;
    response.availableSequenceNumbers = available.data();
    response.availableSequenceNumbersSize = available.size();
    response.moreNotifications = true;
    response.notificationMessage = message_;
    response.results = results.data();
    response.resultsSize = results.size();

    Ua<EncodedPublishResponse> read;
    ASSERT_EQ(decodeBinary(libraryBytes(response), read), UA_STATUSCODE_GOOD);
    EXPECT_EQ(read->responseHeader.requestHandle, 5U);
    EXPECT_EQ(read->subscriptionId, 3U);
    ASSERT_EQ(read->availableSequenceNumbersSize, 2U);
    EXPECT_EQ(read->availableSequenceNumbers[1], 4711U);
    EXPECT_TRUE(read->moreNotifications);
    ASSERT_EQ(read->resultsSize, 1U);
    EXPECT_EQ(read->results[0], UA_STATUSCODE_BADSEQUENCENUMBERUNKNOWN);
    expectMessage(read->notificationMessage);
}

TEST_F(EncodedNotificationTest, ARepublishResponseToo) {
    UA_RepublishResponse response{};
    response.notificationMessage = message_;
    Ua<EncodedRepublishResponse> read;
    ASSERT_EQ(decodeBinary(libraryBytes(response), read), UA_STATUSCODE_GOOD);
    expectMessage(read->notificationMessage);
}

TEST_F(EncodedNotificationTest, IsKnownByTheTypeOfTheAnswer) {
    EXPECT_TRUE(UA_NodeId_equal(&dataTypeOf<EncodedPublishResponse>().binaryEncodingId,
                                &dataTypeOf<UA_PublishResponse>().binaryEncodingId));
    EXPECT_TRUE(UA_NodeId_equal(&dataTypeOf<EncodedRepublishResponse>().binaryEncodingId,
                                &dataTypeOf<UA_RepublishResponse>().binaryEncodingId));
}

TEST_F(EncodedNotificationTest, BytesThatEndTooSoonAreRefused) {
    UA_RepublishResponse response{};
    response.notificationMessage = message_;
    const std::string whole = libraryBytes(response);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        Ua<EncodedRepublishResponse> read;
        EXPECT_NE(decodeBinary(std::string_view(whole).substr(0, size), read), UA_STATUSCODE_GOOD) << size;
        EXPECT_EQ(read->notificationMessage.notificationDataSize, 0U);
    }
}

}  // namespace
}  // namespace tagwire::source::opcua
