// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace almon::services {

/// Comma-separated values (RFC 4180) in UTF-8, with a line of names first.
struct CsvTable {
    std::vector<std::string> header;
    std::vector<std::vector<std::string>> rows;  ///< Each as long as the header.
};

struct CsvLimits {
    std::size_t rows = 20'000;
    std::size_t columns = 100;
    std::size_t field = 4096;  ///< Bytes.
};

/// Lines end in CR LF, LF or CR; empty ones are passed over. A quote within a field that does not begin with
/// one is a character like others. Refused (Malformed): other encodings, a byte order mark, quotes left open
/// or followed by something, rows of another length than the header, and what is beyond the limits.
[[nodiscard]] Result<CsvTable> read_csv(std::string_view text, const CsvLimits& limits = {});

/// Appends a line that read_csv() reads back, ended by CR LF.
void append_csv_line(std::string& out, const std::vector<std::string>& fields);

}  // namespace almon::services
