// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "model/declaration.hpp"
#include "model/ids.hpp"
#include "model/record.hpp"

namespace almon::model {

/// A part of the configuration, and whether it may only be looked at.
struct SectionRight {
    std::string section;           ///< "users": the beginning of its paths.
    std::string access = "write";  ///< "read", or "write", which includes it.
};
BOOST_DESCRIBE_STRUCT(SectionRight, (), (section, access))

/// Somebody who may administer, signed in through the backend xivo_admin.
struct Administrator {
    AdministratorId id;
    std::string username;
    std::string password;  ///< As an argon2id hash.
    std::vector<std::string> acl = {"#"};
    std::vector<SectionRight> sections;  ///< In place of `acl`, where there are any.
    EntityId entity;                     ///< Whose administrator it is (ADA-146); none: of all.
    bool enabled = true;
};
template <>
Declaration declare<Administrator>();

/// What an administrator may do, as rules of a token: those of his sections, or his own.
[[nodiscard]] std::vector<std::string> acl_of(const Administrator& administrator);

template <>
struct FieldCodec<SectionRight> : RecordCodec<SectionRight> {};

}  // namespace almon::model
