#include "x509/certificate_maker.h"

#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "x509/certificate_fields.h"

namespace tagwire::x509 {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

CertificateRequest webRequest() {
    const auto now = wallClockNow();
    return {.commonName = "Tagwire@gateway",
            .applicationUri = {},
            .dnsNames = {"gateway", "gateway.plant.example"},
            .ipAddresses = {"192.168.7.5", "fd00::5"},
            .validFrom = now,
            .validTo = now + std::chrono::days(30),
            .use = CertificateUse::WebServer};
}

TEST(CertificateMaker, MakesWhatBrowsersTakeOfAWebServer) {
    const auto key = makeEcKey();
    ASSERT_TRUE(key);
    EXPECT_EQ(EVP_PKEY_get_bits(key->get()), 256);
    const auto made = issueCertificate(webRequest(), **key);
    ASSERT_TRUE(made) << made.error().message;
    X509* const x509 = made->get();
    EXPECT_EQ(distinguishedName(X509_get_subject_name(x509)), "CN=Tagwire@gateway,O=Tagwire");
    EXPECT_EQ(commonName(X509_get_subject_name(x509)), "Tagwire@gateway");
    EXPECT_EQ(X509_get_signature_nid(x509), NID_ecdsa_with_SHA256);
    EXPECT_EQ(X509_get_key_usage(x509), static_cast<std::uint32_t>(KU_DIGITAL_SIGNATURE));
    EXPECT_EQ(X509_get_extended_key_usage(x509), static_cast<std::uint32_t>(XKU_SSL_SERVER));
    EXPECT_EQ(X509_check_ca(x509), 0);
    EXPECT_TRUE(isSelfSigned(*x509));
    const auto names = alternativeNamesOf(*x509);
    EXPECT_THAT(names.uris, IsEmpty());
    EXPECT_THAT(names.dnsNames, ElementsAre("gateway", "gateway.plant.example"));
    EXPECT_THAT(names.ipAddresses, ElementsAre("192.168.7.5", "fd00::5"));
    EXPECT_EQ(X509_check_host(x509, "gateway", 0, 0, nullptr), 1);
    EXPECT_EQ(X509_check_ip_asc(x509, "192.168.7.5", 0), 1);
    EXPECT_EQ(X509_check_ip_asc(x509, "192.168.7.6", 0), 0);
}

TEST(CertificateMaker, EverySerialNumberIsAnother) {
    const auto key = makeEcKey();
    const auto first = issueCertificate(webRequest(), **key);
    const auto second = issueCertificate(webRequest(), **key);
    ASSERT_TRUE(first && second);
    EXPECT_NE(ASN1_INTEGER_cmp(X509_get0_serialNumber(first->get()), X509_get0_serialNumber(second->get())),
              0);
    EXPECT_NE(fingerprintOf(**first), fingerprintOf(**second));
}

TEST(CertificateMaker, ALongNameIsCutToWhatACertificateHolds) {
    const auto key = makeEcKey();
    auto request = webRequest();
    request.commonName = "Tagwire@" + std::string(63, 'x');
    const auto made = issueCertificate(request, **key);
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ(commonName(X509_get_subject_name(made->get())), request.commonName.substr(0, 64));
}

TEST(CertificateMaker, WhatAnotherSignsIsNotSelfSigned) {
    const auto key = makeEcKey();
    auto request = webRequest();
    request.use = CertificateUse::Authority;
    request.commonName = "Plant CA";
    const auto authority = issueCertificate(request, **key);
    ASSERT_TRUE(authority);
    EXPECT_EQ(X509_check_ca(authority->get()), 1);
    const auto below = issueCertificate(webRequest(), **key, {authority->get(), key->get()});
    ASSERT_TRUE(below);
    EXPECT_FALSE(isSelfSigned(**below));
    EXPECT_EQ(X509_verify(below->get(), key->get()), 1);
}

TEST(CertificateMaker, KeysAreReadAsTheyWereWritten) {
    const auto key = makeEcKey();
    ASSERT_TRUE(key);
    for (const auto& text : {pemOf(**key), derOf(**key)}) {
        const auto read = parseKey(text);
        ASSERT_TRUE(read);
        EXPECT_EQ(EVP_PKEY_eq(read->get(), key->get()), 1);
    }
    EXPECT_FALSE(parseKey("rubbish"));
    EXPECT_FALSE(parseKey(""));
}

TEST(CertificateFields, FingerprintsAreAsBrowsersShowThem) {
    const auto key = makeEcKey();
    const auto made = issueCertificate(webRequest(), **key);
    ASSERT_TRUE(made);
    const auto fingerprint = fingerprintOf(**made);
    EXPECT_THAT(fingerprint, testing::MatchesRegex("([0-9A-F][0-9A-F]:)+[0-9A-F][0-9A-F]"));
    EXPECT_EQ(fingerprint.size(), 32U * 3 - 1);
    EXPECT_EQ(digestOf("abc", EVP_sha256()),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace tagwire::x509
