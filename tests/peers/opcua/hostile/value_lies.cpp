// Lies in the values themselves, as they are and as they are encoded.
#include <array>
#include <limits>

#include "hostile/lies.h"

namespace hostile {

void addValueLies(Lies& lies) {
    const auto value = [&lies](const char* name, auto change) {
        lies[name].value = [change](Conversation& c, double number, UA_DataValue& v) {
            UA_Variant_clear(&v.value);
            change(c, number, v);
        };
    };
    static const auto scalar = [](UA_DataValue& v, const auto& data, int type) {
        UA_Variant_setScalarCopy(&v.value, &data, &UA_TYPES[type]);
    };
    value("value-nan", [](Conversation&, double, UA_DataValue& v) { scalar(v, kNaN, UA_TYPES_DOUBLE); });
    value("value-infinite", [](Conversation&, double n, UA_DataValue& v) {
        scalar(v, static_cast<int>(n) % 2 == 0 ? kInfinity : -kInfinity, UA_TYPES_DOUBLE);
    });
    value("value-int64-min", [](Conversation&, double, UA_DataValue& v) {
        scalar(v, std::numeric_limits<UA_Int64>::min(), UA_TYPES_INT64);
    });
    value("value-uint64-max", [](Conversation&, double, UA_DataValue& v) {
        scalar(v, std::numeric_limits<UA_UInt64>::max(), UA_TYPES_UINT64);
    });
    value("value-null", [](Conversation&, double, UA_DataValue&) {});
    value("value-none", [](Conversation&, double, UA_DataValue& v) { v.hasValue = false; });
    value("value-status-any", [](Conversation& c, double n, UA_DataValue& v) {
        scalar(v, n, UA_TYPES_DOUBLE);
        v.hasStatus = true;
        v.status = static_cast<UA_StatusCode>(c.random()) * 2;
    });
    static constexpr std::array kTimes{UA_DateTime{0},
                                       UA_DateTime{1},
                                       UA_DateTime{-1},
                                       std::numeric_limits<UA_DateTime>::min(),
                                       std::numeric_limits<UA_DateTime>::max(),
                                       UA_DateTime{2'650'467'743'990'000'000}};
    value("value-times", [](Conversation& c, double n, UA_DataValue& v) {
        scalar(v, n, UA_TYPES_DOUBLE);
        v.hasServerTimestamp = true;
        v.sourceTimestamp = kTimes[c.random() % kTimes.size()];
        v.serverTimestamp = kTimes[c.random() % kTimes.size()];
    });
    value("value-is-time", [](Conversation& c, double, UA_DataValue& v) {
        scalar(v, kTimes[c.random() % kTimes.size()], UA_TYPES_DATETIME);
    });
    value("value-clock-century", [](Conversation&, double n, UA_DataValue& v) {
        scalar(v, n, UA_TYPES_DOUBLE);
        v.sourceTimestamp += kCentury;
    });
    // Another built-in type each time, from one zeroed object or an array of three.
    value("value-types", [](Conversation& c, double, UA_DataValue& v) {
        const UA_DataType& type = UA_TYPES[c.random() % UA_TYPES_EXTENSIONOBJECT];
        if (c.random() % 2 == 0) {
            UA_Variant_setScalar(&v.value, UA_new(&type), &type);
        } else {
            UA_Variant_setArray(&v.value, UA_Array_new(3, &type), 3, &type);
        }
    });
    value("value-not-utf8", [](Conversation& c, double, UA_DataValue& v) {
        Bytes bytes(200, '\0');
        for (char& byte : bytes) byte = static_cast<char>(c.random());
        scalar(v, borrow(bytes), UA_TYPES_STRING);
    });
    value("value-structure-unknown", [](Conversation& c, double, UA_DataValue& v) {
        auto* object = static_cast<UA_ExtensionObject*>(UA_new(&UA_TYPES[UA_TYPES_EXTENSIONOBJECT]));
        object->encoding =
            c.random() % 2 == 0 ? UA_EXTENSIONOBJECT_ENCODED_BYTESTRING : UA_EXTENSIONOBJECT_ENCODED_XML;
        object->content.encoded.typeId =
            UA_NODEID_NUMERIC(static_cast<UA_UInt16>(c.random()), static_cast<UA_UInt32>(c.random()));
        object->content.encoded.body = copy(std::string(c.random() % 1'000, '<'));
        UA_Variant_setScalar(&v.value, object, &UA_TYPES[UA_TYPES_EXTENSIONOBJECT]);
    });
    value("value-dimensions", [](Conversation&, double, UA_DataValue& v) {
        UA_Variant_setArray(&v.value, UA_Array_new(4, &UA_TYPES[UA_TYPES_DOUBLE]), 4,
                            &UA_TYPES[UA_TYPES_DOUBLE]);
        v.value.arrayDimensions = static_cast<UA_UInt32*>(UA_Array_new(3, &UA_TYPES[UA_TYPES_UINT32]));
        v.value.arrayDimensionsSize = 3;
        std::ranges::fill_n(v.value.arrayDimensions, 3, kMax32);
    });
    value("!value-array-10000000", [](Conversation& c, double, UA_DataValue& v) {
        const size_t size = c.publishes < 2 ? 10'000'000 : 10;
        UA_Variant_setArray(&v.value, UA_Array_new(size, &UA_TYPES[UA_TYPES_DOUBLE]), size,
                            &UA_TYPES[UA_TYPES_DOUBLE]);
    });
    value("!value-texts-1000000", [](Conversation&, double, UA_DataValue& v) {
        constexpr size_t kSize = 1'000'000;
        UA_Variant_setArray(&v.value, UA_Array_new(kSize, &UA_TYPES[UA_TYPES_LOCALIZEDTEXT]), kSize,
                            &UA_TYPES[UA_TYPES_LOCALIZEDTEXT]);
    });
    value("!value-string-64mb", [](Conversation&, double, UA_DataValue& v) {
        const Bytes text(32U << 20U, 'x');  // two items: 64 MB in one message
        scalar(v, borrow(text), UA_TYPES_STRING);
    });

    // Nested deeper than the codec itself would encode: placed over filler of the same size.
    const auto nested = [&lies](const std::string& name, const Bytes& level, const Bytes& end,
                                size_t levels) {
        Bytes raw;
        for (size_t i = 0; i < levels; ++i) raw += level;
        raw += end;
        const Bytes filler(raw.size() - 5, '\x5a');
        lies[name].value = [filler](Conversation&, double, UA_DataValue& v) {
            UA_Variant_clear(&v.value);
            scalar(v, borrow(filler), UA_TYPES_BYTESTRING);
        };
        lies[name].body = [filler, raw](Conversation&, Bytes& body) {
            Bytes encoded("\x0f");
            put32(encoded, static_cast<std::uint32_t>(filler.size()));
            encoded += filler;
            for (size_t at = body.find(encoded); at != Bytes::npos; at = body.find(encoded))
                body.replace(at, raw.size(), raw);
        };
    };
    using namespace std::string_literals;
    const Bytes variant = "\x98\x01\0\0\0"s;  // an array of one Variant
    const Bytes dataValue = "\x17\x01"s;      // a DataValue with a value
    const Bytes diagnostic = "\x40"s;         // a DiagnosticInfo within
    const Bytes number = "\x0b\0\0\0\0\0\0\x45\x40"s;
    for (const size_t levels : {size_t{20}, size_t{45}, size_t{95}, size_t{100'000}}) {
        const std::string times = std::to_string(levels);
        nested("value-variants-" + times, variant, number, levels);
        nested("value-data-values-" + times, dataValue, number, levels);
        nested("value-diagnostics-" + times, diagnostic, "\x19\0\0\0\0\0\0"s, levels);
    }
    // Says it has two thousand million elements.
    lies["value-count-max"] = lies["value-variants-20"];
    lies["value-count-max"].body = [](Conversation&, Bytes& body) {
        const size_t at = body.find("\x5a\x5a\x5a\x5a\x5a"s);
        if (at != Bytes::npos && at >= 5) body.replace(at - 5, 5, "\x8b\xff\xff\xff\x7f"s);
    };
}

}  // namespace hostile
