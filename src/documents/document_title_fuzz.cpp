// Documents are bytes from outside: of clients, and of a file that anybody may have written.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "documents/document_title.h"
#include "model/document_services.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    if (const auto title = tagwire::documents::titleOf(input)) {
        if (title->empty() || title->size() > tagwire::documents::kMaxTitleBytes) std::abort();
    }
    if (tagwire::isDocumentName(input) && input.find_first_of("./\\") != std::string_view::npos) std::abort();
    return 0;
}
