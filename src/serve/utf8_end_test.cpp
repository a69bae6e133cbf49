#include "serve/utf8_end.h"

#include <string>

#include <gtest/gtest.h>

namespace tagwire::serve {
namespace {

TEST(Utf8End, NamesTextsThatEndWithinACharacter) {
    for (const std::string character : {"\xc3\xbc", "\xe6\xbc\xa2", "\xf0\x9f\x98\x80"}) {
        for (const std::string before : {"", "x", "\xe6\xbc\xa2"}) {
            EXPECT_FALSE(endsWithinCharacter(before + character));
            for (std::size_t size = 1; size < character.size(); ++size)
                EXPECT_TRUE(endsWithinCharacter(before + character.substr(0, size))) << size;
        }
    }
    EXPECT_FALSE(endsWithinCharacter(""));
    EXPECT_FALSE(endsWithinCharacter("{}"));
}

}  // namespace
}  // namespace tagwire::serve
