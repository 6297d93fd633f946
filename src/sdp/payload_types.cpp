// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdp/payload_types.hpp"

#include <algorithm>
#include <array>

namespace almon::sdp {
namespace {

constexpr std::array kStaticPayloads{
    StaticPayload{0, "PCMU", 8000, 1},   StaticPayload{3, "GSM", 8000, 1},
    StaticPayload{4, "G723", 8000, 1},   StaticPayload{5, "DVI4", 8000, 1},
    StaticPayload{6, "DVI4", 16000, 1},  StaticPayload{7, "LPC", 8000, 1},
    StaticPayload{8, "PCMA", 8000, 1},   StaticPayload{9, "G722", 8000, 1},
    StaticPayload{10, "L16", 44100, 2},  StaticPayload{11, "L16", 44100, 1},
    StaticPayload{12, "QCELP", 8000, 1}, StaticPayload{13, "CN", 8000, 1},
    StaticPayload{14, "MPA", 90000, 1},  StaticPayload{15, "G728", 8000, 1},
    StaticPayload{16, "DVI4", 11025, 1}, StaticPayload{17, "DVI4", 22050, 1},
    StaticPayload{18, "G729", 8000, 1},  StaticPayload{25, "CELB", 90000, 1},
    StaticPayload{26, "JPEG", 90000, 1}, StaticPayload{28, "NV", 90000, 1},
    StaticPayload{31, "H261", 90000, 1}, StaticPayload{32, "MPV", 90000, 1},
    StaticPayload{33, "MP2T", 90000, 1}, StaticPayload{34, "H263", 90000, 1},
};

constexpr std::array<std::string_view, 11> kMixedCaseNames{
    "opus", "telephone-event", "speex", "iLBC", "rtx", "red", "ulpfec", "CelB", "flexfec", "SILK", "nv"};

char upper(char c) noexcept {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

}  // namespace

std::optional<StaticPayload> static_payload(std::uint8_t payload_type) noexcept {
    const auto* const found = std::ranges::find(kStaticPayloads, payload_type, &StaticPayload::payload_type);
    if (found == kStaticPayloads.end()) return std::nullopt;
    return *found;
}

std::optional<StaticPayload> static_payload(std::string_view encoding) noexcept {
    const auto* const found = std::ranges::find_if(kStaticPayloads, [encoding](const StaticPayload& payload) {
        return equals_ignoring_case(payload.encoding, encoding);
    });
    if (found == kStaticPayloads.end()) return std::nullopt;
    return *found;
}

std::string registered_spelling(std::string_view upper_case_encoding) {
    const auto* const found = std::ranges::find_if(kMixedCaseNames, [&](std::string_view name) {
        return equals_ignoring_case(name, upper_case_encoding);
    });
    return std::string(found == kMixedCaseNames.end() ? upper_case_encoding : *found);
}

std::string upper_case(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), upper);
    return result;
}

bool equals_ignoring_case(std::string_view left, std::string_view right) noexcept {
    return std::ranges::equal(left, right, [](char a, char b) { return upper(a) == upper(b); });
}

}  // namespace almon::sdp
