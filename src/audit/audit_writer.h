/// Appends entries to the audit log. Several programs may write to one log: each takes its folder's lock, and
/// looks where the end is. What is found damaged stays as it is, and the log says so in an entry of its own.
/// Thread: one at a time. Lifetime: owned by AuditLog, or by a command at the console.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "audit/audit_folder.h"
#include "base/descriptor.h"
#include "base/result.h"
#include "model/audit_trail.h"

namespace tagwire::audit {

class AuditWriter {
public:
    /// A file that has become so large is followed by another one.
    static constexpr std::uint64_t kFileBytes = std::uint64_t{8} * 1024 * 1024;

    explicit AuditWriter(std::filesystem::path folder, std::uint64_t fileBytes = kFileBytes)
        : folder_(std::move(folder)), fileBytes_(fileBytes) {}

    /// All or none, on the disk when it returns. The error names the file and the reason; then it may be
    /// tried again. Without entries: only whether it could be written.
    [[nodiscard]] Result<void> append(std::span<const AuditEntry> entries);

    /// The number of the last entry.
    [[nodiscard]] std::uint64_t last() const noexcept { return end_.number; }

private:
    /// Finds the end, unless it is where we left it.
    [[nodiscard]] Result<void> catchUp();
    [[nodiscard]] Result<void> findEnd(const std::optional<Head>& head);
    /// Takes away what a write that did not come to its end left behind, and keeps a copy.
    [[nodiscard]] Result<void> cutTornEnd(const LogFile& file);
    /// The last line of the last file that has one.
    [[nodiscard]] Result<void> readEnd(const std::vector<LogFile>& files);
    void compare(const std::optional<Head>& head);
    [[nodiscard]] Result<void> openFile(std::uint64_t first);
    [[nodiscard]] Result<void> write(const std::string& text);
    void tell(std::string what);

    const std::filesystem::path folder_;
    const std::uint64_t fileBytes_;
    Head end_;
    bool endKnown_ = false;
    bool newFile_ = true;      ///< the next entry begins one
    std::uint64_t first_ = 0;  ///< of the file that is open
    Descriptor file_;
    std::uint64_t size_ = 0;
    std::vector<AuditEntry> found_;  ///< entries about damage, to be written first
};

}  // namespace tagwire::audit
