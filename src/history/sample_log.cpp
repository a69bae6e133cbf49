#include "history/sample_log.h"

#include <utility>

#include "history/bytes.h"
#include "history/chunk.h"
#include "history/value_codec.h"
#include "model/generated/status_codes.h"

namespace tagwire::history {
namespace {

// Flags beside the kind in a sample's first byte.
constexpr std::uint8_t kAbsolute = 64;  ///< the whole source time, not the distance from the sample before
constexpr std::uint8_t kSpecial = 128;  ///< status and origin follow; otherwise Good and Live

std::uint64_t ticks(Timestamp time) noexcept { return static_cast<std::uint64_t>(ticksOf(time)); }
Timestamp timestamp(std::uint64_t ticks) noexcept {
    return Timestamp{Ticks{static_cast<std::int64_t>(ticks)}};
}
std::int64_t difference(Timestamp a, Timestamp b) noexcept {
    return static_cast<std::int64_t>(ticks(a) - ticks(b));
}

void writeHead(ByteWriter& out, const HistorySample& sample, std::optional<Timestamp> before,
               ValueKind kind) {
    const auto& [value, origin] = sample;
    const bool special = value.status != StatusCode{} || origin != SampleOrigin::Live;
    out.u8(static_cast<std::uint8_t>(kind | (before ? 0 : kAbsolute) | (special ? kSpecial : 0)));
    if (special) {
        out.fixed(value.status.code());
        out.u8(static_cast<std::uint8_t>(origin));
    }
    if (before) {
        out.signedVarint(difference(value.sourceTime, *before));
    } else {
        out.fixed(ticksOf(value.sourceTime));
    }
    out.signedVarint(difference(value.serverTime, value.sourceTime));
}

}  // namespace

void SampleLog::append(const HistorySample& sample) {
    ByteWriter out(bytes_);
    const auto at = bytes_.size();
    writeHead(out, sample, before_, kindOf(sample.value.value));
    const auto content = bytes_.size();
    if (!writeContent(out, sample.value.value) || bytes_.size() - content > kMaxValueBytes) {
        bytes_.resize(at);
        HistorySample refused = sample;
        refused.value.value = Value{};
        refused.value.status = kBadEncodingLimitsExceeded;
        writeHead(out, refused, before_, kindOf(refused.value.value));
    }
    before_ = sample.value.sourceTime;
    ++count_;
}

Result<std::vector<HistorySample>> readSampleLog(std::string_view bytes) {
    ByteReader in(bytes);
    std::vector<HistorySample> samples;
    bool begun = false;
    Timestamp before;
    while (!in.atEnd()) {
        const auto first = in.u8();
        HistorySample sample;
        auto& [value, origin] = sample;
        if ((first & kSpecial) != 0) {
            value.status = StatusCode{in.fixed<std::uint32_t>()};
            const auto code = in.u8();
            if (code > static_cast<std::uint8_t>(SampleOrigin::Imported)) in.fail();
            origin = static_cast<SampleOrigin>(code);
        }
        if ((first & kAbsolute) != 0) {
            value.sourceTime = Timestamp{Ticks{in.fixed<std::int64_t>()}};
        } else {
            if (!begun) in.fail();
            value.sourceTime = timestamp(ticks(before) + static_cast<std::uint64_t>(in.signedVarint()));
        }
        value.serverTime = timestamp(ticks(value.sourceTime) + static_cast<std::uint64_t>(in.signedVarint()));
        value.value = readContent(in, first & kKindMask);
        if (!in.ok()) return fail("the log of samples is damaged");
        before = value.sourceTime;
        begun = true;
        samples.push_back(std::move(sample));
    }
    return samples;
}

}  // namespace tagwire::history
