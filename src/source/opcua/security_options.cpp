#include "source/opcua/security_options.h"

#include <array>

namespace tagwire::source::opcua {
namespace {

void makeAbsolute(std::string& file, const std::filesystem::path& folder) {
    if (!file.empty()) file = (folder / file).string();
}

}  // namespace

std::span<const OptionName<SecurityPolicyChoice>> optionNames(SecurityPolicyChoice) noexcept {
    static constexpr std::array kNames{
        OptionName<SecurityPolicyChoice>{SecurityPolicyChoice::Auto, "auto"},
        OptionName<SecurityPolicyChoice>{SecurityPolicyChoice::None, "none"},
        OptionName<SecurityPolicyChoice>{SecurityPolicyChoice::Basic256Sha256, "basic256sha256"},
        OptionName<SecurityPolicyChoice>{SecurityPolicyChoice::Aes128Sha256RsaOaep, "aes128_sha256_rsaoaep"},
        OptionName<SecurityPolicyChoice>{SecurityPolicyChoice::Aes256Sha256RsaPss, "aes256_sha256_rsapss"},
    };
    return kNames;
}

std::span<const OptionName<SecurityModeChoice>> optionNames(SecurityModeChoice) noexcept {
    static constexpr std::array kNames{
        OptionName<SecurityModeChoice>{SecurityModeChoice::SignAndEncrypt, "sign_and_encrypt"},
        OptionName<SecurityModeChoice>{SecurityModeChoice::Sign, "sign"},
    };
    return kNames;
}

void SecurityOptions::check(OptionErrors& errors) const {
    const bool secret = !password.empty() || !passwordFile.empty();
    if (policy == SecurityPolicyChoice::None && mode == SecurityModeChoice::Sign)
        errors.add("mode", "means nothing with policy = \"none\"; remove it or choose another policy");
    if (!password.empty() && !passwordFile.empty())
        errors.add("password_file", "give password or password_file, not both");
    if (secret && user.empty()) errors.add("user", "is missing: the password belongs to a user");
    if (!user.empty() && !secret)
        errors.add("password", "is missing: give password or password_file for the user");
    if (!user.empty() && !userCertificate.empty())
        errors.add("user_certificate", "give user and password or user_certificate and user_key, not both");
    if (!userCertificate.empty() && userKey.empty())
        errors.add("user_key", "is missing: user_certificate needs its private key");
    if (userCertificate.empty() && !userKey.empty())
        errors.add("user_certificate", "is missing: user_key needs its certificate");
    if (allowPasswordInClear && user.empty())
        errors.add("allow_password_in_clear", "means nothing without a user; remove it");
}

void SecurityOptions::locate(const std::filesystem::path& folder, const std::filesystem::path& pkiFolder) {
    makeAbsolute(passwordFile, folder);
    makeAbsolute(userCertificate, folder);
    makeAbsolute(userKey, folder);
    pki = folder / pkiFolder;
}

}  // namespace tagwire::source::opcua
