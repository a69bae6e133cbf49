/// Users, tokens and the audit log as the commands at the console use them, also while the server runs. What
/// they change is written down in the same audit log, by the account of this machine.
/// Thread: main. Lifetime: main's.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "access/accounts.h"
#include "app/console.h"
#include "audit/audit_writer.h"
#include "base/result.h"
#include "model/audit_trail.h"

namespace tagwire::app {

/// Of the options of every command here.
inline constexpr std::string_view kConfigOption = "--config";
inline constexpr std::string_view kConfigOptionShort = "-c";
inline constexpr std::string_view kFolderOption = "--folder";

/// The folder of users and audit log that the words mean: `--folder`, that of `--config`, or the default. As
/// root one becomes its owner first: files that root made the server could not open.
[[nodiscard]] Result<std::filesystem::path> securityFolder(const ConsoleWords& words);

[[nodiscard]] std::filesystem::path auditFolderOf(const std::filesystem::path& securityFolder);

/// Writes each entry before it returns.
class ConsoleTrail final : public AuditTrail {
public:
    explicit ConsoleTrail(const std::filesystem::path& securityFolder)
        : writer_(auditFolderOf(securityFolder)), ready_(writer_.append({}).has_value()) {}

    [[nodiscard]] bool ready() const noexcept override { return ready_; }
    void record(AuditEntry entry) override;

private:
    audit::AuditWriter writer_;
    bool ready_;
};

class SecurityConsole {
public:
    explicit SecurityConsole(const std::filesystem::path& folder)
        : trail_(folder), accounts_(folder, access::PasswordHasher(), trail_) {}

    [[nodiscard]] Result<void> open() { return accounts_.open(); }
    [[nodiscard]] access::Accounts& accounts() noexcept { return accounts_; }
    /// The account of this machine, as `console:root`: no user of ours has a colon.
    [[nodiscard]] static access::Asking asking();

private:
    ConsoleTrail trail_;
    access::Accounts accounts_;
};

}  // namespace tagwire::app
