/// The composition root: makes every part and connects them; nothing else knows them all.
/// Thread: main. Lifetime: main's.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/result.h"
#include "config/configuration.h"
#include "serve/embedded_assets.h"

namespace tagwire::app {

class Application {
public:
    /// `file` is what the configuration was read from, if anything: sources that are added go beside it.
    Application(config::Configuration configuration, std::optional<std::filesystem::path> file,
                std::span<const serve::EmbeddedAsset> assets);
    ~Application();
    Application(const Application&) = delete;
    Application& operator=(const Application&) = delete;

    /// Binds the port, then starts store, sources and server. The error says what to do.
    [[nodiscard]] Result<void> start();
    /// Of the link by which the first administrator is made; empty where there is a user. After start().
    [[nodiscard]] std::string setUpSecret() const;
    /// Within 2 s: clients told, sources closed, threads joined.
    void stop() noexcept;

    /// Of the TLS certificate, where the server made its own; after start().
    [[nodiscard]] std::optional<std::string> ownFingerprint() const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

/// "Tagwire 0.1.0"
[[nodiscard]] const char* productName() noexcept;

}  // namespace tagwire::app
