#include "simserver/tag_space.h"

#include <array>
#include <cmath>
#include <functional>
#include <string_view>
#include <utility>

#include "com/text.h"
#include "simserver/opc_codes.h"
#include "types/file_time.h"

namespace tagwire::da {
namespace {

constexpr double kPeriodSeconds = 10;      // of a wave
constexpr std::int64_t kScanMillis = 100;  // how often what is random changes

struct TypeName {
    std::wstring_view leaf;
    VARTYPE type;
};

constexpr std::array kWaves{
    TypeName{.leaf = L"Int1", .type = VT_I1},   TypeName{.leaf = L"Int2", .type = VT_I2},
    TypeName{.leaf = L"Int4", .type = VT_I4},   TypeName{.leaf = L"Real4", .type = VT_R4},
    TypeName{.leaf = L"Real8", .type = VT_R8},  TypeName{.leaf = L"UInt1", .type = VT_UI1},
    TypeName{.leaf = L"UInt2", .type = VT_UI2}, TypeName{.leaf = L"UInt4", .type = VT_UI4},
};
constexpr TypeName kMoney{.leaf = L"Money", .type = VT_CY};
constexpr TypeName kBoolean{.leaf = L"Boolean", .type = VT_BOOL};
constexpr std::array kRest{
    TypeName{.leaf = L"ArrayOfReal8", .type = VT_ARRAY | VT_R8},
    TypeName{.leaf = L"ArrayOfString", .type = VT_ARRAY | VT_BSTR},
    TypeName{.leaf = L"String", .type = VT_BSTR},
    TypeName{.leaf = L"Time", .type = VT_DATE},
};

/// A number that looks random and is the same for the same tag and scan (the finaliser of MurmurHash3).
std::uint64_t randomOf(const SimTag& tag, std::int64_t scan) {
    auto x = std::hash<std::wstring>{}(tag.id()) ^ (static_cast<std::uint64_t>(scan) * 0x9E3779B97F4A7C15U);
    x = (x ^ (x >> 33U)) * 0xFF51AFD7ED558CCDU;
    x = (x ^ (x >> 33U)) * 0xC4CEB9FE1A85EC53U;
    return x ^ (x >> 33U);
}

Variant numberOf(double number, VARTYPE type) {
    Variant variant;
    variant.get().vt = VT_R8;
    variant.get().dblVal = number;
    if (FAILED(convertVariant(variant.get(), variant.get(), type))) return {};
    return variant;
}

Variant textArray(const std::vector<std::wstring>& texts) {
    Variant variant;
    SAFEARRAY* array = SafeArrayCreateVector(VT_BSTR, 0, static_cast<ULONG>(texts.size()));
    if (array == nullptr) return variant;
    auto* elements = static_cast<BSTR*>(array->pvData);
    for (std::size_t i = 0; i < texts.size(); ++i) elements[i] = SysAllocString(texts[i].c_str());
    variant.get().vt = VT_ARRAY | VT_BSTR;
    variant.get().parray = array;
    return variant;
}

Variant valueFrom(std::uint64_t random, VARTYPE type, double high, double low) {
    const double unit = static_cast<double>(random >> 11U) * 0x1p-53;
    switch (type) {
        case VT_BSTR: return numberOf(std::floor(unit * 1e6), VT_BSTR);
        case VT_DATE: return numberOf(25'569 + std::floor(unit * 20'000), VT_DATE);
        case VT_BOOL: return numberOf(unit < 0.5 ? 0 : 1, VT_BOOL);
        case VT_ARRAY | VT_BSTR: return textArray({std::to_wstring(random % 1000), L"温度", L"Druck"});
        case VT_ARRAY | VT_R8: {
            auto array = variantOf(Value(Array{.elementType = BuiltInType::Double,
                                               .elements = std::vector{unit, unit * 2, unit * 3},
                                               .dimensions = {}}),
                                   VT_ARRAY | VT_R8);
            return array ? std::move(*array) : Variant{};
        }
        default: return numberOf(low + unit * (high - low), type);
    }
}

/// 0 to 1.
double phaseOf(Timestamp now) {
    return std::fmod(static_cast<double>(ticksOf(now)) / 1e7, kPeriodSeconds) / kPeriodSeconds;
}

SimSample waveOf(const SimTag& tag, Timestamp now) {
    const double phase = phaseOf(now);
    double unit = phase;
    if (tag.behaviour == Behaviour::Triangle) unit = phase < 0.5 ? phase * 2 : 2 - phase * 2;
    if (tag.behaviour == Behaviour::Square) unit = phase < 0.5 ? 0 : 1;
    if (tag.type == VT_BOOL) return {.value = numberOf(unit, VT_BOOL), .time = fileTimeStruct(now)};
    return {.value = numberOf(tag.lowEu() + unit * (tag.highEu() - tag.lowEu()), tag.type),
            .time = fileTimeStruct(now)};
}

}  // namespace

