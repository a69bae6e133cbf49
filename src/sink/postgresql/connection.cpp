#include "sink/postgresql/connection.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include <fmt/format.h>
#include <poll.h>

#include "base/time.h"

namespace tagwire::sink::postgresql {
namespace {

/// How soon a stop is seen.
constexpr int kPollMillis = 100;
constexpr std::chrono::seconds kConnectTimeout{10};

/// libpq's messages are lines, sometimes several.
std::string oneLine(std::string_view text) {
    std::string line;
    for (const char c : text) {
        if (c != '\n') {
            line += c;
        } else if (!line.empty() && !line.ends_with("; ")) {
            line += "; ";
        }
    }
    if (line.ends_with("; ")) line.resize(line.size() - 2);
    return line;
}

/// False: the program stops.
bool wait(const PGconn* connection, short events, const std::stop_token& stop, SteadyTime deadline) {
    pollfd watched{.fd = PQsocket(connection), .events = events, .revents = 0};
    while (!stop.stop_requested() && SteadyClock::now() < deadline) {
        if (::poll(&watched, 1, kPollMillis) != 0) return true;  // an error of poll() libpq finds, too
    }
    return false;
}

/// What to do about an error of the database.
std::string_view adviceOf(std::string_view state) {
    if (state == "42501")
        return "; the user lacks a right: grant it, or let an administrator make the tables";
    if (state.starts_with("53")) return "; the database has no room or no resources left";
    if (state == "25006") return "; it is read-only, perhaps a standby: name the primary in conninfo";
    if (state == "42P01" || state == "42703")
        return "; the tables are not as Tagwire made them: rename the schema, or name another one";
    return "";
}

}  // namespace

tl::unexpected<Error> Connection::lost() const {
    if (stop_.stop_requested()) return fail("the program stops");
    const auto message = oneLine(PQerrorMessage(connection_.get()));
    return fail(message.empty() ? "the connection is lost" : message);
}

Result<Connection> Connection::open(const std::string& conninfo, const std::string& password,
                                    std::stop_token stop) {
    // What comes later counts; a peer that is gone without a word is noticed within a minute.
    constexpr std::size_t kMost = 10;
    std::array<const char*, kMost> keys{"keepalives_idle",  "keepalives_interval",       "keepalives_count",
                                        "tcp_user_timeout", "fallback_application_name", "dbname",
                                        "client_encoding"};
    std::array<const char*, kMost> values{"20", "10", "3", "60000", "tagwire", conninfo.c_str(), "UTF8"};
    if (!password.empty()) {
        keys[7] = "password";
        values[7] = password.c_str();
    }
    Connection connection(PQconnectStartParams(keys.data(), values.data(), 1), std::move(stop));
    auto* const handle = connection.connection_.get();
    if (handle == nullptr) return fail("there is no memory for a connection");
    const auto deadline = SteadyClock::now() + kConnectTimeout;
    auto state = PGRES_POLLING_WRITING;
    while (PQstatus(handle) != CONNECTION_BAD && state != PGRES_POLLING_OK && state != PGRES_POLLING_FAILED) {
        if (!wait(handle, state == PGRES_POLLING_READING ? POLLIN : POLLOUT, connection.stop_, deadline)) {
            if (connection.stop_.stop_requested()) return connection.lost();
            return fail("it does not answer within 10 s; check host and port of conninfo, and the firewall");
        }
        state = PQconnectPoll(handle);
    }
    if (PQstatus(handle) != CONNECTION_OK) {
        auto message = oneLine(PQerrorMessage(handle));
        if (PQconnectionNeedsPassword(handle) != 0) {
            message += "; it wants a password: put it into a file, and name that in password_file";
        } else if (PQconnectionUsedPassword(handle) != 0) {
            message += "; check user and dbname of conninfo, and what is in password_file";
        } else {
            message += "; check conninfo";
        }
        return fail(std::move(message));
    }
    if (PQsetnonblocking(handle, 1) != 0) return connection.lost();
    return connection;
}

std::string_view Connection::parameter(const char* name) const {
    const char* value = PQparameterStatus(connection_.get(), name);
    return value == nullptr ? std::string_view{} : std::string_view(value);
}

Result<void> Connection::flush() {
    for (;;) {
        const int left = PQflush(connection_.get());
        if (left == 0) return {};
        // Reading, too: a server that has much to say does not read on.
        if (left < 0 || !wait(connection_.get(), POLLIN | POLLOUT, stop_, SteadyTime::max()) ||
            PQconsumeInput(connection_.get()) == 0)
            return lost();
    }
}

Result<Connection::ResultPtr> Connection::result() {
    if (auto flushed = flush(); !flushed) return tl::unexpected(flushed.error());
    ResultPtr last;
    for (;;) {
        while (PQisBusy(connection_.get()) != 0) {
            if (!wait(connection_.get(), POLLIN, stop_, SteadyTime::max()) ||
                PQconsumeInput(connection_.get()) == 0)
                return lost();
        }
        ResultPtr next(PQgetResult(connection_.get()));
        if (!next) break;
        last = std::move(next);
        const auto status = PQresultStatus(last.get());
        if (status == PGRES_FATAL_ERROR) {
            const char* state = PQresultErrorField(last.get(), PG_DIAG_SQLSTATE);
            return fail(oneLine(PQresultErrorMessage(last.get())) +
                        std::string(adviceOf(state == nullptr ? "" : state)));
        }
        if (status == PGRES_COPY_IN) break;
    }
    if (!last) return lost();
    return last;
}

Result<Answer> Connection::run(const std::string& sql, std::initializer_list<std::string> parameters) {
    std::vector<const char*> texts;
    for (const auto& parameter : parameters) texts.push_back(parameter.c_str());
    if (PQsendQueryParams(connection_.get(), sql.c_str(), static_cast<int>(texts.size()), nullptr,
                          texts.data(), nullptr, nullptr, 0) == 0)
        return lost();
    auto got = result();
    if (!got) return tl::unexpected(got.error());
    Answer answer;
    const auto* rows = got->get();
    for (int row = 0; row < PQntuples(rows); ++row) {
        auto& fields = answer.rows.emplace_back();
        for (int column = 0; column < PQnfields(rows); ++column)
            fields.emplace_back(PQgetvalue(rows, row, column),
                                static_cast<std::size_t>(PQgetlength(rows, row, column)));
    }
    const std::string_view count(PQcmdTuples(got->get()));
    (void)std::from_chars(count.data(), count.data() + count.size(), answer.inserted);
    return answer;
}

Result<void> Connection::copy(const std::string& sql, const std::function<Result<void>(const Put&)>& write) {
    if (PQsendQuery(connection_.get(), sql.c_str()) == 0) return lost();
    if (auto begun = result(); !begun) return tl::unexpected(begun.error());
    const Put put = [this](std::string_view bytes) -> Result<void> {
        for (;;) {
            const int taken = PQputCopyData(connection_.get(), bytes.data(), static_cast<int>(bytes.size()));
            if (taken > 0) return flush();
            if (taken < 0) return lost();
            if (!wait(connection_.get(), POLLOUT, stop_, SteadyTime::max())) return lost();
        }
    };
    if (auto written = write(put); !written) return written;
    int ended = 0;
    while ((ended = PQputCopyEnd(connection_.get(), nullptr)) == 0) {
        if (!wait(connection_.get(), POLLOUT, stop_, SteadyTime::max())) return lost();
    }
    if (ended < 0) return lost();
    if (auto done = result(); !done) return tl::unexpected(done.error());
    return {};
}

}  // namespace tagwire::sink::postgresql
