#include "oidc/oidc_login.h"

#include <utility>

#include <fmt/format.h>

#include "access/web_address.h"
#include "base/clip.h"
#include "base/log.h"
#include "model/generated/status_codes.h"

namespace tagwire::oidc {

using access::LoginBegun;
using access::LoginOutcome;
using access::LoginProblem;
using access::LoginReturned;

namespace {

constexpr std::size_t kMaxErrorCodeBytes = 100;

access::ProviderSummary summaryOf(const access::OidcOptions& options) {
    const auto address = access::parseWebAddress(options.address, access::PlainHttp::ToLoopback);
    return {.title = options.title,
            .page = pageOf(options),
            .pathOfPage = address ? address->path : std::string(),
            .secure = !address || address->secure};
}

}  // namespace

OidcLogin::OidcLogin(access::OidcOptions options, std::filesystem::path folder,
                     access::AccessServices& access)
    : options_(std::move(options)),
      summary_(summaryOf(options_)),
      access_(access),
      provider_(options_, std::move(folder), http_) {}

void OidcLogin::start() {
    thread_.start();
    log::info("oidc", "users log in by {} as well", options_.issuer);
}

void OidcLogin::stop() noexcept {
    http_.abort();
    thread_.stop();
}

void OidcLogin::begin(ServiceAnswer<LoginBegun> answer) {
    thread_.post(answer, 1, [this, until = SteadyClock::now() + kPatience] { return beginNow(until); });
}

ServiceResult<LoginBegun> OidcLogin::beginNow(SteadyTime until) {
    const auto state = newLoginState(wallClockNow());
    auto address = provider_.loginAddress(state, until);
    if (!address) return failure(kBadCommunicationError, address.error().message);
    return LoginBegun{.location = *std::move(address), .cookie = seal_.seal(state)};
}

void OidcLogin::finish(LoginReturned returned, ServiceAnswer<LoginOutcome> answer) {
    using Identified = Provider::Identified;
    const auto until = SteadyClock::now() + kPatience;
    ServiceAnswer<Identified> identified = [this, answer, address = returned.address,
                                            agent = returned.agent](ServiceResult<Identified> user) {
        if (user) return access_.loginExternal({*std::move(user), address, agent}, answer);
        if (user.error().status == kBadTooManyOperations)
            return answer(LoginOutcome(tl::unexpected(LoginProblem::Busy)));
        answer(tl::unexpected(std::move(user.error())));
    };
    auto address = returned.address;
    access_.mayLogIn(std::move(address),
                     [this, answer = std::move(answer), identified = std::move(identified), until,
                      returned = std::move(returned)](const ServiceResult<bool>& may) {
                         if (!may) return answer(tl::unexpected(may.error()));
                         thread_.post(identified, 1, [this, returned, until]() -> ServiceResult<Identified> {
                             return identifyNow(returned, until);
                         });
                     });
}

Provider::Identified OidcLogin::identifyNow(const LoginReturned& returned, SteadyTime until) {
    const auto state = seal_.open(returned.cookie, wallClockNow());
    if (!state)
        return access::refuseLogin(
            LoginProblem::Stale, "the login was not begun in this browser, or too long ago: begin it again");
    if (returned.state != state->state)
        return access::refuseLogin(LoginProblem::Stale,
                                   "it is not the login that was begun last in this browser (state)");
    // RFC 9207: the answer of another provider.
    if (!returned.issuer.empty() && returned.issuer != options_.issuer)
        return access::refuseLogin(LoginProblem::Untrusted,
                                   "the browser was sent here by another provider (iss)");
    if (!returned.error.empty()) {
        const bool denied = returned.error == "access_denied";
        return access::refuseLogin(
            denied ? LoginProblem::Denied : LoginProblem::Provider,
            fmt::format("the provider refuses: {}", clipped(returned.error, kMaxErrorCodeBytes)));
    }
    if (returned.code.empty()) return access::refuseLogin(LoginProblem::Stale, "the provider sent no code");
    auto identified = provider_.identify(returned.code, *state, until);
    if (!identified && (identified.error().problem == LoginProblem::Provider ||
                        identified.error().problem == LoginProblem::Untrusted))
        log::warning("oidc", "a login failed: {}", identified.error().detail);
    return identified;
}

}  // namespace tagwire::oidc
