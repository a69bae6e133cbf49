/// Reads the members of one object of a frame; the first problem is kept, in words, and nothing is read after
/// it. Thread: any. Lifetime: within the object, the frame's name and the text of the problem.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "base/time.h"
#include "model/status_code.h"
#include "source/opcda/value_reader.h"

namespace tagwire::source::opcda {

inline constexpr std::int64_t kFirstMillis = -11'644'473'600'000;  ///< 1601
inline constexpr std::int64_t kLastMillis = 253'402'300'799'999;   ///< 9999

class Members {
public:
    Members(const boost::json::object& object, std::string_view frame, std::string& problem)
        : object_(object), frame_(frame), problem_(problem) {}

    [[nodiscard]] std::int64_t integer(std::string_view name, std::int64_t low, std::int64_t high,
                                       std::optional<std::int64_t> absent = {});
    /// At most 1024 bytes.
    [[nodiscard]] std::string text(std::string_view name, bool optional);
    [[nodiscard]] bool truth(std::string_view name, std::optional<bool> absent = {});
    [[nodiscard]] std::optional<double> number(std::string_view name);
    [[nodiscard]] std::optional<Timestamp> time(std::string_view name);
    [[nodiscard]] StatusCode status(std::string_view name);
    /// `type` and `array`; a type is none only where that is allowed.
    [[nodiscard]] ValueShape shape(bool optional);
    /// `vt`; VT_EMPTY where it is absent.
    [[nodiscard]] std::uint16_t variantType();
    /// The number of the question that is answered.
    [[nodiscard]] std::uint64_t id();
    [[nodiscard]] const boost::json::array* list(std::string_view name);
    /// Null where it is absent.
    [[nodiscard]] boost::json::value value(std::string_view name);

    void wrong(std::string_view name, std::string_view expected);
    [[nodiscard]] bool good() const noexcept { return problem_.empty(); }

private:
    const boost::json::value* find(std::string_view name, bool optional);

    const boost::json::object& object_;
    std::string_view frame_;
    std::string& problem_;
};

}  // namespace tagwire::source::opcda
