#include "source/simulator/matrikon_tags.h"

#include <array>
#include <cmath>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "source/simulator/qualities.h"
#include "source/simulator/wave.h"

namespace tagwire::source::simulator {
namespace {

using Type = MatrikonTags::Type;
using Branch = MatrikonTags::Branch;

struct TypeInfo {
    std::string_view name;
    BuiltInType type;
    /// Of the random values.
    double low;
    double high;
    /// Half the height of the waves; those of signed types lie around 0, those of unsigned ones start at 0.
    double amplitude;
    std::optional<int> decimals;
};

const TypeInfo& info(Type type) {
    static constexpr std::array<TypeInfo, 17> kTypes{{
        {"ArrayOfReal8", BuiltInType::Double, 0, 1000, 0, 2},
        {"ArrayOfString", BuiltInType::String, 0, 0, 0, {}},
        {"Boolean", BuiltInType::Boolean, 0, 1, 0.5, {}},
        {"Int1", BuiltInType::SByte, -128, 127, 100, 0},
        {"Int2", BuiltInType::Int16, -32768, 32767, 10'000, 0},
        {"Int4", BuiltInType::Int32, -2147483648.0, 2147483647.0, 1'000'000, 0},
        {"Int8", BuiltInType::Int64, -0x1.0p63, 0x1.0p63, 0, 0},
        {"Money", BuiltInType::String, 0, 0, 500, {}},
        {"Qualities", BuiltInType::UInt16, 0, 0xFF, 0, 0},
        {"Real4", BuiltInType::Float, 0, 100, 100, 2},
        {"Real8", BuiltInType::Double, 0, 1000, 1000, 4},
        {"String", BuiltInType::String, 0, 0, 0, {}},
        {"Time", BuiltInType::DateTime, 0, 0, 0, {}},
        {"UInt1", BuiltInType::Byte, 0, 255, 100, 0},
        {"UInt2", BuiltInType::UInt16, 0, 65535, 10'000, 0},
        {"UInt4", BuiltInType::UInt32, 0, 4294967295.0, 1'000'000, 0},
        {"UInt8", BuiltInType::UInt64, 0, 0x1.0p64, 0, 0},
    }};
    return kTypes[static_cast<std::size_t>(type)];
}

struct BranchInfo {
    std::string_view name;
    Access access;
    std::string_view english;
    std::string_view chinese;
};

const BranchInfo& info(Branch branch) {
    static constexpr std::array<BranchInfo, 9> kBranches{{
        {"", Access::Read, "State of the simulation", "模拟器状态"},
        {"Bucket Brigade", Access::ReadWrite, "Keeps its value", "保持不变的值"},
        {"Random", Access::Read, "Random value, new at each scan", "随机值，每次扫描更新"},
        {"Read Error", Access::ReadWrite, "Every read fails", "读取总是失败"},
        {"Saw-toothed Waves", Access::Read, "Saw-tooth wave, period 60 s", "锯齿波，周期 60 秒"},
        {"Square Waves", Access::Read, "Square wave, period 20 s", "方波，周期 20 秒"},
        {"Triangle Waves", Access::Read, "Triangle wave, period 60 s", "三角波，周期 60 秒"},
        {"Write Error", Access::ReadWrite, "Every write fails", "写入总是失败"},
        {"Write Only", Access::Write, "Can be written but not read", "只能写入，不能读取"},
    }};
    return kBranches[static_cast<std::size_t>(branch)];
}

bool isArray(Type type) { return type == Type::ArrayOfReal8 || type == Type::ArrayOfString; }

bool isWave(Branch branch) {
    return branch == Branch::SawToothedWaves || branch == Branch::SquareWaves ||
           branch == Branch::TriangleWaves;
}

Wave waveOf(Branch branch, Type type) {
    const TypeInfo& t = info(type);
    const bool aroundZero = t.low < 0 || t.type == BuiltInType::Float || t.type == BuiltInType::Double;
    const double low = aroundZero ? -t.amplitude : 0;
    const double high = low + 2 * t.amplitude;
    switch (branch) {
        case Branch::SquareWaves: return {WaveShape::Square, low, high, std::chrono::seconds{20}};
        case Branch::TriangleWaves: return {WaveShape::Triangle, low, high, std::chrono::seconds{60}};
        default: return {WaveShape::SawTooth, low, high, std::chrono::seconds{60}};
    }
}

double rounded(double number, int decimals) {
    const double scale = std::pow(10, decimals);
    return std::round(number * scale) / scale;
}

Value stringArray(std::initializer_list<std::string_view> texts) {
    std::vector<Value> elements;
    for (const auto text : texts) elements.emplace_back(std::string(text));
    return Value(
        Array{.elementType = BuiltInType::String, .elements = std::move(elements), .dimensions = {}});
}

Value doubleArray(std::vector<double> numbers) {
    return Value(Array{.elementType = BuiltInType::Double, .elements = std::move(numbers), .dimensions = {}});
}

/// `number` within the type's range, as that type.
Value numeric(Type type, double number) {
    switch (type) {
        case Type::Boolean: return Value(number != 0);
        case Type::Int1: return Value(static_cast<std::int8_t>(std::lround(number)));
        case Type::Int2: return Value(static_cast<std::int16_t>(std::lround(number)));
        case Type::Int4: return Value(static_cast<std::int32_t>(std::lround(number)));
        case Type::UInt1: return Value(static_cast<std::uint8_t>(std::lround(number)));
        case Type::UInt2: return Value(static_cast<std::uint16_t>(std::lround(number)));
        case Type::UInt4: return Value(static_cast<std::uint32_t>(std::llround(number)));
        case Type::Money: return Value(fmt::format("{:.4f}", number));
        case Type::Real4: return Value(static_cast<float>(rounded(number, 2)));
        default: return Value(rounded(number, 4));
    }
}

std::string word(std::uint64_t bits) {
    std::string text;
    for (std::uint64_t length = 3 + bits % 8; length > 0; --length) {
        bits /= 26;
        text += static_cast<char>('a' + bits % 26);
    }
    return text;
}

constexpr std::array kAllTypes{Type::ArrayOfReal8, Type::ArrayOfString, Type::Boolean, Type::Int1,
                               Type::Int2,         Type::Int4,          Type::Money,   Type::Real4,
                               Type::Real8,        Type::String,        Type::Time,    Type::UInt1,
                               Type::UInt2,        Type::UInt4};
constexpr std::array kRandomOnly{Type::Int8, Type::Quality, Type::UInt8};
constexpr std::array kNumbers{Type::Int1,  Type::Int2,  Type::Int4,  Type::Real4,
                              Type::Real8, Type::UInt1, Type::UInt2, Type::UInt4};

}  // namespace

MatrikonTags::MatrikonTags(std::uint64_t seed) : noise_(seed) {
    leaves_.push_back({"#MonitorACLFile", Branch::Root, Type::Boolean});
    leaves_.push_back({"@ClientCount", Branch::Root, Type::UInt4});
    leaves_.push_back({"@Clients", Branch::Root, Type::ArrayOfString});
    addBranch(Branch::BucketBrigade, kAllTypes);
    addBranch(Branch::Random, kAllTypes);
    addBranch(Branch::Random, kRandomOnly);
    addBranch(Branch::ReadError, kAllTypes);
    addBranch(Branch::SawToothedWaves, kNumbers);
    addBranch(Branch::SawToothedWaves, std::array{Type::Money});
    addBranch(Branch::SquareWaves, kNumbers);
    addBranch(Branch::SquareWaves, std::array{Type::Boolean});
    addBranch(Branch::TriangleWaves, kNumbers);
    addBranch(Branch::TriangleWaves, std::array{Type::Money});
    addBranch(Branch::WriteError, kAllTypes);
    addBranch(Branch::WriteOnly, kAllTypes);
}

void MatrikonTags::addBranch(Branch branch, std::span<const Type> types) {
    for (const Type type : types) {
        leaves_.push_back({fmt::format("{}.{}", info(branch).name, info(type).name), branch, type});
    }
}

std::vector<TagInfo> MatrikonTags::tags(const TagContext& context) const {
    std::vector<TagInfo> result;
    result.reserve(leaves_.size());
    for (const Leaf& leaf : leaves_) {
        const TypeInfo& type = info(leaf.type);
        const BranchInfo& branch = info(leaf.branch);
        TagInfo tag = context.tag(leaf.path, type.type);
        tag.access = branch.access;
        tag.description = {{"en", std::string(branch.english)}, {"zh", std::string(branch.chinese)}};
        tag.decimals = type.decimals;
        if (isArray(leaf.type)) tag.dimensions = {0};
        if (isWave(leaf.branch) && leaf.type != Type::Money && leaf.type != Type::Boolean) {
            const Wave wave = waveOf(leaf.branch, leaf.type);
            tag.range = EURange{wave.low, wave.high};
        } else if (leaf.branch == Branch::Random && type.high > 1 && !isArray(leaf.type)) {
            tag.range = EURange{type.low, type.high};
        }
        result.push_back(std::move(tag));
    }
    return result;
}

void MatrikonTags::scan(const Scan& scan, ScanReport& report) {
    for (std::size_t i = 0; i < leaves_.size(); ++i) {
        const Leaf& leaf = leaves_[i];
        if (isWave(leaf.branch)) {
            report.set(i, numeric(leaf.type, waveOf(leaf.branch, leaf.type).at(scan.elapsed)));
        } else if (leaf.type == Type::Quality) {
            const auto& [quality, status] = kDaQualities[noise_.bits(i, scan.index) % kDaQualities.size()];
            report.set(i, Value(quality), status);
        } else if (leaf.branch == Branch::Random) {
            report.set(i, randomValue(leaf.type, i, scan.index));
        } else if (scan.index > 0) {
            continue;
        } else if (leaf.branch == Branch::ReadError) {
            report.set(i, Value(), kBadDeviceFailure);
        } else if (leaf.branch == Branch::WriteOnly) {
            report.set(i, Value(), kBadNotReadable);
        } else {
            report.set(i, constantValue(leaf));
        }
    }
}

TagWritten MatrikonTags::write(std::size_t tag, const Value& value, ScanReport& report) {
    TagWritten written;
    switch (leaves_[tag].branch) {
        case Branch::BucketBrigade:
            written.before = report.value(tag);
            report.set(tag, value);
            written.readBack = readBackOf(value);
            return written;
        case Branch::ReadError:
            written.readBack = readBackOf(Value(), kBadDeviceFailure);
            written.message = "written, but every read of this tag fails (BadDeviceFailure)";
            return written;
        case Branch::WriteOnly:
            written.readBack = readBackOf(Value(), kBadNotReadable);
            written.message = "written; the tag cannot be read back (BadNotReadable)";
            return written;
        case Branch::WriteError:
            written.status = kBadDeviceFailure;
            written.message = "every write to this tag fails";
            return written;
        default: return TagSet::write(tag, value, report);
    }
}

Value MatrikonTags::randomValue(Type type, std::uint64_t stream, std::uint64_t n) const {
    const std::uint64_t bits = noise_.bits(stream, n);
    switch (type) {
        case Type::ArrayOfReal8: {
            std::vector<double> numbers;
            for (std::uint64_t shift = 0; shift < 50; shift += 10) {
                numbers.push_back(static_cast<double>((bits >> shift) % 100'001) / 100);
            }
            return doubleArray(std::move(numbers));
        }
        case Type::ArrayOfString: return stringArray({word(bits), word(bits >> 8U), word(bits >> 16U)});
        case Type::Boolean: return Value((bits & 1U) != 0);
        // The low bits of a random number are a random number of any width and sign.
        case Type::Int1: return Value(static_cast<std::int8_t>(bits));
        case Type::Int2: return Value(static_cast<std::int16_t>(bits));
        case Type::Int4: return Value(static_cast<std::int32_t>(bits));
        case Type::Int8: return Value(static_cast<std::int64_t>(bits));
        case Type::UInt1: return Value(static_cast<std::uint8_t>(bits));
        case Type::UInt2: return Value(static_cast<std::uint16_t>(bits));
        case Type::UInt4: return Value(static_cast<std::uint32_t>(bits));
        case Type::UInt8: return Value(bits);
        case Type::Money: return Value(fmt::format("{}.{:04}", bits % 1000, (bits >> 32U) % 10'000));
        case Type::Real4:
        case Type::Real8: return numeric(type, noise_.uniform(stream, n) * info(type).high);
        case Type::String: return Value(word(bits));
        case Type::Time: {
            constexpr std::int64_t kYear2000 = 946'684'800'000;
            constexpr std::uint64_t kThirtyYears = 946'684'800;
            return Value(fromUnixMillis(kYear2000 + static_cast<std::int64_t>(bits % kThirtyYears) * 1000));
        }
        case Type::Quality: break;  // carries a status: scan()
    }
    return {};
}

Value MatrikonTags::constantValue(const Leaf& leaf) {
    if (leaf.branch == Branch::Root) {
        if (leaf.type == Type::ArrayOfString) return stringArray({"Tagwire"});
        return numeric(leaf.type, leaf.type == Type::UInt4 ? 1 : 0);
    }
    switch (leaf.type) {
        case Type::ArrayOfReal8: return doubleArray({1, 2.5, -3.75});
        case Type::ArrayOfString: return stringArray({"one", "two", "three"});
        case Type::Boolean: return Value(true);
        case Type::String: return Value("Bucket Brigade");
        case Type::Time: return Value(fromUnixMillis(946'684'800'000));
        default: return numeric(leaf.type, 42);
    }
}

}  // namespace tagwire::source::simulator
