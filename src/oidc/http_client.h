/// Asks web servers over HTTPS, one question at a time, and never for long.
/// Thread: ask() by one thread; abort() by any. Lifetime: owned by OidcLogin.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <curl/curl.h>

#include "base/free_with.h"
#include "base/result.h"
#include "base/time.h"

namespace tagwire::oidc {

struct HttpQuestion {
    std::string address;
    std::string authorization;  ///< header; empty: none
    std::string form;           ///< body of a POST; empty: GET
    SteadyTime until;           ///< at the latest, and after HttpClient::kPatience anyway
};

struct HttpAnswer {
    long status = 0;
    std::string body;
};

class HttpClient {
public:
    static constexpr std::chrono::milliseconds kPatience{10'000};
    static constexpr std::size_t kMaxBodyBytes = std::size_t{256} * 1024;

    HttpClient();
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    /// No redirect is followed, and plain HTTP goes nowhere but to this machine. The error: there was no
    /// answer, or not a whole one.
    [[nodiscard]] Result<HttpAnswer> ask(const HttpQuestion& question);
    /// Whatever is asked now or later ends at once.
    void abort() noexcept;

private:
    /// The library's own beginning and end.
    struct Library {
        Library();
        ~Library();
        Library(const Library&) = delete;
        Library& operator=(const Library&) = delete;
    };

    [[nodiscard]] CURLcode run(CURL* transfer);

    Library library_;
    std::unique_ptr<CURLM, FreeWith<&curl_multi_cleanup>> transfers_;
    std::atomic<bool> aborted_{false};
};

/// As forms and addresses have it.
[[nodiscard]] std::string percentEncoded(std::string_view text);

}  // namespace tagwire::oidc
