#include "source/opcda/token_hash.h"

#include "base/sha256.h"

namespace tagwire::source::opcda {

std::string tokenHash(std::string_view token) { return toHex(sha256(token)); }

}  // namespace tagwire::source::opcda
