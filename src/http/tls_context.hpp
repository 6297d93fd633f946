// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>

#include "base/result.hpp"

struct ssl_ctx_st;

namespace almon::http {

/// A certificate chain and its key, PEM, each in a file.
struct CertificateFiles {
    std::filesystem::path certificate;
    std::filesystem::path key;
};

/// What a listener needs to speak TLS 1.2 and 1.3. Immutable; any thread.
class TlsContext final {
public:
    /// Refused with a sentence for the administrator where a file cannot be read, is no PEM, or the key does
    /// not belong to the certificate. Keys with a password are refused: nobody could type it.
    [[nodiscard]] static Result<std::shared_ptr<const TlsContext>> load(const CertificateFiles& files);
    ~TlsContext();
    TlsContext(const TlsContext&) = delete;
    TlsContext& operator=(const TlsContext&) = delete;

    [[nodiscard]] ssl_ctx_st* native() const noexcept { return context_; }

private:
    explicit TlsContext(ssl_ctx_st* context) noexcept : context_(context) {}

    ssl_ctx_st* context_;
};

}  // namespace almon::http
