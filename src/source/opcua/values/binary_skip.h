/// Goes past values of OPC UA Binary (OPC 10000-6, 5.2.2) without decoding them. Bytes that are wrong make
/// the reader fail. Thread: any. Lifetime: functions.
#pragma once

#include <cstddef>
#include <cstdint>

#include "model/value.h"
#include "source/opcua/values/binary_reader.h"

namespace tagwire::source::opcua {

/// Variants, DataValues and DiagnosticInfos within each other; the library's limit.
constexpr int kMaxEncodedDepth = 100;

/// Bytes of a value of this type; 0 where they differ, and for what is no type.
[[nodiscard]] constexpr std::size_t fixedSize(BuiltInType type) noexcept {
    switch (type) {
        case BuiltInType::Boolean:
        case BuiltInType::SByte:
        case BuiltInType::Byte: return 1;
        case BuiltInType::Int16:
        case BuiltInType::UInt16: return 2;
        case BuiltInType::Int32:
        case BuiltInType::UInt32:
        case BuiltInType::Float:
        case BuiltInType::StatusCode: return 4;
        case BuiltInType::Int64:
        case BuiltInType::UInt64:
        case BuiltInType::Double:
        case BuiltInType::DateTime: return 8;
        case BuiltInType::Guid: return 16;
        default: return 0;
    }
}

/// What follows the byte that says which kind of Variant it is.
void skipVariantContent(BinaryReader& in, std::uint8_t encoding, int depth = 0) noexcept;

/// Parts of that byte (OPC 10000-6, 5.2.2.16).
struct VariantBits {
    /// The BuiltInType; 0 for no value.
    static constexpr std::uint8_t kType = 0x3F;
    static constexpr std::uint8_t kDimensions = 0x40;
    static constexpr std::uint8_t kArray = 0x80;
};

/// Bits of the first byte of a DataValue: what it has (OPC 10000-6, 5.2.2.17).
struct DataValueBits {
    static constexpr std::uint8_t kValue = 0x01;
    static constexpr std::uint8_t kStatus = 0x02;
    static constexpr std::uint8_t kSourceTime = 0x04;
    static constexpr std::uint8_t kServerTime = 0x08;
    static constexpr std::uint8_t kSourcePicoseconds = 0x10;
    static constexpr std::uint8_t kServerPicoseconds = 0x20;
};

}  // namespace tagwire::source::opcua
