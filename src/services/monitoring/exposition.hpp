// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "base/histogram.hpp"

namespace almon::services {

/// Writes figures as Prometheus reads them (text exposition format 0.0.4). A family of figures is begun once,
/// then come its samples.
class Exposition final {
public:
    static constexpr std::string_view kContentType = "text/plain; version=0.0.4; charset=utf-8";
    using Label = std::pair<std::string_view, std::string_view>;

    /// What only grows, from the start of the program on; its name ends in _total.
    Exposition& counter(std::string_view name, std::string_view help) {
        return family(name, help, "counter");
    }
    Exposition& gauge(std::string_view name, std::string_view help) { return family(name, help, "gauge"); }
    /// Of the family begun last. Values that are not whole have the digits that they need.
    Exposition& sample(double value, std::initializer_list<Label> labels = {});
    /// A family with all its samples, in seconds; its name ends in _seconds.
    void histogram(std::string_view name, std::string_view help, const Histogram::Reading& reading);

    [[nodiscard]] std::string take() && { return std::move(text_); }

private:
    Exposition& family(std::string_view name, std::string_view help, std::string_view kind);
    void line(std::string_view name, std::initializer_list<Label> labels, double value);

    std::string text_;
    std::string name_;  ///< Of the family begun last.
};

}  // namespace almon::services
