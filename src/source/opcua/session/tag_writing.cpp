#include "source/opcua/session/tag_writing.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "model/generated/status_codes.h"
#include "source/opcua/services/browse_path.h"
#include "source/opcua/services/write.h"
#include "source/opcua/session/generation.h"
#include "source/opcua/session/path_resolver.h"

namespace tagwire::source::opcua {
namespace {

/// The item whose tag this is. Where the source took another's place the rest of the program knows its tags
/// by other ids, but by the same paths.
std::optional<std::uint32_t> itemOf(const ItemTable& table, const TagInfo& tag) {
    const auto named = [&tag](const ItemTable::Tag& each) { return each.info->path == tag.path; };
    if (const auto index = table.indexOf(tag.id)) {
        if (std::ranges::any_of(table[*index].tags, named)) return index;
    }
    for (std::uint32_t index = 0; index < table.size(); ++index) {
        if (std::ranges::any_of(table[index].tags, named)) return index;
    }
    return std::nullopt;
}

DataValue converted(const UA_DataValue& value, Generation& connection) {
    ConvertContext context{.namespaces = connection.info().namespaces(),
                           .types = &connection.typeReader().types()};
    return convert(value, context, wallClockNow());
}

/// Kept alive by the answers it waits for, which a closed connection drops.
class TagWriting : public std::enable_shared_from_this<TagWriting> {
public:
    TagWriting(Generation& connection, std::vector<TagWrite> writes, SteadyTime deadline,
               ServiceAnswer<std::vector<TagWritten>> answer)
        : connection_(connection),
          writes_(std::move(writes)),
          deadline_(deadline),
          answer_(std::move(answer)),
          results_(writes_.size()) {}
    TagWriting(const TagWriting&) = delete;
    TagWriting& operator=(const TagWriting&) = delete;
    ~TagWriting() {
        if (!answer_) return;
        if (!sent_) {
            answer_(failure(kBadServerNotConnected,
                            "the connection to the server ended before anything was written"));
            return;
        }
        for (const auto place : places_) {
            results_[place].status = kBadConnectionClosed;
            results_[place].message =
                "the connection ended before the server had answered; whether the value was written is not "
                "known: read it";
            results_[place].unknown = true;
        }
        answer_(std::move(results_));
    }

    void locate() {
        std::vector<NodeLocator> locators;
        for (std::size_t i = 0; i < writes_.size(); ++i) {
            const auto item = itemOf(connection_.table(), *writes_[i].tag);
            if (!item) {
                results_[i].status = kBadNodeIdUnknown;
                results_[i].message = "the source has no such tag any more";
                continue;
            }
            places_.push_back(i);
            locators.push_back(locatorOf(connection_.table()[*item].address));
        }
        locateNodes(
            viewOf(connection_.client(), connection_.info()), locators,
            [self = shared_from_this()](std::vector<LocatedNode> found) { self->write(std::move(found)); });
    }

private:
    void write(std::vector<LocatedNode> found) {
        std::vector<WriteItem> items;
        std::vector<std::size_t> located;
        for (std::size_t n = 0; n < found.size(); ++n) {
            const auto place = places_[n];
            if (found[n].status.isBad()) {
                results_[place].status = kBadNodeIdUnknown;
                results_[place].message = std::move(found[n].reason);
                continue;
            }
            located.push_back(place);
            items.push_back(
                {.node = std::move(found[n].id),
                 .indexRange = {},
                 .encode = [value = writes_[place].value](const WriteTarget& target, StructureTypes& types) {
                     return encodeValue(value, target, types);
                 }});
        }
        places_ = std::move(located);
        writeNodes(connection_.client(), connection_.info().limits(), connection_.typeReader(),
                   std::move(items),
                   [self = shared_from_this()](std::vector<WriteOutcome>& outcomes) { self->take(outcomes); },
                   {.deadline = deadline_, .onSend = [this] { sent_ = true; }});
    }

    void take(std::vector<WriteOutcome>& outcomes) {
        for (std::size_t n = 0; n < outcomes.size(); ++n) {
            WriteOutcome& outcome = outcomes[n];
            TagWritten& result = results_[places_[n]];
            result.status = outcome.status;
            result.message = std::move(outcome.message);
            result.unknown = outcome.unknown;
            if (outcome.before.get().hasValue)
                result.before = converted(outcome.before.get(), connection_).value;
            if (!outcome.status.isBad()) result.readBack = converted(outcome.readBack.get(), connection_);
        }
        std::exchange(answer_, nullptr)(std::move(results_));
    }

    Generation& connection_;
    std::vector<TagWrite> writes_;
    const SteadyTime deadline_;
    ServiceAnswer<std::vector<TagWritten>> answer_;
    std::vector<TagWritten> results_;
    /// Of what is at the server, in writes_.
    std::vector<std::size_t> places_;
    bool sent_ = false;
};

}  // namespace

void writeTags(Generation& connection, std::vector<TagWrite> writes, SteadyTime deadline,
               ServiceAnswer<std::vector<TagWritten>> answer) {
    std::make_shared<TagWriting>(connection, std::move(writes), deadline, std::move(answer))->locate();
}

}  // namespace tagwire::source::opcua
