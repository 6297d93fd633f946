// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "base/random.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

struct ssl_ctx_st;

namespace almon::media {

/// What we prove ourselves with in DTLS-SRTP: a key (EC P-256) and a certificate of this process, vouched for
/// by its fingerprint in our session descriptions alone (RFC 5763). Immutable; any thread.
class DtlsIdentity final {
public:
    [[nodiscard]] static Result<std::shared_ptr<const DtlsIdentity>> make(UtcTime now, Random& random);
    ~DtlsIdentity();
    DtlsIdentity(const DtlsIdentity&) = delete;
    DtlsIdentity& operator=(const DtlsIdentity&) = delete;

    /// "sha-256 AB:CD:...", as in a=fingerprint.
    [[nodiscard]] const std::string& fingerprint() const noexcept { return fingerprint_; }
    [[nodiscard]] ssl_ctx_st* native() const noexcept { return context_; }

private:
    DtlsIdentity() = default;

    ssl_ctx_st* context_ = nullptr;
    std::string fingerprint_;
};

}  // namespace almon::media
