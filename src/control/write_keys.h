/// Remembers what came of each order by its key, so that a client that asks twice writes once.
/// Thread: the desk's. Lifetime: owned by the desk.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "model/write_services.h"

namespace tagwire::control {

/// Bounded in number, size and time: the oldest answers go. Orders that wait for their answer are never
/// forgotten; the desk bounds them.
class WriteKeys {
public:
    static constexpr std::chrono::minutes kKeptFor{10};
    static constexpr std::size_t kMaxAnswers = 10'000;
    static constexpr std::size_t kMaxBytes = std::size_t{16} * 1024 * 1024;
    /// Further requests with the key of an order that waits.
    static constexpr std::size_t kMaxAskers = 16;

    using Results = std::vector<WriteResult>;
    using Answer = ServiceAnswer<Results>;

    enum class Known : std::uint8_t {
        New,      ///< it is remembered from now on, and waits
        Again,    ///< the same order; `answer` has been given what it came to, or will be
        Another,  ///< the key was used for something else
        TooMany,  ///< too many wait for the same answer
    };
    /// `name`: the key with whose it is. `content`: what is to be written, exactly.
    [[nodiscard]] Known take(const std::string& name, std::string content, const Answer& answer,
                             SteadyTime now);
    /// Gives it to everybody who waits. Of a whole order that was refused nothing is remembered: nothing was
    /// written, and the same wish may be told again.
    void settle(const std::string& name, const ServiceResult<Results>& result, SteadyTime now);

    [[nodiscard]] std::size_t size() const noexcept { return byName_.size(); }

private:
    struct Entry {
        std::string name;
        std::string content;
        std::optional<Results> results;
        std::vector<Answer> askers;
        SteadyTime settled;
        std::size_t bytes = 0;
    };
    using Entries = std::list<Entry>;

    void forgetOld(SteadyTime now);
    void erase(Entries::iterator entry);

    Entries waiting_;
    Entries settled_;  ///< the oldest first
    std::unordered_map<std::string_view, Entries::iterator> byName_;
    std::size_t bytes_ = 0;  ///< of settled_
};

}  // namespace tagwire::control
