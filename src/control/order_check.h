/// Holds an order against what is known of its tags, before anything of it is sent.
/// Thread: the desk's. Lifetime: functions.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "control/refusal.h"
#include "model/tag_writer.h"
#include "model/write_services.h"

namespace tagwire::control {

/// The value as the tag takes it, or why it is not to be written.
[[nodiscard]] Result<TagWrite, Refusal> checkedWrite(const OrderedWrite& write);

/// Whether the order makes sense as a whole; the failure says what is wrong with it.
[[nodiscard]] std::optional<ServiceFailure> malformed(const WriteOrder& order);

/// A failure where the source of one of the tags is not live.
[[nodiscard]] std::optional<ServiceFailure> unreachable(std::span<const OrderedWrite> writes,
                                                        const WriterDirectory& writers);

/// What the order is about, exactly: equal for the same order only.
[[nodiscard]] std::string contentOf(const WriteOrder& order);

}  // namespace tagwire::control
