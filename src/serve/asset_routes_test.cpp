#include "serve/asset_routes.h"

#include <array>

#include <gtest/gtest.h>

namespace tagwire::serve {
namespace {

constexpr std::array kAssets{
    EmbeddedAsset{"/assets/app-1a2b.js", "text/javascript; charset=utf-8", "\"b\"", true, "plain", "gz",
                  "br"},
    EmbeddedAsset{"/index.html", "text/html; charset=utf-8", "\"a\"", false, "<html>", "", ""},
};

std::string header(const HttpResponse& response, std::string_view name) {
    for (const auto& [key, value] : response.headers) {
        if (key == name) return value;
    }
    return {};
}

HttpResponse get(std::string path, std::string_view accept = {}, std::string_view ifNoneMatch = {}) {
    HttpRequest request;
    request.path = std::move(path);
    request.acceptEncoding = accept;
    request.ifNoneMatch = ifNoneMatch;
    return assetRoute(kAssets, request).value_or(HttpResponse{.status = 404});
}

TEST(AssetRoute, TheRootIsThePageWithAStrictPolicy) {
    const auto response = get("/");
    EXPECT_EQ(response.content(), "<html>");
    EXPECT_EQ(header(response, "Cache-Control"), "no-cache");
    const auto policy = header(response, "Content-Security-Policy");
    EXPECT_NE(policy.find("default-src 'none'"), std::string::npos);
    EXPECT_EQ(policy.find("unsafe"), std::string::npos);
}

TEST(AssetRoute, PicksAnEncodingTheClientTakes) {
    EXPECT_EQ(get("/assets/app-1a2b.js").content(), "plain");
    EXPECT_EQ(get("/assets/app-1a2b.js", "gzip").content(), "gz");
    EXPECT_EQ(get("/assets/app-1a2b.js", "gzip, deflate, br").content(), "br");
    EXPECT_EQ(get("/assets/app-1a2b.js", "br;q=0, gzip;q=0.5").content(), "gz");
    EXPECT_EQ(header(get("/assets/app-1a2b.js", "br"), "Content-Encoding"), "br");
    EXPECT_EQ(header(get("/assets/app-1a2b.js"), "Cache-Control"), "public, max-age=31536000, immutable");
}

TEST(AssetRoute, KnowsWhatTheClientHas) {
    EXPECT_EQ(get("/", {}, "\"a\"").status, 304U);
    EXPECT_EQ(get("/", {}, "\"x\", W/\"a\"").status, 304U);
    EXPECT_EQ(get("/", {}, "*").status, 304U);
    EXPECT_EQ(get("/", {}, "\"x\"").status, 200U);
}

TEST(AssetRoute, ServesNothingElse) {
    EXPECT_EQ(get("/../etc/passwd").status, 404U);
    EXPECT_EQ(get("/index.htm").status, 404U);
}

}  // namespace
}  // namespace tagwire::serve
