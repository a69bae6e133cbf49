#include "source/opcua/security/own_certificate.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/files.h"
#include "source/opcua/security/certificates_testing.h"
#include "x509/host_names.h"

namespace tagwire::source::opcua {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;

unsigned modeOf(const std::filesystem::path& file) {
    struct stat status{};
    return ::stat(file.c_str(), &status) == 0 ? status.st_mode & 07777U : 0U;
}

class OwnCertificateTest : public testing::Test {
protected:
    [[nodiscard]] std::vector<std::filesystem::path> keys() const { return filesIn(pki_.ownKeys()); }

    TemporaryFolder folder_;
    PkiFolder pki_ = folder_.pki();
};

TEST_F(OwnCertificateTest, IsMadeAsOpcUaDemands) {
    const auto own = ownCertificate(pki_);
    ASSERT_TRUE(own) << own.error().message;
    const CertificateInfo& info = own->certificate.info();
    EXPECT_EQ(info.applicationUri, "urn:" + x509::hostNames().name + ":tagwire");
    EXPECT_THAT(info.dnsNames, AllOf(Contains(x509::hostNames().name), Contains("localhost")));
    EXPECT_EQ(info.ipAddresses, x509::hostNames().addresses);
    EXPECT_EQ(info.keyBits, 2048U);
    EXPECT_TRUE(info.selfSigned);
    EXPECT_GT(info.validTo, wallClockNow() + std::chrono::days(3640));
    EXPECT_LT(info.validFrom, wallClockNow());
    EXPECT_TRUE(checkDates(*own, wallClockNow()));

    X509* x509 = own->certificate.x509();
    EXPECT_EQ(X509_get_signature_nid(x509), NID_sha256WithRSAEncryption);
    constexpr std::uint32_t kUsage =
        KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION | KU_KEY_ENCIPHERMENT | KU_DATA_ENCIPHERMENT;
    EXPECT_EQ(X509_get_key_usage(x509) & kUsage, kUsage);
    EXPECT_EQ(X509_get_extended_key_usage(x509), XKU_SSL_CLIENT | XKU_SSL_SERVER);
    EXPECT_EQ(X509_check_ca(x509), 0);

    ASSERT_EQ(keys().size(), 1U);
    EXPECT_EQ(modeOf(keys()[0]), 0600U);
    EXPECT_EQ(modeOf(pki_.ownKeys()), 0700U);
}

TEST_F(OwnCertificateTest, StaysTheSame) {
    const auto made = ownCertificate(pki_);
    const auto read = ownCertificate(pki_);
    ASSERT_TRUE(made && read);
    EXPECT_EQ(made->certificate, read->certificate);
    EXPECT_EQ(made->key.view(), read->key.view());
    EXPECT_EQ(made->file, pki_.ownCertificates() / "tagwire.der");
}

TEST_F(OwnCertificateTest, IsMadeOnceByMany) {
    std::vector<std::string> thumbprints(6);
    {
        std::vector<std::jthread> threads;
        threads.reserve(thumbprints.size());
        for (std::string& thumbprint : thumbprints) {
            threads.emplace_back([this, &thumbprint] {
                const auto own = ownCertificate(pki_);
                thumbprint = own ? own->certificate.info().thumbprint : own.error().message;
            });
        }
    }
    EXPECT_EQ(std::ranges::count(thumbprints, thumbprints[0]), 6) << testing::PrintToString(thumbprints);
    EXPECT_EQ(thumbprints[0].size(), 40U);
    EXPECT_EQ(keys().size(), 1U);
}

TEST_F(OwnCertificateTest, IsRenewedWithTheKeyOrANewOne) {
    const auto first = ownCertificate(pki_);
    const auto kept = renewOwnCertificate(pki_, RenewKey::Keep);
    ASSERT_TRUE(first && kept) << kept.error().message;
    EXPECT_NE(kept->certificate, first->certificate);
    EXPECT_EQ(kept->key.view(), first->key.view());
    EXPECT_EQ(kept->certificate.info().applicationUri, first->certificate.info().applicationUri);
    const auto fresh = renewOwnCertificate(pki_, RenewKey::New);
    ASSERT_TRUE(fresh);
    EXPECT_NE(fresh->key.view(), first->key.view());
    EXPECT_EQ(loadOwnCertificate(pki_)->certificate, fresh->certificate);
    EXPECT_EQ(keys().size(), 1U);
}

TEST_F(OwnCertificateTest, AlwaysHasItsKeyWhileItIsRenewed) {
    ASSERT_TRUE(ownCertificate(pki_));
    std::atomic<bool> stop{false};
    std::jthread renewing([&] {
        for (int i = 0; i < 4; ++i) EXPECT_TRUE(renewOwnCertificate(pki_, RenewKey::New));
        stop = true;
    });
    while (!stop) {
        const auto own = loadOwnCertificate(pki_);
        ASSERT_TRUE(own) << own.error().message;
        const auto key = x509::parseKey(own->key.view());
        ASSERT_TRUE(key);
        EXPECT_EQ(X509_check_private_key(own->certificate.x509(), key->get()), 1);
    }
}

TEST_F(OwnCertificateTest, TakesFilesThatAnAdministratorPutsThere) {
    ASSERT_TRUE(ownCertificate(pki_));
    x509::CertificateRequest request = serverRequest("From the plant's authority");
    request.validFrom = wallClockNow();
    const Certificate theirs = makeTest(request);
    ASSERT_TRUE(replaceFile(pki_.ownKeys() / "plant.key", pemOf(testKey()), 0600));
    ASSERT_TRUE(replaceFile(pki_.ownCertificates() / "plant.crt", pemOf(theirs), 0644));
    const auto own = ownCertificate(pki_);
    ASSERT_TRUE(own) << own.error().message;
    EXPECT_EQ(own->certificate, theirs);
}

TEST_F(OwnCertificateTest, IsReplacedFromBytes) {
    ASSERT_TRUE(ownCertificate(pki_));
    const Certificate theirs = makeTest(serverRequest());
    const auto own = replaceOwnCertificate(pki_, pemOf(theirs), pemOf(testKey()));
    ASSERT_TRUE(own) << own.error().message;
    EXPECT_EQ(loadOwnCertificate(pki_)->certificate, theirs);

    const x509::KeyHandle other = std::move(x509::makeRsaKey().value());
    EXPECT_THAT(replaceOwnCertificate(pki_, theirs.der(), pemOf(*other)).error().message,
                HasSubstr("does not belong"));
    x509::CertificateRequest nameless = serverRequest();
    nameless.applicationUri.clear();
    EXPECT_THAT(replaceOwnCertificate(pki_, makeTest(nameless).der(), pemOf(testKey())).error().message,
                HasSubstr("no application URI"));
    EXPECT_FALSE(replaceOwnCertificate(pki_, "rubbish", pemOf(testKey())));
    EXPECT_FALSE(replaceOwnCertificate(pki_, theirs.der(), "rubbish"));
    EXPECT_EQ(loadOwnCertificate(pki_)->certificate, theirs) << "what was refused changed nothing";
}

TEST_F(OwnCertificateTest, IsNamedWhenItIsGarbledAndNeverReplacedUnasked) {
    ASSERT_TRUE(ownCertificate(pki_));
    const auto file = pki_.ownCertificates() / "tagwire.der";
    const auto whole = readFile(file, 10'000).value();
    ASSERT_TRUE(replaceFile(file, whole.substr(0, whole.size() / 2), 0644));
    const auto own = ownCertificate(pki_);
    ASSERT_FALSE(own);
    EXPECT_THAT(own.error().message, AllOf(HasSubstr(file.string()), HasSubstr("is no X.509 certificate"),
                                           HasSubstr("Put a good copy there")));
    ASSERT_TRUE(replaceFile(file, whole, 0644));
    EXPECT_TRUE(ownCertificate(pki_));
}

TEST_F(OwnCertificateTest, ItsKeyIsNamedWhenItIsGarbledOrGone) {
    ASSERT_TRUE(ownCertificate(pki_));
    const auto key = keys()[0];
    ASSERT_TRUE(replaceFile(key, "rubbish", 0600));
    EXPECT_THAT(ownCertificate(pki_).error().message,
                AllOf(HasSubstr(key.string()), HasSubstr("is no private key")));
    std::filesystem::remove(key);
    EXPECT_THAT(ownCertificate(pki_).error().message, HasSubstr("there is no private key for"));
}

TEST_F(OwnCertificateTest, SaysWhenItIsOutOfDate) {
    const auto own = ownCertificate(pki_);
    ASSERT_TRUE(own);
    EXPECT_THAT(checkDates(*own, wallClockNow() + std::chrono::days(3651)).error().message,
                AllOf(HasSubstr(own->file.string()), HasSubstr("expired on")));
    EXPECT_THAT(checkDates(*own, wallClockNow() - std::chrono::days(2)).error().message,
                HasSubstr("is the clock right?"));
}

TEST_F(OwnCertificateTest, SaysWhichFolderCannotBeMade) {
    ASSERT_TRUE(replaceFile(folder_.path() / "pki", "a file", 0644));
    EXPECT_THAT(ownCertificate(pki_).error().message, HasSubstr("cannot be made"));
}

TEST_F(OwnCertificateTest, UserCertificatesComeFromTwoFiles) {
    const Certificate user = makeTest(serverRequest("operator"));
    const auto certificateFile = folder_.path() / "user.pem";
    const auto keyFile = folder_.path() / "user.key";
    ASSERT_TRUE(replaceFile(certificateFile, pemOf(user), 0644));
    EXPECT_THAT(loadIdentity(certificateFile, keyFile).error().message, HasSubstr("user.key"));
    ASSERT_TRUE(replaceFile(keyFile, pemOf(testKey()), 0600));
    EXPECT_EQ(loadIdentity(certificateFile, keyFile)->certificate, user);
    EXPECT_FALSE(loadIdentity(folder_.path() / "none.der", keyFile));
}

}  // namespace
}  // namespace tagwire::source::opcua
