// SPDX-License-Identifier: GPL-3.0-or-later
// RTP and RTCP packets, as a leg takes them apart.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "media/receive_statistics.hpp"
#include "media/rtcp_packet.hpp"
#include "media/rtp_packet.hpp"
#include "media/telephone_event.hpp"

namespace {

using namespace almon::media;

/// Several RTP packets: each with two bytes of length in front, fed to statistics and digits like one stream.
void stream_of(std::span<const std::uint8_t> bytes) {
    ReceiveStatistics statistics;
    DigitDetector digits;
    almon::Instant now{};
    std::uint64_t packets = 0;
    while (bytes.size() >= 2) {
        const auto size = std::min<std::size_t>(read16(bytes.data()), bytes.size() - 2);
        std::vector<std::uint8_t> packet(bytes.begin() + 2,
                                         bytes.begin() + 2 + static_cast<std::ptrdiff_t>(size));
        bytes = bytes.subspan(2 + size);
        now += std::chrono::milliseconds(packet.empty() ? 1 : packet.back());
        const auto header = RtpHeader::parse(packet);
        if (!header) continue;
        if (header->payload_offset + header->payload_size > packet.size()) std::abort();
        statistics.received(*header, now, header->payload_type % 2 == 0 ? 8000 : 48000);
        ++packets;
        const auto payload =
            std::span<const std::uint8_t>(packet).subspan(header->payload_offset, header->payload_size);
        if (const auto event = TelephoneEvent::parse(payload)) {
            static_cast<void>(digits.received(*event, header->timestamp, 8000, now));
            static_cast<void>(digits.expired(now + std::chrono::milliseconds(10)));
        }
        if (header->sequence % 7 == 0) static_cast<void>(statistics.take_report());
        auto copy = packet;
        header->write_into(copy.data());
        if (copy != packet) std::abort();
    }
    if (statistics.packets() != packets || statistics.jitter_ms() < 0) std::abort();
    static_cast<void>(statistics.lost());
}

void compound_of(std::span<const std::uint8_t> bytes) {
    RtcpReader reader(bytes);
    RtcpWriter writer;
    writer.report(1, std::nullopt, std::nullopt);
    std::size_t size = 0;
    while (const auto packet = reader.next()) {
        size += packet->bytes.size();
        static_cast<void>(packet->sender_ssrc());
        static_cast<void>(packet->sender_information());
        for (std::size_t i = 0; i < packet->count; ++i)
            static_cast<void>(packet->report(i));
        writer.copy(*packet);
    }
    if (reader.valid() && size != bytes.size()) std::abort();
    if (!RtcpReader(writer.bytes()).valid()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::span bytes(data, size);
    stream_of(bytes);
    compound_of(bytes);
    return 0;
}
