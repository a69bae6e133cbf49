#include "access/anonymous.h"

namespace tagwire::access {

Principal somebodyUnknown(const AccessOptions& options, bool local, bool hasUsers) {
    if (!local)
        return options.anonymousRemote == AnonymousRemote::Viewer ? anonymous(Role::Viewer) : stranger();
    switch (options.anonymousLocal) {
        case AnonymousLocal::Auto: return anonymous(hasUsers ? Role::Viewer : Role::Engineer);
        case AnonymousLocal::Viewer: return anonymous(Role::Viewer);
        case AnonymousLocal::Operator: return anonymous(Role::Operator);
        case AnonymousLocal::Engineer: return anonymous(Role::Engineer);
        case AnonymousLocal::None: break;
    }
    return stranger();
}

}  // namespace tagwire::access
