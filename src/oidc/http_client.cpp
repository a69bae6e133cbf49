#include "oidc/http_client.h"

#include <algorithm>
#include <array>
#include <new>
#include <stdexcept>

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <fmt/format.h>

#include "access/web_address.h"

namespace tagwire::oidc {
namespace {

constexpr int kLongestWaitMs = 1000;

using Transfer = std::unique_ptr<CURL, FreeWith<&curl_easy_cleanup>>;
using Headers = std::unique_ptr<curl_slist, FreeWith<&curl_slist_free_all>>;

/// The transfer is the multi handle's as long as it runs.
class Running {
public:
    Running(CURLM* all, CURL* one) : all_(all), one_(one) { curl_multi_add_handle(all_, one_); }
    ~Running() { curl_multi_remove_handle(all_, one_); }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

private:
    CURLM* all_;
    CURL* one_;
};

void add(Headers& headers, const std::string& line) {
    auto* longer = curl_slist_append(headers.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(headers.release());  // the head of the list stays the same
    headers.reset(longer);
}

/// Called by the library; another number than was given ends the transfer.
std::size_t take(const char* bytes, std::size_t /*one*/, std::size_t count, void* to) noexcept {
    auto& body = *static_cast<std::string*>(to);
    if (body.size() + count > HttpClient::kMaxBodyBytes) return 0;
    body.append(bytes, count);
    return count;
}

/// The library's options are a function with an open end.
// NOLINTBEGIN(cppcoreguidelines-pro-type-vararg)
template <class Value>
void set(CURL* transfer, CURLoption option, Value value) {
    if (curl_easy_setopt(transfer, option, value) != CURLE_OK)
        throw std::runtime_error("libcurl does not know an option that it has to");
}

long statusOf(CURL* transfer) {
    long status = 0;
    curl_easy_getinfo(transfer, CURLINFO_RESPONSE_CODE, &status);
    return status;
}
// NOLINTEND(cppcoreguidelines-pro-type-vararg)

void guard(CURL* transfer, bool loopback, long limitMs) {
    set(transfer, CURLOPT_PROTOCOLS_STR, loopback ? "http,https" : "https");
    set(transfer, CURLOPT_FOLLOWLOCATION, 0L);
    set(transfer, CURLOPT_SSL_VERIFYPEER, 1L);
    set(transfer, CURLOPT_SSL_VERIFYHOST, 2L);
    set(transfer, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(transfer, CURLOPT_TIMEOUT_MS, limitMs);
    set(transfer, CURLOPT_NOSIGNAL, 1L);
    set(transfer, CURLOPT_QUICK_EXIT, 1L);  // a name server that is silent must not hold up a stop
    if (loopback) set(transfer, CURLOPT_PROXY, "");
}

}  // namespace

HttpClient::Library::Library() {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) throw std::runtime_error("libcurl does not work");
}

HttpClient::Library::~Library() { curl_global_cleanup(); }

HttpClient::HttpClient() : transfers_(curl_multi_init()) {
    if (!transfers_) throw std::bad_alloc();
}

HttpClient::~HttpClient() = default;

Result<HttpAnswer> HttpClient::ask(const HttpQuestion& question) {
    const auto address = access::parseWebAddress(question.address, access::PlainHttp::ToLoopback);
    if (!address) return fail(fmt::format("the address {}", address.error().message));
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(question.until - SteadyClock::now());
    if (left.count() <= 0) return fail("there was no time left to ask");
    const Transfer transfer(curl_easy_init());
    if (!transfer) throw std::bad_alloc();
    HttpAnswer answer;
    std::array<char, CURL_ERROR_SIZE> reason{};
    guard(transfer.get(), address->loopback, static_cast<long>(std::min(left, kPatience).count()));
    set(transfer.get(), CURLOPT_URL, question.address.c_str());
    set(transfer.get(), CURLOPT_USERAGENT, "Tagwire");
    set(transfer.get(), CURLOPT_ERRORBUFFER, reason.data());
    set(transfer.get(), CURLOPT_WRITEFUNCTION, &take);
    set(transfer.get(), CURLOPT_WRITEDATA, static_cast<void*>(&answer.body));
    if (!question.form.empty()) {
        set(transfer.get(), CURLOPT_POSTFIELDS, question.form.c_str());
        set(transfer.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(question.form.size()));
    }
    Headers headers;
    add(headers, "Accept: application/json");
    if (!question.authorization.empty()) add(headers, "Authorization: " + question.authorization);
    set(transfer.get(), CURLOPT_HTTPHEADER, headers.get());
    if (const auto code = run(transfer.get()); code != CURLE_OK) {
        if (code == CURLE_WRITE_ERROR)
            return fail(fmt::format("it answered with more than {} KiB", kMaxBodyBytes / 1024));
        const std::string said(reason.data());
        return fail(said.empty() ? std::string(curl_easy_strerror(code)) : said);
    }
    answer.status = statusOf(transfer.get());
    return answer;
}

CURLcode HttpClient::run(CURL* transfer) {
    const Running running(transfers_.get(), transfer);
    for (int active = 1; active > 0;) {
        if (aborted_.load()) return CURLE_ABORTED_BY_CALLBACK;
        if (curl_multi_perform(transfers_.get(), &active) != CURLM_OK) return CURLE_FAILED_INIT;
        if (active > 0) curl_multi_poll(transfers_.get(), nullptr, 0, kLongestWaitMs, nullptr);
    }
    int left = 0;
    while (const auto* message = curl_multi_info_read(transfers_.get(), &left)) {
        if (message->msg == CURLMSG_DONE && message->easy_handle == transfer) return message->data.result;
    }
    return CURLE_FAILED_INIT;
}

void HttpClient::abort() noexcept {
    aborted_.store(true);
    curl_multi_wakeup(transfers_.get());
}

std::string percentEncoded(std::string_view text) {
    return boost::urls::encode(text, boost::urls::unreserved_chars);
}

}  // namespace tagwire::oidc
