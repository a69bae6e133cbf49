// Any message ends in a frame or in an error that fits into an err frame; the answer is valid JSON.
#include <cstdint>
#include <cstdlib>
#include <string>

#include <boost/json/parse.hpp>

#include "wire/frames.h"
#include "wire/request_parser.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tagwire::wire;
    const std::string text(data, data + size);
    const auto frame = parseRequest(text);
    if (frame) return 0;
    constexpr std::size_t kLongestMessage = 300;
    if (frame.error().message.empty() || frame.error().message.size() > kLongestMessage) std::abort();
    std::string answer;
    appendErr(answer, frame.error().id, frame.error().code, frame.error().message);
    boost::system::error_code error;
    if (!boost::json::parse(answer, error).is_object() || error) std::abort();
    return 0;
}
