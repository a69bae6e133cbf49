#include "serve/own_certificate.h"

#include <algorithm>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"
#include "base/folder_testing.h"
#include "x509/certificate_fields.h"
#include "x509/certificate_maker.h"

namespace tagwire::serve {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

unsigned permissionsOf(const std::filesystem::path& file) {
    struct stat status{};
    return ::stat(file.c_str(), &status) == 0 ? status.st_mode & 07777U : 0U;
}

class OwnTlsCertificate : public testing::Test {
protected:
    [[nodiscard]] std::string pair() const { return readFile(pairFile_, 100'000).value(); }
    [[nodiscard]] x509::X509Handle certificate() const {
        const auto text = pair();
        const auto input = x509::readerOf(text);
        return x509::X509Handle(PEM_read_bio_X509(input.get(), nullptr, nullptr, nullptr));
    }
    [[nodiscard]] std::string shown() const {
        return readFile(folder_.path() / "tls" / "certificate.pem", 100'000).value();
    }

    TestFolder folder_;
    ServerNames names_{
        .machine = "gateway", .dnsNames = {"gateway", "localhost"}, .ipAddresses = {"127.0.0.1"}};
    std::filesystem::path pairFile_ = folder_.path() / "tls" / "private" / "server.pem";
    OwnCertificate own_{folder_.path() / "tls", [this] { return names_; }};
    Timestamp now_ = wallClockNow();
};

TEST_F(OwnTlsCertificate, IsMadeAtFirstForAYearAndItsKeyIsForNobodyElse) {
    EXPECT_FALSE(own_.exists());
    const auto made = own_.ensure(now_);
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_TRUE(own_.exists());
    EXPECT_EQ(permissionsOf(pairFile_), 0600U);
    EXPECT_EQ(permissionsOf(pairFile_.parent_path()), 0700U);
    EXPECT_EQ(permissionsOf(folder_.path() / "tls" / "certificate.pem"), 0644U);
    EXPECT_THAT(shown(), Not(HasSubstr("PRIVATE KEY")));
    const auto x509 = certificate();
    EXPECT_EQ(x509::pemOf(*x509), shown());
    const auto from = x509::timeOf(X509_get0_notBefore(x509.get()));
    const auto until = x509::timeOf(X509_get0_notAfter(x509.get()));
    EXPECT_EQ(until - from, OwnCertificate::kValidity);
    EXPECT_LT(from, now_ - std::chrono::hours(23));
    const auto identity = loadTlsIdentity(own_.files());
    ASSERT_TRUE(identity) << identity.error().message;
    EXPECT_EQ((*identity)->fingerprint, x509::fingerprintOf(*x509));
}

TEST_F(OwnTlsCertificate, StaysUntilItsTimeEnds) {
    ASSERT_TRUE(own_.ensure(now_));
    const auto first = pair();
    ASSERT_TRUE(
        own_.ensure(now_ + OwnCertificate::kValidity - OwnCertificate::kRenewBefore - std::chrono::days(2)));
    EXPECT_EQ(pair(), first);
    const auto late = now_ + OwnCertificate::kValidity - OwnCertificate::kRenewBefore;
    ASSERT_TRUE(own_.ensure(late));
    EXPECT_NE(pair(), first);
    EXPECT_EQ(shown(), x509::pemOf(*certificate()));
    EXPECT_GT(x509::timeOf(X509_get0_notAfter(certificate().get())), late + std::chrono::days(390));
}

TEST_F(OwnTlsCertificate, AClockThatIsSetBackChangesNothing) {
    ASSERT_TRUE(own_.ensure(now_));
    const auto first = pair();
    ASSERT_TRUE(own_.ensure(now_ - std::chrono::days(10'000)));
    EXPECT_EQ(pair(), first);
}

TEST_F(OwnTlsCertificate, IsMadeAnewForNamesThatComeAndKeptWhenSomeGo) {
    ASSERT_TRUE(own_.ensure(now_));
    const auto first = pair();
    names_.ipAddresses.emplace_back("10.0.0.5");
    ASSERT_TRUE(own_.ensure(now_));
    const auto second = pair();
    EXPECT_NE(second, first);
    EXPECT_THAT(x509::alternativeNamesOf(*certificate()).ipAddresses, Contains("10.0.0.5"));
    names_.ipAddresses.pop_back();
    ASSERT_TRUE(own_.ensure(now_));
    EXPECT_EQ(pair(), second) << "an address that goes for a while must not cost everybody's trust";
}

TEST_F(OwnTlsCertificate, IsNeverOverwrittenWhenItCannotBeUsed) {
    ASSERT_TRUE(own_.ensure(now_));
    const auto whole = pair();
    const auto end = whole.find("-----BEGIN PRIVATE KEY");
    const auto other = x509::makeEcKey();
    for (const auto& [text, words] : {std::pair{std::string("rubbish"), "holds no certificate"},
                                      std::pair{whole.substr(0, end), "is no private key"},
                                      std::pair{whole.substr(0, end) + x509::pemOf(**other), "do not belong"},
                                      std::pair{std::string(), "holds no certificate"}}) {
        ASSERT_TRUE(replaceFile(pairFile_, text, 0600));
        const auto ensured = own_.ensure(now_);
        ASSERT_FALSE(ensured);
        EXPECT_THAT(ensured.error().message,
                    AllOf(HasSubstr(words), HasSubstr(pairFile_.string()), HasSubstr("remove it")));
        EXPECT_EQ(pair(), text);
    }
    ASSERT_TRUE(replaceFile(pairFile_, whole, 0600));
    EXPECT_TRUE(own_.ensure(now_));
}

TEST_F(OwnTlsCertificate, SaysWhichFileItMayNotRead) {
    if (::geteuid() == 0) GTEST_SKIP() << "root reads everything";
    ASSERT_TRUE(own_.ensure(now_));
    ASSERT_EQ(::chmod(pairFile_.c_str(), 0), 0);
    EXPECT_THAT(own_.ensure(now_).error().message, HasSubstr("Permission denied"));
}

TEST_F(OwnTlsCertificate, SaysWhichFolderCannotBeMade) {
    std::ofstream(folder_.path() / "tls") << "a file";
    EXPECT_THAT(own_.ensure(now_).error().message, HasSubstr((folder_.path() / "tls").string()));
}

TEST_F(OwnTlsCertificate, AnAdministratorsPairIsLeftAlone) {
    ASSERT_TRUE(own_.ensure(now_));
    const auto key = x509::makeEcKey();
    const auto authority = x509::issueCertificate({.commonName = "Plant CA",
                                                   .applicationUri = {},
                                                   .dnsNames = {},
                                                   .ipAddresses = {},
                                                   .validFrom = now_,
                                                   .validTo = now_ + std::chrono::days(1),
                                                   .use = x509::CertificateUse::Authority},
                                                  **key);
    const auto theirs = x509::issueCertificate({.commonName = "plant",
                                                .applicationUri = {},
                                                .dnsNames = {"plant.example"},
                                                .ipAddresses = {},
                                                .validFrom = now_,
                                                .validTo = now_ + std::chrono::days(1),
                                                .use = x509::CertificateUse::WebServer},
                                               **key, {authority->get(), key->get()});
    const auto text = x509::pemOf(**theirs) + x509::pemOf(**key);
    ASSERT_TRUE(replaceFile(pairFile_, text, 0600));
    ASSERT_TRUE(own_.ensure(now_ + std::chrono::days(2)));
    EXPECT_EQ(pair(), text);
    EXPECT_EQ(shown(), x509::pemOf(**theirs));
}

TEST_F(OwnTlsCertificate, ManyWhoMakeItAtOnceGetTheSame) {
    std::vector<std::string> seen(6);
    {
        std::vector<std::jthread> threads;
        threads.reserve(seen.size());
        for (auto& each : seen) {
            threads.emplace_back([this, &each] {
                const OwnCertificate own(folder_.path() / "tls", [this] { return names_; });
                const auto ensured = own.ensure(now_);
                each = ensured ? pair() : ensured.error().message;
            });
        }
    }
    EXPECT_EQ(std::ranges::count(seen, pair()), 6);
}

TEST(ServerNames, AreTheMachinesTheConfiguredOnesAndWhereItListens) {
    ServerOptions options;
    options.listen = "192.0.2.7:5000";
    options.allowedHosts = {"HMI.plant.example", "192.0.2.8"};
    const auto names = serverNames(options);
    EXPECT_THAT(names.dnsNames, AllOf(Contains("localhost"), Contains("hmi.plant.example")));
    EXPECT_THAT(names.ipAddresses, testing::ElementsAre("127.0.0.1", "::1", "192.0.2.7", "192.0.2.8"));
}

TEST(ServerNames, AreNoMoreThanACertificateIsReadFor) {
    ServerOptions options;
    for (int i = 0; i < 1000; ++i) options.allowedHosts.push_back("host" + std::to_string(i));
    const auto names = serverNames(options);
    EXPECT_EQ(names.dnsNames.size() + names.ipAddresses.size(), x509::kMaxAlternativeNames);
}

TEST(TlsMode, AutoIsPlainOnlyWhereNobodyElseCanConnect) {
    ServerOptions options;
    EXPECT_FALSE(options.usesTls());
    options.listen = "[::1]:5000";
    EXPECT_FALSE(options.usesTls());
    options.listen = "0.0.0.0:5000";
    EXPECT_TRUE(options.usesOwnCertificate());
    options.tls = TlsMode::Off;
    EXPECT_FALSE(options.usesTls());
    options = {};
    options.tls = TlsMode::On;
    EXPECT_TRUE(options.usesOwnCertificate());
    options.tlsCertificate = "server.pem";
    EXPECT_FALSE(options.usesOwnCertificate());
    options.tls = TlsMode::Auto;
    EXPECT_TRUE(options.usesTls());
}

}  // namespace
}  // namespace tagwire::serve
