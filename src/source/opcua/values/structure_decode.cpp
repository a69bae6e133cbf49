#include "source/opcua/values/structure_decode.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "base/json_text.h"
#include "model/value_json.h"
#include "source/opcua/values/binary_reader.h"

namespace tagwire::source::opcua {
namespace {

/// Reads one body and writes its JSON. Stops at the first thing that cannot be.
class BodyDecoder {
public:
    BodyDecoder(std::string_view body, StructureTypes& types, ValueBudget& budget, std::string& json) noexcept
        : in_(body), types_(types), budget_(budget), out_(json) {}

    /// Whether all of the body was a `type`.
    [[nodiscard]] bool run(const DataTypeEntry& type) {
        if (structure(type) && !in_.atEnd()) return refuse("bytes are left over; does its definition fit?");
        return !gap_;
    }
    [[nodiscard]] TypeGap& gap() noexcept { return *gap_; }

private:
    bool refuse(std::string reason, bool pending = false) {
        if (!gap_) gap_ = TypeGap{pending, std::move(reason)};
        return false;
    }
    /// After reading something.
    [[nodiscard]] bool sound() {
        if (!in_.ok()) return refuse("its bytes end too early or make no sense; does its definition fit?");
        if (out_.size() > budget_.bytes) return refuse("it is larger than Tagwire takes (1 MiB as JSON)");
        return true;
    }
    [[nodiscard]] bool enter() {
        if (budget_.depth >= ValueLimits::kMaxDepth) return refuse("nested too deeply");
        ++budget_.depth;
        return true;
    }
    bool leave(bool result) noexcept {
        --budget_.depth;
        return result;
    }

    bool structure(const DataTypeEntry& type);
    bool members(const DataTypeEntry& type);
    bool member(const StructureField& field);
    bool scalar(const StructureField& field, const ResolvedType& type);
    bool builtIn(BuiltInType type);
    bool leaf(BuiltInType type);
    bool variant();
    bool dataValue();
    bool extensionObject();
    bool diagnostic();
    bool enumeration(const ResolvedType& type);
    template <class Element>
    bool elements(std::span<const std::size_t> dimensions, const Element& element);
    template <class Element>
    bool array(std::int32_t rank, const Element& element);
    template <class T>
    bool put(T value) {
        appendValue(out_, Value(std::move(value)));
        return sound();
    }

