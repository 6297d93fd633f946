// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <span>
#include <vector>

namespace almon::test {

/// A sine at half of full scale.
inline std::vector<std::int16_t> tone(double frequency, unsigned rate, std::size_t count) {
    std::vector<std::int16_t> samples(count);
    for (std::size_t i = 0; i < count; ++i) {
        const double at = 2 * std::numbers::pi * frequency * static_cast<double>(i) / rate;
        samples[i] = static_cast<std::int16_t>(std::lround(16000 * std::sin(at)));
    }
    return samples;
}

/// How far all that is not the sine of this frequency lies below it, in dB: the best sine of whatever phase
/// and loudness is taken out. -100 where there is no such sine.
inline double tone_to_noise(std::span<const std::int16_t> samples, double frequency, unsigned rate) {
    const double turn = 2 * std::numbers::pi * frequency / rate;
    double cc = 0;
    double ss = 0;
    double cs = 0;
    double xc = 0;
    double xs = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const double c = std::cos(turn * static_cast<double>(i));
        const double s = std::sin(turn * static_cast<double>(i));
        cc += c * c;
        ss += s * s;
        cs += c * s;
        xc += samples[i] * c;
        xs += samples[i] * s;
    }
    const double determinant = cc * ss - cs * cs;
    const double a = (xc * ss - xs * cs) / determinant;
    const double b = (xs * cc - xc * cs) / determinant;
    double signal = 0;
    double noise = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const double value =
            a * std::cos(turn * static_cast<double>(i)) + b * std::sin(turn * static_cast<double>(i));
        signal += value * value;
        noise += (samples[i] - value) * (samples[i] - value);
    }
    // 1000 of 32767: less is no tone of ours any more.
    if (signal < 0.5 * 1e6 * static_cast<double>(samples.size())) return -100;
    return 10 * std::log10(signal / std::max(noise, 1.0));
}

}  // namespace almon::test
