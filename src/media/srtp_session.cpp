// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/srtp_session.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <srtp2/srtp.h>

namespace almon::media {
namespace {

/// Packets may overtake each other by so much, as over a bad Wi-Fi.
constexpr unsigned long kReplayWindow = 1024;

struct Suite {
    std::string_view name;
    std::size_t key_length;
    void (*set_rtp)(srtp_crypto_policy_t*);
    void (*set_rtcp)(srtp_crypto_policy_t*);
};
/// RFC 4568 6.2: the short tag is of RTP alone.
constexpr std::array<Suite, 6> kSuites{{
    {"AES_CM_128_HMAC_SHA1_80", 30, srtp_crypto_policy_set_rtp_default, srtp_crypto_policy_set_rtcp_default},
    {"AES_CM_128_HMAC_SHA1_32", 30, srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32,
     srtp_crypto_policy_set_rtcp_default},
    {"AES_256_CM_HMAC_SHA1_80", 46, srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80,
     srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80},
    {"AES_256_CM_HMAC_SHA1_32", 46, srtp_crypto_policy_set_aes_cm_256_hmac_sha1_32,
     srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80},
    {"AEAD_AES_128_GCM", 28, srtp_crypto_policy_set_aes_gcm_128_16_auth,
     srtp_crypto_policy_set_aes_gcm_128_16_auth},
    {"AEAD_AES_256_GCM", 44, srtp_crypto_policy_set_aes_gcm_256_16_auth,
     srtp_crypto_policy_set_aes_gcm_256_16_auth},
}};

bool library_is_ready() {
    static const bool kReady = srtp_init() == srtp_err_status_ok;
    return kReady;
}

srtp_t make_context(const Suite& suite, const std::string& key, srtp_ssrc_type_t direction) {
    srtp_policy_t policy{};
    suite.set_rtp(&policy.rtp);
    suite.set_rtcp(&policy.rtcp);
    policy.ssrc.type = direction;
    auto bytes = key;
    policy.key = reinterpret_cast<unsigned char*>(bytes.data());
    policy.window_size = kReplayWindow;
    // What a party sent twice goes on twice.
    policy.allow_repeat_tx = 1;
    srtp_t context = nullptr;
    return srtp_create(&context, &policy) == srtp_err_status_ok ? context : nullptr;
}

}  // namespace

void SrtpSession::Free::operator()(srtp_ctx_t_* context) const noexcept {
    srtp_dealloc(context);
}

Result<SrtpSession> SrtpSession::make(const SrtpKeys& keys) {
    const auto* const suite = std::ranges::find(kSuites, keys.suite, &Suite::name);
    if (suite == kSuites.end())
        return refuse(ErrorCode::Unsupported, "suite", keys.suite + " is not spoken here");
    if (keys.local.size() != suite->key_length || keys.remote.size() != suite->key_length)
        return refuse(ErrorCode::InvalidArgument, "key", "is not as long as " + keys.suite + " wants");
    if (!library_is_ready()) return refuse(ErrorCode::Internal, "srtp", "the library does not start");
    Context outbound(make_context(*suite, keys.local, ssrc_any_outbound));
    Context inbound(make_context(*suite, keys.remote, ssrc_any_inbound));
    if (!outbound || !inbound)
        return refuse(ErrorCode::Internal, "srtp", "the library refuses " + keys.suite);
    return SrtpSession(std::move(outbound), std::move(inbound));
}

std::size_t SrtpSession::protect_rtp(std::uint8_t* packet, std::size_t size) noexcept {
    auto length = static_cast<int>(size);
    const auto status = srtp_protect(outbound_.get(), packet, &length);
    return status == srtp_err_status_ok ? static_cast<std::size_t>(length) : 0;
}

std::size_t SrtpSession::protect_rtcp(std::uint8_t* packet, std::size_t size) noexcept {
    auto length = static_cast<int>(size);
    const auto status = srtp_protect_rtcp(outbound_.get(), packet, &length);
    return status == srtp_err_status_ok ? static_cast<std::size_t>(length) : 0;
}

std::size_t SrtpSession::unprotect_rtp(std::span<std::uint8_t> packet) noexcept {
    auto length = static_cast<int>(packet.size());
    const auto status = srtp_unprotect(inbound_.get(), packet.data(), &length);
    return status == srtp_err_status_ok ? static_cast<std::size_t>(length) : 0;
}

std::size_t SrtpSession::unprotect_rtcp(std::span<std::uint8_t> packet) noexcept {
    auto length = static_cast<int>(packet.size());
    const auto status = srtp_unprotect_rtcp(inbound_.get(), packet.data(), &length);
    return status == srtp_err_status_ok ? static_cast<std::size_t>(length) : 0;
}

}  // namespace almon::media
