#include "wire/request_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagwire::wire {
namespace {

using testing::HasSubstr;

RequestError refusal(std::string_view text) {
    auto frame = parseRequest(text);
    EXPECT_FALSE(frame) << text;
    return frame ? RequestError{} : frame.error();
}

/// Names a parameterised test after its case.
struct CaseName {
    template <class Case>
    std::string operator()(const testing::TestParamInfo<Case>& testCase) const {
        return testCase.param.name;
    }
};

struct Refused {
    const char* name;
    std::string text;
    std::string message;
    ErrorCode code = ErrorCode::BadRequest;
    std::optional<std::uint64_t> id = {};
};

class RefusedRequest : public testing::TestWithParam<Refused> {};

TEST_P(RefusedRequest, SaysWhatIsWrongAndKeepsTheConnection) {
    const auto error = refusal(GetParam().text);
    EXPECT_EQ(error.message, GetParam().message);
    EXPECT_EQ(nameOf(error.code), nameOf(GetParam().code));
    EXPECT_FALSE(error.fatal);
    ASSERT_EQ(error.id.has_value(), GetParam().id.has_value());
    if (error.id) {
        EXPECT_EQ(error.id->value(), *GetParam().id);
    }
}

std::string manyTags(std::size_t count) {
    std::string text = R"({"t":"sub","id":1,"tags":["a")";
    for (std::size_t i = 1; i < count; ++i) text += R"(,"a")";
    return text + "]}";
}

INSTANTIATE_TEST_SUITE_P(
    Requests, RefusedRequest,
    testing::Values(
        Refused{"NoId", R"({"t":"sub","tags":["a"]})",
                "sub.id: missing, expected an integer 0..9007199254740991"},
        Refused{"HistoryWithoutTime", R"({"t":"hist","id":3,"tags":["a"],"from":0})",
                "hist.to: missing, expected an integer -11644473600000..253402300799999",
                ErrorCode::BadRequest, 3},
        Refused{"HistoryOfTheYear10000", R"({"t":"hist","id":3,"tags":["a"],"from":0,"to":253402300800000})",
                "hist.to: expected an integer -11644473600000..253402300799999, got 253402300800000",
                ErrorCode::BadRequest, 3},
        Refused{
            "HistoryForm", R"({"t":"hist","id":3,"tags":["a"],"from":0,"to":1,"form":"average"})",
            R"(hist.form: expected one of "raw" "minmax" "aggregates" "interpolated", got a string of 7 bytes)",
            ErrorCode::BadRequest, 3},
        Refused{"HistoryIntervals", R"({"t":"hist","id":3,"tags":["a"],"from":0,"to":1,"intervals":0})",
                "hist.intervals: expected an integer 1..10000, got 0", ErrorCode::BadRequest, 3},
        Refused{"HistorySamples", R"({"t":"hist","id":3,"tags":["a"],"from":0,"to":1,"max":50001})",
                "hist.max: expected an integer 1..50000, got 50001", ErrorCode::BadRequest, 3},
        Refused{"HistoryCursor", R"({"t":"hist","id":3,"tags":["a"],"from":0,"to":1,"cursor":""})",
                "hist.cursor: expected a string of 1..4096 bytes, got a string of 0 bytes",
                ErrorCode::BadRequest, 3},
        Refused{"CancelNothing", R"({"t":"cancel"})",
                "cancel.id: missing, expected an integer 0..9007199254740991"},
        Refused{"NegativeId", R"({"t":"sub","id":-1,"tags":["a"]})",
                "sub.id: expected an integer 0..9007199254740991, got -1"},
        Refused{"FractionalId", R"({"t":"sub","id":1.5,"tags":["a"]})",
                "sub.id: expected an integer 0..9007199254740991, got 1.5"},
        Refused{"IdBeyondExactNumbers", R"({"t":"sub","id":9007199254740992.0,"tags":["a"]})",
                "sub.id: expected an integer 0..9007199254740991, got 9007199254740992"},
        Refused{"IdBeyondInt64", R"({"t":"unsub","id":18446744073709551615,"sub":1})",
                "unsub.id: expected an integer 0..9007199254740991, got 18446744073709551615"},
        Refused{"TagsMissing", R"({"t":"sub","id":7})",
                "sub.tags: missing, expected an array of 1..20000 strings", ErrorCode::BadRequest, 7},
        Refused{"TagsIsAString", R"({"t":"sub","id":7,"tags":"a"})",
                "sub.tags: expected an array of 1..20000 strings, got a string of 1 bytes",
                ErrorCode::BadRequest, 7},
        Refused{"TagsEmpty", R"({"t":"sub","id":7,"tags":[]})",
                "sub.tags: expected an array of 1..20000 strings, got an array of 0", ErrorCode::BadRequest,
                7},
        Refused{"TooManyTags", manyTags(20001),
                "sub.tags: expected an array of 1..20000 strings, got an array of 20001",
                ErrorCode::TooManyTags, 1},
        Refused{"TagIsANumber", R"({"t":"sub","id":7,"tags":["a",5]})",
                "sub.tags[1]: expected a string of 1..1024 bytes, got 5", ErrorCode::BadRequest, 7},
        Refused{"TagEmpty", R"({"t":"sub","id":7,"tags":[""]})",
                "sub.tags[0]: expected a string of 1..1024 bytes, got a string of 0 bytes",
                ErrorCode::BadRequest, 7},
        Refused{"UnknownMode", R"({"t":"sub","id":7,"tags":["a"],"mode":"fast"})",
                R"(sub.mode: expected one of "latest" "all", got a string of 4 bytes)", ErrorCode::BadRequest,
                7},
        Refused{"MinTooLong", R"({"t":"sub","id":7,"tags":["a"],"min":60001})",
                "sub.min: expected an integer 0..60000, got 60001", ErrorCode::BadRequest, 7},
        Refused{"MinNull", R"({"t":"sub","id":7,"tags":["a"],"min":null})",
                "sub.min: expected an integer 0..60000, got null", ErrorCode::BadRequest, 7},
        Refused{"NoCredits", R"({"t":"sub","id":7,"tags":["a"],"credits":0})",
                "sub.credits: expected an integer 1..1000, got 0", ErrorCode::BadRequest, 7},
        Refused{"ResumeIsAList", R"({"t":"sub","id":7,"tags":["a"],"resume":[1]})",
                "sub.resume: expected an object, got an array of 1", ErrorCode::BadRequest, 7},
        Refused{"ResumeWithoutSeq", R"({"t":"sub","id":7,"tags":["a"],"resume":{"boot":"x"}})",
                "sub.resume.seq: missing, expected an integer 0..9007199254740991", ErrorCode::BadRequest, 7},
        Refused{"UnsubOfNothing", R"({"t":"unsub","id":7,"sub":0})",
                "unsub.sub: expected an integer 1..4294967295, got 0", ErrorCode::BadRequest, 7},
        Refused{"CreditOfTooMuch", R"({"t":"credit","sub":1,"n":1001})",
                "credit.n: expected an integer 1..1000, got 1001"},
        Refused{"PingOfAnotherAge", R"({"t":"ping","now":1e15})",
                "ping.now: expected an integer -11644473600000..253402300799999, got 1000000000000000"},
        Refused{"WriteWithoutKey", R"({"t":"write","id":9,"w":[["A",1]]})",
                "write.key: missing, expected a string of 1..64 bytes", ErrorCode::BadRequest, 9},
        Refused{
            "WriteNothing", R"({"t":"write","id":9,"key":"k","w":[]})",
            "write.w: expected an array of 1..100 pairs [handle, value] or [path, value], got an array of 0",
            ErrorCode::BadRequest, 9},
        Refused{"WriteNoPair", R"({"t":"write","id":9,"key":"k","w":[["A",1],["B"]]})",
                "write.w[1]: expected [handle, value] or [path, value], got an array of 1",
                ErrorCode::BadRequest, 9},
        Refused{"WriteToNoName", R"({"t":"write","id":9,"key":"k","w":[[-1,1]]})",
                "write.w[0][0]: expected a handle, or a path of 1..512 bytes, got -1", ErrorCode::BadRequest,
                9},
        Refused{"WriteForTooLong", R"({"t":"write","id":9,"key":"k","ttl":60001,"w":[["A",1]]})",
                "write.ttl: expected an integer 100..60000, got 60001", ErrorCode::BadRequest, 9},
        Refused{"PressWithoutRelease", R"({"t":"press","id":9,"w":["A",true]})",
                "press.release: missing, expected a value", ErrorCode::BadRequest, 9},
        Refused{"HoldOfNothing", R"({"t":"hold"})",
                "hold.id: missing, expected an integer 0..9007199254740991"},
        Refused{
            "UnknownType", R"({"t":"teleport","id":9})",
            R"(t: unknown frame type "teleport"; this server understands auth, sub, unsub, credit, ping, hist, cancel, write, press, hold, release)",
            ErrorCode::Unsupported, 9},
        Refused{
            "ServersOwnType", R"({"t":"hello"})",
            R"(t: unknown frame type "hello"; this server understands auth, sub, unsub, credit, ping, hist, cancel, write, press, hold, release)",
            ErrorCode::Unsupported}),
    CaseName{});

struct Malformed {
    const char* name;
    std::string text;
    std::string message;  ///< a part of it
};

class MalformedMessage : public testing::TestWithParam<Malformed> {};

TEST_P(MalformedMessage, EndsTheConnection) {
    const auto error = refusal(GetParam().text);
    EXPECT_THAT(error.message, HasSubstr(GetParam().message));
    EXPECT_EQ(nameOf(error.code), "bad_request");
    EXPECT_TRUE(error.fatal);
    EXPECT_FALSE(error.id);
}

INSTANTIATE_TEST_SUITE_P(
    Messages, MalformedMessage,
    testing::Values(Malformed{"Empty", "", "the message is not valid JSON at byte 0: it ends too early"},
                    Malformed{"Garbage", "hello", "not valid JSON at byte 0"},
                    Malformed{"Unfinished", R"({"t":"ping")", "at byte 11: it ends too early"},
                    Malformed{"TwoObjects", R"({"t":"ping"}{"t":"ping"})",
                              "at byte 12: more follows after the value"},
                    Malformed{"TrailingComma", R"({"t":"ping",})", "not valid JSON at byte 12"},
                    Malformed{"Comment", R"({"t":"ping"/**/})", "not valid JSON at byte 11"},
                    Malformed{"List", R"([{"t":"ping"}])", "expected a JSON object"},
                    Malformed{"Number", "17", "expected a JSON object"},
                    Malformed{"NoType", R"({"id":1})", "t: expected a string"},
                    Malformed{"TypeIsANumber", R"({"t":1})", "t: expected a string"},
                    Malformed{"TypeTwice", R"({"t":"ping","t":"sub"})", R"(the member "t" is given twice)"},
                    Malformed{"NestedTwice", R"({"t":"sub","resume":{"seq":1,"seq":2}})",
                              R"(the member "seq" is given twice)"},
                    Malformed{"EscapedTwice", R"({"id":1,"\u0069d":2})", R"(the member "id" is given twice)"},
                    Malformed{"TooDeep", R"({"t":[[[[[[[[1]]]]]]]]})", "nested deeper than 8"},
                    Malformed{"VeryDeep", std::string(60'000, '['), "nested deeper than 8"},
                    Malformed{"HugeNumber", R"({"t":"ping","id":1e400})", "the number is too large"},
                    Malformed{"HugeExponent", R"({"t":"ping","id":1e99999999999})", "not valid JSON"},
                    Malformed{"NotANumber", R"({"t":"ping","id":NaN})", "not valid JSON"},
                    Malformed{"InvalidUtf8", "{\"t\":\"\xff\"}", "not valid JSON at byte 6"},
                    Malformed{"LoneSurrogate", R"({"t":"\ud800"})", "not valid JSON"},
                    Malformed{"RawControlCharacter", "{\"t\":\"a\nb\"}", "not valid JSON"},
                    Malformed{"ZeroByte", std::string("{\"t\":\"ping\"}\0", 13), "more follows"}),
    CaseName{});

TEST(RequestParser, KeepsValuesExactlyAndBeyondTheMessage) {
    std::string text =
        R"({"t":"write","id":9,"key":"k","w":[[7,9007199254740993],["A.B",[1.5,"x",[true]]],["C","18446744073709551615"]]})";
    const auto frame = parseRequest(text);
    text.assign(text.size(), ' ');  // nothing of it may be looked at any more
    ASSERT_TRUE(frame) << frame.error().message;
    const auto& write = std::get<WriteFrame>(*frame);
    EXPECT_EQ(write.ttl, std::chrono::milliseconds{3000});
    ASSERT_EQ(write.w.size(), 3U);
    EXPECT_EQ(std::get<TagId>(write.w[0].tag), TagId{7});
    EXPECT_EQ(write.w[0].value.as_int64(), 9007199254740993);
    EXPECT_EQ(std::get<std::string>(write.w[1].tag), "A.B");
    EXPECT_EQ(write.w[1].value, (boost::json::array{1.5, "x", boost::json::array{true}}));
    EXPECT_EQ(write.w[2].value, boost::json::value("18446744073709551615"));
}

TEST(RequestParser, AcceptsSpaceAroundAndEightLevels) {
    EXPECT_TRUE(parseRequest(" {\"t\" : \"ping\", \"x\":[[[[[[[1]]]]]]] }\r\n"));
}

TEST(RequestParser, AcceptsTheSameNameInDifferentObjects) {
    EXPECT_TRUE(parseRequest(R"({"t":"ping","a":{"x":1},"b":{"x":1,"a":{"x":1}}})"));
}

TEST(RequestParser, AcceptsWholeNumbersWrittenAsReals) {
    const auto frame = parseRequest(R"({"t":"unsub","id":1e2,"sub":7.0})");
    ASSERT_TRUE(frame) << frame.error().message;
    EXPECT_EQ(std::get<UnsubFrame>(*frame), (UnsubFrame{RequestId{100}, SubId{7}}));
}

TEST(RequestParser, CutsLongNamesInMessages) {
    const auto error = refusal(R"({"t":")" + std::string(50'000, 'x') + R"("})");
    EXPECT_LT(error.message.size(), 200U);
}

TEST(RequestParser, CutsLongNamesBetweenCharacters) {
    const auto error = refusal(R"({"t":"x)" + std::string(38, 'x') + R"(é"})");
    EXPECT_THAT(error.message, HasSubstr("\"" + std::string(39, 'x') + "\""));
}

TEST(RequestParser, TakesALargeRequestWhole) {
    const auto frame = parseRequest(manyTags(20'000));
    ASSERT_TRUE(frame) << frame.error().message;
    EXPECT_EQ(std::get<SubFrame>(*frame).tags.size(), 20'000U);
}

}  // namespace
}  // namespace tagwire::wire
