/// Options of the documents: the table [documents] of the configuration.
/// Thread: any. Lifetime: value types.
#pragma once

#include <cstdint>
#include <string>

#include "base/option.h"

namespace tagwire::documents {

struct DocumentOptions {
    std::string folder = "documents";
    std::uint32_t maxSizeMb = 1'000;

    template <class Visitor>
    static void describe(Visitor& v) {
        using O = DocumentOptions;
        v.field(&O::folder, {.key = "folder",
                             .text = "Folder of dashboards and screens that were made on the pages, relative "
                                     "to the configuration's folder; made when the first is saved.",
                             .min = 1,
                             .max = 4096});
        v.field(&O::maxSizeMb, {.key = "max_size_mb",
                                .text = "Largest size of their file; when it is full, nothing more can be "
                                        "saved until some are removed.",
                                .unit = "MB",
                                .min = 1,
                                .max = 1'000'000});
    }
};

}  // namespace tagwire::documents
