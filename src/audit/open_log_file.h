/// One file of the audit log, to be read.
/// Thread: one at a time. Lifetime: what it gave to read backward ends before it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "audit/backward_lines.h"
#include "base/descriptor.h"
#include "base/result.h"

namespace tagwire::audit {

class OpenLogFile {
public:
    /// The error names the file.
    [[nodiscard]] static Result<OpenLogFile> open(const std::filesystem::path& path);

    /// When it was opened.
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
    /// Behind its line break; what follows is torn.
    [[nodiscard]] std::uint64_t endOfLastLine() const;
    /// Fewer where they cannot be read.
    [[nodiscard]] std::string bytes(std::uint64_t offset, std::uint64_t count) const;
    [[nodiscard]] BackwardLines backward() const;

private:
    OpenLogFile(Descriptor file, std::uint64_t size) : file_(std::move(file)), size_(size) {}

    Descriptor file_;
    std::uint64_t size_;
};

}  // namespace tagwire::audit
