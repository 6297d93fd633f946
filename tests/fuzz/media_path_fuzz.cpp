// SPDX-License-Identifier: GPL-3.0-or-later
// What reaches the port of a protected leg: checks of ICE, the first flights of DTLS, SRTP and SRTCP. The
// bytes are several packets, each with two bytes of length in front.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "media/guarded_path.hpp"
#include "media/rtp_packet.hpp"
#include "media/stun_message.hpp"

namespace {

using namespace almon::media;

const std::shared_ptr<const DtlsIdentity>& identity() {
    static const auto kIdentity = [] {
        almon::SeededRandom random(1);
        return DtlsIdentity::make(almon::UtcTime(std::chrono::hours(490'000)), random).value();
    }();
    return kIdentity;
}

ConfigureLeg configuration(LegSecurity::Protection protection) {
    ConfigureLeg configure;
    configure.security.protection = protection;
    configure.security.keys = {"AES_CM_128_HMAC_SHA1_80", std::string(30, 'a'), std::string(30, 'b')};
    configure.security.fingerprint = identity()->fingerprint();
    // The request of RFC 5769 2.1 passes.
    configure.ice = IceSettings{"evtj", "VOkJxbRl1RmTxUk/WvJxBt"};
    return configure;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::span bytes(data, size);
    GuardedPath dtls;
    GuardedPath keys;
    dtls.configure(configuration(LegSecurity::Protection::Dtls), identity(), {});
    keys.configure(configuration(LegSecurity::Protection::Keys), identity(), {});
    const auto source = SocketAddress::make(*almon::NetAddress::parse("192.0.2.7", 4000), false);
    for (int count = 0; bytes.size() >= 2 && count < 16; ++count) {
        const auto length = std::min<std::size_t>(read16(bytes.data()), bytes.size() - 2);
        std::vector<std::uint8_t> packet(bytes.begin() + 2,
                                         bytes.begin() + 2 + static_cast<std::ptrdiff_t>(length));
        bytes = bytes.subspan(2 + length);
        if (looks_like_stun(packet)) {
            static_cast<void>(dtls.on_stun(GuardedPath::kRtp, packet, source));
        } else if (looks_like_dtls(packet)) {
            static_cast<void>(dtls.on_dtls(GuardedPath::kRtp, packet));
        } else {
            auto copy = packet;
            if (keys.unprotect_rtp(copy) > packet.size()) std::abort();
            copy = packet;
            if (keys.unprotect_rtcp(GuardedPath::kRtcp, copy) > packet.size()) std::abort();
        }
    }
    return 0;
}
