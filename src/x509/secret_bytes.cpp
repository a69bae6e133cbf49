#include "x509/secret_bytes.h"

#include <openssl/crypto.h>

namespace tagwire::x509 {

SecretBytes::~SecretBytes() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

}  // namespace tagwire::x509
