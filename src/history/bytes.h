/// Little-endian numbers, varints and texts in the files of the history.
/// Thread: any. Lifetime: for one record; the reader's text outlives it.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

namespace tagwire::history {

static_assert(std::endian::native == std::endian::little,
              "the files are little-endian, and written as memory");

/// Small for numbers near 0 of either sign.
[[nodiscard]] constexpr std::uint64_t zigzag(std::int64_t number) noexcept {
    return (static_cast<std::uint64_t>(number) << 1U) ^ static_cast<std::uint64_t>(number >> 63);
}
[[nodiscard]] constexpr std::int64_t unzigzag(std::uint64_t code) noexcept {
    return static_cast<std::int64_t>((code >> 1U) ^ (0 - (code & 1U)));
}

class ByteWriter {
public:
    explicit ByteWriter(std::string& out) : out_(out) {}

    void u8(std::uint8_t byte) { out_.push_back(static_cast<char>(byte)); }

    template <class T>
        requires std::is_trivially_copyable_v<T>
    void fixed(T number) {
        const auto at = out_.size();
        out_.resize(at + sizeof number);
        std::memcpy(out_.data() + at, &number, sizeof number);
    }

    /// LEB128.
    void varint(std::uint64_t number) {
        while (number >= 0x80) {
            u8(static_cast<std::uint8_t>(number | 0x80U));
            number >>= 7U;
        }
        u8(static_cast<std::uint8_t>(number));
    }
    void signedVarint(std::int64_t number) { varint(zigzag(number)); }

    void bytes(std::string_view bytes) { out_.append(bytes); }
    /// With its length before it.
    void text(std::string_view text) {
        varint(text.size());
        out_.append(text);
    }

    [[nodiscard]] std::string& out() noexcept { return out_; }

private:
    std::string& out_;
};

/// Reads nothing past the end: then ok() turns false for good and every number is 0.
class ByteReader {
public:
    explicit ByteReader(std::string_view bytes) noexcept : rest_(bytes) {}

    [[nodiscard]] bool ok() const noexcept { return ok_; }
    [[nodiscard]] bool atEnd() const noexcept { return rest_.empty(); }
    [[nodiscard]] std::size_t left() const noexcept { return rest_.size(); }
    void fail() noexcept {
        ok_ = false;
        rest_ = {};
    }

    [[nodiscard]] std::uint8_t u8() noexcept { return fixed<std::uint8_t>(); }

    template <class T>
        requires std::is_trivially_copyable_v<T>
    [[nodiscard]] T fixed() noexcept {
        T number{};
        const auto from = bytes(sizeof number);
        if (ok_) std::memcpy(&number, from.data(), from.size());
        return number;
    }

    [[nodiscard]] std::uint64_t varint() noexcept {
        std::uint64_t number = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const auto byte = u8();
            number |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
            if ((byte & 0x80U) == 0) return number;
        }
        fail();
        return 0;
    }
    [[nodiscard]] std::int64_t signedVarint() noexcept { return unzigzag(varint()); }

    /// A count of things of at least `least` bytes each, so that nobody makes room for more than there can
    /// be.
    [[nodiscard]] std::size_t count(std::size_t least) noexcept {
        const auto number = varint();
        if (number > rest_.size() / least) fail();
        return ok_ ? static_cast<std::size_t>(number) : 0;
    }

    [[nodiscard]] std::string_view bytes(std::size_t length) noexcept {
        if (length > rest_.size()) fail();
        if (!ok_) return {};
        const auto taken = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return taken;
    }
    [[nodiscard]] std::string_view text() noexcept { return bytes(count(1)); }

private:
    std::string_view rest_;
    bool ok_ = true;
};

}  // namespace tagwire::history
