// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/port_stock.hpp"

#include <algorithm>

namespace almon::pbx {

std::optional<std::uint16_t> PortStock::take() {
    if (ready_.empty()) return std::nullopt;
    const auto port = ready_.front();
    ready_.pop_front();
    return port;
}

void PortStock::add(const std::vector<std::uint16_t>& ports) {
    ready_.insert(ready_.end(), ports.begin(), ports.end());
    asked_ -= std::min(asked_, ports.size());
}

std::size_t PortStock::wanted(std::size_t in_use) {
    const auto target = kLeast + in_use / 4;
    if (asked_ > 0 || ready_.size() > target / 2) return 0;
    asked_ = target - ready_.size();
    return asked_;
}

}  // namespace almon::pbx
