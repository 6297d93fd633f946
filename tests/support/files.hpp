// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace almon::test {

/// Root of the repository: ALMON_SOURCE, or found upwards from the running test program.
[[nodiscard]] std::filesystem::path source_root();

/// Folder of reference material (RFC 4475 messages, API contracts): ALMON_REFERENCE, or ../shared/reference
/// beside the repository. It need not exist; see ALMON_NEEDS_REFERENCE.
[[nodiscard]] std::filesystem::path reference_folder();

/// Whole content of a file; fails the running test and gives an empty string if it cannot be read.
[[nodiscard]] std::string read_file(const std::filesystem::path& file);

/// Regular files directly in a folder, by name; none if the folder does not exist.
[[nodiscard]] std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder);

/// Seed files of the fuzz target `name`, tests/fuzz/corpus/<name>/.
[[nodiscard]] std::vector<std::filesystem::path> corpus(const std::string& name);

/// A folder of its own for one test, removed with everything in it.
class TemporaryFolder final {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

/// True in continuous integration (CI=true), where absent reference material is a failure and not a reason to
/// skip.
[[nodiscard]] bool in_ci();

}  // namespace almon::test

/// First line of a test that reads reference_folder() / `part`: where that is absent the test says so and is
/// skipped, in continuous integration it fails.
#define ALMON_NEEDS_REFERENCE(part)                                                               \
    do {                                                                                          \
        const auto needed = ::almon::test::reference_folder() / (part);                           \
        if (!std::filesystem::exists(needed) && ::almon::test::in_ci())                           \
            GTEST_FAIL() << needed << " is absent, and continuous integration may not skip this"; \
        if (!std::filesystem::exists(needed))                                                     \
            GTEST_SKIP() << needed << " is absent; ALMON_REFERENCE names the folder to look in";  \
    } while (false)
