#include "model/address_space.h"

#include <array>
#include <string_view>

namespace tagwire {

std::vector<std::string> accessWords(AccessLevel level) {
    static constexpr std::array<std::string_view, 7> kWords{"CurrentRead",   "CurrentWrite",   "HistoryRead",
                                                            "HistoryWrite",  "SemanticChange", "StatusWrite",
                                                            "TimestampWrite"};
    std::vector<std::string> words;
    for (std::size_t bit = 0; bit < kWords.size(); ++bit) {
        if ((level.bits >> bit & 1U) != 0) words.emplace_back(kWords[bit]);
    }
    return words;
}

std::string_view nodeClassName(NodeClass nodeClass) noexcept {
    switch (nodeClass) {
        case NodeClass::Object: return "Object";
        case NodeClass::Variable: return "Variable";
        case NodeClass::Method: return "Method";
        case NodeClass::ObjectType: return "ObjectType";
        case NodeClass::VariableType: return "VariableType";
        case NodeClass::ReferenceType: return "ReferenceType";
        case NodeClass::DataType: return "DataType";
        case NodeClass::View: return "View";
        case NodeClass::Unspecified: break;
    }
    return "Unspecified";
}

}  // namespace tagwire
