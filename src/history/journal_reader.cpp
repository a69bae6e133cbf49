#include "history/journal_reader.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "history/bytes.h"
#include "history/checksum.h"
#include "history/file_reader.h"
#include "history/journal.h"

namespace tagwire::history {
namespace {

/// How much behind a damaged place is looked through; a journal is much shorter (StorageLimits).
constexpr std::size_t kMaxSearched = std::size_t{512} << 20U;
/// A commit has its number and its time at least.
constexpr std::size_t kLeastCommit = 1 + sizeof(std::int64_t);
/// What a disk writes whole or not at all.
constexpr std::size_t kSector = 512;

using Take = std::function<void(const Commit&)>;

/// A commit with its head at the beginning of `bytes`.
std::optional<Commit> commitAt(std::string_view bytes) {
    if (bytes.size() < kCommitHeadBytes) return std::nullopt;
    const auto head = headOf(bytes);
    if (head.length > bytes.size() - kCommitHeadBytes) return std::nullopt;
    return wholeCommit(bytes.substr(kCommitHeadBytes, head.length), head.sum);
}

/// Whether a commit after `last` may begin there: cheap, and true nearly nowhere else.
bool mayBeCommit(std::string_view bytes, CommitId last) {
    if (bytes.size() < kCommitHeadBytes + kLeastCommit) return false;
    const auto length = headOf(bytes).length;
    if (length < kLeastCommit || length > bytes.size() - kCommitHeadBytes) return false;
    ByteReader in(bytes.substr(kCommitHeadBytes, length));
    if (in.varint() <= last.value()) return false;
    (void)in.bytes(sizeof(std::int64_t));
    if (!in.ok()) return false;
    if (in.atEnd()) return true;
    const auto part = static_cast<JournalPart>(in.u8());
    return part == JournalPart::Series || part == JournalPart::Samples || part == JournalPart::End;
}

/// A commit that ends where `bytes` do, whatever its length says.
std::optional<Commit> commitOfWrongLength(std::string_view bytes) {
    if (bytes.size() <= kCommitHeadBytes) return std::nullopt;
    return wholeCommit(bytes.substr(kCommitHeadBytes), headOf(bytes).sum);
}

/// Where in `bytes`, which begin with a commit that is not whole, the next whole one begins.
std::optional<std::size_t> nextWhole(std::string_view bytes, CommitId last) {
    if (bytes.size() < kCommitHeadBytes) return std::nullopt;
    const auto isWhole = [&](std::size_t at) {
        const auto rest = bytes.substr(at);
        return mayBeCommit(rest, last) && commitAt(rest).has_value();
    };
    std::size_t first = 1;
    while (first < bytes.size() && !isWhole(first)) ++first;
    if (first == bytes.size()) return std::nullopt;
    if (commitOfWrongLength(bytes.substr(0, first))) return first;
    // If its length is right, what was found before may be a recorded text that looks like a commit.
    const auto behind = kCommitHeadBytes + std::size_t{headOf(bytes).length};
    return behind > first && behind < bytes.size() && isWhole(behind) ? behind : first;
}

/// Whether a sector of a file, of which `bytes` are the end from `offset` on, has never been written.
bool lacksSector(std::string_view bytes, std::uint64_t offset) {
    // A few zeros at the very end are nothing special.
    constexpr std::size_t kEnough = 16;
    std::size_t at = (kSector - offset % kSector) % kSector;
    for (; at + kEnough <= bytes.size(); at += kSector) {
        if (std::ranges::all_of(bytes.substr(at, kSector), [](char byte) { return byte == 0; })) return true;
    }
    return false;
}

/// Whether the end of a file is a commit whose pages did not all reach the disk. They do so in any order,
/// each sector whole: one with everything in its place was whole once.
bool isTorn(std::string_view bytes, std::uint64_t offset) {
    if (bytes.size() < kCommitHeadBytes) return true;
    const auto head = headOf(bytes);
    if (head.length == 0 && head.sum == 0) return true;
    return head.length > bytes.size() - kCommitHeadBytes || lacksSector(bytes, offset);
}

/// From a commit on that is not whole, `offset` from the beginning of the file.
void readBroken(std::string_view bytes, std::uint64_t offset, CommitId last, JournalReport& report,
                const Take& take) {
    bool afterDamage = false;
    const auto pass = [&](std::size_t length) {
        bytes.remove_prefix(length);
        offset += length;
    };
    const auto give = [&](Commit commit, std::size_t length) {
        commit.afterDamage = std::exchange(afterDamage, false);
        last = commit.id;
        take(commit);
        pass(length);
    };
    const auto lose = [&](std::size_t length) {
        if (report.damaged == 0) report.damagedAt = offset;
        report.damaged += length;
        afterDamage = true;
        pass(length);
    };
    while (!bytes.empty()) {
        if (auto commit = commitAt(bytes)) {
            const auto length = kCommitHeadBytes + headOf(bytes).length;
            give(*std::move(commit), length);
            continue;
        }
        const auto next = nextWhole(bytes, last);
        const auto broken = bytes.substr(0, next.value_or(bytes.size()));
        if (auto commit = commitOfWrongLength(broken)) {
            ++report.mended;
            give(*std::move(commit), broken.size());
            continue;
        }
        if (!next && isTorn(broken, offset)) {
            report.torn = broken.size();
            break;
        }
        lose(broken.size());
    }
    report.endsDamaged = afterDamage;
}

/// Of a file, beginning with its magic.
void readBrokenFile(std::string_view bytes, JournalReport& report, const Take& take) {
    const auto magic = bytes.substr(0, kJournalMagic.size());
    const bool unwritten = std::ranges::all_of(bytes, [](char byte) { return byte == 0; });
    if (kJournalMagic.starts_with(bytes) || unwritten) {
        // Not even the beginning was written, when the program or the power went.
        report.torn = bytes.size();
        return;
    }
    report.damaged = magic.size();
    readBroken(bytes.substr(magic.size()), magic.size(), CommitId{}, report, take);
}

StorageError systemError() {
    return {.message = fmt::format("the journal cannot be read: {}", std::generic_category().message(errno)),
            .damaged = false};
}

}  // namespace

CommitHead headOf(std::string_view bytes) noexcept {
    CommitHead head;
    std::memcpy(&head.length, bytes.data(), sizeof head.length);
    std::memcpy(&head.sum, bytes.data() + sizeof head.length, sizeof head.sum);
    return head;
}

std::optional<Commit> wholeCommit(std::string_view payload, std::uint32_t sum) {
    if (payload.size() < kLeastCommit || checksum(payload) != sum) return std::nullopt;
    auto commit = readCommit(payload);
    if (!commit) return std::nullopt;
    return *std::move(commit);
}

Result<Commit> readCommit(std::string_view bytes) {
    ByteReader in(bytes);
    Commit commit;
    commit.id = CommitId{in.varint()};
    commit.time = Timestamp{Ticks{in.fixed<std::int64_t>()}};
    const auto series = [&] { return SeriesId{static_cast<std::uint32_t>(in.varint())}; };
    while (in.ok() && !in.atEnd()) {
        switch (static_cast<JournalPart>(in.u8())) {
            case JournalPart::Series: {
                const auto id = series();
                commit.series.push_back({id, in.text()});
                break;
            }
            case JournalPart::Samples: {
                const auto id = series();
                const auto count = in.varint();
                commit.samples.push_back({id, static_cast<std::size_t>(count), in.text()});
                break;
            }
            case JournalPart::End: commit.end = true; break;
            default: in.fail(); break;
        }
    }
    if (!in.ok()) return fail("a commit of the journal is damaged");
    return commit;
}

std::string toText(const JournalReport& report) {
    if (report.damaged > 0)
        return fmt::format("{} bytes from byte {} on cannot be read; what is whole behind them is kept",
                           report.damaged, report.damagedAt);
    return fmt::format("the lengths of {} commits are wrong; nothing of them is lost", report.mended);
}

JournalReport readJournalBytes(std::string_view bytes, const Take& take) {
    JournalReport report;
    if (!bytes.starts_with(kJournalMagic)) {
        readBrokenFile(bytes, report, take);
    } else {
        readBroken(bytes.substr(kJournalMagic.size()), kJournalMagic.size(), CommitId{}, report, take);
    }
    return report;
}

StorageResult<JournalReport> readJournal(const std::filesystem::path& file, const Take& take) {
    const FileReader reader(file);
    if (!reader.isOpen()) return tl::unexpected(systemError());
    std::string bytes;
    if (!reader.read(0, kJournalMagic.size(), bytes)) return tl::unexpected(systemError());
    JournalReport report;
    std::uint64_t at = 0;
    CommitId last;
    // A commit at a time while all is well; then the rest at once.
    if (bytes == kJournalMagic) {
        at = kJournalMagic.size();
        while (reader.left(at) >= kCommitHeadBytes) {
            if (!reader.read(at, kCommitHeadBytes, bytes)) return tl::unexpected(systemError());
            const auto head = headOf(bytes);
            const auto end = at + kCommitHeadBytes + head.length;
            if (head.length > reader.left(at + kCommitHeadBytes)) break;
            if (!reader.read(at + kCommitHeadBytes, head.length, bytes)) return tl::unexpected(systemError());
            const auto commit = wholeCommit(bytes, head.sum);
            if (!commit) break;
            last = commit->id;
            take(*commit);
            at = end;
        }
    }
    const auto left = reader.left(at);
    if (left == 0) return report;
    if (!reader.read(at, kMaxSearched, bytes)) return tl::unexpected(systemError());
    if (at == 0) {
        readBrokenFile(bytes, report, take);
    } else {
        readBroken(bytes, at, last, report, take);
    }
    if (left > kMaxSearched) {
        report.damaged += left - kMaxSearched;
        report.endsDamaged = true;
    }
    return report;
}

}  // namespace tagwire::history
