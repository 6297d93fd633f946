// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/descriptor.hpp"

#include <unistd.h>

namespace almon {

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    if (this != &other) {
        if (number_ >= 0) ::close(number_);
        number_ = std::exchange(other.number_, -1);
    }
    return *this;
}

Descriptor::~Descriptor() {
    if (number_ >= 0) ::close(number_);
}

}  // namespace almon
