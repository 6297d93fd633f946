// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace almon {

/// Why something was refused, independent of any wire format; the edge turns it into a SIP or HTTP status.
enum class ErrorCode {
    InvalidArgument,  ///< A value is wrong: bad syntax, out of range, unknown name.
    Malformed,        ///< Outside bytes that do not follow their grammar.
    NotFound,
    Conflict,      ///< Would contradict what is already there (duplicate, still in use).
    Outdated,      ///< Was changed since the asker looked.
    Unauthorized,  ///< Nobody proved who they are.
    Forbidden,     ///< Known, but not allowed.
    Unsupported,
    Exhausted,    ///< A limit was reached: ports, simultaneous calls, contacts, size.
    Unavailable,  ///< Somebody we depend on does not answer: disk, database, network.
    Timeout,
    Internal,
};

/// A refusal as a value. `field` names what was wrong in the caller's own words (a header, a key, a column),
/// may be empty; `reason` is a sentence for a person, without the field's name in front.
struct Error {
    ErrorCode code = ErrorCode::Internal;
    std::string field;
    std::string reason;

    friend bool operator==(const Error&, const Error&) = default;
};

/// Either a value or the refusal. Never throws unless value() is called on a refusal.
template <class T>
using Result = tl::expected<T, Error>;

/// Shorthand for returning a refusal: `return refuse(ErrorCode::Malformed, "Via", "no branch");`
[[nodiscard]] inline tl::unexpected<Error> refuse(ErrorCode code, std::string field, std::string reason) {
    return tl::unexpected<Error>(Error{code, std::move(field), std::move(reason)});
}

/// Passes another function's refusal on.
template <class T>
[[nodiscard]] tl::unexpected<Error> refuse(const Result<T>& refused) {
    return tl::unexpected<Error>(refused.error());
}

}  // namespace almon
