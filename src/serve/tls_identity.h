/// What a server shows in a TLS handshake: its certificate, the chain above it, and the key.
/// Thread: any (immutable). Lifetime: connections hold it for their handshake.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <boost/asio/ssl/context.hpp>

#include "base/result.h"
#include "base/time.h"

namespace tagwire::serve {

struct TlsFiles {
    std::filesystem::path certificate;  ///< PEM: the server's certificate, then those above it
    std::filesystem::path key;          ///< PEM, not encrypted
};

struct TlsIdentity {
    /// TLS 1.2 and newer, forward secrecy only, no renegotiation, ALPN http/1.1. Shared with the handshakes,
    /// none of which changes it.
    std::shared_ptr<boost::asio::ssl::context> context;
    std::string subject;
    std::string fingerprint;  ///< SHA-256, as browsers show it
    Timestamp notBefore;
    Timestamp notAfter;
};

/// Reads both files. The error names the option, the file and what to do: missing, no PEM, encrypted, too
/// weak, or not belonging together. A certificate that is not valid today is no error: the browser will say
/// so.
[[nodiscard]] Result<std::shared_ptr<const TlsIdentity>> loadTlsIdentity(const TlsFiles& files);

}  // namespace tagwire::serve