    BinaryReader in_;
    StructureTypes& types_;
    ValueBudget& budget_;
    std::string& out_;
    std::optional<TypeGap> gap_;
};

bool BodyDecoder::structure(const DataTypeEntry& type) {
    if (!enter()) return false;
    out_ += '{';
    const bool done = members(type);
    out_ += '}';
    return leave(done);
}

bool BodyDecoder::members(const DataTypeEntry& type) {
    if (type.form == TypeForm::Union) {
        const auto chosen = in_.number<std::uint32_t>();
        if (chosen > type.fields.size()) return refuse(fmt::format("the union has no field {}", chosen));
        return chosen == 0 ? sound() : member(type.fields[chosen - 1]);
    }
    const bool sparse = type.form == TypeForm::StructureWithOptionalFields;
    auto present = sparse ? in_.number<std::uint32_t>() : 0U;
    bool first = true;
    for (const StructureField& field : type.fields) {
        if (field.optional) {
            const bool absent = (present & 1U) == 0;
            present >>= 1U;
            if (absent) continue;
        }
        if (!std::exchange(first, false)) out_ += ',';
        if (!member(field)) return false;
    }
    return sound();
}

bool BodyDecoder::member(const StructureField& field) {
    const auto type = types_.resolve(field.type);
    if (!type)
        return refuse(fmt::format("field {}: {}", field.name, type.error().reason), type.error().pending);
    appendJsonString(out_, field.name);
    out_ += ':';
    const auto one = [&] { return scalar(field, *type); };
    const bool done = field.valueRank < 0 ? one() : array(field.valueRank, one);
    if (!done && !gap_->reason.starts_with("field ")) {
        gap_->reason = fmt::format("field {}: {}", field.name, gap_->reason);
    }
    return done;
}

bool BodyDecoder::scalar(const StructureField& field, const ResolvedType& type) {
    if (field.subtyped) {
        return type.builtIn == BuiltInType::ExtensionObject ? extensionObject() : variant();
    }
    if (type.structure != nullptr) return structure(*type.structure);
    if (type.enumeration != nullptr && type.builtIn == BuiltInType::Int32) return enumeration(type);
    return builtIn(type.builtIn);
}

bool BodyDecoder::enumeration(const ResolvedType& type) {
    appendEnumeration(out_, *type.enumeration, in_.number<std::int32_t>());
    return sound();
}

template <class Element>
bool BodyDecoder::elements(std::span<const std::size_t> dimensions, const Element& element) {
    out_ += '[';
    for (std::size_t i = 0; i < dimensions.front(); ++i) {
        if (i > 0) out_ += ',';
        if (!(dimensions.size() > 1 ? elements(dimensions.subspan(1), element) : element())) return false;
    }
    out_ += ']';
    return true;
}

template <class Element>
bool BodyDecoder::array(std::int32_t rank, const Element& element) {
    const std::size_t dimensionCount = rank == 1 ? 1 : in_.count();
    if (rank != 1 && dimensionCount != static_cast<std::size_t>(rank)) {
        return sound() && refuse(fmt::format("it has {} dimensions instead of {}", dimensionCount, rank));
    }
    if (dimensionCount > TypeLimits::kMaxDimensions) return refuse("it has too many dimensions");
    std::vector<std::size_t> dimensions(dimensionCount);
    for (std::size_t& each : dimensions) each = in_.count();
    if (!sound()) return false;
    if (std::ranges::find(dimensions, std::size_t{0}) != dimensions.end()) {
        out_ += "[]";
        return true;
    }
    for (std::size_t total = 1; const std::size_t each : dimensions) {
        if (each > budget_.elements / total) {
            return refuse(
                fmt::format("it has more elements than Tagwire takes ({})", ValueLimits::kMaxElements));
        }
        total *= each;
        if (&each == &dimensions.back()) budget_.elements -= total;
    }
    return elements(dimensions, element);
}

bool BodyDecoder::builtIn(BuiltInType type) {
    switch (type) {
        case BuiltInType::ExtensionObject: return extensionObject();
        case BuiltInType::DataValue: return enter() && leave(dataValue());
        case BuiltInType::Variant: return enter() && leave(variant());
        case BuiltInType::DiagnosticInfo: return diagnostic();
        default: return leaf(type);
    }
}

bool BodyDecoder::leaf(BuiltInType type) {
    switch (type) {
        case BuiltInType::Boolean: return put(in_.number<std::uint8_t>() != 0);
        case BuiltInType::SByte: return put(in_.number<std::int8_t>());
        case BuiltInType::Byte: return put(in_.number<std::uint8_t>());
        case BuiltInType::Int16: return put(in_.number<std::int16_t>());
        case BuiltInType::UInt16: return put(in_.number<std::uint16_t>());
        case BuiltInType::Int32: return put(in_.number<std::int32_t>());
        case BuiltInType::UInt32: return put(in_.number<std::uint32_t>());
        case BuiltInType::Int64: return put(in_.number<std::int64_t>());
        case BuiltInType::UInt64: return put(in_.number<std::uint64_t>());
        case BuiltInType::Float: return put(in_.number<float>());
        case BuiltInType::Double: return put(in_.number<double>());
        case BuiltInType::DateTime: return put(timestampOf(in_.number<std::int64_t>()));
        case BuiltInType::StatusCode: return put(StatusCode{in_.number<std::uint32_t>()});
        case BuiltInType::Guid: return put(guidOf(in_.guid()));
        case BuiltInType::String:
        case BuiltInType::XmlElement: appendJsonString(out_, in_.text()); return sound();
        case BuiltInType::ByteString:
            out_ += '"';
            appendBase64(out_, in_.text());
            out_ += '"';
            return sound();
        case BuiltInType::NodeId: appendJsonString(out_, types_.textOf(in_.nodeId())); return sound();
        case BuiltInType::ExpandedNodeId:
            appendJsonString(out_, textOf(in_.expandedNodeId(), types_.namespaces()));
            return sound();
        case BuiltInType::QualifiedName: {
            const auto space = in_.number<std::uint16_t>();
            return put(QualifiedName{space, std::string(in_.text())});
        }
        case BuiltInType::LocalizedText: {
            const auto mask = in_.number<std::uint8_t>();
            const auto locale = (mask & 1U) != 0 ? in_.text() : std::string_view{};
            const auto words = (mask & 2U) != 0 ? in_.text() : std::string_view{};
            return put(LocalizedText{std::string(locale), std::string(words)});
        }
        default: return refuse("it holds a type that OPC UA does not have");
    }
}

/// OPC 10000-6, 5.2.2.16.
bool BodyDecoder::variant() {
    constexpr std::uint8_t kArray = 0x80;
    constexpr std::uint8_t kDimensions = 0x40;
    const auto mask = in_.number<std::uint8_t>();
    const auto type = static_cast<BuiltInType>(mask & 0x3FU);
    if (type == BuiltInType::Null) {
        out_ += "null";
        return sound();
    }
    if ((mask & kArray) == 0) return builtIn(type);
    const std::size_t start = out_.size();
    if (!array(1, [&] { return builtIn(type); })) return false;
    if ((mask & kDimensions) == 0) return true;
    // The dimensions come after the elements, and matter little within a structure: the elements stay flat
    // where there is more than one.
    const std::size_t count = in_.count();
    in_.skip(std::min<std::size_t>(count, SIZE_MAX / 4) * sizeof(std::int32_t));
    return sound() && start < out_.size();
}

/// OPC 10000-6, 5.2.2.17.
bool BodyDecoder::dataValue() {
    const auto mask = in_.number<std::uint8_t>();
    out_ += "{\"v\":";
    if ((mask & 0x01U) == 0) {
        out_ += "null";
    } else if (!variant()) {
        return false;
    }
    if ((mask & 0x02U) != 0) {
        if (const auto status = in_.number<std::uint32_t>(); status != 0) {
            out_ += ",\"q\":";
            appendJsonInteger(out_, std::uint64_t{status});
        }
    }
    const UA_DateTime source = (mask & 0x04U) != 0 ? in_.number<std::int64_t>() : 0;
    if ((mask & 0x10U) != 0) in_.skip(sizeof(std::uint16_t));
    const UA_DateTime server = (mask & 0x08U) != 0 ? in_.number<std::int64_t>() : 0;
    if ((mask & 0x20U) != 0) in_.skip(sizeof(std::uint16_t));
    if (const UA_DateTime time = isKnown(source) ? source : server; isKnown(time)) {
        out_ += ",\"ts\":";
        appendJsonInteger(out_, toUnixMillis(timestampOf(time)));
    }
    out_ += '}';
    return sound();
}

/// OPC 10000-6, 5.2.2.15.
bool BodyDecoder::extensionObject() {
    const UA_NodeId encoding = in_.nodeId();
    const auto form = in_.number<std::uint8_t>();
    if (!sound()) return false;
    if (form == 0) return put(Structure{{}, "the structure is empty"});
    const auto body = in_.text();
    if (!sound()) return false;
    Structure within;
    if (form == 1) {
        // What this body has used so far is taken off only for the time of the one within. What that one uses
        // stays taken off even if it fails, or many small ones could cost more time than one large one.
        const std::size_t used = std::min(budget_.bytes, out_.size());
        budget_.bytes -= used;
        within = decodeStructure(encoding, body, types_, budget_);
        budget_.bytes += used;
    } else {
        within.opaqueReason = fmt::format("structure with encoding {} comes as XML", types_.textOf(encoding));
    }
    return put(std::move(within));
}

/// OPC 10000-6, 5.2.2.12; of the inner ones only the codes.
bool BodyDecoder::diagnostic() {
    std::string words;
    for (int depth = 0; depth < ValueLimits::kMaxDepth; ++depth) {
        const auto mask = in_.number<std::uint8_t>();
        for (const unsigned bit : {0x01U, 0x02U, 0x08U, 0x04U}) {
            if ((mask & bit) != 0) in_.skip(sizeof(std::int32_t));
        }
        if ((mask & 0x10U) != 0) {
            const auto info = in_.text();
            if (depth == 0) words = info;
        }
        if ((mask & 0x20U) != 0) {
            const StatusCode status{in_.number<std::uint32_t>()};
            words += fmt::format("{}{}", words.empty() ? "" : ": ", statusText(status));
        }
        if ((mask & 0x40U) == 0) return put(DiagnosticText{std::move(words)});
    }
    return refuse("nested too deeply");
}

}  // namespace

Result<std::string, TypeGap> decodeBody(std::string_view body, TypeIndex type, StructureTypes& types,
                                        ValueBudget& budget) {
    const auto resolved = types.resolve(type);
    if (!resolved) return tl::unexpected(resolved.error());
    if (resolved->structure == nullptr) {
        return tl::unexpected(
            TypeGap{false, fmt::format("type {} is no concrete structure", types[type].name)});
    }
    std::string json;
    BodyDecoder decoder(body, types, budget, json);
    const bool whole = decoder.run(*resolved->structure);
    budget.bytes -= std::min(budget.bytes, json.size());
    if (!whole) {
        TypeGap& gap = decoder.gap();
        return tl::unexpected(
            TypeGap{gap.pending, fmt::format("structure {}: {}", resolved->structure->name, gap.reason)});
    }
    return json;
}

Structure decodeStructure(const UA_NodeId& encoding, std::string_view body, StructureTypes& types,
                          ValueBudget& budget) {
    auto json = types.typeOfEncoding(encoding).and_then(
        [&](TypeIndex type) { return decodeBody(body, type, types, budget); });
    if (json) return {std::move(*json), {}};
    budget.awaitsTypes = budget.awaitsTypes || json.error().pending;
    return {{}, std::move(json.error().reason)};
}

void appendEnumeration(std::string& json, const DataTypeEntry& type, std::int64_t number) {
    const auto found =
        std::ranges::lower_bound(type.names, number, {}, [](const auto& each) { return each.first; });
    if (found == type.names.end() || found->first != number) {
        appendJsonInteger(json, number);
    } else {
        appendJsonString(json, fmt::format("{}_{}", found->second, number));
    }
}

}  // namespace tagwire::source::opcua
