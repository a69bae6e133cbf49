/// Options of how a connection to an OPC UA server is secured: the table [opcua.security] of a server, and
/// [opcua_client], which holds for all of them.
/// Thread: any. Lifetime: value types.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "base/option.h"

namespace tagwire::source::opcua {

enum class SecurityPolicyChoice : std::uint8_t {
    /// The strongest secure one that the server offers.
    Auto,
    None,
    Basic256Sha256,
    Aes128Sha256RsaOaep,
    Aes256Sha256RsaPss
};

enum class SecurityModeChoice : std::uint8_t { SignAndEncrypt, Sign };

[[nodiscard]] std::span<const OptionName<SecurityPolicyChoice>> optionNames(SecurityPolicyChoice) noexcept;
[[nodiscard]] std::span<const OptionName<SecurityModeChoice>> optionNames(SecurityModeChoice) noexcept;

struct SecurityOptions {
    SecurityPolicyChoice policy = SecurityPolicyChoice::Auto;
    SecurityModeChoice mode = SecurityModeChoice::SignAndEncrypt;
    std::string user = {};
    std::string password = {};
    std::string passwordFile = {};
    std::string userCertificate = {};
    std::string userKey = {};
    bool allowPasswordInClear = false;
    bool verifyHost = true;

    /// Where certificates lie; no option of a server, but the same for all: see locate().
    std::filesystem::path pki = "pki";

    template <class Visitor>
    static void describe(Visitor& v) {
        using Self = SecurityOptions;
        v.field(&Self::policy,
                {.key = "policy",
                 .text = "`auto` takes the strongest secure policy that the server offers, and refuses a "
                         "server that offers none. `none` connects without any security: everybody on the "
                         "way can read and change all that is sent. Otherwise the policy of that name."});
        v.field(&Self::mode,
                {.key = "mode", .text = "`sign` leaves what is sent readable, but nobody can change it."});
        v.field(&Self::user, {.key = "user",
                              .text = "User name at the server; without it and without user_certificate "
                                      "the connection is anonymous.",
                              .max = 256});
        v.field(&Self::password, {.key = "password",
                                  .text = "Password of the user. Everybody who can read the configuration "
                                          "can read it: password_file is better.",
                                  .max = 1024,
                                  .secret = true});
        v.field(&Self::passwordFile,
                {.key = "password_file",
                 .text = "File with the password of the user, relative to the configuration's folder; a "
                         "line break at its end does not belong to it.",
                 .max = 4096});
        v.field(&Self::userCertificate,
                {.key = "user_certificate",
                 .text = "File with an X.509 certificate (DER or PEM) that stands for the user, relative to "
                         "the configuration's folder.",
                 .max = 4096});
        v.field(&Self::userKey, {.key = "user_key",
                                 .text = "File with the private key of user_certificate (PEM or DER, without "
                                         "a passphrase).",
                                 .max = 4096});
        v.field(&Self::allowPasswordInClear,
                {.key = "allow_password_in_clear",
                 .text = "Whether the password may be sent where the server has neither an encrypted "
                         "connection nor an encrypted password. Everybody on the way can read it then."});
        v.field(&Self::verifyHost,
                {.key = "verify_host",
                 .text = "Whether the host in `endpoint` must be one of those in the server's certificate. "
                         "`false` is for servers behind address translation; their certificate must be "
                         "trusted all the same."});
    }

    /// One kind of user only, and all that belongs to it; nothing that `none` would ignore.
    void check(OptionErrors& errors) const;

    /// Makes the names of files absolute: relative ones count from `folder`.
    void locate(const std::filesystem::path& folder, const std::filesystem::path& pkiFolder);
};

struct OpcUaClientOptions {
    std::string pkiDir = "pki";

    template <class Visitor>
    static void describe(Visitor& v) {
        v.field(&OpcUaClientOptions::pkiDir,
                {.key = "pki_dir",
                 .text = "Folder for our own certificate and key, for the certificates of trusted servers "
                         "and of rejected ones; made when it is missing. A relative one lies beside the "
                         "configuration. The program must be allowed to write there.",
                 .min = 1,
                 .max = 4096});
    }
};

}  // namespace tagwire::source::opcua
