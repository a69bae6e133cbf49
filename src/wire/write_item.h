/// A value that a client wants written, and the tag it is for.
/// Thread: any. Lifetime: value type, with memory of its own.
#pragma once

#include <string>
#include <variant>

#include <boost/json/value.hpp>

#include "model/tag_id.h"

namespace tagwire::wire {

/// A tag by its handle or by its path.
using TagName = std::variant<TagId, std::string>;

/// `[handle, value]` or `[path, value]`.
struct WriteItem {
    TagName tag;
    boost::json::value value;

    friend bool operator==(const WriteItem&, const WriteItem&) = default;
};

}  // namespace tagwire::wire
