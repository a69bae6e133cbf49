#include "source/opcua/services/metadata_reader.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <memory>
#include <set>
#include <span>
#include <utility>

#include "source/opcua/services/browse_listing.h"
#include "source/opcua/services/data_types.h"
#include "source/opcua/services/engineering_units.h"
#include "source/opcua/services/node_key.h"
#include "source/opcua/services/node_text.h"
#include "source/opcua/services/read.h"
#include "source/opcua/services/variant_access.h"
#include "source/opcua/values/node_id_map.h"

namespace tagwire::source::opcua {
namespace {

/// Nodes that are asked for at a time: bounds the memory that the questions take.
constexpr std::size_t kNodesAtATime = 500;

constexpr std::array<UA_UInt32, 9> kAttributes{
    UA_ATTRIBUTEID_DATATYPE,        UA_ATTRIBUTEID_DISPLAYNAME,
    UA_ATTRIBUTEID_DESCRIPTION,     UA_ATTRIBUTEID_VALUERANK,
    UA_ATTRIBUTEID_ARRAYDIMENSIONS, UA_ATTRIBUTEID_ACCESSLEVEL,
    UA_ATTRIBUTEID_USERACCESSLEVEL, UA_ATTRIBUTEID_MINIMUMSAMPLINGINTERVAL,
    UA_ATTRIBUTEID_HISTORIZING};

void takeAttribute(NodeMetadata& node, UA_UInt32 attribute, const UA_DataValue& value) {
    switch (attribute) {
        case UA_ATTRIBUTEID_DISPLAYNAME:
            if (const auto* text = scalarIn<UA_LocalizedText>(value, UA_TYPES_LOCALIZEDTEXT))
                node.displayName = wordsOf(*text);
            break;
        case UA_ATTRIBUTEID_DESCRIPTION:
            if (const auto* text = scalarIn<UA_LocalizedText>(value, UA_TYPES_LOCALIZEDTEXT))
                node.description = wordsOf(*text);
            break;
        case UA_ATTRIBUTEID_VALUERANK:
            if (const auto* rank = scalarIn<UA_Int32>(value, UA_TYPES_INT32)) node.valueRank = *rank;
            break;
        case UA_ATTRIBUTEID_ARRAYDIMENSIONS: {
            constexpr std::size_t kMaxDimensions = 16;
            if (!value.hasValue) break;
            forEachIn<UA_UInt32>(value.value, UA_TYPES_UINT32, kMaxDimensions,
                                 [&](UA_UInt32 length) { node.arrayDimensions.push_back(length); });
            break;
        }
        case UA_ATTRIBUTEID_ACCESSLEVEL:
            if (const auto* bits = scalarIn<UA_Byte>(value, UA_TYPES_BYTE))
                node.accessLevel = AccessLevel{*bits};
            break;
        case UA_ATTRIBUTEID_USERACCESSLEVEL:
            if (const auto* bits = scalarIn<UA_Byte>(value, UA_TYPES_BYTE))
                node.userAccessLevel = AccessLevel{*bits};
            break;
        case UA_ATTRIBUTEID_MINIMUMSAMPLINGINTERVAL:
            if (const auto* interval = scalarIn<UA_Double>(value, UA_TYPES_DOUBLE);
                interval && std::isfinite(*interval))
                node.minimumSamplingInterval = *interval;
            break;
        case UA_ATTRIBUTEID_HISTORIZING:
            if (const auto* historizing = scalarIn<UA_Boolean>(value, UA_TYPES_BOOLEAN))
                node.historizing = *historizing;
            break;
        default: break;
    }
}

/// How the value of a property becomes part of a node's metadata.
struct Property {
    std::string_view name;
    void (*take)(NodeMetadata& node, const UA_Variant& value);
};

std::optional<EURange> rangeOf(const UA_Variant& value) {
    const auto* range = scalarIn<UA_Range>(value, UA_TYPES_RANGE);
    if (range == nullptr || !std::isfinite(range->low) || !std::isfinite(range->high) ||
        range->low >= range->high)
        return std::nullopt;
    return EURange{range->low, range->high};
}

std::optional<double> numberOf(const UA_Variant& value) {
    if (const auto* number = scalarIn<UA_Double>(value, UA_TYPES_DOUBLE); number && std::isfinite(*number))
        return *number;
    if (const auto* number = scalarIn<UA_Float>(value, UA_TYPES_FLOAT); number && std::isfinite(*number))
        return static_cast<double>(*number);
    return std::nullopt;
}

template <std::int64_t Number>
void takeState(NodeMetadata& node, const UA_Variant& value) {
    if (const auto* text = scalarIn<UA_LocalizedText>(value, UA_TYPES_LOCALIZEDTEXT))
        node.labels[Number] = shownText(text->text);
}

template <std::optional<double> Limits::* Which>
void takeLimit(NodeMetadata& node, const UA_Variant& value) {
    node.limits.*Which = numberOf(value);
}

void takeLabels(NodeMetadata& node, const UA_Variant& value) {
    if (auto labels = labelsOf(value); !labels.empty()) node.labels = std::move(labels);
}

void takeDecimals(NodeMetadata& node, const UA_Variant& value) {
    constexpr double kMaxDecimals = 15;
    const auto precision = numberOf(value);
    if (precision && *precision >= 0 && *precision <= kMaxDecimals)
        node.decimals = static_cast<int>(*precision);
}

/// OPC 10000-8, 5.3, and OPC 10000-9, 5.8.18, where it is a property of the variable itself.
constexpr std::array kProperties{
    Property{"EURange", [](NodeMetadata& node, const UA_Variant& value) { node.range = rangeOf(value); }},
    Property{"InstrumentRange",
             [](NodeMetadata& node, const UA_Variant& value) { node.instrumentRange = rangeOf(value); }},
    Property{"EngineeringUnits",
             [](NodeMetadata& node, const UA_Variant& value) {
                 if (const auto* units = scalarIn<UA_EUInformation>(value, UA_TYPES_EUINFORMATION))
                     node.units = unitsOf(*units);
             }},
    Property{"FalseState", takeState<0>},
    Property{"TrueState", takeState<1>},
    Property{"EnumStrings", takeLabels},
    Property{"EnumValues", takeLabels},
    Property{"ValuePrecision", takeDecimals},
    Property{"LowLowLimit", takeLimit<&Limits::lowLow>},
    Property{"LowLimit", takeLimit<&Limits::low>},
    Property{"HighLimit", takeLimit<&Limits::high>},
    Property{"HighHighLimit", takeLimit<&Limits::highHigh>},
};

class Reading final : public Cancellable, public std::enable_shared_from_this<Reading> {
public:
    Reading(const ServerView& server, std::vector<Ua<UA_NodeId>> nodes, MetadataCallbacks callbacks)
        : server_(server), nodes_(std::move(nodes)), callbacks_(std::move(callbacks)), types_(server) {}

