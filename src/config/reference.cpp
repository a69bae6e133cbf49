#include "config/reference.h"

#include "config/configuration.h"
#include "config/option_docs.h"
#include "config/option_schema.h"

namespace tagwire::config {

std::string referenceMarkdown() {
    DocsVisitor<Configuration> visitor({});
    Configuration::describe(visitor);
    return visitor.take().second;
}

std::string referenceSchema() {
    boost::json::object schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                               {"title", "Tagwire configuration"}};
    for (auto& [key, value] : schemaOf<Configuration>()) schema[key] = std::move(value);
    return boost::json::serialize(schema);
}

}  // namespace tagwire::config
