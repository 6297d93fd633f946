// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/current.hpp"
#include "base/descriptor.hpp"
#include "base/result.hpp"
#include "dialplan/dialplan.hpp"

namespace almon::server {

/// What administrators write in the dialplan language: *.conf of a folder, and a file of global variables
/// beside it (ADB-039, API-207, API-209). It is in force as soon as it is saved; a mistake stands in the log
/// with file, line and what was expected, and what was in force before stays so.
class DialplanFolder final {
public:
    struct Places {
        std::string folder;
        std::string globals;  ///< May be empty: there is none.
    };
    /// Reads both; a file with mistakes is left out this once, as nothing was in force before.
    /// @param applications that there are.
    DialplanFolder(Places places, std::vector<std::string_view> applications);
    ~DialplanFolder();
    DialplanFolder(const DialplanFolder&) = delete;
    DialplanFolder& operator=(const DialplanFolder&) = delete;

    /// Reads it anew. Any thread; waits for the disk.
    /// @return what is in force now: "3 files, 12 contexts, 80 priorities". Malformed: all mistakes.
    Result<std::string> reload();

    [[nodiscard]] std::shared_ptr<const Current<dialplan::Dialplan>> current() const noexcept {
        return current_;
    }

private:
    [[nodiscard]] Result<std::vector<dialplan::File>> files() const;
    Result<std::string> put_in_force(const dialplan::ReadDialplan& read, std::size_t files);
    void watch();

    const Places places_;
    const std::vector<std::string_view> applications_;
    std::shared_ptr<Current<dialplan::Dialplan>> current_ = std::make_shared<Current<dialplan::Dialplan>>();
    std::mutex reading_;
    Descriptor changes_;  ///< Tells of what changes on the disk.
    Descriptor end_;      ///< Ends the watching.
    std::thread watcher_;
};

}  // namespace almon::server
