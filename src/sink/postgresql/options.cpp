#include "sink/postgresql/options.h"

#include <algorithm>
#include <memory>
#include <string_view>

#include <libpq-fe.h>

#include "base/free_with.h"

namespace tagwire::sink::postgresql {

void PostgresqlOptions::check(OptionErrors& errors) const {
    const auto isWord = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
    if (!std::ranges::all_of(schema, isWord) || (schema[0] >= '0' && schema[0] <= '9'))
        errors.add("schema", "takes lower-case letters, digits and underscores, and begins with no digit");
    if (!enabled()) return;
    char* message = nullptr;
    const std::unique_ptr<PQconninfoOption, FreeWith<PQconninfoFree>> parsed(
        PQconninfoParse(conninfo.c_str(), &message));
    const std::unique_ptr<char, FreeWith<PQfreemem>> reason(message);
    if (!parsed) {
        std::string text = reason ? reason.get() : "it cannot be read";
        while (!text.empty() && text.back() == '\n') text.pop_back();
        errors.add("conninfo", text);
        return;
    }
    for (const auto* option = parsed.get(); option->keyword != nullptr; ++option) {
        if (std::string_view(option->keyword) == "password" && option->val != nullptr)
            errors.add("conninfo",
                       "must not have the password, which everybody could read: put it into a file of its "
                       "own, and name that in password_file");
    }
}

}  // namespace tagwire::sink::postgresql
