#pragma once

#include <span>
#include <string_view>

namespace tagwire::serve {

/// One file of the web pages, compiled into the program (cmake/TagwireAssets.cmake).
struct EmbeddedAsset {
    std::string_view path;         ///< as requested, e.g. "/index.html"
    std::string_view contentType;  ///< with charset where it is text
    std::string_view etag;         ///< quoted hash of the content; the same for every encoding
    bool immutable;                ///< the name carries a content hash: may be cached for ever
    std::string_view identity;
    std::string_view gzip;    ///< empty when compressing does not pay
    std::string_view brotli;  ///< empty when compressing does not pay
};

/// Every embedded file, sorted by path; empty when the program was built without the pages.
/// Defined in the library tagwire_assets, which only the executable links: whoever serves files is handed the
/// span.
[[nodiscard]] std::span<const EmbeddedAsset> embeddedAssets() noexcept;

}  // namespace tagwire::serve
