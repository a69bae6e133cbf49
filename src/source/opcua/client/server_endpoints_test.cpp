// Discovery against the test server, which offers connections without security only.
#include "source/opcua/client/server_endpoints.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/time.h"
#include "source/opcua/testing/peer_testing.h"

namespace tagwire::source::opcua {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const auto kPort = static_cast<std::uint16_t>(26'000 + getpid() % 3'000);

TEST(DiscoverEndpoints, TellsWhatTheServerOffers) {
    const PeerProcess peer(kPort);
    const auto endpoints =
        discoverEndpoints(fmt::format("opc.tcp://localhost:{}", kPort), 10s, AskedBy::Configuration).get();
    ASSERT_TRUE(endpoints) << endpoints.error().message;
    ASSERT_FALSE(endpoints->empty());
    EXPECT_EQ(endpoints->back().words, "without security");
    EXPECT_EQ(endpoints->back().security, EndpointSecurity::None);
    EXPECT_EQ(endpoints->back().policy, "None");
    EXPECT_TRUE(endpoints->back().supported);
    ASSERT_FALSE(endpoints->back().userTokens.empty());
    EXPECT_EQ(endpoints->back().userTokens[0].kind, UserTokenKind::Anonymous);
    EXPECT_FALSE(endpoints->back().applicationUri.empty());
}

TEST(DiscoverEndpoints, SaysWhyThereIsNone) {
    const auto begun = SteadyClock::now();
    EXPECT_THAT(discoverEndpoints(fmt::format("opc.tcp://127.0.0.1:{}", kPort), 5s, AskedBy::Configuration)
                    .get()
                    .error()
                    .message,
                HasSubstr("does not tell its endpoints (BadConnectionRejected)"));
    EXPECT_THAT(discoverEndpoints("http://plc", 5s, AskedBy::Configuration).get().error().message,
                HasSubstr("is no OPC UA address"));
    EXPECT_THAT(discoverEndpoints("opc.tcp://no-such-host.invalid:4840", 5s, AskedBy::Configuration)
                    .get()
                    .error()
                    .message,
                HasSubstr("no-such-host.invalid"));
    EXPECT_LT(SteadyClock::now() - begun, 20s);
}

TEST(DiscoverEndpoints, GivesUpOnAServerThatHangs) {
    const PeerProcess peer(kPort);
    peer.signal(SIGSTOP);
    const auto begun = SteadyClock::now();
    EXPECT_THAT(discoverEndpoints(fmt::format("opc.tcp://127.0.0.1:{}", kPort), 500ms, AskedBy::Configuration)
                    .get()
                    .error()
                    .message,
                HasSubstr("does not answer in time"));
    EXPECT_LT(SteadyClock::now() - begun, 5s);
}

TEST(DiscoverEndpoints, GoesNowhereThatNobodyMayAskFor) {
    const auto begun = SteadyClock::now();
    // A name that the system's resolver takes for 169.254.169.254.
    EXPECT_THAT(discoverEndpoints("opc.tcp://0xA9FEA9FE:80", 5s, AskedBy::Api).get().error().message,
                HasSubstr("leads to the address of a cloud's metadata service (169.254.169.254)"));
    EXPECT_LT(SteadyClock::now() - begun, 4s) << "nothing was tried";
}

}  // namespace
}  // namespace tagwire::source::opcua
