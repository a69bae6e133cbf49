#include "serve/tag_sight.h"

#include <algorithm>

#include "access/gate.h"

namespace tagwire::serve {

using access::Action;
using access::Decision;
using access::Gate;

TagSight TagSight::everything() noexcept {
    TagSight sight;
    sight.everything_ = true;
    return sight;
}

TagSight TagSight::of(std::shared_ptr<const access::Principal> principal) {
    TagSight sight;
    if (!principal || Gate::mayBegin(*principal, Action::ReadTag) != Decision::Allowed) return sight;
    sight.everything_ = !principal->scopes.empty() &&
                        std::ranges::all_of(principal->scopes, &access::TagScope::readsEverything);
    if (!sight.everything_) sight.principal_ = std::move(principal);
    return sight;
}

bool TagSight::looksFor(std::string_view path) const {
    return principal_ && Gate::decide(*principal_, Action::ReadTag, path) == Decision::Allowed;
}

}  // namespace tagwire::serve
