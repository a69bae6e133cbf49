#include "serve/hang_up_watch.h"

#include <array>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <sys/socket.h>

namespace tagwire::serve {
namespace {

class HangUpWatchTest : public testing::Test {
protected:
    void SetUp() override {
        std::array<int, 2> ends{};
        ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
        server_.assign(boost::asio::ip::tcp::v4(), ends[0]);
        client_.assign(boost::asio::ip::tcp::v4(), ends[1]);
    }

    boost::asio::io_context context_;
    boost::asio::ip::tcp::socket server_{context_};
    boost::asio::ip::tcp::socket client_{context_};
    int calls_ = 0;
};

TEST_F(HangUpWatchTest, SaysOnceThatTheClientHasGone) {
    const HangUpWatch watch(server_, [this] { ++calls_; });
    client_.close();
    context_.run();
    EXPECT_EQ(calls_, 1);
}

TEST_F(HangUpWatchTest, SeesItBehindWhatTheClientStillSent) {
    const HangUpWatch watch(server_, [this] { ++calls_; });
    client_.send(boost::asio::buffer("GET / HTTP/1.1\r\n"));
    client_.close();
    context_.run();
    EXPECT_EQ(calls_, 1);
}

TEST_F(HangUpWatchTest, AClientThatWaitsIsLeftAlone) {
    const HangUpWatch watch(server_, [this] { ++calls_; });
    client_.send(boost::asio::buffer("GET / HTTP/1.1\r\n"));
    context_.run_one();
    context_.run_one();
    EXPECT_EQ(calls_, 0);
}

TEST_F(HangUpWatchTest, NobodyIsCalledOnceItIsOver) {
    {
        const HangUpWatch watch(server_, [this] { ++calls_; });
        client_.close();
    }
    context_.run();
    EXPECT_EQ(calls_, 0);
}

}  // namespace
}  // namespace tagwire::serve
