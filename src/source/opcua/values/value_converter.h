/// The slow way of convert(): converts one value and counts what it costs. Only for value_convert.cpp and
/// library_structure.cpp. Thread: the caller's. Lifetime: one call.
#pragma once

#include <string>

#include "source/opcua/values/value_convert.h"

namespace tagwire::source::opcua {

class ValueConverter {
public:
    explicit ValueConverter(ConvertContext& context) noexcept : context_(context) {}

    [[nodiscard]] Value value(const UA_Variant& variant);
    [[nodiscard]] const ValueBudget& budget() const noexcept { return budget_; }

private:
    [[nodiscard]] Value scalar(const UA_DataType& type, const void* data);
    [[nodiscard]] Value array(const UA_DataType& type, const UA_Variant& variant);
    [[nodiscard]] ArrayElements elements(const UA_DataType& type, const void* data, std::size_t count);
    [[nodiscard]] std::string bytes(const UA_ByteString& bytes);
    [[nodiscard]] std::string text(const UA_String& text);
    [[nodiscard]] Value dataValue(const UA_DataValue& value);
    [[nodiscard]] Value diagnostic(const UA_DiagnosticInfo& info);
    [[nodiscard]] Value structure(const UA_ExtensionObject& object);
    [[nodiscard]] Structure undecoded(const UA_ExtensionObject& object);
    [[nodiscard]] Value opaque(std::string reason);

    // In library_structure.cpp: structures that the library has decoded.
    [[nodiscard]] Value libraryStructure(const UA_DataType& type, const void* data);
    [[nodiscard]] bool appendStructure(std::string& json, const UA_DataType& type, const void* data);
    [[nodiscard]] bool appendMember(std::string& json, const UA_DataTypeMember& member, const void* data,
                                    std::size_t count);
    [[nodiscard]] bool appendScalar(std::string& json, const UA_DataType& type, const void* data);
    [[nodiscard]] std::string nameOf(const UA_DataType& type) const;

    ConvertContext& context_;
    ValueBudget budget_;
};

}  // namespace tagwire::source::opcua
