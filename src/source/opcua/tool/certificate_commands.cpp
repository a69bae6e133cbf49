// tagwire opcua certificates, trust, reject: which servers are trusted. Works on the files alone; a running
// Tagwire takes up what changes by itself.

#include <string>
#include <vector>

#include <fmt/format.h>

#include "source/opcua/security/own_certificate.h"
#include "source/opcua/security/trust_store.h"
#include "source/opcua/tool/commands.h"

namespace tagwire::source::opcua {
namespace {

const std::vector<Column> kCertificateColumns{{"state", "STATE", 10},
                                              {"validTo", "VALID UNTIL", 24},
                                              {"subject", "WHOM IT NAMES", 40},
                                              {"fingerprint", "FINGERPRINT (SHA-256)"}};

TrustStore storeOf(const CommandContext& context) {
    return TrustStore(PkiFolder(context.connection.security.pki));
}

void print(const Output& output, std::string_view state, const CertificateInfo& certificate) {
    output.row(kCertificateColumns, {Value(std::string(state)), Value(certificate.validTo),
                                     Value(certificate.subject), Value(certificate.fingerprint)});
}

CommandResult certificates(CommandContext& context) {
    const TrustStore store = storeOf(context);
    const auto own = loadOwnCertificate(store.folder());
    const CertificateList trusted = store.trusted();
    const CertificateList rejected = store.rejected();
    context.output.headings(kCertificateColumns);
    if (own) {
        print(context.output, "own", own->certificate.info());
    } else {
        Output::note(fmt::format("tagwire opcua: {}", own.error().message));
    }
    for (const CertificateInfo& certificate : rejected.certificates)
        print(context.output, "rejected", certificate);
    for (const CertificateInfo& certificate : trusted.certificates)
        print(context.output, "trusted", certificate);
    for (const CertificateList* list : {&trusted, &rejected}) {
        for (const std::string& words : list->unreadable) Output::note("tagwire opcua: " + words);
    }
    return Exit::Done;
}

CommandResult trust(CommandContext& context) {
    const auto certificate = storeOf(context).trust(context.operands.front());
    if (!certificate) return failed(certificate.error().message);
    Output::note(fmt::format("`{}` is trusted from now on", certificate->subject));
    return Exit::Done;
}

CommandResult reject(CommandContext& context) {
    const auto certificate = storeOf(context).reject(context.operands.front());
    if (!certificate) return failed(certificate.error().message);
    Output::note(fmt::format("`{}` is not trusted any more", certificate->subject));
    return Exit::Done;
}

}  // namespace

Command certificatesCommand() {
    return {.name = "certificates",
            .operands = "",
            .summary = "Lists our own certificate, the trusted and the rejected ones",
            .details = "A server's certificate is rejected when it is met for the first time.\n",
            .options = {},
            .needsServer = false,
            .maxOperands = 0,
            .run = certificates};
}

Command trustCommand() {
    return {.name = "trust",
            .operands = "FINGERPRINT",
            .summary = "Trusts a rejected certificate",
            .details =
                "Compare the fingerprint with the one that the server shows before you trust it. SHA-256 or\n"
                "SHA-1, with or without colons and blanks. A running Tagwire connects by itself.\n",
            .options = {},
            .needsServer = false,
            .minOperands = 1,
            .maxOperands = 1,
            .run = trust};
}

Command rejectCommand() {
    return {.name = "reject",
            .operands = "FINGERPRINT",
            .summary = "Trusts a certificate no longer",
            .details = "A running Tagwire closes its connections to that server.\n",
            .options = {},
            .needsServer = false,
            .minOperands = 1,
            .maxOperands = 1,
            .run = reject};
}

}  // namespace tagwire::source::opcua
