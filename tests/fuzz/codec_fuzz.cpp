// SPDX-License-Identifier: GPL-3.0-or-later
// What phones send as sound. The first byte chooses the codec and the one that it is transcoded into; behind
// it packets of one stream, each with a byte of length, one of what was lost before, and its payload.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "media/transcoder.hpp"

namespace {

using namespace almon::media;

const std::array<PayloadFormat, 12>& formats() {
    static const std::array<PayloadFormat, 12> kFormats{{
        {8, "PCMA", 8000, 1, ""},
        {0, "PCMU", 8000, 1, ""},
        {9, "G722", 8000, 1, ""},
        {111, "OPUS", 48000, 2, "useinbandfec=1"},
        {18, "G729", 8000, 1, ""},
        {3, "GSM", 8000, 1, ""},
        {96, "G726-16", 8000, 1, ""},
        {97, "G726-24", 8000, 1, ""},
        {98, "G726-32", 8000, 1, ""},
        {99, "AAL2-G726-40", 8000, 1, ""},
        {100, "L16", 16000, 1, ""},
        {102, "L16", 44100, 1, ""},
    }};
    return kFormats;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::span<const std::uint8_t> bytes(data, size);
    if (bytes.empty()) return 0;
    const auto& from = formats()[(bytes[0] & 0x0FU) % formats().size()];
    const auto& to = formats()[(bytes[0] >> 4U) % formats().size()];
    bytes = bytes.subspan(1);
    const auto transcoder = Transcoder::make(from, to, std::chrono::milliseconds(20));
    if (!transcoder) std::abort();
    RtpHeader header{.sequence = 65500, .timestamp = 0xFFFFF000U, .ssrc = 1};
    std::array<std::uint8_t, 1500> payload{};
    while (bytes.size() >= 2) {
        const auto length = std::min<std::size_t>(bytes[0], bytes.size() - 2);
        const auto skipped = bytes[1];
        const auto content = bytes.subspan(2, length);
        bytes = bytes.subspan(2 + length);
        // Lost packets, stragglers, pauses, streams that begin anew.
        header.sequence =
            static_cast<std::uint16_t>(header.sequence + 1 + (skipped & 7U) - (skipped & 8U) / 4);
        header.timestamp += from.clock_rate / 50 * (1 + (skipped & 7U));
        if ((skipped & 0x10U) != 0) header.timestamp += from.clock_rate * skipped;
        if ((skipped & 0x20U) != 0) ++header.ssrc;
        if ((skipped & 0xC0U) == 0xC0U) {
            transcoder->note(header);
        } else {
            transcoder->put(header, content);
        }
        while (const auto packet = transcoder->next(payload)) {
            if (packet->size == 0 || packet->size > payload.size()) std::abort();
        }
    }
    return 0;
}
