// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

struct x509_st;

namespace almon::media {

/// "sha-256 AB:CD:..." (RFC 8122 section 5) with one of sha-256, sha-384 and sha-512; empty for another hash.
[[nodiscard]] std::string dtls_fingerprint(const x509_st* certificate, std::string_view hash);

}  // namespace almon::media
