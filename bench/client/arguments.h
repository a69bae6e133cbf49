/// Arguments of a benchmark's program, each as `key=value`.
/// Thread: any. Lifetime: value type.
#pragma once

#include <charconv>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

namespace tagwire::bench {

class Arguments {
public:
    /// Throws std::runtime_error for what is not `key=value`.
    Arguments(int argc, char** argv) {
        for (const std::string_view argument : std::span(argv, static_cast<std::size_t>(argc)).subspan(1)) {
            const auto equals = argument.find('=');
            if (equals == std::string_view::npos)
                throw std::runtime_error("expected key=value, got " + std::string(argument));
            values_[std::string(argument.substr(0, equals))] = argument.substr(equals + 1);
        }
    }

    [[nodiscard]] std::string text(const std::string& key, std::string otherwise) const {
        const auto it = values_.find(key);
        return it == values_.end() ? otherwise : it->second;
    }
    template <class Number>
    [[nodiscard]] Number number(const std::string& key, Number otherwise) const {
        const auto it = values_.find(key);
        if (it == values_.end()) return otherwise;
        const auto& text = it->second;
        Number value{};
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc{} || end != text.data() + text.size()) {
            throw std::runtime_error(key + ": expected a number, got " + text);
        }
        return value;
    }

private:
    std::map<std::string, std::string> values_;
};

}  // namespace tagwire::bench
