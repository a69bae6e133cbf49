// The parts of the catalogue of lies, and what they share. Thread: any. Lifetime: functions.
#pragma once

#include <cstddef>
#include <limits>
#include <map>
#include <string>

#include "hostile/lie.h"

namespace hostile {

using Lies = std::map<std::string, Lie>;

inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
inline constexpr double kInfinity = std::numeric_limits<double>::infinity();
inline constexpr UA_UInt32 kMax32 = std::numeric_limits<UA_UInt32>::max();
inline constexpr UA_DateTime kCentury = 36'525LL * 24 * 3600 * UA_DATETIME_SEC;

// An answer hook for one type of answer.
template <class T, class F>
auto on(int index, F change) {
    return [index, change](Conversation& conversation, const UA_DataType& type, void* response) {
        if (&type == &UA_TYPES[index]) change(conversation, *static_cast<T*>(response));
    };
}

// Gives an array another length, by leaving elements out or repeating them.
void resize(void*& results, size_t& count, size_t wanted, const UA_DataType& type);

void addSessionLies(Lies& lies);
void addServiceLies(Lies& lies);
void addPublishLies(Lies& lies);
void addValueLies(Lies& lies);

}  // namespace hostile
