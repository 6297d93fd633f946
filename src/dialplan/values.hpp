// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

#include <boost/describe.hpp>

#include "base/result.hpp"

namespace almon::dialplan {

/// A value that hangs on a call by its name, which is case-sensitive (INS-132). A name that begins with one
/// underscore is handed on to the channels that the call opens, with two to those that they open as well.
struct Variable {
    std::string name;
    std::string value;

    /// Without the underscores that say who inherits it.
    [[nodiscard]] std::string_view bare_name() const noexcept {
        const std::string_view whole = name;
        return whole.substr(whole.starts_with("__") ? 2 : whole.starts_with('_') ? 1 : 0);
    }
};
BOOST_DESCRIBE_STRUCT(Variable, (), (name, value))

/// No text of a script grows beyond; it is cut off there.
inline constexpr std::size_t kLongestText = 65'536;

/// What the names in a text stand for.
class Values {
public:
    virtual ~Values() = default;

    /// Empty where nothing has this name.
    [[nodiscard]] virtual std::string variable(std::string_view name) = 0;
    /// What a function of the call says. NotFound: there is none of this name.
    [[nodiscard]] virtual Result<std::string> read(std::string_view function, std::string_view arguments) = 0;
    /// Wall-clock time.
    /// @param seconds since 1970, UTC; nothing: now.
    /// @param zone "Europe/Paris"; empty: that of the system.
    [[nodiscard]] virtual std::tm local_time(std::optional<std::int64_t> seconds, std::string_view zone) = 0;
    /// Seconds since 1970, UTC.
    [[nodiscard]] virtual std::int64_t epoch() = 0;
    [[nodiscard]] virtual std::uint64_t random_below(std::uint64_t bound) = 0;
    /// Something in a script is wrong that its reader could not see; for who looks why a call went where it
    /// did.
    virtual void mistake(std::string_view what) = 0;

    /// How many EVALs there were.
    int evaluations = 0;
};

}  // namespace almon::dialplan
