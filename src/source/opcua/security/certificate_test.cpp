#include "source/opcua/security/certificate.h"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "source/opcua/security/certificates_testing.h"

namespace tagwire::source::opcua {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Certificate, TellsWhatPeopleNeedToKnow) {
    const x509::CertificateRequest request = serverRequest();
    const Certificate certificate = makeTest(request);
    const CertificateInfo& info = certificate.info();
    EXPECT_EQ(info.subject, "CN=Boiler PLC,O=Tagwire");
    EXPECT_EQ(info.issuer, info.subject);
    EXPECT_EQ(info.commonName, "Boiler PLC");
    EXPECT_EQ(info.applicationUri, "urn:plant:boiler");
    EXPECT_THAT(info.dnsNames, ElementsAre("boiler.plant.example"));
    EXPECT_THAT(info.ipAddresses, ElementsAre("192.168.7.5"));
    EXPECT_EQ(info.keyBits, 2048U);
    EXPECT_TRUE(info.selfSigned);
    EXPECT_EQ(std::chrono::floor<std::chrono::seconds>(request.validFrom), info.validFrom);
    EXPECT_EQ(std::chrono::floor<std::chrono::seconds>(request.validTo), info.validTo);
}

TEST(Certificate, FingerprintsAreThoseOfTheWholeFile) {
    // `openssl x509 -fingerprint` of the same bytes.
    const Certificate certificate = makeTest(serverRequest());
    std::array<unsigned char, 20> sha1{};
    std::array<unsigned char, 32> sha256{};
    unsigned int size = 0;
    ASSERT_EQ(X509_digest(certificate.x509(), EVP_sha1(), sha1.data(), &size), 1);
    ASSERT_EQ(X509_digest(certificate.x509(), EVP_sha256(), sha256.data(), &size), 1);
    const auto hex = [](const auto& bytes) {
        std::string text;
        for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
        return text;
    };
    EXPECT_EQ(certificate.info().thumbprint, hex(sha1));
    EXPECT_EQ(certificate.info().fingerprint, hex(sha256));
}

TEST(Certificate, TakesPemAndDerAndChainsOfBoth) {
    const Certificate first = makeTest(serverRequest("First"));
    const Certificate second = makeTest(serverRequest("Second"));
    EXPECT_EQ(Certificate::parse(first.der()).value(), first);
    EXPECT_EQ(Certificate::parse(pemOf(first)).value(), first);
    EXPECT_THAT(Certificate::parseChain(first.der() + second.der()).value(), ElementsAre(first, second));
    EXPECT_THAT(Certificate::parseChain("text before\n" + pemOf(first) + pemOf(second)).value(),
                ElementsAre(first, second));
}

TEST(Certificate, RefusesWhatIsNone) {
    const std::string der = makeTest(serverRequest()).der();
    EXPECT_THAT(Certificate::parse("").error().message, HasSubstr("is no X.509 certificate"));
    EXPECT_FALSE(Certificate::parse("hello"));
    EXPECT_FALSE(Certificate::parse("-----BEGIN CERTIFICATE-----\nrubbish"));
    EXPECT_FALSE(Certificate::parse(std::string(Certificate::kMaxBytes + 1, '0')));
    EXPECT_FALSE(Certificate::parseChain(der + "x"));
    for (std::size_t length = 0; length < der.size(); length += 7)
        EXPECT_FALSE(Certificate::parse(der.substr(0, length))) << length;
}

TEST(Certificate, BoundsTheChain) {
    const std::string der = makeTest(serverRequest()).der();
    std::string many;
    for (std::size_t i = 0; i < 3 * Certificate::kMaxChain; ++i) many += der;
    EXPECT_EQ(Certificate::parseChain(many).value().size(), Certificate::kMaxChain);
}

TEST(Certificate, ForgesNoNamesAndNoLines) {
    x509::CertificateRequest request = serverRequest("PLC\nCN=Trusted");
    request.applicationUri.clear();
    const CertificateInfo info = makeTest(request).info();
    EXPECT_EQ(info.commonName.find('\n'), std::string::npos);
    EXPECT_EQ(info.subject.find('\n'), std::string::npos);
    EXPECT_EQ(info.applicationUri, "");
}

TEST(Certificate, KnowsWhoIsSignedByAnother) {
    x509::CertificateRequest authority = serverRequest("Plant CA");
    authority.use = x509::CertificateUse::Authority;
    const Certificate ca = makeTest(authority);
    const Certificate leaf = makeTest(serverRequest(), {ca.x509(), &testKey()});
    EXPECT_FALSE(leaf.info().selfSigned);
    EXPECT_EQ(leaf.info().issuer, ca.info().subject);
}

TEST(Dates, AreWrittenWithoutTheTime) {
    EXPECT_EQ(dateText(fromUnixMillis(1'772'582'400'000)), "2026-03-04");
}

}  // namespace
}  // namespace tagwire::source::opcua
