#include "source/opcua/services/batched_call.h"

#include <chrono>
#include <optional>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "source/opcua/testing/peer_testing.h"

namespace tagwire::source::opcua {
namespace {

using namespace std::chrono_literals;

const auto kPort = static_cast<std::uint16_t>(20'000 + getpid() % 6'000);
using Outcomes = std::vector<Outcome<UA_DataValue>>;

UaArray<UA_ReadValueId> serverTimes(std::size_t count) {
    UaArray<UA_ReadValueId> items(count);
    for (std::size_t i = 0; i < count; ++i) {
        items[i].nodeId.identifier.numeric = UA_NS0ID_SERVER_SERVERSTATUS_CURRENTTIME;
        items[i].attributeId = UA_ATTRIBUTEID_VALUE;
    }
    return items;
}

class BatchedCallTest : public testing::Test {
protected:
    void connect() {
        client_.connect();
        const auto deadline = SteadyClock::now() + 10s;
        while (!client_.active() && SteadyClock::now() < deadline) client_.run(5ms);
        ASSERT_TRUE(client_.active());
    }

    /// Runs until all answers are there; the statuses of the results.
    std::vector<StatusCode> read(std::size_t count, std::size_t limit) {
        std::optional<std::vector<StatusCode>> statuses;
        callInBatches(
            client_, kRead, limit, serverTimes(count), {}, {[&](Outcomes& outcomes) {
                statuses.emplace();
                for (auto& [service, value] : outcomes)
                    statuses->push_back(service.isBad() || value.hasValue ? service : StatusCode{1});
            }});
        const auto deadline = SteadyClock::now() + 10s;
        while (!statuses && SteadyClock::now() < deadline) client_.run(5ms);
        return statuses.value_or(std::vector<StatusCode>{});
    }

    UaClient client_{{.url = fmt::format("opc.tcp://127.0.0.1:{}", kPort),
                      .sessionName = "test",
                      .requestTimeout = 5s,
                      .sessionTimeout = 10s,
                      .security = {.policy = SecurityPolicyChoice::None}}};
};

TEST_F(BatchedCallTest, BringsOneResultAnItemWhateverTheLimit) {
    PeerProcess peer(kPort);
    connect();
    for (const std::size_t limit : {0U, 1U, 7U, 1'000U}) {
        EXPECT_EQ(read(50, limit), std::vector<StatusCode>(50)) << limit;
    }
    EXPECT_EQ(read(0, 0), std::vector<StatusCode>{});
}

TEST_F(BatchedCallTest, HalvesWhatTheServerFindsTooMany) {
    PeerProcess peer(kPort, {"per_read=3"});
    connect();
    EXPECT_EQ(read(50, 0), std::vector<StatusCode>(50));
}

TEST_F(BatchedCallTest, FailsEveryItemWhereNothingCanBeSent) {
    const auto statuses = read(3, 0);
    EXPECT_EQ(statuses, std::vector<StatusCode>(3, StatusCode{UA_STATUSCODE_BADCONNECTIONCLOSED}));
}

}  // namespace
}  // namespace tagwire::source::opcua