    void round() {
        if (cancelled_) return;
        if (first_ == nodes_.size() || lost_.isBad()) {
            callbacks_.onDone(lost_);
            return;
        }
        count_ = std::min(kNodesAtATime, nodes_.size() - first_);
        results_.assign(count_, {});
        typeOf_ = std::vector<Ua<UA_NodeId>>(count_);
        properties_.clear();
        readAttributes();
    }

    void cancel() override { cancelled_ = true; }

private:
    struct Found {
        std::size_t node;
        const Property* property;
        Ua<UA_NodeId> id;
    };

    void readAttributes() {
        std::vector<ReadItem> items;
        items.reserve(count_ * kAttributes.size());
        for (std::size_t i = 0; i < count_; ++i) {
            for (const UA_UInt32 attribute : kAttributes)
                items.push_back({copyOf(nodes_[first_ + i].get()), attribute, {}});
        }
        readNodes(server_.client, server_.limits.read, std::move(items), std::chrono::milliseconds{0},
                  [self = shared_from_this()](ReadOutcomes& outcomes) { self->onAttributes(outcomes); });
    }

    void onAttributes(ReadOutcomes& outcomes) {
        for (std::size_t i = 0; i < outcomes.size(); ++i) {
            const std::size_t node = i / kAttributes.size();
            const UA_UInt32 attribute = kAttributes.at(i % kAttributes.size());
            UA_DataValue& value = outcomes[i].result;
            if (attribute != UA_ATTRIBUTEID_DATATYPE) {
                takeAttribute(results_[node], attribute, value);
                continue;
            }
            const StatusCode status = statusOf(outcomes[i]);
            // A node without a data type is no variable, and has a name all the same.
            if (status.isBad() && status.code() != UA_STATUSCODE_BADATTRIBUTEIDINVALID)
                results_[node].status = status;
            if (const auto* type = scalarIn<UA_NodeId>(value, UA_TYPES_NODEID)) {
                results_[node].dataType = nodeTextOf(*type, server_.namespaces);
                typeOf_[node] = copyOf(*type);
            }
        }
        listProperties();
    }

    void listProperties() {
        if (cancelled_) return;
        std::vector<Ua<UA_NodeId>> nodes;
        nodes.reserve(count_);
        for (std::size_t i = 0; i < count_; ++i) nodes.push_back(copyOf(nodes_[first_ + i].get()));
        ReferenceQuery query;
        query.referenceType = UA_NS0ID_HASPROPERTY;
        query.resultMask = UA_BROWSERESULTMASK_BROWSENAME;
        const auto self = shared_from_this();
        listReferences(server_, std::move(nodes), query,
                       {[self](std::size_t node, std::span<UA_ReferenceDescription> references) {
                            self->takeProperties(node, references);
                            return true;
                        },
                        [self](std::span<const ListingEnd>) { self->readProperties(); }});
    }

