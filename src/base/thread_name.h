/// Names for `top -H`, `perf` and core dumps.
/// Thread: any; names the calling one. Lifetime: function.
#pragma once

#include <pthread.h>

namespace tagwire {

/// At most 15 characters; a longer name is ignored by the kernel.
inline void nameThisThread(const char* name) noexcept { (void)pthread_setname_np(pthread_self(), name); }

}  // namespace tagwire
