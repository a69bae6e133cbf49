#include "source/simulator/wave.h"

namespace tagwire::source::simulator {
namespace {

/// Height, 0 to 1, at `phase` in [0, 1).
double height(WaveShape shape, double phase) noexcept {
    switch (shape) {
        case WaveShape::SawTooth: return phase;
        case WaveShape::Triangle: return phase < 0.5 ? 2 * phase : 2 - 2 * phase;
        case WaveShape::Square: return phase < 0.5 ? 0 : 1;
    }
    return 0;
}

}  // namespace

double Wave::at(std::chrono::milliseconds elapsed) const noexcept {
    const auto position = static_cast<double>((elapsed % period).count());
    return low + (high - low) * height(shape, position / static_cast<double>(period.count()));
}

}  // namespace tagwire::source::simulator
