// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "http/service.hpp"

namespace almon::http {

/// What one listener serves: decides which service and route a request is for and turns whatever comes of it
/// into a response. Knows no socket; immutable, any thread.
class Site final {
public:
    explicit Site(std::vector<Mount> mounts);

    /// Where a request goes.
    struct Goal {
        const Service* service = nullptr;  ///< Null: it belongs to none.
        const Route* route = nullptr;
    };

    /// With the head alone: finds the goal and asks its service's filter. Gives the answer where the handler
    /// is not to be asked: unknown path, wrong method, pre-flight, refused by the filter.
    [[nodiscard]] std::optional<Response> receive(Request& request, Goal& goal) const;
    /// With the body: asks the handler. Never throws.
    [[nodiscard]] Response answer(const Request& request, const Goal& goal) const;
    /// In the dialect of the goal; without one in that of the only service that has its own, or plain.
    [[nodiscard]] Response refuse(const Goal& goal, int status, const Error& error) const;
    [[nodiscard]] Response refuse(const Goal& goal, const Error& error) const;
    /// Adds what CORS asks for to any response.
    void permit(const Request& request, const Goal& goal, Response& response) const;

private:
    [[nodiscard]] const Mount* find(std::string_view raw_path) const noexcept;
    [[nodiscard]] Response preflight(const Request& request, const Service& service,
                                     const std::string& allow) const;

    std::vector<Mount> mounts_;          ///< Longest prefix first.
    std::vector<std::string> prefixes_;  ///< Of the mount of the same index, with its service's.
    const Service* speaker_ = nullptr;   ///< Whose dialect it is where no service is meant; null: plain.
};

}  // namespace almon::http
