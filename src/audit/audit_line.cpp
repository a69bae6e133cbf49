#include "audit/audit_line.h"

#include <algorithm>
#include <array>
#include <optional>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "base/clip.h"
#include "base/json_text.h"
#include "base/option.h"
#include "base/sha256.h"
#include "base/strict_json.h"

namespace tagwire::audit {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::string_view kChainKey = R"(,"chain":")";
constexpr std::string_view kLineEnd = "\"}";
constexpr std::size_t kChainMember = kChainKey.size() + kChainCharacters + kLineEnd.size();

constexpr std::array kOutcomes{OptionName{AuditOutcome::Done, "done"sv},
                               OptionName{AuditOutcome::Refused, "refused"sv},
                               OptionName{AuditOutcome::Failed, "failed"sv}};

/// A field that is text, and how much of it is kept.
struct TextField {
    std::string_view key;
    std::string AuditEntry::* member;
    std::size_t most;
};

constexpr std::array kTexts{
    TextField{"user", &AuditEntry::user, 128},       TextField{"token", &AuditEntry::token, 128},
    TextField{"address", &AuditEntry::address, 128}, TextField{"action", &AuditEntry::action, 64},
    TextField{"target", &AuditEntry::target, 1024},  TextField{"before", &AuditEntry::before, 4096},
    TextField{"after", &AuditEntry::after, 4096},    TextField{"detail", &AuditEntry::detail, 2048}};

/// DEL and the C1 controls, which JSON lets stand, and marks that turn the direction of writing.
std::size_t harmfulBytesAt(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) {
        return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
    };
    if (byte(0) == 0x7F) return 1;
    if (byte(0) == 0xC2 && byte(1) >= 0x80 && byte(1) <= 0x9F) return 2;
    const bool direction = byte(0) == 0xE2 && ((byte(1) == 0x80 && byte(2) >= 0xA8 && byte(2) <= 0xAE) ||
                                               (byte(1) == 0x81 && byte(2) >= 0xA6 && byte(2) <= 0xA9));
    return direction ? 3 : 0;
}

unsigned codePointAt(std::string_view text, std::size_t at, std::size_t bytes) {
    const auto low = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]) & 0x3FU; };
    if (bytes == 1) return static_cast<unsigned char>(text[at]);
    if (bytes == 2) return ((static_cast<unsigned char>(text[at]) & 0x1FU) << 6U) | low(1);
    return ((static_cast<unsigned char>(text[at]) & 0x0FU) << 12U) | (low(1) << 6U) | low(2);
}

void appendHarmless(std::string& out, std::string_view text) {
    std::string json;
    appendJsonString(json, text);
    for (std::size_t i = 0; i < json.size();) {
        const auto bytes = harmfulBytesAt(json, i);
        if (bytes == 0) {
            out += json[i++];
        } else {
            out += fmt::format("\\u{:04x}", codePointAt(json, i, bytes));
            i += bytes;
        }
    }
}

std::string bodyOf(std::uint64_t number, const AuditEntry& entry) {
    std::string body = "{\"n\":";
    appendJsonInteger(body, number);
    body += ",\"time\":";
    appendJsonInteger(body, toUnixMillis(entry.time));
    for (const auto& field : kTexts) {
        const auto& text = entry.*(field.member);
        if (text.empty()) continue;
        body.append(",\"").append(field.key).append("\":");
        appendHarmless(body, text.size() > field.most ? clipped(text, field.most) + "…" : text);
    }
    body.append(R"(,"outcome":")").append(nameOf(entry.outcome)).push_back('"');
    return body;
}

std::optional<AuditOutcome> outcomeNamed(std::string_view name) {
    const auto found = std::ranges::find(kOutcomes, name, &OptionName<AuditOutcome>::name);
    return found == kOutcomes.end() ? std::nullopt : std::optional(found->value);
}

std::optional<std::int64_t> integerOf(const boost::json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    if (value == nullptr) return std::nullopt;
    if (const auto* number = value->if_int64()) return *number;
    return std::nullopt;
}

/// The first thing that is wrong with the members.
Result<NumberedAuditEntry> entryOf(const boost::json::object& object) {
    // The largest time that can be told in ticks.
    constexpr std::int64_t kMaxMillis = 253'402'300'800'000;
    NumberedAuditEntry numbered;
    const auto number = integerOf(object, "n");
    if (!number || *number < 1) return fail("expected a number from 1 as \"n\"");
    numbered.number = static_cast<std::uint64_t>(*number);
    const auto time = integerOf(object, "time");
    if (!time || *time < -kMaxMillis || *time > kMaxMillis)
        return fail("expected milliseconds since 1970 as \"time\"");
    numbered.entry.time = fromUnixMillis(*time);
    std::size_t known = 3;  // with the outcome
    for (const auto& field : kTexts) {
        const auto* value = object.if_contains(field.key);
        if (value == nullptr) continue;
        const auto* text = value->if_string();
        if (text == nullptr) return fail(fmt::format("expected a text as \"{}\"", field.key));
        numbered.entry.*(field.member) = std::string(text->data(), text->size());
        ++known;
    }
    const auto* outcome = object.if_contains("outcome");
    const auto* name = outcome == nullptr ? nullptr : outcome->if_string();
    const auto found = name == nullptr ? std::nullopt : outcomeNamed({name->data(), name->size()});
    if (!found) return fail("expected done, refused or failed as \"outcome\"");
    numbered.entry.outcome = *found;
    if (object.size() != known) return fail("there are members that no entry has");
    return numbered;
}

}  // namespace

std::string firstChain() { return std::string(kChainCharacters, '0'); }

std::string nextChain(std::string_view previous, std::string_view body) {
    return toHex(sha256(std::string(previous).append(body)));
}

std::string_view nameOf(AuditOutcome outcome) noexcept {
    const auto found = std::ranges::find(kOutcomes, outcome, &OptionName<AuditOutcome>::value);
    return found == kOutcomes.end() ? std::string_view{} : found->name;
}

WrittenLine lineOf(std::uint64_t number, const AuditEntry& entry, std::string_view previous) {
    auto body = bodyOf(number, entry);
    auto chain = nextChain(previous, body);
    body.append(kChainKey).append(chain).append(kLineEnd).append("\n");
    return {.text = std::move(body), .chain = std::move(chain)};
}

std::string textOf(const NumberedAuditEntry& numbered) {
    return bodyOf(numbered.number, numbered.entry) + '}';
}

Result<AuditLine> parseLine(std::string_view line) {
    if (line.size() > kMaxLineBytes)
        return fail(fmt::format("the line is longer than {} bytes", kMaxLineBytes));
    if (line.size() <= kChainMember || !line.ends_with(kLineEnd) ||
        line.substr(line.size() - kChainMember, kChainKey.size()) != kChainKey)
        return fail("the line does not end with its chain");
    AuditLine parsed;
    parsed.body = line.substr(0, line.size() - kChainMember);
    parsed.chain = line.substr(parsed.body.size() + kChainKey.size(), kChainCharacters);
    if (!std::ranges::all_of(parsed.chain,
                             [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }))
        return fail("its chain is no SHA-256");
    const auto json = parseStrictJson(std::string(parsed.body) + '}', 1, {});
    if (!json) return fail(fmt::format("the line is not valid JSON {}", json.error().message));
    const auto* object = json->if_object();
    if (object == nullptr) return fail("the line is no JSON object");
    auto numbered = entryOf(*object);
    if (!numbered) return tl::unexpected(numbered.error());
    parsed.numbered = *std::move(numbered);
    return parsed;
}

}  // namespace tagwire::audit
