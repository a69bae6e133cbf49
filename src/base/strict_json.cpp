#include "base/strict_json.h"

#include <charconv>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>
#include <fmt/format.h>

namespace tagwire {

namespace {

using boost::json::error_code;
using boost::json::string_view;

/// Builds the value from the parser's events (the handler of boost::json::basic_parser) and refuses what the
/// library's own parser lets pass.
// NOLINTBEGIN(readability-identifier-naming): the names of limits and events are the library's
class StrictHandler {
public:
    static constexpr std::size_t max_object_size = boost::json::object::max_size();
    static constexpr std::size_t max_array_size = boost::json::array::max_size();
    static constexpr std::size_t max_key_size = boost::json::string::max_size();
    static constexpr std::size_t max_string_size = boost::json::string::max_size();

    explicit StrictHandler(const boost::json::storage_ptr& memory) { stack_.reset(memory); }

    [[nodiscard]] boost::json::value release() { return stack_.release(); }
    [[nodiscard]] const std::string& problem() const noexcept { return problem_; }

    static bool on_document_begin(error_code&) { return true; }
    static bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code&) {
        openObjects_.emplace_back();
        return true;
    }
    bool on_object_end(std::size_t members, error_code&) {
        openObjects_.pop_back();
        stack_.push_object(members);
        return true;
    }
    static bool on_array_begin(error_code&) { return true; }
    bool on_array_end(std::size_t elements, error_code&) {
        stack_.push_array(elements);
        return true;
    }
    bool on_key_part(string_view part, std::size_t, error_code&) {
        key_ += part;
        stack_.push_chars(part);
        return true;
    }
    bool on_key(string_view part, std::size_t, error_code& error) {
        key_ += part;
        stack_.push_key(part);
        const bool isNew = openObjects_.back().insert(key_).second;
        if (!isNew) refuse(fmt::format("the member \"{:.64}\" is given twice", key_), error);
        key_.clear();
        return isNew;
    }
    bool on_string_part(string_view part, std::size_t, error_code&) {
        stack_.push_chars(part);
        return true;
    }
    bool on_string(string_view part, std::size_t, error_code&) {
        stack_.push_string(part);
        return true;
    }
    bool on_number_part(string_view part, error_code&) {
        number_ += part;
        return true;
    }
    bool on_int64(std::int64_t number, string_view, error_code&) {
        number_.clear();
        stack_.push_int64(number);
        return true;
    }
    bool on_uint64(std::uint64_t number, string_view, error_code&) {
        number_.clear();
        stack_.push_uint64(number);
        return true;
    }
    /// `number` may be off by some units in the last place: the library multiplies by a power of ten. So its
    /// text is read again.
    bool on_double(double number, string_view part, error_code& error) {
        number_ += part;
        std::from_chars(number_.data(), number_.data() + number_.size(), number);
        number_.clear();
        if (!std::isfinite(number)) {
            refuse("the number is too large", error);
            return false;
        }
        stack_.push_double(number);
        return true;
    }
    bool on_bool(bool value, error_code&) {
        stack_.push_bool(value);
        return true;
    }
    bool on_null(error_code&) {
        stack_.push_null();
        return true;
    }
    static bool on_comment_part(string_view, error_code&) { return true; }
    static bool on_comment(string_view, error_code&) { return true; }

private:
    void refuse(std::string problem, error_code& error) {
        problem_ = std::move(problem);
        error = boost::json::error::syntax;
    }

    boost::json::value_stack stack_;
    std::vector<std::set<std::string, std::less<>>>
        openObjects_;  ///< keys seen in each object not yet closed
    std::string key_;
    std::string number_;  ///< what was read of the present one
    std::string problem_;
};
// NOLINTEND(readability-identifier-naming)

std::string describe(const error_code& error, const std::string& problem, std::size_t maxDepth) {
    if (!problem.empty()) return problem;
    if (error == boost::json::error::too_deep) return fmt::format("nested deeper than {}", maxDepth);
    if (error == boost::json::error::incomplete) return "it ends too early";
    if (error == boost::json::error::extra_data) return "more follows after the value";
    return error.message();
}

}  // namespace

Result<boost::json::value> parseStrictJson(std::string_view text, std::size_t maxDepth,
                                           const boost::json::storage_ptr& memory) {
    boost::json::parse_options options;
    options.max_depth = maxDepth;
    boost::json::basic_parser<StrictHandler> parser(options, memory);
    error_code error;
    const auto consumed = parser.write_some(false, text.data(), text.size(), error);
    if (!error && consumed < text.size()) error = boost::json::error::extra_data;
    if (error) {
        return fail(
            fmt::format("at byte {}: {}", consumed, describe(error, parser.handler().problem(), maxDepth)));
    }
    return parser.handler().release();
}

}  // namespace tagwire
