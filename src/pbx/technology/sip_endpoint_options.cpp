// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/technology/sip_endpoint_options.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace almon::pbx {

namespace {

/// Names of codecs as administrators write them, and as session descriptions do.
constexpr std::array<std::pair<std::string_view, std::string_view>, 20> kEncodings{{
    {"alaw", "PCMA"},       {"ulaw", "PCMU"},     {"g722", "G722"},    {"opus", "OPUS"},
    {"g729", "G729"},       {"gsm", "GSM"},       {"g726", "G726-32"}, {"g726aal2", "AAL2-G726-32"},
    {"g723", "G723"},       {"ilbc", "ILBC"},     {"speex", "SPEEX"},  {"slin", "L16"},
    {"siren7", "G7221"},    {"siren14", "G7221"}, {"h261", "H261"},    {"h263", "H263"},
    {"h263p", "H263-1998"}, {"h264", "H264"},     {"vp8", "VP8"},      {"vp9", "VP9"},
}};

}  // namespace

std::string_view option_of(const model::EndpointSip& endpoint, std::string_view name) noexcept {
    std::string_view value;
    for (const auto& [option, text] : endpoint.options) {
        if (option == name) value = text;
    }
    return value;
}

std::vector<std::string> allowed_encodings(const model::EndpointSip* endpoint) {
    std::vector<std::string> allowed;
    if (endpoint == nullptr) return allowed;
    for (const auto& [option, list] : endpoint->options) {
        if (option != "allow" && option != "disallow") continue;
        std::string_view rest = list;
        while (!rest.empty()) {
            const auto name = rest.substr(0, rest.find(','));
            rest.remove_prefix(std::min(rest.size(), name.size() + 1));
            if (name == "all") {
                allowed.clear();
                continue;
            }
            const auto known =
                std::ranges::find(kEncodings, name, [](const auto& entry) { return entry.first; });
            if (known == kEncodings.end()) continue;
            const auto there = std::ranges::find(allowed, known->second);
            if (option == "disallow" && there != allowed.end()) allowed.erase(there);
            if (option == "allow" && there == allowed.end()) allowed.emplace_back(known->second);
        }
    }
    return allowed;
}

bool wants_digits_by_info(const model::EndpointSip* endpoint) noexcept {
    return endpoint != nullptr && option_of(*endpoint, "dtmfmode") == "info";
}

OfferedMedia offered_media(const model::EndpointSip* endpoint, sip::TransportKind transport) noexcept {
    const auto option = [&](std::string_view name) {
        return endpoint == nullptr ? std::string_view{} : option_of(*endpoint, name);
    };
    const bool browser = transport == sip::TransportKind::Ws || transport == sip::TransportKind::Wss;
    if (option("webrtc") == "yes" || (browser && option("webrtc") != "no")) return OfferedMedia::Browser;
    return demands_encryption(endpoint) ? OfferedMedia::Keys : OfferedMedia::Plain;
}

bool demands_encryption(const model::EndpointSip* endpoint) noexcept {
    return endpoint != nullptr && option_of(*endpoint, "encryption") == "yes";
}

}  // namespace almon::pbx
