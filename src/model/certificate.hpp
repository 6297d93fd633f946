// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "base/id.hpp"
#include "model/declaration.hpp"

namespace almon::model {

struct Certificate;
using CertificateId = Id<Certificate>;

/// A certificate for telephony (ADA-049 to ADA-052, SYS-037), with its key where it is our own.
struct Certificate {
    CertificateId id;
    std::string name;
    std::string description;
    bool is_authority = false;  ///< Others are proven by it.
    std::string certificate;    ///< PEM, with those of its issuers behind it.
    std::string private_key;    ///< PEM, without a password (ADA-052); clear only in memory.
};
template <>
Declaration declare<Certificate>();

}  // namespace almon::model
