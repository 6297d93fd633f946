// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "base/result.hpp"
#include "http/service.hpp"
#include "http/static_files.hpp"

namespace almon::services {

/// Swagger UI at /api: the page on which all operations of the services of a port can be read and tried out
/// (API-032). Its files are ours and those of npm's swagger-ui-dist; nothing is asked of any other host.
/// Immutable; any thread.
class SwaggerUi final {
public:
    /// Refused: a folder that is not there (NotFound) or cannot be read.
    [[nodiscard]] static Result<SwaggerUi> load(const std::filesystem::path& folder);

    /// Adds the page to what a port serves, over the document of each service there that has one
    /// (Api::serve_document()). @param dialect of what it says where there is nothing below /api.
    void mount(std::vector<http::Mount>& mounts,
               http::ErrorDialect dialect = http::Service::plain_dialect) const;

private:
    explicit SwaggerUi(std::shared_ptr<const http::StaticFiles> files) : files_(std::move(files)) {}

    std::shared_ptr<const http::StaticFiles> files_;
};

}  // namespace almon::services
