/// Bytes that are overwritten when they are no longer needed: keys and passwords.
/// Thread: any, one at a time. Lifetime: value type.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace tagwire::x509 {

class SecretBytes {
public:
    SecretBytes() = default;
    explicit SecretBytes(std::string bytes) noexcept : bytes_(std::move(bytes)) {}
    SecretBytes(const SecretBytes&) = default;
    SecretBytes(SecretBytes&&) noexcept = default;
    SecretBytes& operator=(const SecretBytes&) = default;
    SecretBytes& operator=(SecretBytes&&) noexcept = default;
    ~SecretBytes();

    [[nodiscard]] std::string_view view() const noexcept { return bytes_; }

private:
    std::string bytes_;
};

}  // namespace tagwire::x509
