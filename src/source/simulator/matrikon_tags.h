/// The tags of the Matrikon OPC simulation server that tutorials and test programs expect to find.
/// Ranges and periods are our own: README.md beside this file.
/// Thread: the simulator's. Lifetime: owned by the SimulatorSource.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "source/simulator/noise.h"
#include "source/simulator/tag_set.h"

namespace tagwire::source::simulator {

class MatrikonTags final : public TagSet {
public:
    explicit MatrikonTags(std::uint64_t seed);

    [[nodiscard]] std::vector<TagInfo> tags(const TagContext& context) const override;
    void scan(const Scan& scan, ScanReport& report) override;
    /// `Bucket Brigade` keeps the value; the other branches do as their names say.
    [[nodiscard]] TagWritten write(std::size_t tag, const Value& value, ScanReport& report) override;

    /// The leaves' names are their types; Money is a decimal string, Quality a number with the status it
    /// means.
    enum class Type : std::uint8_t {
        ArrayOfReal8,
        ArrayOfString,
        Boolean,
        Int1,
        Int2,
        Int4,
        Int8,
        Money,
        Quality,
        Real4,
        Real8,
        String,
        Time,
        UInt1,
        UInt2,
        UInt4,
        UInt8,
    };

    enum class Branch : std::uint8_t {
        Root,
        BucketBrigade,
        Random,
        ReadError,
        SawToothedWaves,
        SquareWaves,
        TriangleWaves,
        WriteError,
        WriteOnly,
    };

private:
    struct Leaf {
        std::string path;
        Branch branch;
        Type type;
    };

    void addBranch(Branch branch, std::span<const Type> types);
    [[nodiscard]] static Value constantValue(const Leaf& leaf);
    [[nodiscard]] Value randomValue(Type type, std::uint64_t stream, std::uint64_t n) const;

    Noise noise_;
    std::vector<Leaf> leaves_;
};

}  // namespace tagwire::source::simulator
