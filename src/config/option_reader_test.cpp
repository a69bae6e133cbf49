#include "config/option_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/option_docs.h"
#include "config/option_schema.h"

namespace tagwire::config {
namespace {

using testing::ElementsAre;

enum class Colour { Red, Green };
std::array<OptionName<Colour>, 2> optionNames(Colour) {
    return {{{Colour::Red, "red"}, {Colour::Green, "green"}}};
}

struct Inner {
    int number = 3;

    template <class Visitor>
    static void describe(Visitor& v) {
        v.field(&Inner::number, {.key = "number", .text = "A number.", .min = -5, .max = 5});
    }
    void check(OptionErrors& errors) const {
        if (number == 4) errors.add("number", "must not be 4");
    }
};

struct Outer {
    bool flag = false;
    std::int8_t small = 0;
    std::uint64_t big = 1;
    double real = 1.5;
    std::string text = "default";
    std::string password;
    std::chrono::milliseconds delay{100};
    Colour colour = Colour::Red;
    std::optional<int> maybe;
    std::vector<std::string> words{"by", "default"};
    Inner one;
    std::vector<Inner> many;

    template <class Visitor>
    static void describe(Visitor& v) {
        v.field(&Outer::flag, {.key = "flag", .text = "A flag."});
        v.field(&Outer::small, {.key = "small", .text = "A small number."});
        v.field(&Outer::big, {.key = "big", .text = "A big number."});
        v.field(&Outer::real, {.key = "real", .text = "A real number.", .min = 0, .max = 10});
        v.field(&Outer::text, {.key = "text", .text = "A text, a|b.", .max = 8});
        v.field(&Outer::password, {.key = "password", .text = "A secret.", .max = 8, .secret = true});
        v.field(&Outer::delay, {.key = "delay_ms", .text = "A time.", .unit = "ms", .min = 0, .max = 1000});
        v.field(&Outer::colour, {.key = "colour", .text = "A colour."});
        v.field(&Outer::maybe, {.key = "maybe", .text = "Perhaps a number."});
        v.field(&Outer::words, {.key = "words", .text = "Words.", .max = 3});
        v.field(&Outer::one, {.key = "one", .text = "A table."});
        v.field(&Outer::many, {.key = "many", .text = "Tables.", .max = 2});
    }
};

struct Read {
    Outer options;
    std::vector<std::string> problems;
};

Read read(std::string_view text) {
    Read result;
    ProblemList problems;
    readTable(toml::parse(text, std::string("f")), {}, result.options, problems);
    for (const Problem& problem : problems.take()) result.problems.push_back(toText(problem));
    return result;
}

TEST(OptionReaderTest, ReadsEveryKind) {
    const auto [o, problems] = read(R"(
        flag = true
        small = -128
        big = 9_223_372_036_854_775_807
        real = 2
        text = "锅炉锅炉锅炉锅炉"
        password = "s3cret"
        delay_ms = 0x10
        colour = "green"
        maybe = 0
        words = ["a", "b"]
        one.number = 5
        [[many]]
        number = -5
        [[many]]
    )");
    EXPECT_THAT(problems, ElementsAre());
    EXPECT_TRUE(o.flag);
    EXPECT_EQ(o.small, -128);
    EXPECT_EQ(o.big, 9'223'372'036'854'775'807U);
    EXPECT_EQ(o.real, 2);
    EXPECT_EQ(o.text, "锅炉锅炉锅炉锅炉");
    EXPECT_EQ(o.password, "s3cret");
    EXPECT_EQ(o.delay.count(), 16);
    EXPECT_EQ(o.colour, Colour::Green);
    EXPECT_EQ(o.maybe, 0);
    EXPECT_THAT(o.words, ElementsAre("a", "b"));
    EXPECT_EQ(o.one.number, 5);
    ASSERT_EQ(o.many.size(), 2U);
    EXPECT_EQ(o.many[0].number, -5);
    EXPECT_EQ(o.many[1].number, 3);
}

TEST(OptionReaderTest, KeepsTheDefaultsOfWhatIsNotThere) {
    const auto [o, problems] = read("");
    EXPECT_THAT(problems, ElementsAre());
    EXPECT_EQ(o.text, "default");
    EXPECT_EQ(o.delay.count(), 100);
    EXPECT_FALSE(o.maybe);
    EXPECT_TRUE(o.many.empty());
}

TEST(OptionReaderTest, BoundsAreInclusive) {
    EXPECT_THAT(read("small = 127\nreal = 10.0\ndelay_ms = 1000\n").problems, ElementsAre());
    EXPECT_THAT(read("small = 128").problems,
                ElementsAre("f:1: small: must be a whole number from -128 to 127, but is 128"));
    EXPECT_THAT(read("real = 10.001").problems,
                ElementsAre("f:1: real: must be a number from 0 to 10, but is 10.001"));
    EXPECT_THAT(read("big = -1").problems,
                ElementsAre("f:1: big: must be a whole number from 0 to 9223372036854775807, but is -1"));
    EXPECT_THAT(read("delay_ms = 1001").problems,
                ElementsAre("f:1: delay_ms: must be a whole number from 0 to 1000 ms, but is 1001"));
}

TEST(OptionReaderTest, NumbersThatAreNoneAreRefused) {
    EXPECT_THAT(read("real = nan").problems,
                ElementsAre("f:1: real: must be a number from 0 to 10, but is nan"));
    EXPECT_THAT(read("real = inf").problems,
                ElementsAre("f:1: real: must be a number from 0 to 10, but is inf"));
    EXPECT_THAT(read("real = true").problems,
                ElementsAre("f:1: real: must be a number from 0 to 10, but is true"));
    EXPECT_THAT(read("maybe = 1.0").problems,
                ElementsAre("f:1: maybe: must be a whole number from -2147483648 to 2147483647, but is 1"));
}

TEST(OptionReaderTest, ASecretIsNeverShown) {
    const auto problems = read("password = \"much too long\"").problems;
    EXPECT_THAT(problems,
                ElementsAre("f:1: password: must be a text of at most 8 characters, but is something else"));
}

TEST(OptionReaderTest, LengthsAreCountedInCharacters) {
    EXPECT_THAT(
        read("text = \"123456789\"").problems,
        ElementsAre("f:1: text: must be a text of at most 8 characters, but is the text \"123456789\""));
    EXPECT_THAT(read("text = \"a\\u0000b\"").problems,
                ElementsAre("f:1: text: must not contain the character U+0000"));
}

TEST(OptionReaderTest, Lists) {
    EXPECT_THAT(read("words = \"a\"").problems,
                ElementsAre("f:1: words: must be an array of at most 3 texts, but is the text \"a\"; put it "
                            "in square brackets"));
    EXPECT_THAT(read("words = [\"a\", \"b\", \"c\", \"d\"]").problems,
                ElementsAre("f:1: words: must be an array of at most 3 texts, but has 4 entries"));
    EXPECT_THAT(
        read("words = [\"a\",\n 1, true]").problems,
        ElementsAre("f:2: words[1]: must be a text that is not empty, but is 1; put it in quotes",
                    "f:2: words[2]: must be a text that is not empty, but is true; put it in quotes"));
}

TEST(OptionReaderTest, TablesAndArraysOfTables) {
    EXPECT_THAT(read("one = 1").problems, ElementsAre("f:1: one: must be a table, but is 1"));
    EXPECT_THAT(read("many = 1").problems, ElementsAre("f:1: many: must be an array of tables, but is 1"));
    EXPECT_THAT(read("many = [1, {number = 9}]").problems,
                ElementsAre("f:1: many[0]: must be a table, but is 1",
                            "f:1: many[1].number: must be a whole number from -5 to 5, but is 9"));
    EXPECT_THAT(read("many = [{}, {}, {}]").problems,
                ElementsAre("f:1: many: has 3 entries; at most 2 are allowed"));
}

TEST(OptionReaderTest, ChecksBetweenOptionsPointAtTheLine) {
    EXPECT_THAT(read("[[many]]\n[[many]]\n\nnumber = 4\n").problems,
                ElementsAre("f:4: many[1].number: must not be 4"));
}

TEST(OptionReaderTest, UnknownKeysAreListedWithTheirTable) {
    EXPECT_THAT(read("[one]\nnumbr = 1\n[[many]]\nzzzzzz = 2\n").problems,
                ElementsAre("f:2: one.numbr: unknown key; did you mean number?",
                            "f:4: many[0].zzzzzz: unknown key; known here: number"));
}

TEST(OptionDocsTest, ShowsDefaultsBoundsAndNestedTables) {
    DocsVisitor<Outer> visitor({});
    Outer::describe(visitor);
    const auto [rows, below] = visitor.take();
    EXPECT_THAT(rows, testing::HasSubstr("| `colour` | `\"red\"` | \"red\" or \"green\" | A colour. |\n"));
    EXPECT_THAT(rows, testing::HasSubstr(
                          "| `maybe` | none | a whole number from -2147483648 to 2147483647 | Perhaps"));
    EXPECT_THAT(rows, testing::HasSubstr("A text, a\\|b."));
    EXPECT_THAT(below, testing::HasSubstr("### `[one]`"));
    EXPECT_THAT(below, testing::HasSubstr("### `[[many]]`"));
}

TEST(OptionSchemaTest, SecretsAreWriteOnly) {
    const auto schema = schemaOf<Outer>();
    EXPECT_TRUE(schema.at("properties").at("password").at("writeOnly").as_bool());
    EXPECT_EQ(schema.at("properties").at("real").at("default").as_double(), 1.5);
    EXPECT_EQ(schema.at("properties").at("colour").at("default").as_string(), "red");
    EXPECT_FALSE(schema.at("properties").at("maybe").as_object().contains("default"));
    EXPECT_EQ(schema.at("properties").at("many").at("maxItems").as_int64(), 2);
}

}  // namespace
}  // namespace tagwire::config
