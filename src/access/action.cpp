#include "access/action.h"

#include <array>
#include <cstddef>

namespace tagwire::access {
namespace {

constexpr std::array kRules{
    ActionRule{Action::UsePublic, "use_public", Needs::Nothing, Role::Viewer, TagUse::None},
    ActionRule{Action::ReadTag, "read_tag", Needs::Role, Role::Viewer, TagUse::Read},
    ActionRule{Action::ReadHistory, "read_history", Needs::Role, Role::Viewer, TagUse::Read},
    ActionRule{Action::ReadSources, "read_sources", Needs::Role, Role::Viewer, TagUse::None},
    ActionRule{Action::ReadMetrics, "read_metrics", Needs::Role, Role::Viewer, TagUse::None},
    ActionRule{Action::ReadDocuments, "read_documents", Needs::Role, Role::Viewer, TagUse::None},
    // Who changed the plant has to be known, whatever else is open to everybody.
    ActionRule{Action::WriteTag, "write_tag", Needs::Login, Role::Operator, TagUse::Write},
    ActionRule{Action::AcknowledgeAlarm, "acknowledge_alarm", Needs::Login, Role::Operator, TagUse::Write},
    ActionRule{Action::BrowseAddressSpace, "browse_address_space", Needs::Role, Role::Engineer, TagUse::None},
    ActionRule{Action::ManageCertificates, "manage_certificates", Needs::Role, Role::Engineer, TagUse::None},
    ActionRule{Action::ReadConfiguration, "read_configuration", Needs::Role, Role::Engineer, TagUse::None},
    ActionRule{Action::ChangeConfiguration, "change_configuration", Needs::Role, Role::Engineer,
               TagUse::None},
    ActionRule{Action::ManageOwnAccount, "manage_own_account", Needs::Person, Role::Viewer, TagUse::None},
    ActionRule{Action::ManageUsers, "manage_users", Needs::Person, Role::Administrator, TagUse::None},
    ActionRule{Action::ReadAudit, "read_audit", Needs::Login, Role::Administrator, TagUse::None},
};

constexpr bool inOrder() {
    for (std::size_t i = 0; i < kRules.size(); ++i) {
        if (static_cast<std::size_t>(kRules[i].action) != i) return false;
    }
    return true;
}
static_assert(inOrder() && kRules.back().action == Action::ReadAudit, "each action has its rule");

}  // namespace

std::span<const ActionRule> actionRules() noexcept { return kRules; }

const ActionRule* ruleOf(Action action) noexcept {
    const auto index = static_cast<std::size_t>(action);
    return index < kRules.size() ? &kRules[index] : nullptr;
}

}  // namespace tagwire::access
