// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/files.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>

namespace almon::test {

namespace {

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string{} : std::string{value};
}

}  // namespace

std::filesystem::path source_root() {
    if (const auto root = environment("ALMON_SOURCE"); !root.empty()) return root;
    auto folder = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    while (folder.has_relative_path() && !std::filesystem::exists(folder / "CMakePresets.json")) {
        folder = folder.parent_path();
    }
    return folder;
}

std::filesystem::path reference_folder() {
    if (const auto folder = environment("ALMON_REFERENCE"); !folder.empty()) return folder;
    return source_root().parent_path() / "shared" / "reference";
}

std::string read_file(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) ADD_FAILURE() << "cannot read " << file;
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    std::error_code absent;
    for (const auto& entry : std::filesystem::directory_iterator(folder, absent)) {
        if (entry.is_regular_file()) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::vector<std::filesystem::path> corpus(const std::string& name) {
    return files_in(source_root() / "tests" / "fuzz" / "corpus" / name);
}

TemporaryFolder::TemporaryFolder() {
    auto name = (std::filesystem::temp_directory_path() / "almon-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category(), name);
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

bool in_ci() {
    return environment("CI") == "true";
}

}  // namespace almon::test
