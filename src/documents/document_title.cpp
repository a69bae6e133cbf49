#include "documents/document_title.h"

#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "base/strict_json.h"

namespace tagwire::documents {

Result<std::string> titleOf(std::string_view text) {
    const auto json = parseStrictJson(text, kMaxDepth, {});
    if (!json) return fail(fmt::format("the document is not valid JSON {}", json.error().message));
    const auto* object = json->if_object();
    if (object == nullptr) return fail("the document: expected a JSON object");
    const auto* title = object->if_contains("title");
    if (title == nullptr || !title->is_string())
        return fail("the document: expected a text as its \"title\"");
    const auto& characters = title->get_string();
    if (characters.empty() || characters.size() > kMaxTitleBytes) {
        return fail(fmt::format("the document: expected a \"title\" of 1 to {} bytes, got {}", kMaxTitleBytes,
                                characters.size()));
    }
    return std::string(characters.data(), characters.size());
}

}  // namespace tagwire::documents
