/// Bodies of the routes that look around in a source's address space, as text.
/// Thread: any. Lifetime: functions. All append to `out`.
#pragma once

#include <string>

#include "model/address_space.h"
#include "model/source_services.h"

namespace tagwire::wire {

void appendBrowsePage(std::string& out, const BrowsePage& page);
void appendNodeDetail(std::string& out, const NodeAttributes& node);
void appendSearchAnswer(std::string& out, const SearchAnswer& answer);

}  // namespace tagwire::wire
