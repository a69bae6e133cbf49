#include "wire/tag_desc.h"

#include "base/json_text.h"
#include "wire/generated/protocol.h"
#include "wire/value_members.h"

namespace tagwire::wire {

namespace {

std::string_view accessName(Access access) {
    switch (access) {
        case Access::Read: return "r";
        case Access::Write: return "w";
        case Access::ReadWrite: return "rw";
    }
    return "r";
}

void appendDimensions(std::string& out, const std::vector<std::uint32_t>& dimensions) {
    out += '[';
    for (const auto& length : dimensions) {
        if (&length != dimensions.data()) out += ',';
        appendJsonInteger(out, std::uint64_t{length});
    }
    out += ']';
}

void appendRange(std::string& out, const EURange& range) {
    out += '[';
    appendJsonNumber(out, range.low);
    out += ',';
    appendJsonNumber(out, range.high);
    out += ']';
}

void appendLimits(std::string& out, const tagwire::Limits& limits) {
    ObjectWriter object(out);
    if (limits.lowLow) object.member("ll", *limits.lowLow);
    if (limits.low) object.member("l", *limits.low);
    if (limits.high) object.member("h", *limits.high);
    if (limits.highHigh) object.member("hh", *limits.highHigh);
}

/// A string where there is one text of unknown language, else an object by language.
void appendDescription(std::string& out, const std::map<std::string, std::string>& byLanguage) {
    if (byLanguage.size() == 1 && byLanguage.begin()->first.empty()) {
        return appendJsonString(out, byLanguage.begin()->second);
    }
    out += '{';
    const char* separator = "";
    for (const auto& [language, text] : byLanguage) {
        out += separator;
        appendJsonString(out, language);
        out += ':';
        appendJsonString(out, text);
        separator = ",";
    }
    out += '}';
}

void writeTagDesc(ObjectWriter& object, const TagInfo& info, std::string_view sourceName) {
    object.member("h", info.id);
    object.member("n", info.path.text());
    object.member("ty", valueTypeName(info.type));
    if (!info.dimensions.empty()) appendDimensions(object.key("dims"), info.dimensions);
    if (info.units && !info.units->symbol.empty()) object.member("u", info.units->symbol);
    if (info.range) appendRange(object.key("eu"), *info.range);
    if (!info.limits.empty()) appendLimits(object.key("lim"), info.limits);
    if (info.access != Access::Read) object.member("rw", accessName(info.access));
    if (!info.description.empty()) appendDescription(object.key("d"), info.description);
    object.member("src", sourceName);
    if (!info.enumLabels.empty()) {
        ObjectWriter labels(object.key("en"));
        for (const auto& [number, label] : info.enumLabels) labels.member(std::to_string(number), label);
    }
    if (info.decimals) object.member("dp", *info.decimals);
    if (info.samplingInterval) object.member("si", info.samplingInterval->count());
    if (info.simulated) object.member("sim", true);
}

}  // namespace

void appendTagDesc(std::string& out, const TagInfo& info, std::string_view sourceName) {
    ObjectWriter object(out);
    writeTagDesc(object, info, sourceName);
}

void appendTagDetail(std::string& out, const TagInfo& info, std::string_view sourceName,
                     const DataValue& value) {
    ObjectWriter object(out);
    writeTagDesc(object, info, sourceName);
    writeValueMembers(object, value);
}

}  // namespace tagwire::wire
