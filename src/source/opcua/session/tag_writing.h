/// Writes tags of a source over its open connection: finds their nodes, writes them in their own types, reads
/// them back. Thread: the source's. Lifetime: function; when the connection closes on the way, the answer
/// says what is known.
#pragma once

#include <vector>

#include "model/tag_writer.h"

namespace tagwire::source::opcua {

class Generation;

/// Answered once, whatever becomes of the connection.
void writeTags(Generation& connection, std::vector<TagWrite> writes, SteadyTime deadline,
               ServiceAnswer<std::vector<TagWritten>> answer);

}  // namespace tagwire::source::opcua
