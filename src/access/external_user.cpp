#include "access/external_user.h"

namespace tagwire::access {

std::string_view nameOf(LoginProblem problem) noexcept {
    switch (problem) {
        case LoginProblem::Provider: return "provider";
        case LoginProblem::Busy: return "busy";
        case LoginProblem::Locked: return "locked";
        case LoginProblem::Stale: return "stale";
        case LoginProblem::Denied: return "denied";
        case LoginProblem::Untrusted: return "untrusted";
        case LoginProblem::NoRole: return "no_role";
        case LoginProblem::BadName: return "bad_name";
        case LoginProblem::NameTaken: return "name_taken";
        case LoginProblem::Disabled: return "disabled";
        case LoginProblem::FirstUser: return "first_user";
        case LoginProblem::Failed: break;
    }
    return "failed";
}

}  // namespace tagwire::access
