/// Reference of a struct of options as Markdown: one section a table, one row a key.
/// Thread: any. Lifetime: no state.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "config/option_text.h"
#include "config/option_type.h"

namespace tagwire::config {

/// What is allowed for a member of type M.
template <class M>
[[nodiscard]] std::string allowedFor(const Option& option) {
    if constexpr (OptionalOption<M>) {
        return allowedFor<typename OptionalTraits<M>::Inner>(option);
    } else if constexpr (std::is_same_v<M, bool>) {
        return "true or false";
    } else if constexpr (IntegerOption<M>) {
        return allowedInteger(boundsOf<M>(option), option);
    } else if constexpr (std::is_same_v<M, std::chrono::milliseconds>) {
        return allowedInteger(boundsOf<std::int64_t>(option), option);
    } else if constexpr (std::is_same_v<M, double>) {
        return allowedNumber(option);
    } else if constexpr (std::is_same_v<M, std::string>) {
        return allowedText(option);
    } else if constexpr (EnumOption<M>) {
        return allowedNames(namesOf<M>());
    } else {
        static_assert(std::is_same_v<M, std::vector<std::string>>);
        return allowedTexts(option);
    }
}

/// A value as it is written in TOML; empty for an optional that has none.
template <class M>
[[nodiscard]] std::string inToml(const M& value) {
    if constexpr (OptionalOption<M>) {
        return value ? inToml(*value) : std::string{};
    } else if constexpr (std::is_same_v<M, std::string>) {
        return fmt::format("\"{}\"", value);
    } else if constexpr (std::is_same_v<M, std::chrono::milliseconds>) {
        return fmt::format("{}", value.count());
    } else if constexpr (EnumOption<M>) {
        return fmt::format("\"{}\"", nameOf(value));
    } else if constexpr (std::is_same_v<M, std::vector<std::string>>) {
        std::string text;
        for (const auto& item : value) text += (text.empty() ? "" : ", ") + inToml(item);
        return '[' + text + ']';
    } else {
        return fmt::format("{}", value);
    }
}

[[nodiscard]] std::string docsHeading(std::string_view path, bool list, std::string_view text);
[[nodiscard]] std::string docsRow(const Option& option, std::string_view defaultValue,
                                  std::string_view allowed);

template <Described T>
class DocsVisitor {
public:
    explicit DocsVisitor(std::string path) : path_(std::move(path)) {}

    template <class M>
    void field(M T::* member, const Option& option) {
        const std::string path =
            path_.empty() ? std::string(option.key) : path_ + '.' + std::string(option.key);
        if constexpr (Described<M>) {
            below_ += docsOf<M>(path, false, option);
        } else if constexpr (TableList<M>) {
            below_ += docsOf<typename ListTraits<M>::Inner>(path, true, option);
        } else {
            rows_ += docsRow(option, inToml(T{}.*member), allowedFor<M>(option));
        }
    }

    /// The rows of this table, then the sections of the tables within it.
    [[nodiscard]] std::pair<std::string, std::string> take() { return {std::move(rows_), std::move(below_)}; }

private:
    template <class Inner>
    static std::string docsOf(const std::string& path, bool list, const Option& option) {
        DocsVisitor<Inner> visitor(path);
        Inner::describe(visitor);
        auto [rows, below] = visitor.take();
        return docsHeading(path, list, option.text) + rows + below;
    }

    std::string path_;
    std::string rows_;
    std::string below_;
};

}  // namespace tagwire::config
