#include "access/rights_text.h"

#include "base/json_text.h"

namespace tagwire::access {
namespace {

void appendList(std::string& out, const std::vector<std::string>& texts) {
    out += '[';
    for (const auto& text : texts) {
        if (out.back() != '[') out += ',';
        appendJsonString(out, text);
    }
    out += ']';
}

}  // namespace

std::string rightsText(Role role, const std::vector<std::string>& read, const std::vector<std::string>& write,
                       std::optional<bool> disabled) {
    std::string text;
    {
        ObjectWriter out(text);
        out.member("role", nameOf(role));
        appendList(out.key("read"), read);
        appendList(out.key("write"), write);
        if (disabled) out.member("disabled", *disabled);
    }
    return text;
}

std::string rightsText(const UserRecord& user) {
    return rightsText(user.role, user.read, user.write, user.disabled);
}

}  // namespace tagwire::access
