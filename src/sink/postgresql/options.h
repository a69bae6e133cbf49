/// Options of the sink to PostgreSQL.
/// Thread: any. Lifetime: value type.
#pragma once

#include <cstdint>
#include <string>

#include "base/option.h"

namespace tagwire::sink::postgresql {

struct PostgresqlOptions {
    std::string conninfo;
    std::string passwordFile;
    std::string schema = "tagwire";
    std::uint32_t batchSamples = 50'000;

    [[nodiscard]] bool enabled() const noexcept { return !conninfo.empty(); }

    template <class Visitor>
    static void describe(Visitor& v) {
        using O = PostgresqlOptions;
        v.field(
            &O::conninfo,
            {.key = "conninfo",
             .text = "Which database, in the words of libpq: \"host=db.plant dbname=history user=tagwire "
                     "sslmode=verify-full\" or a postgresql:// address, without a password. Empty: nothing "
                     "is sent.",
             .max = 4096});
        v.field(&O::passwordFile,
                {.key = "password_file",
                 .text = "File with the password of the user, relative to the configuration's folder; a line "
                         "break at its end does not belong to it. Read at each connection.",
                 .max = 4096});
        v.field(&O::schema,
                {.key = "schema",
                 .text = "Schema of the tables: lower-case letters, digits and underscores. It and "
                         "the tables are made where they are missing.",
                 .min = 1,
                 .max = 63});
        v.field(
            &O::batchSamples,
            {.key = "batch_samples",
             .text = "Samples sent in one transaction. Fewer cost the database more when there is much to "
                     "send, more keep its locks longer.",
             .min = 1,
             .max = 1'000'000});
    }

    void check(OptionErrors& errors) const;
};

}  // namespace tagwire::sink::postgresql
