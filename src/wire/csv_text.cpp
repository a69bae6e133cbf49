#include "wire/csv_text.h"

#include "model/plain_text.h"

namespace tagwire::wire {
namespace {

void appendQuoted(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

}  // namespace

void appendTextCell(std::string& out, std::string_view text) {
    if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) {
        appendQuoted(out, "'" + std::string(text));
    } else if (text.find_first_of(",\"\r\n") != std::string_view::npos) {
        appendQuoted(out, text);
    } else {
        out += text;
    }
}

void appendTimeCell(std::string& out, Timestamp time) {
    if (time != Timestamp{}) appendPlainText(out, Value(time));
}

}  // namespace tagwire::wire
