#include "source/opcua/values/binary_skip.h"

namespace tagwire::source::opcua {
namespace {

void skipLocalizedText(BinaryReader& in) noexcept {
    const auto has = in.number<std::uint8_t>();
    if ((has & 0x01U) != 0) (void)in.text();
    if ((has & 0x02U) != 0) (void)in.text();
}

void skipExtensionObject(BinaryReader& in) noexcept {
    (void)in.nodeId();
    const auto body = in.number<std::uint8_t>();
    if (body > 2) in.fail();
    if (body != 0) (void)in.text();
}

void skipDiagnosticInfo(BinaryReader& in, int depth) noexcept {
    for (; depth <= kMaxEncodedDepth; ++depth) {
        const auto has = in.number<std::uint8_t>();
        // Symbolic id, namespace, locale and text are numbers of texts elsewhere.
        for (const unsigned bit : {0x01U, 0x02U, 0x04U, 0x08U}) {
            if ((has & bit) != 0) in.skip(sizeof(std::int32_t));
        }
        if ((has & 0x10U) != 0) (void)in.text();
        if ((has & 0x20U) != 0) in.skip(sizeof(std::uint32_t));
        if ((has & 0x40U) == 0) return;
    }
    in.fail();
}

void skipDataValue(BinaryReader& in, int depth) noexcept {
    if (depth > kMaxEncodedDepth) return in.fail();
    const auto has = in.number<std::uint8_t>();
    if ((has & DataValueBits::kValue) != 0) skipVariantContent(in, in.number<std::uint8_t>(), depth + 1);
    if ((has & DataValueBits::kStatus) != 0) in.skip(sizeof(std::uint32_t));
    if ((has & DataValueBits::kSourceTime) != 0) in.skip(sizeof(std::int64_t));
    if ((has & DataValueBits::kSourcePicoseconds) != 0) in.skip(sizeof(std::uint16_t));
    if ((has & DataValueBits::kServerTime) != 0) in.skip(sizeof(std::int64_t));
    if ((has & DataValueBits::kServerPicoseconds) != 0) in.skip(sizeof(std::uint16_t));
}

void skipElement(BinaryReader& in, BuiltInType type, int depth) noexcept {
    switch (type) {
        case BuiltInType::String:
        case BuiltInType::ByteString:
        case BuiltInType::XmlElement: (void)in.text(); return;
        case BuiltInType::NodeId: (void)in.nodeId(); return;
        case BuiltInType::ExpandedNodeId: (void)in.expandedNodeId(); return;
        case BuiltInType::QualifiedName:
            in.skip(sizeof(std::uint16_t));
            (void)in.text();
            return;
        case BuiltInType::LocalizedText: skipLocalizedText(in); return;
        case BuiltInType::ExtensionObject: skipExtensionObject(in); return;
        case BuiltInType::DataValue: skipDataValue(in, depth + 1); return;
        case BuiltInType::Variant: skipVariantContent(in, in.number<std::uint8_t>(), depth + 1); return;
        case BuiltInType::DiagnosticInfo: skipDiagnosticInfo(in, depth + 1); return;
        default: in.fail();  // no built-in type
    }
}

}  // namespace

void skipVariantContent(BinaryReader& in, std::uint8_t encoding, int depth) noexcept {
    if (encoding == 0) return;
    if (depth > kMaxEncodedDepth) return in.fail();
    const auto type = static_cast<BuiltInType>(encoding & VariantBits::kType);
    const bool array = (encoding & VariantBits::kArray) != 0;
    // A Variant holds another one only as the element of an array (OPC 10000-6, 5.2.2.16).
    if (type == BuiltInType::Variant && !array) return in.fail();
    const std::size_t count = array ? in.count() : 1;
    if (const std::size_t size = fixedSize(type); size > 0) {
        in.skip(count * size);
    } else {
        for (std::size_t i = 0; i < count && in.ok(); ++i) skipElement(in, type, depth);
    }
    if (array && (encoding & VariantBits::kDimensions) != 0) in.skip(in.count() * sizeof(std::int32_t));
}

}  // namespace tagwire::source::opcua
