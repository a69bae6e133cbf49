#include "link/backlog.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include "base/json_text.h"
#include "base/strict_json.h"

namespace tagwire::da {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kExtension = ".values";
constexpr std::size_t kMaxDepth = 4;
constexpr std::size_t kMaxLine = kMaxFrameBytes + std::size_t{8} * 1024;
constexpr auto kLastType = static_cast<std::int64_t>(BuiltInType::Variant);

std::optional<std::int64_t> integer(const boost::json::value& value, std::int64_t least, std::int64_t most) {
    const auto* number = value.if_int64();
    if (number == nullptr || *number < least || *number > most) return std::nullopt;
    return *number;
}

/// Names of others may hold what no narrow string can: they are looked at as the system has them.
std::optional<std::uint64_t> numberOf(const fs::path& file) {
    constexpr std::size_t kMostDigits = 18;
    const fs::path name = file.stem();
    const auto& stem = name.native();
    if (file.extension() != kExtension || stem.empty() || stem.size() > kMostDigits) return std::nullopt;
    std::uint64_t number = 0;
    for (const auto digit : stem) {
        if (digit < '0' || digit > '9') return std::nullopt;
        number = number * 10 + static_cast<std::uint64_t>(digit - '0');
    }
    return number;
}

std::string contentOf(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

std::string storedLine(std::string_view id, const OutValue& value) {
    std::string line = "[";
    appendJsonString(line, id);
    line += fmt::format(",{},{},{},{}]\t{}", static_cast<int>(value.shape.type), value.shape.array ? 1 : 0,
                        toUnixMillis(value.time.value_or(Timestamp{})), value.status.code(), value.value);
    return line;
}

std::optional<StoredValue> parseStoredLine(std::string_view line) {
    const auto tab = line.find('\t');
    if (tab == std::string_view::npos || line.size() > kMaxLine) return std::nullopt;
    const auto text = line.substr(tab + 1);
    const auto head = parseStrictJson(line.substr(0, tab), kMaxDepth, {});
    // It goes into a frame as it stands.
    if (!head || !parseStrictJson(text, kMaxDepth, {})) return std::nullopt;
    const auto* fields = head->if_array();
    constexpr std::size_t kFields = 5;
    if (fields == nullptr || fields->size() != kFields || !fields->front().is_string()) return std::nullopt;
    const auto type = integer((*fields)[1], 0, kLastType);
    const auto array = integer((*fields)[2], 0, 1);
    constexpr std::int64_t kLatest = 253'402'300'799'999;  // of the year 9999
    const auto time = integer((*fields)[3], -kLatest, kLatest);
    const auto status = integer((*fields)[4], 0, 0xFFFF'FFFF);
    if (!type || !array || !time || !status) return std::nullopt;
    return StoredValue{.id = std::string((*fields)[0].get_string()),
                       .value = {.value = std::string(text),
                                 .shape = {.type = static_cast<BuiltInType>(*type), .array = *array == 1},
                                 .time = fromUnixMillis(*time),
                                 .status = StatusCode{static_cast<std::uint32_t>(*status)}},
                       .number = 0};
}

Result<Backlog> Backlog::open(Options options) {
    options.maxBytes = std::max(options.maxBytes, kMinBytes);
    Backlog backlog(std::move(options));
    if (backlog.options_.folder.empty()) return backlog;
    if (auto read = backlog.readFolder(); !read) return tl::unexpected(std::move(read.error()));
    return backlog;
}

Result<void> Backlog::readFolder() {
    const auto& folder = options_.folder;
    std::error_code error;
    fs::create_directories(folder, error);
    // A file that cannot be made now could not be made when it matters either.
    const auto probe = folder / "probe";
    const bool usable = std::ofstream(probe, std::ios::binary).put('x').flush().good();
    std::vector<Segment> found;
    for (fs::directory_iterator each(folder, error), end; !error && each != end; each.increment(error)) {
        const auto number = numberOf(each->path());
        if (!number) continue;
        const auto text = contentOf(each->path());
        Segment segment;
        segment.number = *number;
        segment.bytes = text.size();
        segment.count = static_cast<std::uint64_t>(std::ranges::count(text, '\n'));
        found.push_back(std::move(segment));
    }
    fs::remove(probe, error);
    if (!usable) return fail("nothing can be written into the folder of --keep");
    std::ranges::sort(found, {}, &Segment::number);
    for (auto& segment : found) {
        bytes_ += segment.bytes;
        next_ = segment.number + 1;
        segments_.push_back(std::move(segment));
    }
    while (bytes_ > options_.maxBytes && !segments_.empty()) loseFront();
    return {};
}

fs::path Backlog::fileOf(const Segment& segment) const {
    return options_.folder / fmt::format("{:010}{}", segment.number, kExtension);
}

void Backlog::add(std::string_view id, const OutValue& value) {
    const auto line = storedLine(id, value) + '\n';
    if (segments_.empty() || !segments_.back().text) {
        begin();
    } else if (segments_.back().bytes + line.size() > segmentBytes() && segments_.back().count > 0) {
        seal();
        begin();
    }
    auto& last = segments_.back();
    *last.text += line;
    last.bytes += line.size();
    ++last.count;
    bytes_ += line.size();
    while (bytes_ > options_.maxBytes && segments_.size() > 1) loseFront();
}

void Backlog::begin() {
    Segment segment;
    segment.number = next_++;
    segment.afterLoss = std::exchange(lostBefore_, false);
    segment.text.emplace();
    segments_.push_back(std::move(segment));
}

bool Backlog::write(Segment& segment) {
    if (segment.written == segment.text->size()) return true;
    std::ofstream stream(fileOf(segment), std::ios::binary | std::ios::app);
    stream << std::string_view(*segment.text).substr(segment.written) << std::flush;
    if (!stream) return false;
    segment.written = segment.text->size();
    return true;
}

void Backlog::seal() {
    auto& last = segments_.back();
    if (options_.folder.empty()) return;
    if (write(last)) {
        // What front() has not read yet it reads from the file.
        last.text.reset();
        return;
    }
    if (segments_.size() == 1) return loseFront();
    lost_ += last.count;
    bytes_ -= last.bytes;
    lostBefore_ = true;
    std::error_code ignored;
    fs::remove(fileOf(last), ignored);
    segments_.pop_back();
}

void Backlog::flush() {
    if (options_.folder.empty() || segments_.empty() || !segments_.back().text) return;
    // What cannot be written now is tried again; seal() counts what never could.
    static_cast<void>(write(segments_.back()));
}

void Backlog::loseFront() {
    lost_ += segments_.front().count - readLines_ + head_.size();
    removeFront();
    (segments_.empty() ? lostBefore_ : segments_.front().afterLoss) = true;
}

void Backlog::removeFront() {
    if (!options_.folder.empty()) {
        std::error_code ignored;
        fs::remove(fileOf(segments_.front()), ignored);
    }
    bytes_ -= segments_.front().bytes;
    segments_.pop_front();
    head_.clear();
    read_ = 0;
    readLines_ = 0;
    if (segments_.empty()) marked_.reset();
}

bool Backlog::readFront() {
    const auto& segment = segments_.front();
    if (segment.afterLoss && read_ == 0) marked_.emplace();
    std::string file;
    if (!segment.text) file = contentOf(fileOf(segment));
    const std::string_view all = segment.text ? *segment.text : file;
    const auto rest = all.substr(std::min(read_, all.size()));
    std::size_t begin = 0;
    for (auto end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n', begin)) {
        auto stored = parseStoredLine(rest.substr(begin, end - begin));
        begin = end + 1;
        ++readLines_;
        if (!stored) {
            ++lost_;
            if (!marked_) marked_.emplace();
            continue;
        }
        if (marked_ && marked_->insert(stored->id).second)
            stored->value.status = stored->value.status.withOverflow();
        stored->number = ++numbered_;
        head_.push_back(std::move(*stored));
    }
    read_ += begin;
    return !head_.empty();
}

std::vector<StoredValue> Backlog::front(std::size_t bytes) {
    while (head_.empty() && !segments_.empty() && !readFront()) removeFront();
    std::vector<StoredValue> out;
    for (const auto& stored : head_) {
        const auto size = stored.value.value.size() + stored.id.size() + sizeof(StoredValue);
        if (!out.empty() && size > bytes) break;
        bytes -= std::min(size, bytes);
        out.push_back(stored);
    }
    return out;
}

void Backlog::drop(std::uint64_t number) {
    while (!head_.empty() && head_.front().number <= number) head_.pop_front();
    // A file goes as soon as nothing of it waits.
    if (head_.empty() && !segments_.empty() && !readFront()) removeFront();
}

}  // namespace tagwire::da
