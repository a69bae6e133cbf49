// DirectStream below Beast's WebSocket, over real sockets: what reaches the client is whole frames in order.

#include "serve/direct_stream.h"

#include <array>
#include <chrono>
#include <optional>
#include <string>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <gtest/gtest.h>

namespace tagwire::serve {
namespace {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using asio::ip::tcp;

class DirectStreamTest : public testing::Test {
protected:
    DirectStreamTest() {
        tcp::acceptor acceptor(context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
        tcp::socket client(context_, tcp::v4());
        client.set_option(asio::socket_base::receive_buffer_size(4096));
        client.connect(acceptor.local_endpoint());
        auto accepted = acceptor.accept();
        accepted.set_option(asio::socket_base::send_buffer_size(8192));
        server_.emplace(boost::beast::tcp_stream(std::move(accepted)));
        client_.emplace(std::move(client));
        int shaken = 0;
        const auto take = [&shaken](const boost::system::error_code& error) {
            EXPECT_FALSE(error);
            ++shaken;
        };
        server_->async_accept(take);
        client_->async_handshake("localhost", "/", take);
        for (int i = 0; i < 500 && shaken < 2; ++i) run();
        server_->text(true);
        server_->async_read(requests_, [](const boost::system::error_code&, std::size_t) {});
    }

    void run() {
        context_.restart();
        context_.run_for(std::chrono::milliseconds(20));
    }

    /// Sends until the socket is full; how many frames that were. The last one's rest is on its way then.
    std::size_t fill(const std::string& frame) {
        for (std::size_t i = 0; i < 10'000; ++i) {
            switch (direct().sendText(frame)) {
                case DirectStream::Sent::Whole: continue;
                case DirectStream::Sent::Nothing: ADD_FAILURE() << "no part of frame " << i; return i;
                case DirectStream::Sent::Partly: break;
            }
            direct().sendRest([this](const boost::system::error_code& error) { restSent_ = !error; });
            return i + 1;
        }
        ADD_FAILURE() << "the socket is never full";
        return 0;
    }

    /// The next message at the client.
    std::string receive() {
        boost::beast::flat_buffer buffer;
        std::optional<boost::system::error_code> result;
        client_->async_read(buffer,
                            [&](const boost::system::error_code& error, std::size_t) { result = error; });
        for (int i = 0; i < 500 && !result; ++i) run();
        if (!result || *result) {
            ADD_FAILURE() << (result ? result->message() : "nothing came");
            client_->next_layer().close();
            run();
            return {};
        }
        return boost::beast::buffers_to_string(buffer.data());
    }

    DirectStream& direct() { return server_->next_layer(); }

    asio::io_context context_;
    std::optional<websocket::stream<DirectStream>> server_;
    std::optional<websocket::stream<tcp::socket>> client_;
    boost::beast::flat_buffer requests_;
    bool restSent_ = false;
};

TEST_F(DirectStreamTest, FramesOfEverySizeArrive) {
    for (const std::size_t size : {1U, 125U, 126U, 127U, 4000U}) {
        const std::string frame(size, 'a');
        ASSERT_EQ(direct().sendText(frame), DirectStream::Sent::Whole) << size;
        EXPECT_EQ(receive(), frame);
    }
    for (const std::size_t size : {65'535U, 65'536U, 3'000'000U}) {
        const std::string frame(size, 'b');
        if (direct().sendText(frame) == DirectStream::Sent::Partly) {
            direct().sendRest([](const boost::system::error_code& error) { EXPECT_FALSE(error); });
        }
        EXPECT_EQ(receive(), frame) << size;
        run();
    }
}

TEST_F(DirectStreamTest, APongWaitsForTheRestOfAFrame) {
    const std::string frame(50'000, 'c');
    const auto frames = fill(frame);
    ASSERT_GT(frames, 0U);
    EXPECT_FALSE(restSent_);
    EXPECT_EQ(direct().sendText("x"), DirectStream::Sent::Nothing) << "not into the middle of a frame";
    std::size_t pongs = 0;
    client_->control_callback([&](websocket::frame_type kind, boost::beast::string_view text) {
        pongs += kind == websocket::frame_type::pong && text == "now" ? 1U : 0U;
    });
    client_->async_ping("now", [](const boost::system::error_code& error) { EXPECT_FALSE(error); });
    run();
    EXPECT_EQ(direct().sendText("x"), DirectStream::Sent::Nothing) << "the pong comes first";
    for (std::size_t i = 0; i < frames; ++i) ASSERT_EQ(receive(), frame) << i;
    EXPECT_TRUE(restSent_);
    run();
    ASSERT_EQ(direct().sendText("after"), DirectStream::Sent::Whole);
    EXPECT_EQ(receive(), "after");
    EXPECT_EQ(pongs, 1U);
}

TEST_F(DirectStreamTest, AClientThatStillSendsIsHeardOutAndToldWhy) {
    // Frames of a client are masked: this one is refused by its head.
    const std::string refused = "\x81\x7f" + std::string(1'000'000, 'e');
    std::optional<boost::system::error_code> sent;
    asio::async_write(client_->next_layer(), asio::buffer(refused),
                      [&](const boost::system::error_code& error, std::size_t) { sent = error; });
    for (int i = 0; i < 500 && !sent; ++i) run();
    ASSERT_TRUE(sent);
    EXPECT_FALSE(*sent) << sent->message();
    std::array<unsigned char, 64> answer{};
    std::size_t size = 0;
    boost::system::error_code ended;
    asio::async_read(client_->next_layer(), asio::buffer(answer), [&](const auto& error, std::size_t got) {
        ended = error;
        size = got;
    });
    for (int i = 0; i < 500 && !ended; ++i) run();
    EXPECT_EQ(ended, asio::error::eof) << ended.message();
    ASSERT_GE(size, 4U);
    EXPECT_EQ(answer[0], 0x88);  // a closing frame
    EXPECT_EQ(answer[2] * 256 + answer[3], 1002);
}

TEST_F(DirectStreamTest, AClientThatNeverStopsSendingIsCut) {
    std::string refused = "\x81\x7f";
    refused.resize(20'000'000, 'f');
    std::optional<boost::system::error_code> sent;
    asio::async_write(client_->next_layer(), asio::buffer(refused),
                      [&](const boost::system::error_code& error, std::size_t) { sent = error; });
    for (int i = 0; i < 500 && !sent; ++i) run();
    ASSERT_TRUE(sent);
    EXPECT_TRUE(*sent);
}

TEST_F(DirectStreamTest, AFullSocketThatIsCutEndsTheRestWithAnError) {
    (void)fill(std::string(50'000, 'd'));
    direct().next_layer().close();
    run();
    EXPECT_FALSE(restSent_);
    EXPECT_EQ(direct().sendText("x"), DirectStream::Sent::Nothing);
}

}  // namespace
}  // namespace tagwire::serve
