/// What can be asked of the store of documents: dashboards and screens that the pages made.
/// Thread: any may ask; the answer comes once, from another thread or at once. Lifetime: outlives whoever
/// asks.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.h"
#include "model/service_answer.h"

namespace tagwire {

enum class DocumentKind : std::uint8_t { Dashboard, Screen };

/// In the order of the enumeration, as in addresses and files.
inline constexpr std::array<std::string_view, 2> kDocumentKindNames{"dashboard", "screen"};

[[nodiscard]] constexpr std::string_view nameOf(DocumentKind kind) noexcept {
    return kDocumentKindNames.at(static_cast<std::size_t>(kind));
}

/// JSON text.
inline constexpr std::size_t kMaxDocumentBytes = std::size_t{1} << 20;
/// Of one kind.
inline constexpr std::size_t kMaxDocuments = 1000;
/// Of one document; the oldest go.
inline constexpr std::size_t kMaxDocumentVersions = 50;

struct DocumentId {
    DocumentKind kind = DocumentKind::Dashboard;
    std::string name;  ///< see isDocumentName
};

/// `[a-z0-9][a-z0-9-]{0,63}`: fit for addresses and files as they are.
[[nodiscard]] constexpr bool isDocumentName(std::string_view text) noexcept {
    if (text.empty() || text.size() > 64 || text.front() == '-') return false;
    for (const char c : text) {
        if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-') return false;
    }
    return true;
}

struct DocumentVersion {
    std::int64_t number = 0;  ///< from 1, rising by one with every save; the numbers of a removed one go on
    std::string title;
    Timestamp changed;
    std::string by;  ///< who saved it; empty: not known
};

struct DocumentSummary {
    std::string name;
    DocumentVersion latest;
};

struct DocumentText {
    std::int64_t version = 0;
    std::string text;  ///< JSON, as it was sent
};

struct DocumentSave {
    DocumentId id;
    /// A JSON object with a text `title`; whoever keeps it checks that.
    std::string text;
    std::string by;
    /// The version that whoever saves has seen; nothing: there is to be no such document yet.
    std::optional<std::int64_t> over;
};

/// Not done, because another version is there than whoever asked has seen.
struct DocumentConflict {
    std::optional<std::int64_t> version;  ///< nothing: there is no such document
};

struct DocumentRemoved {};

using DocumentSaveAnswer = std::variant<DocumentSummary, DocumentConflict>;
using DocumentRemoveAnswer = std::variant<DocumentRemoved, DocumentConflict>;

/// Failures: BadNotFound; BadInvalidArgument for what is no document; BadEncodingLimitsExceeded for what is
/// too large or one too many; BadTooManyOperations where too much waits; BadInternalError where the files
/// cannot be read or written; BadShutdown.
class DocumentServices {
public:
    DocumentServices() = default;
    DocumentServices(const DocumentServices&) = delete;
    DocumentServices& operator=(const DocumentServices&) = delete;
    virtual ~DocumentServices() = default;

    /// By name.
    virtual void list(DocumentKind kind, ServiceAnswer<std::vector<DocumentSummary>> answer) = 0;
    /// The latest version where none is named.
    virtual void read(DocumentId id, std::optional<std::int64_t> version,
                      ServiceAnswer<DocumentText> answer) = 0;
    /// The latest first.
    virtual void versions(DocumentId id, ServiceAnswer<std::vector<DocumentVersion>> answer) = 0;
    /// What was answered is on the disk.
    virtual void save(DocumentSave save, ServiceAnswer<DocumentSaveAnswer> answer) = 0;
    /// With all its versions, if `seen` is the latest.
    virtual void remove(DocumentId id, std::int64_t seen, ServiceAnswer<DocumentRemoveAnswer> answer) = 0;
};

}  // namespace tagwire
