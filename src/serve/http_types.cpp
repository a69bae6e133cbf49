#include "serve/http_types.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <initializer_list>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <fmt/format.h>

namespace tagwire::serve {

std::optional<std::string_view> Query::get(std::string_view name) const {
    const auto it = std::ranges::find(parameters_, name, &std::pair<std::string, std::string>::first);
    if (it == parameters_.end()) return std::nullopt;
    return it->second;
}

std::vector<std::string> Query::list(std::string_view name) const {
    std::vector<std::string> items;
    for (const auto& [key, value] : parameters_) {
        if (key != name) continue;
        std::string_view rest = value;
        while (!rest.empty()) {
            const auto comma = std::min(rest.find(','), rest.size());
            if (comma > 0) items.emplace_back(rest.substr(0, comma));
            rest.remove_prefix(std::min(comma + 1, rest.size()));
        }
    }
    return items;
}

Result<double> Query::number(std::string_view name, double fallback, double min, double max) const {
    const auto text = get(name);
    if (!text) return fallback;
    double value = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error != std::errc{} || end != text->data() + text->size() || !std::isfinite(value) || value < min ||
        value > max) {
        return fail(
            fmt::format("parameter '{}': expected a number from {} to {}, got '{}'", name, min, max, *text));
    }
    return value;
}

Result<void> Query::onlyKnown(std::initializer_list<std::string_view> known) const {
    for (const auto& [key, value] : parameters_) {
        if (std::ranges::find(known, key) == known.end()) {
            return fail(
                fmt::format("unknown parameter '{}'; this resource takes: {}", key, fmt::join(known, ", ")));
        }
    }
    return {};
}

Result<Target> parseTarget(std::string_view target) {
    Target result;
    if (target == "*") {
        result.path = target;
        return result;
    }
    std::string withPath;
    if (const auto scheme = target.find("://");
        scheme != std::string_view::npos && scheme < target.find('/')) {
        if (target.substr(0, scheme) != "http" && target.substr(0, scheme) != "https")
            return fail("the request target is of another protocol than http");
        target.remove_prefix(scheme + 3);
        result.authority = target.substr(0, target.find_first_of("/?"));
        if (result.authority.empty()) return fail("the request target has no host");
        target.remove_prefix(result.authority.size());
        if (!target.starts_with('/')) {
            withPath = "/";
            withPath += target;
            target = withPath;
        }
    }
    const auto url = boost::urls::parse_origin_form(target);
    if (!url) return fail("the request target is malformed");
    url->path().swap(result.path);
    std::vector<std::pair<std::string, std::string>> parameters;
    boost::urls::encoding_opts form;
    form.space_as_plus = true;
    for (const auto& parameter : url->params(form)) {
        // Nothing between two separators, or after the question mark.
        if (parameter.key.empty() && !parameter.has_value) continue;
        parameters.emplace_back(parameter.key, parameter.value);
    }
    result.query = Query(std::move(parameters));
    return result;
}

}  // namespace tagwire::serve
