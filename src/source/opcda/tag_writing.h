/// Writes tags of a source by its agent, and says what came of each.
/// Thread: the source's. Lifetime: function; the answer needs neither questions nor items.
#pragma once

#include <vector>

#include "model/tag_writer.h"
#include "source/opcda/item_table.h"
#include "source/opcda/questions.h"

namespace tagwire::source::opcda {

/// Answered once. Tags that cannot be written on this connection are refused by themselves.
void writeTags(Questions& questions, const ItemTable& items, const std::vector<TagWrite>& writes,
               SteadyTime deadline, const ServiceAnswer<std::vector<TagWritten>>& answer);

}  // namespace tagwire::source::opcda
