#include "source/opcua/text/browse_path_text.h"

#include <string>
#include <tuple>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagwire::source::opcua {
namespace {

using Path = BrowsePathText;
using testing::HasSubstr;
using testing::SizeIs;

Path parsed(std::string_view text) {
    auto path = Path::parse(text);
    EXPECT_TRUE(path) << text << ": " << (path ? "" : path.error().message);
    return path.value_or(Path{});
}

NodeAddress::Namespace index(std::uint16_t number) { return number; }
NodeAddress::Namespace uri(std::string text) { return text; }

TEST(BrowsePathText, ReadsNamesWithNamespaceIndexes) {
    const Path path = parsed("/Objects/2:Plant/2:Boiler.3:Temp");
    ASSERT_THAT(path.elements, SizeIs(4));
    EXPECT_EQ(path.elements[0].target, (BrowseNameText{index(0), "Objects"}));
    EXPECT_TRUE(std::holds_alternative<Path::Hierarchical>(path.elements[0].reference));
    EXPECT_EQ(path.elements[2].target, (BrowseNameText{index(2), "Boiler"}));
    EXPECT_EQ(path.elements[3].target, (BrowseNameText{index(3), "Temp"}));
    EXPECT_TRUE(std::holds_alternative<Path::Aggregates>(path.elements[3].reference));
}

TEST(BrowsePathText, ReadsNamespaceUrisWhateverTheyContain) {
    const Path path = parsed("path=/Objects/nsu=http://x.org/a%3Bb;Plant.nsu=urn:y;Temp");
    ASSERT_THAT(path.elements, SizeIs(3));
    EXPECT_EQ(path.elements[1].target, (BrowseNameText{uri("http://x.org/a;b"), "Plant"}));
    EXPECT_EQ(path.elements[2].target, (BrowseNameText{uri("urn:y"), "Temp"}));
}

TEST(BrowsePathText, ReadsReferenceTypes) {
    const Path path = parsed("<Organizes>Objects<#!HasProperty>2:X<nsu=http://x/;i=4001>2:Y");
    ASSERT_THAT(path.elements, SizeIs(3));
    EXPECT_EQ(std::get<Path::ReferenceType>(path.elements[0].reference),
              (Path::ReferenceType{"Organizes", true, false}));
    EXPECT_EQ(std::get<Path::ReferenceType>(path.elements[1].reference),
              (Path::ReferenceType{"HasProperty", false, true}));
    EXPECT_EQ(std::get<Path::ReferenceType>(path.elements[2].reference),
              (Path::ReferenceType{NodeAddress{uri("http://x/"), std::uint32_t{4001}}, true, false}));
}

TEST(BrowsePathText, TakesReservedCharactersEscaped) {
    const Path path = parsed("/2:Temp&.Max&/Min && &<&>&:&#&!");
    ASSERT_THAT(path.elements, SizeIs(1));
    EXPECT_EQ(path.elements[0].target.name, "Temp.Max/Min & <>:#!");
}

TEST(BrowsePathText, IsWrittenBackAsItMeans) {
    for (const std::string text :
         {"/Objects/2:Plant/2:Boiler.2:Temp", "/Objects/nsu=http://plant/%3Bx;Boiler&.1", "/0:nsu=a",
          "path=.Server", "path=<#!HasProperty>2:X", "path=<nsu=http://x/;s=a&>b>7:Y", "path=<0:s=x>7:Y"}) {
        const Path path = parsed(text);
        EXPECT_EQ(path.text(), text);
        EXPECT_EQ(parsed(path.text()), path);
    }
    EXPECT_EQ(parsed("path=/Objects").text(), "/Objects");
}

TEST(BrowsePathText, RefusesWithAReason) {
    using Case = std::tuple<std::string, std::string>;
    for (const auto& [text, reason] :
         {Case{"path=", "it is empty"}, Case{"Objects/2:Plant", "before `O` one of / . < is missing"},
          Case{"/Objects//2:Plant", "a name is empty"}, Case{"/Objects/", "a name is empty"},
          Case{"/70000:X", "no number from 0 to 65535"}, Case{"/a:b", "`:` is written as &:"},
          Case{"/a&b", "& does not stand before"}, Case{"/a&", "& does not stand before"},
          Case{"/a<HasProperty", "without its >"}, Case{"/a<>b", "no reference type"},
          Case{"/a<2:Feeds>b", "by its node id"}, Case{"/a<ns=x;i=1>b", "is no node id"},
          Case{"/nsu=http://x", "comes no ;"}, Case{"/nsu=;X", "URI is empty"},
          Case{"/nsu=%zz;X", "a % is not"}, Case{"/" + std::string(5'000, 'x'), "over 4096 bytes"},
          Case{[] {
                   std::string deep;
                   for (int i = 0; i < 101; ++i) deep += "/x";
                   return deep;
               }(),
               "over 100 elements"}}) {
        const auto path = Path::parse(text);
        ASSERT_FALSE(path) << text;
        EXPECT_THAT(path.error().message, HasSubstr(reason)) << text;
    }
}

TEST(NodeLocator, IsANodeIdOrABrowsePath) {
    EXPECT_TRUE(std::holds_alternative<NodeAddress>(parseNodeLocator("ns=2;s=/a").value()));
    EXPECT_TRUE(std::holds_alternative<BrowsePathText>(parseNodeLocator("/Objects").value()));
    EXPECT_TRUE(std::holds_alternative<BrowsePathText>(parseNodeLocator("path=.Server").value()));
    EXPECT_THAT(parseNodeLocator("/").error().message, HasSubstr("is no browse path"));
    EXPECT_THAT(parseNodeLocator("x").error().message, HasSubstr("is no node id"));
    EXPECT_EQ(textOf(parseNodeLocator("path=/Objects").value()), "/Objects");
}

}  // namespace
}  // namespace tagwire::source::opcua
