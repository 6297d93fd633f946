// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/codec.hpp"

#include <algorithm>
#include <array>

#include "media/codec_family.hpp"

namespace almon::media {
namespace {

constexpr std::array<const CodecFamily*, 7> kFamilies{&kG711Family, &kG722Family, &kOpusFamily,  &kG729Family,
                                                      &kGsmFamily,  &kG726Family, &kLinearFamily};

const CodecFamily* family_of(const PayloadFormat& format) noexcept {
    const auto* const found = std::ranges::find_if(
        kFamilies, [&](const CodecFamily* family) { return family->best_rate(format) != 0; });
    return found == kFamilies.end() ? nullptr : *found;
}

}  // namespace

const std::vector<std::string>& spoken_encodings() {
    static const std::vector<std::string> kEncodings{
        "PCMA",         "PCMU",         "G722",         "OPUS",         "G729",
        "GSM",          "G726-32",      "G726-40",      "G726-24",      "G726-16",
        "AAL2-G726-32", "AAL2-G726-40", "AAL2-G726-24", "AAL2-G726-16", "L16"};
    return kEncodings;
}

bool speaks(const PayloadFormat& format) noexcept {
    return family_of(format) != nullptr;
}

unsigned best_rate(const PayloadFormat& format) noexcept {
    const auto* const family = family_of(format);
    return family ? family->best_rate(format) : 0;
}

std::unique_ptr<Decoder> make_decoder(const PayloadFormat& format, unsigned rate) {
    const auto* const family = family_of(format);
    return family ? family->make_decoder(format, rate) : nullptr;
}

std::unique_ptr<Encoder> make_encoder(const PayloadFormat& format, unsigned rate) {
    const auto* const family = family_of(format);
    return family ? family->make_encoder(format, rate) : nullptr;
}

std::size_t ConcealingDecoder::decode(std::span<const std::uint8_t> payload,
                                      std::span<std::int16_t> samples) noexcept {
    const auto count = samples_in_payload(payload);
    if (count == 0 || count > samples.size()) return 0;
    unpack(payload, samples.first(count));
    concealment_.heard(samples.first(count));
    return count;
}

void ConcealingDecoder::conceal(std::span<std::int16_t> missing, std::span<const std::uint8_t>) noexcept {
    concealment_.fill(missing);
}

std::size_t whole_frames(std::chrono::milliseconds packet_time, unsigned rate, std::size_t frame) noexcept {
    return std::max(frame, samples_in(packet_time, rate) / frame * frame);
}

}  // namespace almon::media
