#include "access/password.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>
#include <sodium.h>

namespace tagwire::access {
namespace {

using std::string_view_literals::operator""sv;

/// Of the lists of published passwords, those that are long enough to be chosen here, in lower case.
constexpr std::array kCommon{
    "0123456789"sv,     "1234567890"sv,    "12345678910"sv,    "123456789a"sv,    "1234567890q"sv,
    "0987654321"sv,     "9876543210"sv,    "1029384756"sv,     "1q2w3e4r5t"sv,    "1q2w3e4r5t6y"sv,
    "1qaz2wsx3edc"sv,   "qwertyuiop"sv,    "qwerty1234"sv,     "qwerty12345"sv,   "qwerty123456"sv,
    "qwertyuiop123"sv,  "qazwsxedcrfv"sv,  "asdfghjkl123"sv,   "asdfghjkl1"sv,    "abcdefghij"sv,
    "abcdefghijk"sv,    "abcd123456"sv,    "abc123456789"sv,   "a123456789"sv,    "aa12345678"sv,
    "password12"sv,     "password123"sv,   "password1234"sv,   "password12345"sv, "passw0rd123"sv,
    "p@ssw0rd123"sv,    "p@ssword123"sv,   "p@ssw0rd1234"sv,   "mypassword"sv,    "mypassword1"sv,
    "changeme123"sv,    "changeme1234"sv,  "letmein123"sv,     "letmein1234"sv,   "welcome123"sv,
    "welcome1234"sv,    "administrator"sv, "administrator1"sv, "admin12345"sv,    "admin123456"sv,
    "adminadmin"sv,     "admin@1234"sv,    "root123456"sv,     "superuser1"sv,    "supervisor"sv,
    "supervisor1"sv,    "operator12"sv,    "operator123"sv,    "operator1234"sv,  "engineer12"sv,
    "engineer123"sv,    "engineer1234"sv,  "maintenance"sv,    "maintenance1"sv,  "iloveyou123"sv,
    "princess123"sv,    "football123"sv,   "baseball123"sv,    "sunshine123"sv,   "michael123"sv,
    "1111111111"sv,     "woaini1314520"sv, "woaini1314"sv,     "woaini520"sv,     "5201314520"sv,
    "qq123456789"sv,    "zxcvbnm123"sv,    "zxcvbnm1234"sv,    "tagwire123"sv,    "tagwire1234"sv,
    "tagwiretagwire"sv, "1234512345"sv,    "1122334455"sv,     "1231231231"sv,    "123123123123"sv};

std::string lowerCase(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lower;
}

bool isOneCharacter(std::string_view text) {
    return std::ranges::all_of(text, [&](char c) { return c == text.front(); });
}

}  // namespace

Result<void> checkPassword(std::string_view user, std::string_view password) {
    if (password.size() < kMinPasswordBytes) {
        return fail(fmt::format("the password is too short: take at least {} characters, such as a few words",
                                kMinPasswordBytes));
    }
    if (password.size() > kMaxPasswordBytes)
        return fail(fmt::format("the password is too long: take at most {} bytes", kMaxPasswordBytes));
    const auto lower = lowerCase(password);
    const auto name = lowerCase(user);
    if (lower == name || lower == name + name)
        return fail("the password is the user's name: take one that nobody guesses");
    if (isOneCharacter(password) || std::ranges::find(kCommon, lower) != kCommon.end())
        return fail("the password is one of those that everybody tries first: take another");
    return {};
}

PasswordHasher::PasswordHasher(Cost cost) : cost_(cost), nobody_(hash("").value_or(std::string())) {}

Result<std::string> PasswordHasher::hash(std::string_view password) const {
    std::array<char, crypto_pwhash_STRBYTES> text{};
    if (sodium_init() < 0 ||
        crypto_pwhash_str_alg(text.data(), password.data(), password.size(), cost_.passes, cost_.memoryBytes,
                              crypto_pwhash_ALG_ARGON2ID13) != 0) {
        return fail(fmt::format("the password could not be hashed: {} MiB of memory are needed for it",
                                cost_.memoryBytes / (std::size_t{1024} * 1024)));
    }
    return std::string(text.data());
}

bool PasswordHasher::matches(std::string_view kept, std::string_view password) const {
    const std::string against = kept.empty() ? nobody_ : std::string(kept);
    const bool same = crypto_pwhash_str_verify(against.c_str(), password.data(), password.size()) == 0;
    return same && !kept.empty();
}

bool PasswordHasher::isOutdated(const std::string& kept) const {
    return crypto_pwhash_str_needs_rehash(kept.c_str(), cost_.passes, cost_.memoryBytes) != 0;
}

}  // namespace tagwire::access
