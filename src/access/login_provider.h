/// A way to log in at somebody else's: a browser is sent there, and comes back.
/// Thread: any may ask; answers come once, from another thread or at once. Lifetime: outlives whoever asks.
#pragma once

#include <string>

#include "access/access_services.h"

namespace tagwire::access {

/// What the page and the routes have to know of it.
struct ProviderSummary {
    std::string title;       ///< what people call it
    std::string page;        ///< where browsers find us; no slash at its end
    std::string pathOfPage;  ///< of that; empty: none
    bool secure = true;      ///< browsers come by https
};

struct LoginBegun {
    std::string location;  ///< where to send the browser
    std::string cookie;    ///< what the browser has to bring back; sealed
};

/// What a browser brings back.
struct LoginReturned {
    std::string cookie;
    std::string state;
    std::string code;
    std::string error;   ///< why there is no code
    std::string issuer;  ///< who sent it (RFC 9207); empty: not said
    std::string address;
    std::string agent;
};

class LoginProvider {
public:
    LoginProvider() = default;
    LoginProvider(const LoginProvider&) = delete;
    LoginProvider& operator=(const LoginProvider&) = delete;
    virtual ~LoginProvider() = default;

    [[nodiscard]] virtual const ProviderSummary& summary() const noexcept = 0;
    /// Failures: BadCommunicationError (the provider; the message says what), BadTooManyOperations,
    /// BadShutdown.
    virtual void begin(ServiceAnswer<LoginBegun> answer) = 0;
    virtual void finish(LoginReturned returned, ServiceAnswer<LoginOutcome> answer) = 0;
};

}  // namespace tagwire::access
