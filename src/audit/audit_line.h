/// One entry of the audit log as a line of its file: FORMAT.md.
/// Thread: any. Lifetime: value types.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/audit_reader.h"

namespace tagwire::audit {

/// SHA-256 in hexadecimal.
inline constexpr std::size_t kChainCharacters = 64;
/// What one entry can take at most, with all its characters escaped. A longer line is none of ours.
inline constexpr std::size_t kMaxLineBytes = std::size_t{128} * 1024;

/// What comes before the first entry.
[[nodiscard]] std::string firstChain();

/// How the chain goes on: `body` is the line up to its chain.
[[nodiscard]] std::string nextChain(std::string_view previous, std::string_view body);

[[nodiscard]] std::string_view nameOf(AuditOutcome outcome) noexcept;

struct WrittenLine {
    std::string text;  ///< with its line break
    std::string chain;
};

/// Fields that are too long are cut; characters that would do something to a terminal are escaped.
[[nodiscard]] WrittenLine lineOf(std::uint64_t number, const AuditEntry& entry, std::string_view previous);

/// The same without its chain: a JSON object.
[[nodiscard]] std::string textOf(const NumberedAuditEntry& numbered);

struct AuditLine {
    NumberedAuditEntry numbered;
    std::string_view body;   ///< of the line that was parsed, as `chain`
    std::string_view chain;  ///< what it says
};

/// `line` has no line break. The error says what was expected.
[[nodiscard]] Result<AuditLine> parseLine(std::string_view line);

}  // namespace tagwire::audit
