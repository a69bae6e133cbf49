/// A desk whose time and devices the test moves by hand.
/// Thread: the test's. Lifetime: a test.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <boost/json/parse.hpp>

#include "control/desk.h"
#include "model/generated/status_codes.h"

namespace tagwire::control {

class FakeTrail final : public AuditTrail {
public:
    [[nodiscard]] bool ready() const noexcept override { return isReady; }
    void record(AuditEntry entry) override { entries.push_back(std::move(entry)); }

    bool isReady = true;
    std::vector<AuditEntry> entries;
};

/// Takes what is written and answers when the test says so.
class FakeWriter final : public TagWriter {
public:
    struct Call {
        std::vector<TagWrite> writes;
        SteadyTime deadline;
        ServiceAnswer<std::vector<TagWritten>> answer;
    };

    void write(std::vector<TagWrite> writes, SteadyTime deadline,
               ServiceAnswer<std::vector<TagWritten>> answer) override {
        ++calls;
        open.push_back({std::move(writes), deadline, std::move(answer)});
    }

    /// The oldest call that waits: all taken, read back as written.
    void accept() {
        auto call = take();
        std::vector<TagWritten> results;
        for (const auto& write : call.writes) {
            device[write.tag->path.text()] = write.value;
            results.push_back(
                {.status = {}, .message = {}, .before = std::nullopt, .readBack = readBackOf(write.value)});
        }
        call.answer(std::move(results));
    }
    /// The device says this of each value.
    void answer(const TagWritten& each) {
        auto call = take();
        call.answer(std::vector<TagWritten>(call.writes.size(), each));
    }
    void fail(StatusCode status) { take().answer(failure(status, "not now")); }

    [[nodiscard]] Call take() {
        auto call = std::move(open.at(0));
        open.pop_front();
        return call;
    }

    std::size_t calls = 0;
    std::deque<Call> open;
    std::map<std::string, Value> device;
};

/// One source with one writer.
class FakeDirectory final : public WriterDirectory {
public:
    [[nodiscard]] Found writerOf(SourceId source) const override {
        return source == SourceId{1} ? Found{&writer, state} : Found{};
    }

    mutable FakeWriter writer;
    SourceState state = liveState();

private:
    [[nodiscard]] static SourceState liveState() {
        SourceState live;
        live.source = SourceId{1};
        live.name = "plc";
        live.phase = SourcePhase::Live;
        return live;
    }
};

inline TagInfo tagOf(std::string_view path, BuiltInType type, std::uint32_t id = 1) {
    return {.id = TagId{id},
            .path = TagPath::parse(path).value(),
            .source = SourceId{1},
            .type = type,
            .access = Access::ReadWrite};
}

class DeskBench {
public:
    using Results = std::vector<WriteResult>;

    [[nodiscard]] OrderedWrite wish(TagInfo info, std::string_view json) const {
        auto path = info.path.text();
        return {.path = std::move(path),
                .tag = std::make_shared<const TagInfo>(std::move(info)),
                .before = Value(1.0),
                .value = boost::json::parse(json)};
    }
    [[nodiscard]] static WriteOrder order(std::vector<OrderedWrite> writes, std::string key = "k1") {
        return {.by = {.user = "op1", .token = "", .address = "127.0.0.1"},
                .key = std::move(key),
                .ttl = std::chrono::milliseconds{3'000},
                .writes = std::move(writes)};
    }

    void write(WriteOrder order) {
        desk.write(std::move(order), now,
                   [this](ServiceResult<Results> result) { answers.push_back(std::move(result)); });
        settle();
    }
    /// Runs what the sources' answers left to do.
    void settle() {
        desk.turn();
        while (!tasks.empty()) {
            const auto task = std::move(tasks.front());
            tasks.pop_front();
            task();
            desk.turn();
        }
    }
    void pass(std::chrono::milliseconds time) {
        now += time;
        settle();
    }

    [[nodiscard]] FakeWriter& writer() { return directory.writer; }
    [[nodiscard]] const Results& results() const { return answers.back().value(); }

    SteadyTime now = SteadyTime{} + std::chrono::hours{1};
    FakeTrail trail;
    FakeDirectory directory;
    std::deque<std::function<void()>> tasks;
    std::vector<ServiceResult<Results>> answers;
    Desk desk{directory, trail, [this](std::function<void()> task) { tasks.push_back(std::move(task)); },
              [this] { return now; }, [] { return Timestamp{}; }};
};

}  // namespace tagwire::control
