/// Writes lists as JSON arrays.
/// Thread: any. Lifetime: function.
#pragma once

#include <string>

namespace tagwire::wire {

/// `append(out, element)` writes one element.
template <class List, class Append>
void appendJsonList(std::string& out, const List& list, Append append) {
    out += '[';
    bool first = true;
    for (const auto& element : list) {
        if (!first) out += ',';
        first = false;
        append(out, element);
    }
    out += ']';
}

}  // namespace tagwire::wire
