#include "source/opcua/security/certificate_verifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "source/opcua/security/certificates_testing.h"

namespace tagwire::source::opcua {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class CertificateVerifierTest : public testing::Test {
protected:
    void SetUp() override { ASSERT_TRUE(folder_.pki().create()); }

    static x509::CertificateRequest authorityRequest(std::string name = "Plant CA") {
        x509::CertificateRequest request = serverRequest(std::move(name));
        request.use = x509::CertificateUse::Authority;
        return request;
    }
    [[nodiscard]] std::optional<Refusal> verify(const std::vector<Certificate>& chain,
                                                const ExpectedServer& expected = {}) const {
        return verifier_.verify(chain, expected, wallClockNow());
    }
    /// The code's low word is information bits.
    static std::uint32_t codeOf(const std::optional<Refusal>& refusal) {
        return refusal ? refusal->status.code() : 0;
    }
    void putCrl(const Certificate& issuer, const Certificate& revoked) const {
        const x509::CrlHandle crl(X509_CRL_new());
        X509_CRL_set_version(crl.get(), X509_CRL_VERSION_2);
        X509_CRL_set_issuer_name(crl.get(), X509_get_subject_name(issuer.x509()));
        ASN1_TIME* now = X509_gmtime_adj(nullptr, 0);
        X509_CRL_set1_lastUpdate(crl.get(), now);
        X509_REVOKED* entry = X509_REVOKED_new();
        X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(revoked.x509()));
        X509_REVOKED_set_revocationDate(entry, now);
        X509_CRL_add0_revoked(crl.get(), entry);
        ASN1_TIME_free(now);
        X509_CRL_sign(crl.get(), &testKey(), EVP_sha256());
        const x509::BioHandle out(BIO_new(BIO_s_mem()));
        i2d_X509_CRL_bio(out.get(), crl.get());
        ASSERT_TRUE(replaceFile(folder_.pki().issuerCrls() / "list.crl", x509::contentsOf(out.get()), 0644));
    }

    TemporaryFolder folder_;
    TrustStore store_{folder_.pki()};
    CertificateVerifier verifier_{store_};
    const ExpectedServer boiler_{.host = "boiler.plant.example", .applicationUri = "urn:plant:boiler"};
};

TEST_F(CertificateVerifierTest, TakesWhatIsTrusted) {
    const Certificate server = makeTest(serverRequest());
    ASSERT_TRUE(store_.add(server.der()));
    EXPECT_FALSE(verify({server}, boiler_));
    EXPECT_FALSE(verify({server}, {.host = "192.168.7.5", .applicationUri = ""}));
    EXPECT_THAT(store_.rejected().certificates, IsEmpty());
}

TEST_F(CertificateVerifierTest, KeepsTheUntrustedAndSaysWhatToDo) {
    const Certificate server = makeTest(serverRequest());
    const auto refusal = verify({server}, boiler_);
    EXPECT_EQ(codeOf(refusal), 0x801A0000U);
    EXPECT_THAT(refusal->message,
                AllOf(HasSubstr("`Boiler PLC`"), HasSubstr("is not trusted yet"),
                      HasSubstr("tagwire opcua trust " + server.info().fingerprint), HasSubstr("Sources")));
    EXPECT_THAT(store_.rejected().certificates, ElementsAre(server.info()));
    ASSERT_TRUE(store_.trust(server.info().fingerprint));
    EXPECT_FALSE(verify({server}, boiler_));
}

TEST_F(CertificateVerifierTest, ATwinWithTheSameNameIsNotTrusted) {
    ASSERT_TRUE(store_.add(makeTest(serverRequest()).der()));
    EXPECT_EQ(codeOf(verify({makeTest(serverRequest())}, boiler_)), 0x801A0000U);
}

TEST_F(CertificateVerifierTest, RefusesTheWrongHostAndUri) {
    const Certificate server = makeTest(serverRequest());
    ASSERT_TRUE(store_.add(server.der()));
    const auto host = verify({server}, {.host = "elsewhere", .applicationUri = ""});
    EXPECT_EQ(codeOf(host), 0x80160000U);
    EXPECT_THAT(host->message, AllOf(HasSubstr("boiler.plant.example, 192.168.7.5"),
                                     HasSubstr("not for `elsewhere`"), HasSubstr("verify_host = false")));
    EXPECT_EQ(codeOf(verify({server}, {.host = "192.168.7.6", .applicationUri = ""})), 0x80160000U);
    const auto uri = verify({server}, {.host = "", .applicationUri = "urn:other"});
    EXPECT_EQ(codeOf(uri), 0x80170000U);
    EXPECT_THAT(uri->message, AllOf(HasSubstr("`urn:other`"), HasSubstr("`urn:plant:boiler`")));
}

