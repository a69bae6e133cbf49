/// A handle on something that takes several questions to the server.
/// Thread: the source's. Lifetime: the handle may outlive what it stands for, and may be forgotten.
#pragma once

#include <memory>
#include <utility>

namespace tagwire::source::opcua {

class Cancellable {
public:
    Cancellable() = default;
    Cancellable(const Cancellable&) = delete;
    Cancellable& operator=(const Cancellable&) = delete;
    virtual ~Cancellable() = default;

    /// Nothing is called back any more; what the server keeps for it is released.
    virtual void cancel() = 0;
};

class Operation {
public:
    Operation() noexcept = default;
    explicit Operation(std::weak_ptr<Cancellable> work) noexcept : work_(std::move(work)) {}

    /// As Cancellable::cancel(); nothing happens where it has ended already.
    void cancel() const {
        if (const auto work = work_.lock()) work->cancel();
    }

private:
    std::weak_ptr<Cancellable> work_;
};

}  // namespace tagwire::source::opcua
