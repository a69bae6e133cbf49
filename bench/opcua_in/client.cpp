// One client of the benchmark opcua_in: subscribes to the first NODES nodes of the load server and measures.
//
//   tagwire_bench_opcua_client source|callbacks ENDPOINT NODES SECONDS PUBLISHING_INTERVAL_MS
//
// Prints one line of JSON.
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "bench/opcua_in/measured.h"

int main(int argc, char** argv) {
    using namespace tagwire::bench;
    const std::string_view kind = argc == 6 ? argv[1] : "";
    if (kind != "source" && kind != "callbacks") {
        std::cerr << "usage: tagwire_bench_opcua_client source|callbacks ENDPOINT NODES SECONDS "
                     "PUBLISHING_INTERVAL_MS\n";
        return 2;
    }
    try {
        const Task task{.endpoint = argv[2],
                        .nodes = static_cast<std::uint32_t>(std::stoul(argv[3])),
                        .seconds = static_cast<std::uint32_t>(std::stoul(argv[4])),
                        .publishingIntervalMs = static_cast<std::uint32_t>(std::stoul(argv[5]))};
        const Measured measured = kind == "source" ? measureSource(task) : measureCallbacks(task);
        std::cout
            << fmt::format(
                   R"({{"create_s":{:.4f},"create_cpu_s":{:.4f},"settle_cpu_s":{:.4f},"changes":{},"seconds":{:.3f},)"
                   R"("cpu_s":{:.4f},"missed":{}}})",
                   measured.createSeconds, measured.createCpuSeconds, measured.settleCpuSeconds,
                   measured.changes, measured.seconds, measured.cpuSeconds, measured.missed)
            << std::endl;
        return 0;
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
