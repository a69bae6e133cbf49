/// What a session or a token gives whoever shows it, until it ends.
/// Thread: any. Lifetime: shared by the table of credentials and every open connection that uses it.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "access/principal.h"
#include "base/time.h"

namespace tagwire::access {

/// Open connections hold on to their grant and ask it at least once a second whether it stands: that is how
/// revoking a token, or ending a session, closes them.
class Grant {
public:
    /// `id`: of the session or token in lists; it opens nothing. `csrf`: what a page has to send with each
    /// change; empty for tokens.
    Grant(Principal principal, std::string id, std::string csrf, Timestamp expires)
        : principal_(std::move(principal)), id_(std::move(id)), csrf_(std::move(csrf)), expires_(expires) {}

    [[nodiscard]] const Principal& principal() const noexcept { return principal_; }
    [[nodiscard]] const std::string& id() const noexcept { return id_; }
    [[nodiscard]] const std::string& csrf() const noexcept { return csrf_; }
    [[nodiscard]] Timestamp expires() const noexcept { return expires_; }
    [[nodiscard]] bool stands(Timestamp now) const noexcept {
        return !ended_.load(std::memory_order_acquire) && now < expires_;
    }
    void end() noexcept { ended_.store(true, std::memory_order_release); }

private:
    const Principal principal_;
    const std::string id_;
    const std::string csrf_;
    const Timestamp expires_;
    std::atomic<bool> ended_{false};
};

using SharedGrant = std::shared_ptr<const Grant>;

}  // namespace tagwire::access
