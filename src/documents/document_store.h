/// Documents and their versions in one SQLite file. What save() and remove() answered is on the disk, and
/// whole, whenever the program or the machine ends. Several programs may use one folder: what one of them
/// saved is a conflict for the others. Thread: one at a time. Lifetime: owned by DocumentService.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/document_services.h"
#include "sqlite/database.h"

namespace tagwire::documents {

inline constexpr const char* kDocumentsFile = "documents.db";

class DocumentStore {
public:
    /// Nothing is opened or made yet. `maxBytes`: of the file.
    DocumentStore(std::filesystem::path folder, std::int64_t maxBytes)
        : folder_(std::move(folder)), maxBytes_(maxBytes) {}

    /// The failures are those of DocumentServices; what could not be opened is tried again by the next call.
    [[nodiscard]] ServiceResult<std::vector<DocumentSummary>> list(DocumentKind kind);
    [[nodiscard]] ServiceResult<DocumentText> read(const DocumentId& id, std::optional<std::int64_t> version);
    [[nodiscard]] ServiceResult<std::vector<DocumentVersion>> versions(const DocumentId& id);
    [[nodiscard]] ServiceResult<DocumentSaveAnswer> save(const DocumentSave& save, Timestamp now);
    [[nodiscard]] ServiceResult<DocumentRemoveAnswer> remove(const DocumentId& id, std::int64_t seen,
                                                             Timestamp now);

private:
    /// What is known of a name.
    struct State {
        std::int64_t latest = 0;  ///< 0: never heard of
        bool removed = false;

        [[nodiscard]] std::optional<std::int64_t> present() const {
            return latest == 0 || removed ? std::nullopt : std::optional(latest);
        }
    };

    /// False: there is no file yet, which is the same as an empty one.
    [[nodiscard]] ServiceResult<bool> open(bool create);
    [[nodiscard]] sqlite::StorageResult<void> openFile();
    [[nodiscard]] sqlite::StorageResult<State> state(const DocumentId& id);
    /// Documents of the kind besides this one.
    [[nodiscard]] sqlite::StorageResult<std::int64_t> others(const DocumentId& id);
    [[nodiscard]] sqlite::StorageResult<DocumentSaveAnswer> write(const DocumentSave& save,
                                                                  const DocumentVersion& version);
    [[nodiscard]] sqlite::StorageResult<DocumentRemoveAnswer> erase(const DocumentId& id, std::int64_t seen,
                                                                    Timestamp now);
    /// Closes the file, so that the next call opens it anew.
    [[nodiscard]] ServiceFailure failed(const sqlite::StorageError& error);

    const std::filesystem::path folder_;
    const std::int64_t maxBytes_;
    std::optional<sqlite::Database> database_;
};

}  // namespace tagwire::documents
