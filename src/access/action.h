/// Everything that anybody can ask of the server, and what it takes. Each route and frame names one of these.
/// Thread: any. Lifetime: value types.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "access/role.h"

namespace tagwire::access {

enum class Action : std::uint8_t {
    UsePublic,           ///< pages without data, signs of life, logging in: for everybody
    ReadTag,             ///< a tag's description, value and changes
    ReadHistory,         ///< a tag's past
    ReadSources,         ///< sources, their state, events and conditions
    ReadMetrics,         ///< counters of the server
    ReadDocuments,       ///< dashboards and screens
    WriteTag,            ///< a value to the device
    AcknowledgeAlarm,    ///< also confirm, shelve, comment
    BrowseAddressSpace,  ///< whatever a server has, configured as a tag or not
    ManageCertificates,  ///< with which servers the plant talks
    ReadConfiguration,
    ChangeConfiguration,
    ManageOwnAccount,  ///< one's own password, sessions and tokens
    ManageUsers,       ///< also everybody's sessions and tokens
    ReadAudit,
};

/// Which of somebody's tag patterns count for an action.
enum class TagUse : std::uint8_t {
    None,   ///< the action is not about a tag
    Read,   ///< those for reading
    Write,  ///< those for reading and those for writing
};

/// Who may do it.
enum class Needs : std::uint8_t {
    Nothing,  ///< anybody, known or not
    Role,     ///< the role, also of whoever is not logged in where the configuration gives him one
    Login,    ///< the role, of somebody who has said who he is
    Person,   ///< the same, but not by a token: what a token may do is not for the token to widen
};

struct ActionRule {
    Action action;
    std::string_view name;  ///< as in the audit log
    Needs needs;
    Role role;
    TagUse tags;
};

/// One rule for each action, in the order of the enumeration.
[[nodiscard]] std::span<const ActionRule> actionRules() noexcept;

/// Null for what is no action: nobody may do that.
[[nodiscard]] const ActionRule* ruleOf(Action action) noexcept;

}  // namespace tagwire::access
