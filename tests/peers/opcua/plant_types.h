// Data types of the test server's own: a structure with an optional field, a nested structure, an enumeration
// and an array; a union; each with its DataTypeDefinition and encoding node.
#pragma once

#include <optional>
#include <string>

#include <open62541/server.h>

namespace plant_types {

/// Adds the types, and the variables Recipe, Recipes (an array), Setting (a union) and Undescribed (a
/// structure whose encoding node leads nowhere) below Objects. `space` is the index of the server's
/// namespace.
void add(UA_Server* server, UA_UInt16 space);

/// Writes the variable Recipe.
UA_StatusCode writeRecipe(UA_Server* server, UA_UInt16 space, const std::string& name,
                          std::optional<double> limit);

}  // namespace plant_types
