#include "model/plain_text.h"

#include <limits>

#include <gtest/gtest.h>

#include "model/data_value.h"

namespace tagwire {
namespace {

std::string plain(const Value& value) {
    std::string out;
    appendPlainText(out, value);
    return out;
}

TEST(PlainText, IsWhatAPersonWouldWrite) {
    EXPECT_EQ(plain(Value()), "");
    EXPECT_EQ(plain(Value(true)), "true");
    EXPECT_EQ(plain(Value(std::int32_t{42})), "42");
    EXPECT_EQ(plain(Value(std::int64_t{-9223372036854775807 - 1})), "-9223372036854775808");
    EXPECT_EQ(plain(Value(std::uint64_t{18446744073709551615U})), "18446744073709551615");
    EXPECT_EQ(plain(Value("say \"hi\"\n")), "say \"hi\"\n");
    EXPECT_EQ(plain(Value(LocalizedText{"zh", "液位"})), "液位");
    EXPECT_EQ(plain(Value(QualifiedName{2, "Speed"})), "2:Speed");
    EXPECT_EQ(plain(Value(StatusCode{0x80310000})), "BadNoCommunication");
    EXPECT_EQ(plain(Value(ByteString{std::string("\0\xff", 2)})), "AP8=");
    EXPECT_EQ(plain(Value(DataValue{Value(3.5), {}, {}, {}})), "3.5");
    EXPECT_EQ(plain(Value(Array{BuiltInType::Int32, std::vector<std::int32_t>{1, 2}, {}})), "[1,2]");
}

TEST(PlainText, RealsHaveNoExponentInTheUsualRange) {
    EXPECT_EQ(plain(Value(3.5)), "3.5");
    EXPECT_EQ(plain(Value(0.1F)), "0.1");
    EXPECT_EQ(plain(Value(100000.0)), "100000");
    EXPECT_EQ(plain(Value(0.000001)), "0.000001");
    EXPECT_EQ(plain(Value(0.0)), "0");
    EXPECT_EQ(plain(Value(100000000000000000000.0)), "100000000000000000000");
    EXPECT_EQ(plain(Value(1e-7)), "1e-07");
    EXPECT_EQ(plain(Value(1e21)), "1e+21");
    EXPECT_EQ(plain(Value(std::numeric_limits<float>::max())), "3.4028235e+38");
    EXPECT_EQ(plain(Value(std::numeric_limits<double>::quiet_NaN())), "NaN");
    EXPECT_EQ(plain(Value(-std::numeric_limits<float>::infinity())), "-Infinity");
}

TEST(PlainText, TimesAreIso8601) {
    EXPECT_EQ(plain(Value(fromUnixMillis(1795404647367))), "2026-11-23T03:30:47.367Z");
    EXPECT_EQ(plain(Value(fromUnixMillis(-11644473600000))), "1601-01-01T00:00:00.000Z");
    EXPECT_EQ(plain(Value(Timestamp{Ticks{-1}})), "1969-12-31T23:59:59.999Z");
}

TEST(PlainText, InvalidUtf8IsReplaced) { EXPECT_EQ(plain(Value("a\xff")), "a\uFFFD"); }

}  // namespace
}  // namespace tagwire
