// Data types of the test server's own: a structure with an optional field, a nested structure, an enumeration
// and an array; a union; each with its DataTypeDefinition and encoding node.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include <open62541/server.h>

namespace plant_types {

/// Adds the types, and below Objects the variables Recipe, Recipes (an array), Setting (a union), State (an
/// enumeration), Mode and Phase (enumerations with EnumStrings and EnumValues), Cells (a matrix of Double),
/// Anything (BaseDataType with a Recipe) and Undescribed (a structure whose encoding node leads nowhere), and
/// the object Kitchen with the method Kitchen.Cook(Recipe: Recipe, State: State) -> (Cooked: Recipe), which
/// gives back the recipe in that state. `space` is the index of the server's namespace.
void add(UA_Server* server, UA_UInt16 space);

/// Writes the variable Recipe.
UA_StatusCode writeRecipe(UA_Server* server, UA_UInt16 space, const std::string& name,
                          std::optional<double> limit);

/// Calls `use` with a Recipe of this name.
UA_StatusCode withRecipe(const std::string& name, std::optional<double> limit,
                         const std::function<UA_StatusCode(UA_Variant&)>& use);

}  // namespace plant_types
