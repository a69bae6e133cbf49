// Lies in the answers to services: how many results, what was read, what was browsed.
#include <array>

#include <open62541/nodeids.h>
#include <open62541/statuscodes.h>

#include "hostile/lies.h"

namespace hostile {

void resize(void*& results, size_t& count, size_t wanted, const UA_DataType& type) {
    void* changed = UA_Array_new(wanted, &type);
    const auto bytes = [&type](void* array, size_t at) {
        return static_cast<std::byte*>(array) + at * type.memSize;
    };
    for (size_t i = 0; i < wanted && count > 0; ++i)
        UA_copy(bytes(results, i % count), bytes(changed, i), &type);
    UA_Array_delete(results, count, &type);
    results = changed;
    count = wanted;
}

namespace {

// All answers with results have them right after the header.
void addResultCounts(Lies& lies) {
    constexpr std::array kServices{
        std::pair{UA_TYPES_READRESPONSE, UA_TYPES_DATAVALUE},
        std::pair{UA_TYPES_BROWSERESPONSE, UA_TYPES_BROWSERESULT},
        std::pair{UA_TYPES_TRANSLATEBROWSEPATHSTONODEIDSRESPONSE, UA_TYPES_BROWSEPATHRESULT},
        std::pair{UA_TYPES_CREATEMONITOREDITEMSRESPONSE, UA_TYPES_MONITOREDITEMCREATERESULT}};
    const auto add = [&lies, kServices](const char* name, size_t (*wanted)(size_t)) {
        lies[name].answer = [kServices, wanted](Conversation&, const UA_DataType& type, void* response) {
            for (const auto& [service, result] : kServices) {
                if (&type != &UA_TYPES[service]) continue;
                auto& answer = *static_cast<UA_ReadResponse*>(response);
                void* results = answer.results;
                resize(results, answer.resultsSize, wanted(answer.resultsSize), UA_TYPES[result]);
                answer.results = static_cast<UA_DataValue*>(results);
            }
        };
    };
    add("results-few", [](size_t count) { return count / 2; });
    add("results-none", [](size_t) { return size_t{0}; });
    add("results-many", [](size_t count) { return 3 * count + 7; });
    add("results-100000", [](size_t) { return size_t{100'000}; });
}

void addReads(Lies& lies) {
    const auto limits = [&lies](const std::string& name, UA_UInt32 limit) {
        lies[name].answer = on<UA_ReadResponse>(UA_TYPES_READRESPONSE, [limit](Conversation&, auto& read) {
            for (size_t i = 0; i < read.resultsSize; ++i) {
                UA_DataValue& value = read.results[i];
                if (!value.hasStatus || value.status != UA_STATUSCODE_BADNODEIDUNKNOWN) continue;
                value.hasStatus = false;
                value.hasValue = true;
                UA_Variant_setScalarCopy(&value.value, &limit, &UA_TYPES[UA_TYPES_UINT32]);
            }
        });
    };
    limits("limits-0", 0);
    limits("limits-1", 1);
    limits("limits-max", kMax32);
    const auto every = [&lies](const char* name, auto change) {
        lies[name].answer = on<UA_ReadResponse>(UA_TYPES_READRESPONSE, [change](Conversation& c, auto& read) {
            for (size_t i = 0; i < read.resultsSize; ++i) {
                UA_DataValue_clear(&read.results[i]);
                read.results[i].hasValue = true;
                change(c, read.results[i].value);
            }
        });
    };
    every("read-null", [](Conversation&, UA_Variant&) {});
    every("read-texts", [](Conversation&, UA_Variant& v) {
        const UA_String text = borrow("not what you asked for");
        UA_Variant_setScalarCopy(&v, &text, &UA_TYPES[UA_TYPES_STRING]);
    });
    every("read-negative", [](Conversation&, UA_Variant& v) {
        const UA_Int32 number = -1;
        UA_Variant_setScalarCopy(&v, &number, &UA_TYPES[UA_TYPES_INT32]);
    });
    every("read-empty-array", [](Conversation&, UA_Variant& v) {
        v.type = &UA_TYPES[UA_TYPES_STRING];
        v.data = UA_EMPTY_ARRAY_SENTINEL;
    });

    const auto namespaces = [&lies](const char* name, auto make) {
        lies[name].answer = on<UA_ReadResponse>(UA_TYPES_READRESPONSE, [make](Conversation& c, auto& read) {
            for (size_t i = 0; i < read.resultsSize; ++i) {
                UA_Variant& value = read.results[i].value;
                if (!UA_Variant_hasArrayType(&value, &UA_TYPES[UA_TYPES_STRING])) continue;
                const std::vector<std::string> uris = make(c);
                UA_Variant_clear(&value);
                auto* array = static_cast<UA_String*>(UA_Array_new(uris.size(), &UA_TYPES[UA_TYPES_STRING]));
                for (size_t k = 0; k < uris.size(); ++k) array[k] = copy(uris[k]);
                UA_Variant_setArray(&value, array, uris.size(), &UA_TYPES[UA_TYPES_STRING]);
            }
        });
    };
    const std::vector<std::string> honest{"http://opcfoundation.org/UA/", "urn:tagwire:hostile:server",
                                          "urn:tagwire:hostile"};
    namespaces("namespaces-empty", [](Conversation&) { return std::vector<std::string>{}; });
    namespaces("namespaces-without-ours", [](Conversation&) {
        return std::vector<std::string>{"http://opcfoundation.org/UA/", "urn:other"};
    });
    // Another order at every connection, as after a restart with other modules.
    namespaces("namespaces-renumbered", [honest](Conversation& c) {
        auto uris = honest;
        uris.insert(uris.begin() + 1, c.connection % 3, "urn:new");
        return uris;
    });
    namespaces("namespaces-twice", [honest](Conversation&) {
        auto uris = honest;
        uris.insert(uris.end(), honest.begin(), honest.end());
        return uris;
    });
    namespaces("!namespaces-enormous", [](Conversation&) {
        return std::vector<std::string>(200'000, "urn:" + std::string(200, 'x'));
    });
    namespaces("namespaces-not-utf8", [](Conversation&) {
        return std::vector<std::string>{"\xff\xfe", std::string("\0\0", 2), "urn:tagwire:hostile"};
    });
}

void addBrowses(Lies& lies) {
    const auto browse = [&lies](const char* name, auto change) {
        lies[name].answer = [change](Conversation& c, const UA_DataType& type, void* response) {
            if (&type != &UA_TYPES[UA_TYPES_BROWSERESPONSE] &&
                &type != &UA_TYPES[UA_TYPES_BROWSENEXTRESPONSE])
                return;
            auto& answer = *static_cast<UA_BrowseResponse*>(response);  // BrowseNext's has the same layout
            for (size_t i = 0; i < answer.resultsSize; ++i) change(c, answer.results[i]);
        };
    };
    static const auto references = [](UA_BrowseResult& result, size_t count, auto target) {
        result.references = static_cast<UA_ReferenceDescription*>(
            UA_Array_new(count, &UA_TYPES[UA_TYPES_REFERENCEDESCRIPTION]));
        result.referencesSize = count;
        for (size_t i = 0; i < count; ++i) {
            UA_ReferenceDescription& reference = result.references[i];
            reference.isForward = true;
            reference.referenceTypeId.identifier.numeric = UA_NS0ID_ORGANIZES;
            reference.nodeId.nodeId = target(i);
            reference.nodeClass = UA_NODECLASS_OBJECT;
            reference.browseName = {2, copy("child")};
            reference.displayName = {copy("en"), copy("child")};
        }
    };
    browse("browse-endless", [](Conversation&, UA_BrowseResult& result) {
        references(result, 1, [](size_t) { return UA_NODEID_NUMERIC(0, UA_NS0ID_OBJECTSFOLDER); });
        result.continuationPoint = copy("more");
    });
    browse("browse-endless-nothing",
           [](Conversation&, UA_BrowseResult& result) { result.continuationPoint = copy("more"); });
    browse("browse-cycle", [](Conversation&, UA_BrowseResult& result) {
        references(result, 3, [](size_t) { return UA_NODEID_NUMERIC(0, UA_NS0ID_OBJECTSFOLDER); });
    });
    // Every node has three more that were never there before.
    browse("browse-bottomless", [](Conversation& c, UA_BrowseResult& result) {
        references(result, 3, [&c](size_t) { return UA_NODEID_NUMERIC(2, c.random()); });
    });
    browse("!browse-100000", [](Conversation&, UA_BrowseResult& result) {
        references(result, 100'000, [](size_t i) { return UA_NODEID_NUMERIC(2, static_cast<UA_UInt32>(i)); });
    });
}

}  // namespace

void addServiceLies(Lies& lies) {
    addResultCounts(lies);
    addReads(lies);
    addBrowses(lies);
}

}  // namespace hostile
