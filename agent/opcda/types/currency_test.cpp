#include "types/currency.h"

#include <limits>

#include <gtest/gtest.h>

namespace tagwire::da {
namespace {

TEST(Currency, IsExactText) {
    EXPECT_EQ(currencyText(0), "0");
    EXPECT_EQ(currencyText(123'456), "12.3456");
    EXPECT_EQ(currencyText(125'000), "12.5");
    EXPECT_EQ(currencyText(-1), "-0.0001");
    EXPECT_EQ(currencyText(1'000'000), "100");
    EXPECT_EQ(currencyText(std::numeric_limits<std::int64_t>::min()), "-922337203685477.5808");
}

TEST(Currency, ReadsBackWhatItWrites) {
    for (const std::int64_t amount :
         {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, std::int64_t{-125'000},
          std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()})
        EXPECT_EQ(parseCurrency(currencyText(amount)), amount);
    EXPECT_EQ(parseCurrency("+1."), 10'000);
}

TEST(Currency, RefusesWhatItCannotHold) {
    for (const auto* text : {"", "-", ".5", "1e3", "1.23456", "1,5", "12 ", "0x1", "922337203685477.5808",
                             "-922337203685477.5809", "99999999999999999999"})
        EXPECT_FALSE(parseCurrency(text)) << text;
}

}  // namespace
}  // namespace tagwire::da
