/// Reads OPC UA Binary (OPC 10000-6, 5.2) from bytes that may be anything. After the first byte that is
/// missing or wrong everything reads as zero and ok() is false. Thread: any. Lifetime: the bytes outlive it
/// and what it returns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "source/opcua/values/ua_types.h"

namespace tagwire::source::opcua {

class BinaryReader {
public:
    explicit BinaryReader(std::string_view bytes) noexcept : rest_(bytes) {}

    [[nodiscard]] bool ok() const noexcept { return ok_; }
    [[nodiscard]] bool atEnd() const noexcept { return rest_.empty(); }
    /// What is not read yet.
    [[nodiscard]] std::string_view rest() const noexcept { return rest_; }
    void fail() noexcept {
        ok_ = false;
        rest_ = {};
    }

    /// A number as it stands in memory of this machine, which is little-endian as the encoding is.
    template <class T>
    [[nodiscard]] T number() noexcept {
        T out{};
        const auto bytes = take(sizeof(T));
        if (ok_) std::memcpy(&out, bytes.data(), bytes.size());
        return out;
    }

    [[nodiscard]] std::string_view take(std::size_t size) noexcept {
        if (size > rest_.size()) {
            fail();
            return {};
        }
        const auto taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }

    void skip(std::size_t size) noexcept { (void)take(size); }

    /// Of a String, ByteString or XmlElement; null is empty.
    [[nodiscard]] std::string_view text() noexcept {
        const auto length = number<std::int32_t>();
        return length <= 0 ? std::string_view{} : take(static_cast<std::size_t>(length));
    }

    /// Of an array; null is empty.
    [[nodiscard]] std::size_t count() noexcept {
        const auto count = number<std::int32_t>();
        return count <= 0 ? 0 : static_cast<std::size_t>(count);
    }

    [[nodiscard]] UA_Guid guid() noexcept {
        UA_Guid out{};
        out.data1 = number<std::uint32_t>();
        out.data2 = number<std::uint16_t>();
        out.data3 = number<std::uint16_t>();
        const auto last = take(sizeof out.data4);
        if (ok_) std::memcpy(out.data4, last.data(), last.size());
        return out;
    }

    /// Points into the bytes; not to be cleared. Bits that only an ExpandedNodeId has mean nothing.
    [[nodiscard]] UA_NodeId nodeId() noexcept {
        return nodeId(number<std::uint8_t>() & static_cast<std::uint8_t>(~(kHasUri | kHasServer)));
    }

    /// Points into the bytes; not to be cleared.
    [[nodiscard]] UA_ExpandedNodeId expandedNodeId() noexcept {
        const auto form = number<std::uint8_t>();
        UA_ExpandedNodeId out{};
        out.nodeId = nodeId(form & static_cast<std::uint8_t>(~(kHasUri | kHasServer)));
        if ((form & kHasUri) != 0) out.namespaceUri = borrow(text());
        if ((form & kHasServer) != 0) out.serverIndex = number<std::uint32_t>();
        return out;
    }

private:
    static constexpr std::uint8_t kHasUri = 0x80;
    static constexpr std::uint8_t kHasServer = 0x40;

    [[nodiscard]] UA_NodeId nodeId(std::uint8_t form) noexcept {
        UA_NodeId out{};
        switch (form) {
            case 0: out.identifier.numeric = number<std::uint8_t>(); return out;
            case 1:
                out.namespaceIndex = number<std::uint8_t>();
                out.identifier.numeric = number<std::uint16_t>();
                return out;
            case 2:
                out.namespaceIndex = number<std::uint16_t>();
                out.identifier.numeric = number<std::uint32_t>();
                return out;
            case 3:
                out.namespaceIndex = number<std::uint16_t>();
                out.identifierType = UA_NODEIDTYPE_STRING;
                out.identifier.string = borrow(text());
                return out;
            case 4:
                out.namespaceIndex = number<std::uint16_t>();
                out.identifierType = UA_NODEIDTYPE_GUID;
                out.identifier.guid = guid();
                return out;
            case 5:
                out.namespaceIndex = number<std::uint16_t>();
                out.identifierType = UA_NODEIDTYPE_BYTESTRING;
                out.identifier.byteString = borrow(text());
                return out;
            default: fail(); return out;
        }
    }

    std::string_view rest_;
    bool ok_ = true;
};

}  // namespace tagwire::source::opcua