TEST_F(CertificateVerifierTest, RefusesTheExpiredAndTheNotYetValid) {
    x509::CertificateRequest request = serverRequest();
    request.validFrom = fromUnixMillis(1'500'000'000'000);
    request.validTo = fromUnixMillis(1'600'000'000'000);
    const Certificate expired = makeTest(request);
    ASSERT_TRUE(store_.add(expired.der()));
    const auto refusal = verify({expired}, boiler_);
    EXPECT_EQ(codeOf(refusal), 0x80140000U);
    EXPECT_THAT(refusal->message, HasSubstr("expired on 2020-09-13"));

    request.validFrom = wallClockNow() + std::chrono::days(1);
    request.validTo = wallClockNow() + std::chrono::days(2);
    const Certificate early = makeTest(request);
    ASSERT_TRUE(store_.add(early.der()));
    EXPECT_THAT(verify({early}, boiler_)->message, HasSubstr("is valid only from"));
}

TEST_F(CertificateVerifierTest, RefusesWhatIsNoServersCertificate) {
    const Certificate authority = makeTest(authorityRequest("boiler.plant.example"));
    ASSERT_TRUE(store_.add(authority.der()));
    const auto refusal = verify({authority});
    EXPECT_EQ(codeOf(refusal), 0x80180000U);
    EXPECT_THAT(refusal->message, HasSubstr("key usage"));
}

TEST_F(CertificateVerifierTest, RefusesWeakKeys) {
    const x509::KeyHandle weak(EVP_RSA_gen(1024));
    const Certificate server = makeCertificate(serverRequest(), *weak).value();
    ASSERT_TRUE(store_.add(server.der()));
    EXPECT_EQ(codeOf(verify({server}, boiler_)), 0x81140000U);
}

TEST_F(CertificateVerifierTest, ATrustedAuthorityVouchesForItsServers) {
    const Certificate root = makeTest(authorityRequest("Root"));
    const Certificate middle = makeTest(authorityRequest("Middle"), {root.x509(), &testKey()});
    const Certificate server = makeTest(serverRequest(), {middle.x509(), &testKey()});
    const auto lonely = verify({server}, boiler_);
    EXPECT_EQ(codeOf(lonely), 0x810D0000U);
    EXPECT_THAT(lonely->message,
                AllOf(HasSubstr("issued by `CN=Middle,O=Tagwire`"), HasSubstr("tagwire opcua trust")));
    ASSERT_TRUE(store_.add(root.der()));
    EXPECT_EQ(codeOf(verify({server}, boiler_)), 0x810D0000U);
    EXPECT_FALSE(verify({server, middle}, boiler_)) << "the server sends the link";
    ASSERT_TRUE(replaceFile(folder_.pki().issuers() / "middle.der", middle.der(), 0644));
    EXPECT_FALSE(verify({server}, boiler_)) << "the link is in issuers";
    ASSERT_TRUE(store_.remove(root.info().fingerprint));
    EXPECT_TRUE(verify({server, middle}, boiler_)) << "an issuer alone is not trusted";
    ASSERT_TRUE(store_.add(server.der()));
    EXPECT_FALSE(verify({server}, boiler_)) << "trusted itself";
}

TEST_F(CertificateVerifierTest, AnExpiredAuthorityVouchesForNothing) {
    x509::CertificateRequest request = authorityRequest();
    request.validTo = wallClockNow() - std::chrono::minutes(1);
    const Certificate authority = makeTest(request);
    const Certificate server = makeTest(serverRequest(), {authority.x509(), &testKey()});
    ASSERT_TRUE(store_.add(authority.der()));
    EXPECT_EQ(codeOf(verify({server}, boiler_)), 0x80150000U);
}

TEST_F(CertificateVerifierTest, AForgedSignatureIsNoProof) {
    const Certificate authority = makeTest(authorityRequest());
    const x509::KeyHandle stranger = std::move(x509::makeRsaKey().value());
    const Certificate forged =
        makeCertificate(serverRequest(), testKey(), {authority.x509(), stranger.get()}).value();
    ASSERT_TRUE(store_.add(authority.der()));
    EXPECT_TRUE(verify({forged}, boiler_));
}

TEST_F(CertificateVerifierTest, HonoursListsOfRevokedCertificates) {
    const Certificate authority = makeTest(authorityRequest());
    const Certificate server = makeTest(serverRequest(), {authority.x509(), &testKey()});
    const Certificate other = makeTest(serverRequest(), {authority.x509(), &testKey()});
    ASSERT_TRUE(store_.add(authority.der()));
    putCrl(authority, server);
    const auto refusal = verify({server}, boiler_);
    EXPECT_EQ(codeOf(refusal), 0x801D0000U);
    EXPECT_THAT(refusal->message, HasSubstr("was revoked by `Plant CA`"));
    EXPECT_FALSE(verify({other}, boiler_));
    ASSERT_TRUE(store_.add(server.der()));
    EXPECT_EQ(codeOf(verify({server}, boiler_)), 0x801D0000U) << "also when it is trusted itself";
}

TEST_F(CertificateVerifierTest, NothingIsNoCertificate) { EXPECT_EQ(codeOf(verify({})), 0x80130000U); }

}  // namespace
}  // namespace tagwire::source::opcua
