/// A connection to PostgreSQL that never blocks longer than its stop token says: libpq without its blocking
/// calls. Thread: one at a time. Lifetime: value type; after an error it is of no use any more.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <libpq-fe.h>

#include "base/free_with.h"
#include "base/result.h"

namespace tagwire::sink::postgresql {

/// Rows of a SELECT, each a list of texts.
struct Answer {
    std::vector<std::vector<std::string>> rows;
    /// What was inserted, by a statement that inserts.
    std::uint64_t inserted = 0;
};

class Connection {
public:
    /// The error says what an administrator can do; with a stop it is without meaning.
    [[nodiscard]] static Result<Connection> open(const std::string& conninfo, const std::string& password,
                                                 std::stop_token stop);

    /// One statement; parameters are texts.
    [[nodiscard]] Result<Answer> run(const std::string& sql,
                                     std::initializer_list<std::string> parameters = {});

    using Put = std::function<Result<void>(std::string_view)>;
    /// `COPY … FROM STDIN`: `write` is given what sends its bytes.
    [[nodiscard]] Result<void> copy(const std::string& sql,
                                    const std::function<Result<void>(const Put&)>& write);

    /// A parameter that the server reported, such as server_encoding.
    [[nodiscard]] std::string_view parameter(const char* name) const;

private:
    using ResultPtr = std::unique_ptr<PGresult, FreeWith<PQclear>>;

    Connection(PGconn* connection, std::stop_token stop) : connection_(connection), stop_(std::move(stop)) {}

    [[nodiscard]] Result<void> flush();
    /// Of the statement under way; all but the last are thrown away.
    [[nodiscard]] Result<ResultPtr> result();
    [[nodiscard]] tl::unexpected<Error> lost() const;

    std::unique_ptr<PGconn, FreeWith<PQfinish>> connection_;
    std::stop_token stop_;
};

}  // namespace tagwire::sink::postgresql