    void takeProperties(std::size_t node, std::span<const UA_ReferenceDescription> references) {
        for (const UA_ReferenceDescription& reference : references) {
            if (reference.browseName.namespaceIndex != 0 || isRemote(reference.nodeId, server_.namespaces))
                continue;
            const auto* property =
                std::ranges::find(kProperties, view(reference.browseName.name), &Property::name);
            // Each name once, however often a server repeats it.
            if (property == kProperties.end() || !seen_.insert({node, property}).second) continue;
            properties_.push_back({node, property, localId(reference.nodeId, server_.namespaces)});
        }
    }

    void readProperties() {
        if (cancelled_) return;
        seen_.clear();
        std::vector<ReadItem> items;
        items.reserve(properties_.size());
        for (Found& each : properties_) items.push_back({std::move(each.id), UA_ATTRIBUTEID_VALUE, {}});
        readNodes(server_.client, server_.limits.read, std::move(items), std::chrono::milliseconds{0},
                  [self = shared_from_this()](ReadOutcomes& outcomes) {
                      for (std::size_t i = 0; i < outcomes.size(); ++i) {
                          const Found& each = self->properties_[i];
                          if (outcomes[i].result.hasValue)
                              each.property->take(self->results_[each.node], outcomes[i].result.value);
                      }
                      self->learnTypes();
                  });
    }

    void learnTypes() {
        if (cancelled_) return;
        std::vector<Ua<UA_NodeId>> types;
        for (const Ua<UA_NodeId>& type : typeOf_) {
            if (!UA_NodeId_isNull(&type.get())) types.push_back(copyOf(type.get()));
        }
        types_.learn(std::move(types), [self = shared_from_this()] { self->deliver(); });
    }

    void deliver() {
        for (std::size_t i = 0; i < count_; ++i) {
            const DataTypeInfo& type = types_[typeOf_[i].get()];
            results_[i].type = type.type;
            if (results_[i].labels.empty()) results_[i].labels = type.labels;
        }
        if (cancelled_) return;
        callbacks_.onNodes(first_, std::exchange(results_, {}));
        first_ += count_;
        if (!server_.client.active()) lost_ = StatusCode{UA_STATUSCODE_BADCONNECTIONCLOSED};
        round();
    }

    ServerView server_;
    std::vector<Ua<UA_NodeId>> nodes_;
    MetadataCallbacks callbacks_;
    DataTypes types_;
    std::size_t first_ = 0;
    std::size_t count_ = 0;
    std::vector<NodeMetadata> results_;
    std::vector<Ua<UA_NodeId>> typeOf_;
    std::vector<Found> properties_;
    std::set<std::pair<std::size_t, const Property*>> seen_;
    StatusCode lost_;
    bool cancelled_ = false;
};

}  // namespace

std::optional<Access> NodeMetadata::access() const noexcept {
    const auto level = userAccessLevel ? userAccessLevel : accessLevel;
    if (!level) return std::nullopt;
    const bool reads = (level->bits & AccessLevel::kCurrentRead) != 0;
    const bool writes = (level->bits & AccessLevel::kCurrentWrite) != 0;
    if (writes) return reads ? Access::ReadWrite : Access::Write;
    return Access::Read;
}

bool NodeMetadata::historyReadable() const noexcept {
    const auto has = [](AccessLevel level) { return (level.bits & AccessLevel::kHistoryRead) != 0; };
    return accessLevel && has(*accessLevel) && (!userAccessLevel || has(*userAccessLevel));
}

Operation readMetadata(const ServerView& server, std::vector<Ua<UA_NodeId>> nodes,
                       MetadataCallbacks callbacks) {
    const auto reading = std::make_shared<Reading>(server, std::move(nodes), std::move(callbacks));
    reading->round();
    return Operation(reading);
}

std::string languageOf(std::string_view locale) {
    std::string language(locale.substr(0, locale.find_first_of("-_")));
    std::ranges::transform(language, language.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return language;
}

TagInfo mergedWith(TagInfo info, const NodeMetadata& server) {
    if (server.status.isBad()) return info;
    if (server.type != BuiltInType::Null) info.type = server.type;
    if (info.dimensions.empty() && server.valueRank.value_or(-1) >= 0) {
        info.dimensions = server.arrayDimensions;
        // An array whose lengths are not told.
        if (info.dimensions.empty())
            info.dimensions.assign(
                std::max<std::size_t>(1, static_cast<std::size_t>(std::min(*server.valueRank, 16))), 0);
    }
    if (!info.units) info.units = server.units;
    // An instrument cannot leave its own range: better than none for a scale.
    if (!info.range) info.range = server.range ? server.range : server.instrumentRange;
    if (info.limits.empty()) info.limits = server.limits;
    if (info.enumLabels.empty()) info.enumLabels = server.labels;
    if (!info.decimals) info.decimals = server.decimals;
    if (const auto access = server.access()) info.access = *access;
    if (info.description.empty() && !server.description.text.empty())
        info.description.emplace(languageOf(server.description.locale), server.description.text);
    return info;
}

}  // namespace tagwire::source::opcua
