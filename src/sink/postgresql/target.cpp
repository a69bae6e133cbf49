#include "sink/postgresql/target.h"

#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"

namespace tagwire::sink::postgresql {
namespace {

constexpr const char* kLogName = "postgresql";

constexpr std::string_view kSampleTable =
    "CREATE TABLE {0}.sample("
    "tag text NOT NULL, time timestamptz NOT NULL, value float8, text text, type int2 NOT NULL,"
    " status int8 NOT NULL, server_time timestamptz, origin int2 NOT NULL, digest int8 NOT NULL,"
    " PRIMARY KEY(tag, time, digest))";
constexpr std::string_view kStopTable =
    "CREATE TABLE {0}.stop(record text NOT NULL, time timestamptz NOT NULL, status int8 NOT NULL,"
    " PRIMARY KEY(record, time))";
constexpr std::string_view kPositionTable =
    "CREATE TABLE {0}.position(record text PRIMARY KEY, commit int8 NOT NULL, chunk_through int8 NOT NULL,"
    " chunk int8 NOT NULL, written timestamptz NOT NULL)";

/// A batch goes here first, because COPY knows no ON CONFLICT. It is empty after each transaction.
constexpr std::string_view kBatchTable =
    "CREATE TEMPORARY TABLE batch(LIKE {0}.sample) ON COMMIT DELETE ROWS";

template <class T>
T numberOf(std::string_view text) {
    T number{};
    (void)std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

/// Since 1970.
std::string microsSince1970(Timestamp time) {
    const auto micros = std::chrono::floor<std::chrono::microseconds>(time.time_since_epoch());
    return std::to_string(micros.count());
}

}  // namespace

Target::Target(Connection connection, const std::string& schema, std::string record)
    : connection_(std::move(connection)),
      // Its letters need no more than that; without, words such as "both" could not be used.
      schema_(fmt::format("\"{}\"", schema)),
      record_(std::move(record)) {}

Result<Answer> Target::run(std::string_view sql, std::initializer_list<std::string> parameters) {
    return connection_.run(fmt::format(fmt::runtime(sql), schema_), parameters);
}

Result<Target> Target::open(Connection connection, const std::string& schema, const std::string& record) {
    const auto encoding = connection.parameter("server_encoding");
    if (encoding != "UTF8") {
        return fail(
            fmt::format("the encoding of the database is {}, which cannot hold every text; make one "
                        "with ENCODING 'UTF8' TEMPLATE template0",
                        encoding));
    }
    Target target(std::move(connection), schema, record);
    if (auto made = target.ensureTables(); !made) return tl::unexpected(made.error());
    if (auto made = target.run(kBatchTable); !made) return tl::unexpected(made.error());
    return target;
}

Result<void> Target::ensureTables() {
    // Not by IF NOT EXISTS, which wants the right to make them also where they are.
    const auto found =
        run("SELECT to_regnamespace('{0}') IS NOT NULL, to_regclass('{0}.sample') IS NOT NULL");
    if (!found) return tl::unexpected(found.error());
    if (found->rows.at(0).at(1) == "t") return {};
    if (auto begun = run("BEGIN"); !begun) return tl::unexpected(begun.error());
    if (found->rows.at(0).at(0) != "t") {
        if (auto made = run("CREATE SCHEMA {0}"); !made) return tl::unexpected(made.error());
    }
    if (auto made = makeTables(); !made) return made;
    if (auto committed = run("COMMIT"); !committed) return tl::unexpected(committed.error());
    log::info(kLogName, "the tables in schema {} were made", schema_);
    return {};
}

Result<void> Target::makeTables() {
    for (const auto table : {kSampleTable, kStopTable, kPositionTable}) {
        if (auto made = run(table); !made) return tl::unexpected(made.error());
    }
    const auto timescale =
        run("SELECT extnamespace::regnamespace FROM pg_catalog.pg_extension WHERE extname='timescaledb'");
    if (!timescale) return tl::unexpected(timescale.error());
    if (timescale->rows.empty()) return {};
    const auto made = connection_.run(
        fmt::format("SELECT {}.create_hypertable('{}.sample', 'time')", timescale->rows[0][0], schema_));
    if (!made) return tl::unexpected(made.error());
    log::info(kLogName, "{}.sample is a hypertable of TimescaleDB", schema_);
    return {};
}

Result<std::optional<history::RecordPosition>> Target::position() {
    const auto found =
        run("SELECT commit, chunk_through, chunk FROM {0}.position WHERE record=$1", {record_});
    if (!found) return tl::unexpected(found.error());
    if (found->rows.empty()) return std::nullopt;
    const auto& row = found->rows[0];
    return history::RecordPosition{.commit = history::CommitId{numberOf<std::uint64_t>(row[0])},
                                   .chunkThrough = history::CommitId{numberOf<std::uint64_t>(row[1])},
                                   .chunk = numberOf<std::int64_t>(row[2])};
}

Result<void> Target::addStops(const std::vector<history::Stop>& stops) {
    for (const auto& stop : stops) {
        const auto added =
            run("INSERT INTO {0}.stop(record, time, status)"
                " VALUES($1, timestamptz 'epoch' + $2::int8 * interval '1 microsecond', $3) ON CONFLICT DO "
                "NOTHING",
                {record_, microsSince1970(stop.time), std::to_string(stop.status.code())});
        if (!added) return tl::unexpected(added.error());
    }
    return {};
}

Result<std::uint64_t> Target::add(const std::function<Result<void>(const Put&)>& write,
                                  const std::function<history::RecordPosition()>& behind) {
    if (auto begun = run("BEGIN"); !begun) return tl::unexpected(begun.error());
    const auto copied =
        connection_.copy(fmt::format("COPY pg_temp.batch({}) FROM STDIN (FORMAT binary)", kColumns), write);
    if (!copied) return tl::unexpected(copied.error());
    const auto inserted = connection_.run(
        fmt::format("INSERT INTO {0}.sample({1}) SELECT {1} FROM pg_temp.batch ON CONFLICT DO NOTHING",
                    schema_, kColumns));
    if (!inserted) return tl::unexpected(inserted.error());
    const auto position = behind();
    const auto moved =
        run("INSERT INTO {0}.position(record, commit, chunk_through, chunk, written) VALUES($1, $2, $3, $4, "
            "now())"
            " ON CONFLICT(record) DO UPDATE SET commit=excluded.commit, chunk_through=excluded.chunk_through,"
            " chunk=excluded.chunk, written=excluded.written",
            {record_, std::to_string(position.commit.value()), std::to_string(position.chunkThrough.value()),
             std::to_string(position.chunk)});
    if (!moved) return tl::unexpected(moved.error());
    if (auto committed = run("COMMIT"); !committed) return tl::unexpected(committed.error());
    return inserted->inserted;
}

}  // namespace tagwire::sink::postgresql
