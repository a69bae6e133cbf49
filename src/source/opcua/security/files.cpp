#include "source/opcua/security/files.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <system_error>

namespace tagwire::source::opcua {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 6> kExtensions{".der", ".cer", ".crt", ".pem", ".crl", ".key"};

}  // namespace

std::vector<fs::path> filesIn(const fs::path& folder, std::size_t limit) {
    std::vector<fs::path> files;
    std::error_code error;
    for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::directory_iterator();
         entry.increment(error)) {
        std::string extension = entry->path().extension().string();
        std::ranges::transform(extension, extension.begin(), [](unsigned char c) {
            return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        });
        if (std::ranges::find(kExtensions, extension) == kExtensions.end()) continue;
        if (entry->path().filename().string().starts_with('.')) continue;
        std::error_code ignored;
        if (!entry->is_regular_file(ignored)) continue;
        files.push_back(entry->path());
        if (files.size() >= limit) break;
    }
    std::ranges::sort(files);
    return files;
}

}  // namespace tagwire::source::opcua
