// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/monitoring/exposition.hpp"

#include <chrono>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

namespace almon::services {

namespace {

double seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

std::string value_text(double value) {
    // Counters of packets pass a million soon, and are read by people too.
    if (std::trunc(value) == value && std::abs(value) < 1e15) return fmt::format("{:.0f}", value);
    return fmt::format("{}", value);
}

void append_escaped(std::string& text, std::string_view value) {
    for (const char letter : value) {
        if (letter == '\n') {
            text += "\\n";
            continue;
        }
        if (letter == '\\' || letter == '"') text += '\\';
        text += letter;
    }
}

}  // namespace

Exposition& Exposition::family(std::string_view name, std::string_view help, std::string_view kind) {
    name_ = name;
    fmt::format_to(std::back_inserter(text_), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, kind);
    return *this;
}

Exposition& Exposition::sample(double value, std::initializer_list<Label> labels) {
    line(name_, labels, value);
    return *this;
}

void Exposition::histogram(std::string_view name, std::string_view help, const Histogram::Reading& reading) {
    family(name, help, "histogram");
    const auto bucket = std::string(name) + "_bucket";
    for (const auto& [bound, count] : reading.up_to)
        line(bucket, {{"le", fmt::format("{}", seconds(bound))}}, static_cast<double>(count));
    line(bucket, {{"le", "+Inf"}}, static_cast<double>(reading.count));
    line(std::string(name) + "_sum", {}, seconds(reading.sum));
    line(std::string(name) + "_count", {}, static_cast<double>(reading.count));
}

void Exposition::line(std::string_view name, std::initializer_list<Label> labels, double value) {
    text_ += name;
    char before = '{';
    for (const auto& [label, its_value] : labels) {
        text_ += std::exchange(before, ',');
        text_ += label;
        text_ += "=\"";
        append_escaped(text_, its_value);
        text_ += '"';
    }
    if (labels.size() != 0) text_ += '}';
    text_ += ' ';
    text_ += value_text(value);
    text_ += '\n';
}

}  // namespace almon::services