DWORD SimTag::accessRights() const noexcept {
    switch (behaviour) {
        case Behaviour::Stored:
        case Behaviour::ReadError:
        case Behaviour::WriteError: return kReadable | kWriteable;
        case Behaviour::WriteOnly:
        case Behaviour::Shutdown: return kWriteable;
        default: return kReadable;
    }
}

bool SimTag::isAnalog() const noexcept {
    return type != VT_BOOL && (behaviour == Behaviour::SawTooth || behaviour == Behaviour::Triangle ||
                               behaviour == Behaviour::Square);
}

double SimTag::highEu() const noexcept { return type == VT_I1 || type == VT_UI1 ? 100 : 1000; }
double SimTag::lowEu() const noexcept {
    return type == VT_UI1 || type == VT_UI2 || type == VT_UI4 ? 0 : -highEu();
}

TagSpace::TagSpace() {
    const auto add = [this](std::wstring_view branch, const TypeName& name, Behaviour behaviour) {
        tags_.push_back({.branch = std::wstring(branch),
                         .leaf = std::wstring(name.leaf),
                         .type = name.type,
                         .behaviour = behaviour});
    };
    add(L"", {.leaf = L"#MonitorACLFile", .type = VT_BOOL}, Behaviour::Stored);
    add(L"", {.leaf = L"@ClientCount", .type = VT_UI4}, Behaviour::ClientCount);
    add(L"", {.leaf = L"@Clients", .type = VT_ARRAY | VT_BSTR}, Behaviour::Clients);
    add(L"", {.leaf = L"@Shutdown", .type = VT_BSTR}, Behaviour::Shutdown);
    for (const auto& [branch, behaviour] :
         {std::pair{L"Bucket Brigade", Behaviour::Stored}, std::pair{L"Random", Behaviour::Random},
          std::pair{L"Read Error", Behaviour::ReadError}, std::pair{L"Write Error", Behaviour::WriteError},
          std::pair{L"Write Only", Behaviour::WriteOnly}}) {
        for (const auto& name : kRest) add(branch, name, behaviour);
        for (const auto& name : kWaves) add(branch, name, behaviour);
        add(branch, kMoney, behaviour);
        add(branch, kBoolean, behaviour);
    }
    add(L"Random", {.leaf = L"Qualities", .type = VT_UI4}, Behaviour::Qualities);
    for (const auto& name : kWaves) {
        add(L"Saw-toothed Waves", name, Behaviour::SawTooth);
        add(L"Triangle Waves", name, Behaviour::Triangle);
        add(L"Square Waves", name, Behaviour::Square);
    }
    add(L"Saw-toothed Waves", kMoney, Behaviour::SawTooth);
    add(L"Triangle Waves", kMoney, Behaviour::Triangle);
    add(L"Square Waves", kBoolean, Behaviour::Square);
}

std::vector<std::wstring> TagSpace::branches() const {
    std::vector<std::wstring> names;
    for (const auto& tag : tags_) {
        if (tag.branch.empty()) continue;
        bool known = false;
        for (const auto& name : names) known = known || name == tag.branch;
        if (!known) names.push_back(tag.branch);
    }
    return names;
}

