#include "source/opcda/options.h"

#include <string_view>

#include <fmt/format.h>

#include "model/tag_path.h"
#include "model/tag_patterns.h"

namespace tagwire::source::opcda {

void OpcDaOptions::check(OptionErrors& errors) const {
    if (const auto path = TagPath::parse(prefix); !prefix.empty() && !path)
        errors.add("prefix", path.error().message);
    if (tokenSha256.find_first_not_of("0123456789abcdef") != std::string::npos) {
        errors.add("token_sha256",
                   "must be the 64 lower-case hexadecimal digits that `printf %s TOKEN | sha256sum` prints");
    }
    checkPatterns("writable", writable, errors);
    for (std::size_t i = 0; i < items.size(); ++i) {
        constexpr std::size_t kMaxBytes = 512;
        if (items[i].empty() || items[i].size() > kMaxBytes)
            errors.add(fmt::format("items[{}]", i), "an item id has 1 to 512 bytes");
    }
}

bool isItemPattern(std::string_view item) noexcept {
    return item.find_first_of("*?") != std::string_view::npos;
}

}  // namespace tagwire::source::opcda
