#include "source/opcua/services/engineering_units.h"

#include <fstream>
#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "source/opcua/values/ua_types.h"

namespace tagwire::source::opcua {
namespace {

struct Row {
    std::string code;
    std::string symbol;
};

std::vector<Row> rowsOfTheList() {
    std::ifstream file(TAGWIRE_SOURCE_DIR "/src/source/opcua/services/unece_units.csv");
    std::vector<Row> rows;
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) {
        const auto comma = line.find(',');
        rows.push_back(
            {line.substr(0, comma), line.substr(comma + 1, line.find(',', comma + 1) - comma - 1)});
    }
    return rows;
}

TEST(UneceUnits, AreThoseOfTheListInBothDirections) {
    const auto rows = rowsOfTheList();
    ASSERT_GT(rows.size(), 300U);
    EXPECT_EQ(rows.size(), uneceUnits().size());
    for (const Row& row : rows) {
        const UneceUnit* unit = uneceUnitOf(unitIdOf(row.code));
        ASSERT_NE(unit, nullptr) << row.code;
        EXPECT_EQ(unit->code, row.code);
        EXPECT_EQ(unit->symbol, row.symbol);
        EXPECT_EQ(uneceUnitOf(row.symbol), unit) << row.symbol << " is the symbol of another unit, too";
    }
}

TEST(UneceUnits, HaveTheNumbersOfTheSpecification) {
    EXPECT_EQ(unitIdOf("CEL"), 4408652);
    EXPECT_EQ(unitIdOf("P1"), 20529);
    EXPECT_EQ(unitIdOf("59"), 13625);
    EXPECT_EQ(unitIdOf("MQH"), 5067080);
    EXPECT_EQ(uneceUnitOf(4408652)->symbol, "°C");
    EXPECT_EQ(uneceUnitOf("bar")->id, 4342098);
    EXPECT_EQ(uneceUnitOf(-1), nullptr);
    EXPECT_EQ(uneceUnitOf("furlongs"), nullptr);
    for (const std::string_view none : {"", "ABCD", "cel", "é"}) EXPECT_EQ(unitIdOf(none), -1) << none;
}

UA_EUInformation information(std::string_view organisation, std::int32_t id, std::string_view name) {
    return {borrow(organisation), id, {borrow("en"), borrow(name)}, {borrow("en"), borrow("words")}};
}

TEST(UnitsOf, TakesTheSymbolOfTheCodeOrWhatTheServerDisplays) {
    constexpr std::string_view kUnece = "http://www.opcfoundation.org/UA/units/un/cefact";
    EXPECT_EQ(unitsOf(information(kUnece, 4408652, "degC")), (EngineeringUnits{"°C", "words", 4408652}));
    EXPECT_EQ(unitsOf(information("", 4408652, "degC")), (EngineeringUnits{"°C", "words", 4408652}));
    EXPECT_EQ(unitsOf(information(kUnece, 7, "x")), (EngineeringUnits{"x", "words", 7}));
    EXPECT_EQ(unitsOf(information("urn:mine", 4408652, "my"))->symbol, "my")
        << "another organisation's number";
    EXPECT_EQ(unitsOf(information("urn:mine", 4408652, "my"))->unitId, -1);
    EXPECT_EQ(unitsOf(information("urn:mine", 1, ""))->symbol, "words");
    EXPECT_EQ(unitsOf(UA_EUInformation{}), std::nullopt);
}

}  // namespace
}  // namespace tagwire::source::opcua