const SimTag* TagSpace::find(std::wstring_view id) const {
    for (const auto& tag : tags_) {
        const auto own = tag.id();
        if (CompareStringOrdinal(own.data(), static_cast<int>(own.size()), id.data(),
                                 static_cast<int>(id.size()), TRUE) == CSTR_EQUAL) {
            return &tag;
        }
    }
    return nullptr;
}

SimSample TagSpace::stored(const SimTag& tag) const {
    const std::lock_guard lock(mutex_);
    const auto found = stored_.find(&tag);
    if (found != stored_.end()) return found->second;
    // Nobody has written yet: the type's zero, at no known time.
    if (tag.type == (VT_ARRAY | VT_BSTR)) return {.value = textArray({}), .time = {}};
    return {.value = tag.type == VT_BSTR              ? numberOf(0, VT_BSTR)
                     : tag.type == (VT_ARRAY | VT_R8) ? valueFrom(0, tag.type, 0, 0)
                                                      : numberOf(0, tag.type),
            .time = {}};
}

SimSample TagSpace::read(const SimTag& tag) const {
    const auto now = wallClockNow();
    const auto scan = toUnixMillis(now) / kScanMillis;
    switch (tag.behaviour) {
        case Behaviour::Stored:
        case Behaviour::WriteError: return stored(tag);
        case Behaviour::Random:
            return {.value = valueFrom(randomOf(tag, scan), tag.type, tag.highEu(), tag.lowEu()),
                    .time = fileTimeStruct(fromUnixMillis(scan * kScanMillis))};
        case Behaviour::Qualities: {
            constexpr std::array<WORD, 14> kQualities{0xC0, 0xD8, 0x40, 0x44, 0x51, 0x56, 0x58,
                                                      0x00, 0x04, 0x08, 0x0C, 0x10, 0x18, 0x20};
            const auto quality =
                kQualities.at(static_cast<std::size_t>(randomOf(tag, scan) % kQualities.size()));
            return {.value = numberOf(quality, tag.type),
                    .quality = quality,
                    .time = fileTimeStruct(fromUnixMillis(scan * kScanMillis))};
        }
        case Behaviour::SawTooth:
        case Behaviour::Triangle:
        case Behaviour::Square: return waveOf(tag, now);
        case Behaviour::ClientCount:
        case Behaviour::Clients: {
            const std::lock_guard lock(mutex_);
            return {.value = tag.behaviour == Behaviour::Clients
                                 ? textArray(clients_)
                                 : numberOf(static_cast<double>(clients_.size()), tag.type),
                    .time = fileTimeStruct(now)};
        }
        case Behaviour::ReadError:
            return {.value = {}, .quality = 0x0C, .time = fileTimeStruct(now), .error = E_FAIL};
        default: return {.value = {}, .quality = 0x00, .time = fileTimeStruct(now), .error = kOpcBadRights};
    }
}

HRESULT TagSpace::write(const SimTag& tag, const VARIANT& value) {
    if ((tag.accessRights() & kWriteable) == 0) return kOpcBadRights;
    if (tag.behaviour == Behaviour::WriteError) return E_FAIL;
    SimSample sample{.value = {}, .time = fileTimeStruct(wallClockNow())};
    const auto changed = convertVariant(sample.value.get(), value, tag.type);
    if (changed == DISP_E_OVERFLOW) return kOpcRange;
    if (FAILED(changed)) return kOpcBadType;
    const std::lock_guard lock(mutex_);
    stored_.insert_or_assign(&tag, std::move(sample));
    return S_OK;
}

void TagSpace::setClients(std::vector<std::wstring> names) {
    const std::lock_guard lock(mutex_);
    clients_ = std::move(names);
}

std::optional<std::wstring> TagSpace::takeShutdown() {
    const std::lock_guard lock(mutex_);
    for (auto stored = stored_.begin(); stored != stored_.end(); ++stored) {
        if (stored->first->behaviour != Behaviour::Shutdown) continue;
        const BSTR text = stored->second.value.get().bstrVal;
        std::wstring reason(text == nullptr ? L"" : text);
        stored_.erase(stored);
        return reason;
    }
    return std::nullopt;
}

}  // namespace tagwire::da
