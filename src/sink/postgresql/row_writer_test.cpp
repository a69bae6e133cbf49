#include "sink/postgresql/row_writer.h"

#include <bit>
#include <limits>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "model/generated/status_codes.h"

namespace tagwire::sink::postgresql {
namespace {

constexpr Timestamp kTime{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};

using Field = std::optional<std::string>;

HistorySample sample(Value value, StatusCode status = {}, Timestamp time = kTime) {
    return {.value = {.value = std::move(value), .status = status, .sourceTime = time, .serverTime = kTime},
            .origin = SampleOrigin::Live};
}

std::int64_t number(std::string_view bytes) {
    std::uint64_t bits = (bytes.at(0) & 0x80) != 0 ? ~std::uint64_t{0} : 0;
    for (const char c : bytes) bits = bits << 8U | static_cast<unsigned char>(c);
    return static_cast<std::int64_t>(bits);
}
std::int64_t number(const Field& field) { return number(std::string_view(field.value())); }
double real(const Field& field) { return std::bit_cast<double>(number(field)); }

/// As PostgreSQL reads it ("COPY", Binary Format).
std::vector<std::vector<Field>> rowsOf(std::string_view bytes) {
    const auto take = [&](std::size_t length) {
        const auto part = bytes.substr(0, length);
        EXPECT_EQ(part.size(), length);
        bytes.remove_prefix(part.size());
        return part;
    };
    EXPECT_EQ(take(11), std::string_view("PGCOPY\n\xFF\r\n\0", 11));
    EXPECT_EQ(number(take(4)), 0);
    EXPECT_EQ(number(take(4)), 0);
    std::vector<std::vector<Field>> rows;
    for (auto count = number(take(2)); count != -1; count = number(take(2))) {
        auto& row = rows.emplace_back();
        for (; count > 0; --count) {
            const auto length = number(take(4));
            row.push_back(length < 0 ? Field{} : Field(take(static_cast<std::size_t>(length))));
        }
    }
    EXPECT_TRUE(bytes.empty());
    return rows;
}

std::vector<Field> rowOf(const HistorySample& each, std::uint64_t altered = 0) {
    RowWriter writer;
    writer.begin();
    writer.append("A.B", each);
    writer.end();
    EXPECT_EQ(writer.altered(), altered);
    return rowsOf(writer.bytes()).at(0);
}

enum Column : std::size_t { Tag, Time, Number, Text, Type, Status, ServerTime, Origin, Digest };

TEST(RowWriter, ANumber) {
    const auto row = rowOf(sample(Value(-2.5), kUncertain, kTime + Ticks{15}));
    ASSERT_EQ(row.size(), 9U);
    EXPECT_EQ(row[Tag], "A.B");
    EXPECT_EQ(number(row[Time]), 820'540'800'000'001) << "microseconds since 2000";
    EXPECT_EQ(real(row[Number]), -2.5);
    EXPECT_FALSE(row[Text]);
    EXPECT_EQ(number(row[Type]), 11);
    EXPECT_EQ(number(row[Status]), 0x40000000);
    EXPECT_EQ(number(row[ServerTime]), 820'540'800'000'000);
    EXPECT_EQ(number(row[Origin]), 0);
}

TEST(RowWriter, IntegersThatADoubleCannotHoldAreTextsAsWell) {
    EXPECT_FALSE(rowOf(sample(Value(std::int64_t{1} << 53U)))[Text]);
    EXPECT_EQ(rowOf(sample(Value((std::int64_t{1} << 53U) + 1)))[Text], "9007199254740993");
    EXPECT_EQ(rowOf(sample(Value(std::numeric_limits<std::uint64_t>::max())))[Text], "18446744073709551615");
    EXPECT_EQ(rowOf(sample(Value(std::numeric_limits<std::int64_t>::min())))[Text], "-9223372036854775808");
}

TEST(RowWriter, TextsHaveNoNulAndAreUtf8) {
    using namespace std::string_literals;
    const auto plain = rowOf(sample(Value("a\tb\\N\n'\"\xE6\xB3\xB5"s)));
    EXPECT_FALSE(plain[Number]);
    EXPECT_EQ(plain[Text], "a\tb\\N\n'\"\xE6\xB3\xB5") << "a binary copy escapes nothing";
    EXPECT_EQ(rowOf(sample(Value("a\0b\0"s)), 1)[Text],
              "a\xEF\xBF\xBD"
              "b\xEF\xBF\xBD");
    EXPECT_EQ(rowOf(sample(Value("a\xFF"s)))[Text], "a\xEF\xBF\xBD");
    EXPECT_EQ(rowOf(sample(Value(""s)))[Text], "") << "an empty text is no NULL";
}

TEST(RowWriter, NothingIsNull) {
    const auto row = rowOf(sample(Value{}, kBadShutdown));
    EXPECT_FALSE(row[Number]);
    EXPECT_FALSE(row[Text]);
    EXPECT_EQ(number(row[Type]), 0);
    auto without = sample(Value(1.0));
    without.value.serverTime = {};
    EXPECT_FALSE(rowOf(without)[ServerTime]);
}

TEST(RowWriter, ATimeThatPostgresqlDoesNotHave) {
    const auto row = rowOf(sample(Value(1.0), {}, Timestamp{Ticks::min()}), 1);
    EXPECT_EQ(number(row[Time]), -211'813'488'000'000'000);
    EXPECT_FALSE(row[Number]);
    EXPECT_EQ(number(row[Status]), std::int64_t{kBadOutOfRange.code()});
    EXPECT_EQ(number(rowOf(sample(Value(1.0), {}, Timestamp{Ticks::max()}))[Time]),
              922'337'203'685'477'580 - 946'684'800'000'000);
    const auto early = rowOf(sample(Value(1.0), {}, Timestamp{Ticks{-1}}));
    EXPECT_EQ(number(early[Time]), -946'684'800'000'001) << "rounded down";
}

TEST(RowWriter, DigestsTellApartWhatTheRecordTellsApart) {
    const auto digest = [](const HistorySample& each) { return digestOf(each.value); };
    const auto one = digest(sample(Value(1.0)));
    EXPECT_EQ(one, digest(sample(Value(1.0))));
    EXPECT_NE(one, digest(sample(Value(1.0F))));
    EXPECT_NE(one, digest(sample(Value(1.0), kUncertain)));
    EXPECT_NE(one, digest(sample(Value(1.0), {}, kTime + Ticks{1}))) << "within a microsecond";
    EXPECT_EQ(digest(sample(Value(0.0))), digest(sample(Value(-0.0))));
    const auto nan = std::bit_cast<double>(std::uint64_t{0xFFF8'0000'DEAD'BEEF});
    EXPECT_EQ(digest(sample(Value(nan))), digest(sample(Value(std::numeric_limits<double>::quiet_NaN()))));
    EXPECT_NE(digest(sample(Value(std::string("a\0b", 3)))), digest(sample(Value("a\xEF\xBF\xBD"
                                                                                 "b"))));
}

}  // namespace
}  // namespace tagwire::sink::postgresql
