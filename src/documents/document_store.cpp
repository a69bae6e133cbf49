#include "documents/document_store.h"

#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "base/log.h"
#include "documents/document_title.h"
#include "model/generated/status_codes.h"
#include "sqlite/query.h"

namespace tagwire::documents {
namespace {

using sqlite::all;
using sqlite::change;
using sqlite::Database;
using sqlite::Statement;
using sqlite::StorageError;
using sqlite::StorageResult;
using sqlite::text;
using sqlite::Text;
using sqlite::Transaction;

constexpr std::int64_t kApplication = 0x5457444F;  // "TWDO"
constexpr std::int64_t kFormat = 1;
constexpr std::int64_t kPageBytes = 4096;
/// Names of removed documents of a kind that are remembered, so that their numbers go on.
constexpr std::int64_t kMaxRemoved = 1000;

constexpr const char* kPragmas =
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=FULL;"  // what was answered outlives a power cut
    "PRAGMA journal_size_limit=4194304;"
    "PRAGMA trusted_schema=OFF;";

constexpr const char* kSchema =
    "BEGIN IMMEDIATE;"
    "CREATE TABLE IF NOT EXISTS document(kind TEXT NOT NULL, name TEXT NOT NULL, latest INTEGER NOT NULL,"
    " removed INTEGER, PRIMARY KEY(kind, name)) WITHOUT ROWID;"
    // The text comes last: lists do not read it.
    "CREATE TABLE IF NOT EXISTS version(kind TEXT NOT NULL, name TEXT NOT NULL, number INTEGER NOT NULL,"
    " title TEXT NOT NULL, changed INTEGER NOT NULL, author TEXT NOT NULL, text TEXT NOT NULL,"
    " PRIMARY KEY(kind, name, number));"
    "PRAGMA application_id=0x5457444F;"
    "PRAGMA user_version=1;"
    "COMMIT;";

tl::unexpected<ServiceFailure> noSuch(const DocumentId& id) {
    return failure(kBadNotFound, fmt::format("there is no {} '{}'", nameOf(id.kind), id.name));
}

StorageResult<void> checkFormat(Database& database) {
    const auto application = database.number("PRAGMA application_id");
    if (!application) return tl::unexpected(application.error());
    const auto format = database.number("PRAGMA user_version");
    if (!format) return tl::unexpected(format.error());
    if (*application != kApplication)
        return tl::unexpected(StorageError{.message = "it holds no documents of Tagwire", .damaged = true});
    if (*format == kFormat) return {};
    return tl::unexpected(StorageError{
        .message = fmt::format("its format is version {}, this program knows version {}; use the "
                               "program that wrote it, or another folder",
                               *format, kFormat),
        .damaged = false});
}

/// Four columns from `first` on.
DocumentVersion versionAt(const Statement& row, int first) {
    return {.number = row.integer(first),
            .title = std::string(row.bytes(first + 1)),
            .changed = Timestamp{Ticks{row.integer(first + 2)}},
            .by = std::string(row.bytes(first + 3))};
}

/// Up to and with number ?3.
constexpr std::string_view kDropVersions = "DELETE FROM version WHERE kind=?1 AND name=?2 AND number<=?3";

}  // namespace

ServiceResult<std::vector<DocumentSummary>> DocumentStore::list(DocumentKind kind) {
    const auto opened = open(false);
    if (!opened) return tl::unexpected(opened.error());
    if (!*opened) return std::vector<DocumentSummary>{};
    auto rows = all(
        *database_,
        "SELECT document.name, number, title, changed, author FROM document JOIN version"
        " ON version.kind=document.kind AND version.name=document.name AND number=latest"
        " WHERE document.kind=?1 AND removed IS NULL ORDER BY document.name",
        [](const Statement& row) {
            return DocumentSummary{.name = std::string(row.bytes(0)), .latest = versionAt(row, 1)};
        },
        text(nameOf(kind)));
    if (!rows) return tl::unexpected(failed(rows.error()));
    return *std::move(rows);
}

ServiceResult<DocumentText> DocumentStore::read(const DocumentId& id, std::optional<std::int64_t> version) {
    const auto opened = open(false);
    if (!opened) return tl::unexpected(opened.error());
    if (!*opened) return noSuch(id);
    auto rows = all(
        *database_,
        "SELECT number, text FROM version WHERE kind=?1 AND name=?2 AND (number=?3 OR ?3=0)"
        " ORDER BY number DESC LIMIT 1",
        [](const Statement& row) {
            return DocumentText{.version = row.integer(0), .text = std::string(row.bytes(1))};
        },
        text(nameOf(id.kind)), text(id.name), version.value_or(0));
    if (!rows) return tl::unexpected(failed(rows.error()));
    if (!rows->empty()) return std::move(rows->front());
    if (!version) return noSuch(id);
    return failure(kBadNotFound,
                   fmt::format("there is no version {} of the {} '{}'; the latest {} of each are kept",
                               *version, nameOf(id.kind), id.name, kMaxDocumentVersions));
}

ServiceResult<std::vector<DocumentVersion>> DocumentStore::versions(const DocumentId& id) {
    const auto opened = open(false);
    if (!opened) return tl::unexpected(opened.error());
    if (!*opened) return noSuch(id);
    auto rows = all(
        *database_,
        "SELECT number, title, changed, author FROM version WHERE kind=?1 AND name=?2 ORDER BY number DESC",
        [](const Statement& row) { return versionAt(row, 0); }, text(nameOf(id.kind)), text(id.name));
    if (!rows) return tl::unexpected(failed(rows.error()));
    if (rows->empty()) return noSuch(id);
    return *std::move(rows);
}

ServiceResult<DocumentSaveAnswer> DocumentStore::save(const DocumentSave& save, Timestamp now) {
    if (save.text.size() > kMaxDocumentBytes) {
        return failure(kBadEncodingLimitsExceeded, fmt::format("the document has {} bytes; {} are allowed",
                                                               save.text.size(), kMaxDocumentBytes));
    }
    auto title = titleOf(save.text);
    if (!title) return failure(kBadInvalidArgument, title.error().message);
    if (const auto opened = open(true); !opened) return tl::unexpected(opened.error());
    const auto count = others(save.id);
    if (!count) return tl::unexpected(failed(count.error()));
    if (!save.over && *count >= static_cast<std::int64_t>(kMaxDocuments)) {
        return failure(kBadEncodingLimitsExceeded,
                       fmt::format("there are {} documents of the kind {} already: remove some first", *count,
                                   nameOf(save.id.kind)));
    }
    auto written = write(save, {.number = 0, .title = *std::move(title), .changed = now, .by = save.by});
    if (!written) return tl::unexpected(failed(written.error()));
    return *std::move(written);
}

ServiceResult<DocumentRemoveAnswer> DocumentStore::remove(const DocumentId& id, std::int64_t seen,
                                                          Timestamp now) {
    const auto opened = open(false);
    if (!opened) return tl::unexpected(opened.error());
    if (!*opened) return DocumentRemoveAnswer(DocumentConflict{});
    auto erased = erase(id, seen, now);
    if (!erased) return tl::unexpected(failed(erased.error()));
    return *erased;
}

StorageResult<DocumentSaveAnswer> DocumentStore::write(const DocumentSave& save,
                                                       const DocumentVersion& version) {
    Transaction transaction(*database_);
    if (!transaction.begun()) return tl::unexpected(transaction.begun().error());
    const auto before = state(save.id);
    if (!before) return tl::unexpected(before.error());
    if (before->present() != save.over)
        return DocumentSaveAnswer(DocumentConflict{.version = before->present()});
    const Text kind = text(nameOf(save.id.kind));
    const Text name = text(save.id.name);
    DocumentSummary summary{.name = save.id.name, .latest = version};
    summary.latest.number = before->latest + 1;
    auto done = change(*database_,
                       "INSERT INTO document(kind, name, latest) VALUES(?1, ?2, ?3)"
                       " ON CONFLICT(kind, name) DO UPDATE SET latest=?3, removed=NULL",
                       kind, name, summary.latest.number);
    if (done) {
        done = change(*database_, "INSERT INTO version VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)", kind, name,
                      summary.latest.number, text(version.title), ticksOf(version.changed), text(version.by),
                      text(save.text));
    }
    if (done) {
        done = change(*database_, kDropVersions, kind, name,
                      summary.latest.number - static_cast<std::int64_t>(kMaxDocumentVersions));
    }
    if (done) done = transaction.commit();
    if (!done) return tl::unexpected(done.error());
    return DocumentSaveAnswer(std::move(summary));
}

StorageResult<DocumentRemoveAnswer> DocumentStore::erase(const DocumentId& id, std::int64_t seen,
                                                         Timestamp now) {
    Transaction transaction(*database_);
    if (!transaction.begun()) return tl::unexpected(transaction.begun().error());
    const auto before = state(id);
    if (!before) return tl::unexpected(before.error());
    if (before->present() != seen)
        return DocumentRemoveAnswer(DocumentConflict{.version = before->present()});
    const Text kind = text(nameOf(id.kind));
    const Text name = text(id.name);
    auto done = change(*database_, kDropVersions, kind, name, seen);
    if (done) {
        done = change(*database_, "UPDATE document SET removed=?3 WHERE kind=?1 AND name=?2", kind, name,
                      ticksOf(now));
    }
    if (done) {
        done = change(*database_,
                      "DELETE FROM document WHERE kind=?1 AND removed IS NOT NULL AND name NOT IN"
                      " (SELECT name FROM document WHERE kind=?1 AND removed IS NOT NULL"
                      " ORDER BY removed DESC LIMIT ?2)",
                      kind, kMaxRemoved);
    }
    if (done) done = transaction.commit();
    if (!done) return tl::unexpected(done.error());
    return DocumentRemoveAnswer(DocumentRemoved{});
}

StorageResult<DocumentStore::State> DocumentStore::state(const DocumentId& id) {
    const auto rows = all(
        *database_, "SELECT latest, removed IS NOT NULL FROM document WHERE kind=?1 AND name=?2",
        [](const Statement& row) { return State{.latest = row.integer(0), .removed = row.integer(1) != 0}; },
        text(nameOf(id.kind)), text(id.name));
    if (!rows) return tl::unexpected(rows.error());
    return rows->empty() ? State{} : rows->front();
}

StorageResult<std::int64_t> DocumentStore::others(const DocumentId& id) {
    const auto rows = all(
        *database_, "SELECT count(*) FROM document WHERE kind=?1 AND name<>?2 AND removed IS NULL",
        [](const Statement& row) { return row.integer(0); }, text(nameOf(id.kind)), text(id.name));
    if (!rows) return tl::unexpected(rows.error());
    return rows->front();
}

ServiceResult<bool> DocumentStore::open(bool create) {
    if (database_) return true;
    std::error_code error;
    if (!create) {
        const bool exists = std::filesystem::exists(folder_ / kDocumentsFile, error);
        if (!error && !exists) return false;
    } else {
        std::filesystem::create_directories(folder_, error);
    }
    if (error) return tl::unexpected(failed({.message = error.message(), .damaged = false}));
    if (const auto opened = openFile(); !opened) return tl::unexpected(failed(opened.error()));
    return true;
}

StorageResult<void> DocumentStore::openFile() {
    auto opened = Database::open(folder_ / kDocumentsFile, Database::Access::ReadWrite);
    if (!opened) return tl::unexpected(opened.error());
    auto set = opened->run(fmt::format("PRAGMA page_size={};{}PRAGMA max_page_count={};", kPageBytes,
                                       kPragmas, maxBytes_ / kPageBytes)
                               .c_str());
    if (!set) return set;
    const auto tables = opened->number("SELECT count(*) FROM sqlite_schema");
    if (!tables) return tl::unexpected(tables.error());
    if (*tables == 0) {
        if (auto made = opened->run(kSchema); !made) return made;
    }
    if (auto checked = checkFormat(*opened); !checked) return checked;
    database_ = *std::move(opened);
    return {};
}

ServiceFailure DocumentStore::failed(const StorageError& error) {
    database_.reset();
    const auto file = (folder_ / kDocumentsFile).string();
    auto message =
        error.damaged
            ? fmt::format("{} is damaged ({}): put a backup in its place, or take it away to begin anew",
                          file, error.message)
            : fmt::format(
                  "{} cannot be used: {}; when it is full, remove documents, or raise "
                  "documents.max_size_mb",
                  file, error.message);
    log::error("documents", "{}", message);
    return {kBadInternalError, std::move(message)};
}

}  // namespace tagwire::documents
