// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "model/resources.hpp"

namespace almon::model {

/// The whole configuration at one change number: immutable, shared by everybody who reads, published
/// atomically. Built from the previous one by SnapshotBuilder; what did not change is shared. All look-ups
/// are O(log n) or better and allocate nothing.
class Snapshot final {
public:
    /// The number of the last change it contains.
    [[nodiscard]] std::uint64_t change() const noexcept;

    [[nodiscard]] const User* user(UserId id) const noexcept;
    [[nodiscard]] const Line* line(LineId id) const noexcept;
    [[nodiscard]] const EndpointSip* endpoint_sip(EndpointSipId id) const noexcept;
    [[nodiscard]] const Extension* extension(ExtensionId id) const noexcept;
    [[nodiscard]] const Context* context(std::string_view name) const noexcept;

    [[nodiscard]] const EndpointSip* endpoint_sip_by_username(std::string_view username) const noexcept;
    /// Exactly this number in exactly this context; includes are the resolver's business.
    [[nodiscard]] const Extension* extension_in(std::string_view context,
                                                std::string_view exten) const noexcept;
    [[nodiscard]] const Line* line_of_endpoint(EndpointSipId endpoint) const noexcept;
    /// The main user first.
    [[nodiscard]] std::vector<UserId> users_of_line(LineId line) const;
    /// The main line first, then by position.
    [[nodiscard]] std::vector<LineId> lines_of_user(UserId user) const;
    /// All lines that ring when the number is dialled.
    [[nodiscard]] std::vector<LineId> lines_of_extension(ExtensionId extension) const;
    /// The line's main number; null where it has none.
    [[nodiscard]] const Extension* main_extension_of_line(LineId line) const noexcept;
};

}  // namespace almon::model
