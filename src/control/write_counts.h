/// How writes ended, since the start.
/// Thread: counted by the desk's, read by any. Lifetime: the desk's.
#pragma once

#include "base/counter.h"

namespace tagwire::control {

struct WriteCounts {
    Counter done;
    /// The device refused, or nobody knows what it did.
    Counter failed;
    /// Nothing was sent.
    Counter refused;
};

}  // namespace tagwire::control
