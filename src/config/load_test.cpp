#include "config/load.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagwire::config {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

const fs::path kTestData = fs::path(TAGWIRE_SOURCE_DIR) / "src/config/testdata";

std::string contents(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

std::vector<std::string> linesOf(const LoadResult& result) {
    std::vector<std::string> lines;
    if (!result) {
        for (const Problem& problem : result.error()) lines.push_back(toText(problem));
    }
    return lines;
}

std::vector<std::string> problemsOf(std::string text) {
    return linesOf(loadTexts({{"x.toml", std::move(text)}}));
}

std::vector<fs::path> filesIn(const fs::path& folder, std::string_view extension) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.path().extension() == extension) files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

/// A folder that is gone after the test.
class TempFolder {
public:
    TempFolder() {
        std::string name = (fs::temp_directory_path() / "tagwire-config-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    ~TempFolder() { fs::remove_all(path_); }

    [[nodiscard]] const fs::path& path() const noexcept { return path_; }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(path_ / name) << text;
    }

private:
    fs::path path_;
};

/// Each testdata/bad/NN-name.toml has an NN-name.expected with the exact messages.
class BadFileTest : public testing::TestWithParam<fs::path> {};

TEST_P(BadFileTest, GivesTheExpectedMessages) {
    fs::path expectedFile = GetParam();
    expectedFile.replace_extension(".expected");
    const auto name = GetParam().filename().string();
    const auto result = loadTexts({{name, contents(GetParam())}});
    EXPECT_FALSE(result) << "accepted";
    const auto found = fmt::format("{}\n", fmt::join(linesOf(result), "\n"));
    EXPECT_EQ(found, contents(expectedFile));
}

INSTANTIATE_TEST_SUITE_P(Files, BadFileTest, testing::ValuesIn(filesIn(kTestData / "bad", ".toml")),
                         [](const auto& parameter) {
                             std::string name = parameter.param.stem().string();
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

TEST(BadFileTest, AreMany) { EXPECT_GE(filesIn(kTestData / "bad", ".toml").size(), 25U); }

class GoodFileTest : public testing::TestWithParam<fs::path> {};

TEST_P(GoodFileTest, IsAccepted) { EXPECT_THAT(linesOf(load(GetParam())), ElementsAre()); }

INSTANTIATE_TEST_SUITE_P(Files, GoodFileTest, testing::ValuesIn(filesIn(kTestData / "good", ".toml")),
                         [](const auto& parameter) {
                             std::string name = parameter.param.stem().string();
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

TEST(LoadTest, AnEmptyFileGivesTheDefaults) {
    const auto result = loadTexts({{"empty.toml", ""}});
    ASSERT_TRUE(result);
    EXPECT_EQ(result->server.listen, "127.0.0.1:5000");
    EXPECT_TRUE(result->simulator.enabled);
    EXPECT_EQ(result->log.level, log::Level::Info);
    EXPECT_TRUE(result->opcua.empty());
}

TEST(LoadTest, EveryKindOfOptionIsRead) {
    const auto result = load(kTestData / "good" / "everything.toml");
    ASSERT_TRUE(result) << fmt::format("{}", fmt::join(linesOf(result), "\n"));
    EXPECT_EQ(result->server.listen, "[::1]:6000");
    EXPECT_THAT(result->server.allowedOrigins,
                ElementsAre("https://hmi.example.com", "http://hmi.example.com:8080"));
    EXPECT_EQ(result->log.level, log::Level::Debug);
    EXPECT_EQ(result->simulator.scan, std::chrono::milliseconds{250});
    EXPECT_EQ(result->simulator.seed, 7U);
    EXPECT_FALSE(result->simulator.plant);
    EXPECT_DOUBLE_EQ(result->simulator.loadRateHz, 2);
    ASSERT_EQ(result->opcua.size(), 2U);
    EXPECT_EQ(result->opcua[0].name, "boiler");
    ASSERT_EQ(result->opcua[0].tags.size(), 2U);
    EXPECT_EQ(result->opcua[0].tags[0].unit, "°C");
    EXPECT_EQ(result->opcua[0].tags[0].samplingInterval, std::chrono::milliseconds{50});
    EXPECT_EQ(result->opcua[0].tags[0].limits.highHigh, 95.5);
    EXPECT_FALSE(result->opcua[0].tags[0].limits.fromServer);
    EXPECT_EQ(result->opcua[0].tags[1].trigger, DataChangeTrigger::StatusValueTimestamp);
    EXPECT_FALSE(result->opcua[0].tags[1].samplingInterval);
    EXPECT_EQ(result->opcua[1].name, "press");
    using source::opcua::SecurityModeChoice;
    using source::opcua::SecurityPolicyChoice;
    EXPECT_EQ(result->opcuaClient.pkiDir, "/var/lib/tagwire/pki");
    EXPECT_FALSE(result->history.enabled);
    EXPECT_EQ(result->history.folder, "/var/lib/tagwire/history");
    ASSERT_EQ(result->history.rules.size(), 1U);
    EXPECT_EQ(result->history.rules[0].record, history::RecordWhat::Deadband);
    EXPECT_EQ(result->history.rules[0].deadbandPercent, 0.5);
    EXPECT_EQ(result->opcua[0].security.policy, SecurityPolicyChoice::Aes256Sha256RsaPss);
    EXPECT_EQ(result->opcua[0].security.mode, SecurityModeChoice::Sign);
    EXPECT_EQ(result->opcua[0].security.passwordFile, "boiler.password");
    EXPECT_FALSE(result->opcua[0].security.verifyHost);
    EXPECT_EQ(result->opcua[1].security.policy, SecurityPolicyChoice::None);
    EXPECT_EQ(result->folder, kTestData / "good");
}

TEST(LoadTest, TheShippedConfigurationIsFine) {
    const auto result = load(fs::path(TAGWIRE_SOURCE_DIR) / "config/tagwire.toml");
    ASSERT_TRUE(result) << fmt::format("{}", fmt::join(linesOf(result), "\n"));
    EXPECT_EQ(result->server.listen, "127.0.0.1:5000");
    EXPECT_TRUE(result->simulator.enabled);
}

/// A user takes the # away from the example; then it must work.
TEST(LoadTest, TheCommentedOutExampleIsFine) {
    std::istringstream shipped(contents(fs::path(TAGWIRE_SOURCE_DIR) / "config/tagwire.toml"));
    std::string uncommented;
    for (std::string line; std::getline(shipped, line);) {
        if (line.starts_with("#[") ||
            (line.starts_with("#") && line.size() > 1 && std::islower(line[1]) != 0)) {
            line.erase(0, 1);
        }
        uncommented += line + '\n';
    }
    const auto result = loadTexts({{"tagwire.toml", uncommented}});
    ASSERT_TRUE(result) << fmt::format("{}", fmt::join(linesOf(result), "\n"));
    ASSERT_EQ(result->opcua.size(), 1U);
    EXPECT_EQ(result->opcua[0].tags.size(), 2U);
}

TEST(LoadTest, AllProblemsComeAtOnceInTheOrderOfTheLines) {
    EXPECT_THAT(problemsOf("[simulator]\nscan_ms = 5\nplannt = true\n[log]\nlevel = \"loud\"\n"),
                ElementsAre(StartsWith("x.toml:2: simulator.scan_ms: "),
                            StartsWith("x.toml:3: simulator.plannt: "), StartsWith("x.toml:5: log.level: ")));
}

TEST(LoadTest, AConsequenceOfAnotherProblemIsNotReported) {
    // The node id is missing; that "" is no node id either is no news.
    EXPECT_THAT(problemsOf("[[opcua]]\nname = \"a\"\nendpoint = "
                           "\"opc.tcp://localhost:4840\"\n[[opcua.tags]]\nname = \"T\"\n"),
                ElementsAre(StartsWith("x.toml:4: opcua[0].tags[0].node: is required but missing.")));
}

TEST(LoadTest, TheFilesOfADirectoryAreJoinedInTheOrderOfTheirNames) {
    const TempFolder folder;
    folder.write("20-b.toml", "[[opcua]]\nname = \"b\"\nendpoint = \"opc.tcp://b:4840\"\n");
    folder.write("10-a.toml",
                 "[[opcua]]\nname = \"a1\"\nendpoint = \"opc.tcp://a:4840\"\n"
                 "[[opcua]]\nname = \"a2\"\nendpoint = \"opc.tcp://a:4841\"\n");
    folder.write("00-server.toml", "[server]\nlisten = \"127.0.0.1:7000\"\n");
    folder.write("notes.txt", "not TOML {");
    const auto result = load(folder.path());
    ASSERT_TRUE(result) << fmt::format("{}", fmt::join(linesOf(result), "\n"));
    EXPECT_EQ(result->server.listen, "127.0.0.1:7000");
    ASSERT_EQ(result->opcua.size(), 3U);
    EXPECT_EQ(result->opcua[0].name, "a1");
    EXPECT_EQ(result->opcua[2].name, "b");
}

TEST(LoadTest, ProblemsNameTheFileTheyAreIn) {
    const TempFolder folder;
    folder.write("a.toml", "[[opcua]]\nname = \"same\"\nendpoint = \"opc.tcp://a:4840\"\n");
    folder.write("b.toml", "\n\n[[opcua]]\nname = \"same\"\nendpoint = \"opc.tcp://a:4840\"\n");
    const auto b = (folder.path() / "b.toml").string();
    EXPECT_THAT(
        linesOf(load(folder.path())),
        ElementsAre(b + ":4: opcua[1].name: \"same\" is already the name of another source (opcua[0].name); "
                        "give each its own name"));
}

TEST(LoadTest, ATableInTwoFilesNamesBothPlaces) {
    const TempFolder folder;
    folder.write("a.toml", "\n[server]\nlisten = \"127.0.0.1:7000\"\n");
    folder.write("b.toml", "\n\n[server]\nlisten = \"127.0.0.1:7001\"\n");
    const auto a = (folder.path() / "a.toml").string();
    const auto b = (folder.path() / "b.toml").string();
    EXPECT_THAT(linesOf(load(folder.path())),
                ElementsAre(b + ":3: server: is already defined at " + a + ":2; keep one of the two"));
}

TEST(LoadTest, ASyntaxErrorInOneFileDoesNotHideTheProblemsOfAnother) {
    const TempFolder folder;
    folder.write("a.toml", "[server\n");
    folder.write("b.toml", "[log]\nlevel = 3\n");
    EXPECT_THAT(linesOf(load(folder.path())),
                ElementsAre(HasSubstr("a.toml:1: not valid TOML"), HasSubstr("b.toml:2: log.level")));
}

TEST(LoadTest, AMissingFileSaysSo) {
    EXPECT_THAT(linesOf(load("/nonexistent/tagwire.toml")),
                ElementsAre("/nonexistent/tagwire.toml: cannot be read: No such file or directory"));
}

TEST(LoadTest, ADirectoryWithoutFilesSaysWhatToDo) {
    const TempFolder folder;
    EXPECT_THAT(
        linesOf(load(folder.path())),
        ElementsAre(folder.path().string() + ": contains no *.toml file; put one there, or name a file"));
}

TEST(LoadTest, OutsideTextCannotForgeLines) {
    const auto lines = problemsOf("[log]\nlevel = \"x\\nfake.toml:1: fine\"\n");
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0].find('\n'), std::string::npos);
}

TEST(LoadTest, DeepNestingIsRefused) {
    EXPECT_THAT(problemsOf("a = " + std::string(100'000, '[')), ElementsAre(HasSubstr("not valid TOML")));
}

}  // namespace
}  // namespace tagwire::config
