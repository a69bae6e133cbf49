#include "source/opcua/security/trust_store.h"

#include <atomic>
#include <cctype>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/files.h"
#include "source/opcua/security/certificates_testing.h"

namespace tagwire::source::opcua {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class TrustStoreTest : public testing::Test {
protected:
    TemporaryFolder folder_;
    TrustStore store_{folder_.pki()};
    const Certificate certificate_ = makeTest(serverRequest());
};

TEST_F(TrustStoreTest, GoesFromRejectedToTrustedAndBack) {
    EXPECT_FALSE(store_.isTrusted(certificate_));
    store_.keepRejected(certificate_);
    EXPECT_THAT(store_.rejected().certificates, ElementsAre(certificate_.info()));

    EXPECT_EQ(store_.trust(certificate_.info().fingerprint).value(), certificate_.info());
    EXPECT_TRUE(store_.isTrusted(certificate_));
    EXPECT_THAT(store_.rejected().certificates, IsEmpty());
    EXPECT_TRUE(store_.trust(certificate_.info().fingerprint)) << "twice is no error";

    EXPECT_TRUE(store_.reject(certificate_.info().thumbprint));
    EXPECT_FALSE(store_.isTrusted(certificate_));
    EXPECT_THAT(store_.rejected().certificates, ElementsAre(certificate_.info()));

    EXPECT_TRUE(store_.remove(certificate_.info().fingerprint));
    EXPECT_THAT(store_.rejected().certificates, IsEmpty());
    EXPECT_THAT(store_.remove(certificate_.info().fingerprint).error().message,
                HasSubstr("there is no certificate with the fingerprint"));
}

TEST_F(TrustStoreTest, TakesFingerprintsAsToolsWriteThem) {
    store_.keepRejected(certificate_);
    std::string spelled;
    for (std::size_t i = 0; i < certificate_.info().fingerprint.size(); i += 2) {
        if (i > 0) spelled += ':';
        for (const char c : certificate_.info().fingerprint.substr(i, 2))
            spelled += static_cast<char>(std::toupper(c));
    }
    EXPECT_TRUE(store_.trust(spelled));
    EXPECT_FALSE(store_.trust("../../etc/passwd"));
    EXPECT_FALSE(store_.trust(""));
}

TEST_F(TrustStoreTest, TakesFilesThatAnAdministratorPutsThere) {
    ASSERT_TRUE(folder_.pki().create());
    ASSERT_TRUE(replaceFile(folder_.pki().trusted() / "from the PLC.CRT", pemOf(certificate_), 0644));
    EXPECT_TRUE(store_.isTrusted(certificate_));
}

TEST_F(TrustStoreTest, AddsFromBytes) {
    store_.keepRejected(certificate_);
    EXPECT_EQ(store_.add(pemOf(certificate_)).value(), certificate_.info());
    EXPECT_TRUE(store_.isTrusted(certificate_));
    EXPECT_THAT(store_.rejected().certificates, IsEmpty());
    EXPECT_THAT(store_.add("rubbish").error().message, HasSubstr("is no X.509 certificate"));
}

TEST_F(TrustStoreTest, NamesUnreadableFilesAndGoesOn) {
    ASSERT_TRUE(folder_.pki().create());
    ASSERT_TRUE(replaceFile(folder_.pki().trusted() / "broken.der", "rubbish", 0644));
    ASSERT_TRUE(store_.add(certificate_.der()));
    const CertificateList list = store_.trusted();
    EXPECT_THAT(list.certificates, ElementsAre(certificate_.info()));
    EXPECT_THAT(list.unreadable, ElementsAre(HasSubstr("broken.der` is no X.509 certificate")));
}

TEST_F(TrustStoreTest, KeepsOnlyTheNewestRejected) {
    ASSERT_TRUE(folder_.pki().create());
    using namespace std::chrono_literals;
    const auto now = std::filesystem::file_time_type::clock::now();
    std::vector<Certificate> all;
    all.reserve(5);
    for (int i = 0; i < 5; ++i) all.push_back(makeTest(serverRequest(fmt::format("PLC {}", i))));
    for (std::size_t i = 0; i < TrustStore::kMaxRejected; ++i) {
        const auto file = folder_.pki().rejected() / fmt::format("old {:03}.der", i);
        ASSERT_TRUE(replaceFile(file, all[0].der(), 0644));
        std::filesystem::last_write_time(file, now - 1h + i * 1s);
    }
    for (const Certificate& each : all) store_.keepRejected(each);
    EXPECT_EQ(filesIn(folder_.pki().rejected()).size(), TrustStore::kMaxRejected);
    EXPECT_FALSE(std::filesystem::exists(folder_.pki().rejected() / "old 004.der"));
    EXPECT_TRUE(std::filesystem::exists(folder_.pki().rejected() / "old 005.der"));
    EXPECT_EQ(store_.rejected().certificates.front(), all[4].info());
}

TEST_F(TrustStoreTest, IsWholeWhileManyChangeIt) {
    const Certificate other = makeTest(serverRequest("Other"));
    ASSERT_TRUE(store_.add(other.der()));
    store_.keepRejected(certificate_);
    std::atomic<bool> stop{false};
    std::atomic<int> looks{0};
    std::vector<std::jthread> threads;
    threads.reserve(2);
    for (int i = 0; i < 2; ++i) {
        threads.emplace_back([&] {
            while (!stop) {
                // Either may lose the race for the file; neither may leave half of one.
                static_cast<void>(store_.trust(certificate_.info().fingerprint));
                static_cast<void>(store_.reject(certificate_.info().fingerprint));
                store_.keepRejected(certificate_);
            }
        });
    }
    for (int i = 0; i < 200; ++i) {
        EXPECT_TRUE(store_.isTrusted(other));
        EXPECT_THAT(store_.trusted().unreadable, IsEmpty());
        EXPECT_THAT(store_.rejected().unreadable, IsEmpty());
        ++looks;
    }
    stop = true;
    threads.clear();
    EXPECT_EQ(looks, 200);
    EXPECT_TRUE(store_.trust(certificate_.info().fingerprint));
}

TEST_F(TrustStoreTest, SaysWhatCannotBeWritten) {
    ASSERT_TRUE(replaceFile(folder_.path() / "pki", "a file where the folder should be", 0644));
    EXPECT_THAT(store_.add(certificate_.der()).error().message, HasSubstr("cannot be made"));
    store_.keepRejected(certificate_);
    EXPECT_THAT(store_.trusted().certificates, IsEmpty());
}

TEST(CertificateFileNames, AreHarmless) {
    CertificateInfo info;
    info.thumbprint = "0aff";
    info.commonName = "../../etc/cron.d/x";
    EXPECT_EQ(certificateFileName(info), "_._.._etc_cron.d_x [0AFF].der");
    info.commonName = "..";
    EXPECT_EQ(certificateFileName(info), "_. [0AFF].der");
    info.commonName = "";
    EXPECT_EQ(certificateFileName(info), "certificate [0AFF].der");
    info.commonName = "Kessel Größe";
    EXPECT_EQ(certificateFileName(info), "Kessel Gr____e [0AFF].der");
}

TEST(PkiWatch, SeesWhatWasPutThereAndTakenAway) {
    const TemporaryFolder folder;
    ASSERT_TRUE(folder.pki().create());
    PkiWatch watch(folder.pki());
    const SteadyTime now = SteadyClock::now();
    using namespace std::chrono_literals;
    EXPECT_FALSE(watch.changed(now + 1s));
    const auto file = folder.pki().trusted() / "x.der";
    ASSERT_TRUE(replaceFile(file, "x", 0644));
    EXPECT_FALSE(watch.changed(now + 1s)) << "looks only every half second";
    EXPECT_TRUE(watch.changed(now + 2s));
    EXPECT_FALSE(watch.changed(now + 3s));
    std::filesystem::remove(file);
    EXPECT_TRUE(watch.changed(now + 4s));
    EXPECT_TRUE(watch.changed(now + 60s)) << "a file changed in its place shows sometime";
}

}  // namespace
}  // namespace tagwire::source::opcua
