// Chunks, logs of samples, commits of the journal and summaries as a damaged disk, or an attacker with access
// to it, may leave them. The first byte chooses; a chunk's checksum is mended, so that what lies behind it is
// reached, too.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "history/checksum.h"
#include "history/chunk.h"
#include "history/journal.h"
#include "history/journal_reader.h"
#include "history/sample_log.h"

namespace {

using namespace tagwire::history;

void readChunk(std::string chunk) {
    constexpr std::size_t kCovered = 5;
    if (chunk.size() >= kCovered) {
        const auto sum = checksum(std::string_view(chunk).substr(kCovered));
        std::memcpy(chunk.data() + 1, &sum, sizeof sum);
    }
    ChunkReader reader;
    (void)reader.readNumbers(chunk);
    const auto samples = reader.read(chunk);
    if (!samples) return;
    // What was read can be written, and read again.
    std::size_t bytes = 0;
    for (const auto& sample : *samples) {
        SampleLog log;
        log.append(sample);
        bytes += log.bytes().size();
    }
    if (bytes > kChunkBytes) return;
    const auto again = ChunkReader().read(ChunkWriter().write(*samples));
    if (!again || again->size() != samples->size()) __builtin_trap();
}

/// The same, in one frame, without compression, which hides from the fuzzer what its changes do.
void readColumns(std::string_view raw) {
    if (raw.size() < 2 || raw.size() > kMaxChunkBytes) return;
    std::string chunk(1, '\x01');
    ByteWriter out(chunk);
    out.fixed(std::uint32_t{0});
    out.varint(static_cast<unsigned char>(raw[0]));
    out.varint(raw.size() - 1);
    std::string packed(ZSTD_compressBound(raw.size() - 1), '\0');
    packed.resize(ZSTD_compress(packed.data(), packed.size(), raw.data() + 1, raw.size() - 1, 1));
    readChunk(chunk + packed);
}

void readSmallThings(std::string_view bytes) {
    (void)readCommit(bytes);
    (void)readJournalBytes(std::string(kJournalMagic).append(bytes), [](const Commit&) {});
    ByteReader in(bytes);
    (void)readSummary(in);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    if (input.empty()) return 0;
    const auto rest = input.substr(1);
    switch (input[0] % 4) {
        case 0: readChunk(std::string(rest)); break;
        case 1: readColumns(rest); break;
        case 2: (void)readSampleLog(rest); break;
        default: readSmallThings(rest); break;
    }
    return 0;
}
