// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <boost/json.hpp>

#include "base/result.hpp"
#include "services/csv.hpp"

namespace almon::services {

/// What a column of a users' file holds.
enum class ColumnKind : std::uint8_t { Text, Boolean, Integer, List };

struct Column {
    std::string_view name;
    ColumnKind kind = ColumnKind::Text;
};

/// The 35 columns of users' files (ADB-194 to ADB-199), in the order of an export.
[[nodiscard]] std::span<const Column> user_columns() noexcept;

inline constexpr std::string_view kUuidColumn = "uuid";                       ///< Of updates and exports.
inline constexpr std::string_view kProvisioningColumn = "provisioning_code";  ///< Of exports.

/// A users' file whose columns are known.
class UserSheet final {
public:
    /// Refused: what is no table, and columns that are not known, come twice or are missing.
    [[nodiscard]] static Result<UserSheet> read(std::string_view text, bool is_update);

    [[nodiscard]] std::size_t size() const noexcept { return table_.rows.size(); }
    [[nodiscard]] bool has(std::string_view column) const { return places_.contains(column); }
    /// Empty where the column is absent.
    [[nodiscard]] const std::string& text(std::size_t row, std::string_view column) const;
    /// {"firstname": "Alice", ...}
    [[nodiscard]] boost::json::object row(std::size_t row) const;

private:
    CsvTable table_;
    std::unordered_map<std::string_view, std::size_t> places_;
};

/// A field as the API takes it: null where it is empty.
[[nodiscard]] Result<boost::json::value> value_of(const Column& column, const std::string& text);
/// "a;b" -> a, b. Spaces around names are nothing.
[[nodiscard]] std::vector<std::string> names_in(std::string_view text);

/// What is wrong with a row.
struct SheetError {
    std::size_t row = 0;  ///< From 1; 0: the file as a whole.
    std::string column;
    std::string value;
    std::string reason;
};

}  // namespace almon::services
