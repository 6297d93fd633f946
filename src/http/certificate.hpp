// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "base/random.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "http/tls_context.hpp"

namespace almon::http {

/// For whom a self-signed certificate speaks.
struct CertificateSubject {
    std::string host_name;
    /// Further names and addresses, as literals. localhost and 127.0.0.1 are always among them.
    std::vector<std::string> alternatives{};
};

/// Whom a certificate speaks for and until when. Texts that are empty are left out of it.
struct CertificateOrder {
    std::string common_name;  ///< At most 64 characters (RFC 5280, upper bounds).
    std::string email{};
    std::string unit{};
    std::string organization{};
    std::string city{};
    std::string state{};
    std::string country{};  ///< Two letters.
    /// Names and addresses of hosts, as literals; the common name is among them where it is one.
    std::vector<std::string> alternatives{};
    bool is_authority = false;
    UtcTime valid_until{};
    int key_bits = 2048;  ///< Of RSA, which every phone knows.
};
/// In the format PEM; the key without a password.
struct CertificateAndKey {
    std::string certificate;
    std::string private_key;
};
/// Makes a key and a certificate for it, signed by `authority`, or by itself where that is null; takes some
/// tenths of a second. InvalidArgument, with the member: what cannot stand in one; "authority": what is none,
/// or not with this key.
[[nodiscard]] Result<CertificateAndKey> issue_certificate(const CertificateOrder& order,
                                                          const CertificateAndKey* authority, UtcTime now,
                                                          Random& random);

/// Makes a key (EC P-256) and a certificate for it that is valid for ten years from a day before `now`, so
/// that a client whose clock is behind takes it too. The key's file is readable by us alone. Each file is
/// complete or absent, whenever the machine stops; what was there is replaced.
[[nodiscard]] Result<void> make_self_signed_certificate(const CertificateFiles& files,
                                                        const CertificateSubject& subject, UtcTime now,
                                                        Random& random);

/// The context of `files`; where neither exists they are made first. Where only one exists it is refused,
/// since somebody meant something by it.
[[nodiscard]] Result<std::shared_ptr<const TlsContext>> load_or_make_certificate(
    const CertificateFiles& files, const CertificateSubject& subject, UtcTime now, Random& random);

}  // namespace almon::http
