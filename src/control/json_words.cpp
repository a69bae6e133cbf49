#include "control/json_words.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/json_text.h"

namespace tagwire::control {
namespace {

void appendJson(std::string& out, const boost::json::value& value) {
    const char* separator = "";
    if (const auto* array = value.if_array()) {
        out += '[';
        for (const auto& each : *array) {
            out += separator;
            appendJson(out, each);
            separator = ",";
        }
        out += ']';
    } else if (const auto* object = value.if_object()) {
        out += '{';
        for (const auto& [name, each] : *object) {
            out += separator;
            appendJsonString(out, {name.data(), name.size()});
            out += ':';
            appendJson(out, each);
            separator = ",";
        }
        out += '}';
    } else if (const auto* text = value.if_string()) {
        appendJsonString(out, {text->data(), text->size()});
    } else if (const auto* real = value.if_double()) {
        appendJsonNumber(out, *real);
    } else if (const auto* whole = value.if_int64()) {
        appendJsonInteger(out, *whole);
    } else if (const auto* large = value.if_uint64()) {
        appendJsonInteger(out, *large);
    } else if (const auto* flag = value.if_bool()) {
        out += *flag ? "true" : "false";
    } else {
        out += "null";
    }
}

}  // namespace

std::string jsonText(const boost::json::value& value) {
    std::string text;
    appendJson(text, value);
    return text;
}

}  // namespace tagwire::control
