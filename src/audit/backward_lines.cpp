#include "audit/backward_lines.h"

#include <algorithm>

#include "audit/audit_line.h"

namespace tagwire::audit {

bool BackwardLines::loadBlock() {
    if (start_ == 0) return false;
    const auto bytes = std::min<std::uint64_t>(start_, blockBytes_);
    std::string block(static_cast<std::size_t>(bytes), '\0');
    if (!readAt_(start_ - bytes, block)) {
        start_ = 0;
        buffer_.clear();
        return false;
    }
    start_ -= bytes;
    buffer_.insert(0, block);
    return true;
}

bool BackwardLines::cutEnd() {
    begun_ = true;
    while (loadBlock()) {
        const auto end = buffer_.rfind('\n');
        if (end != std::string::npos) {
            buffer_.resize(end + 1);
            return true;
        }
        buffer_.clear();
    }
    return false;
}

std::optional<std::string> BackwardLines::next() {
    if (!begun_ && !cutEnd()) return std::nullopt;
    for (;;) {
        if (buffer_.empty() && !loadBlock()) return std::nullopt;
        const auto before = buffer_.size() < 2 ? std::string::npos : buffer_.rfind('\n', buffer_.size() - 2);
        if (before == std::string::npos && start_ > 0) {
            if (buffer_.size() > kMaxLineBytes) {
                skipping_ = true;
                buffer_ = "\n";
            }
            if (!loadBlock()) return std::nullopt;
            continue;
        }
        const auto from = before == std::string::npos ? 0 : before + 1;
        std::string line = buffer_.substr(from, buffer_.size() - from - 1);
        buffer_.resize(from);
        const bool whole = !std::exchange(skipping_, false) && line.size() <= kMaxLineBytes;
        if (whole) return line;
    }
}

}  // namespace tagwire::audit
