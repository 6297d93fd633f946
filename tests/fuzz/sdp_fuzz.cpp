// SPDX-License-Identifier: GPL-3.0-or-later
// Session descriptions: what is accepted survives being written and read again, and can be answered.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sdp/offer_answer.hpp"
#include "sdp/session_description.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace almon::sdp;
    const auto parsed = SessionDescription::parse({reinterpret_cast<const char*>(data), size});
    if (!parsed) return 0;
    const auto again = SessionDescription::parse(parsed->text());
    if (!again || *again != *parsed) std::abort();

    const auto offer = relay_offer(*parsed, {{"PCMA", "OPUS"}, {}});
    if (offer.streams.size() != parsed->streams.size()) std::abort();
    if (const auto answer = relay_answer(*parsed, offer);
        answer && answer->streams.size() != parsed->streams.size())
        std::abort();
    if (const auto answer = local_answer(*parsed, {"PCMA", "PCMU"})) {
        const auto mirrored = mirrored_answer(*parsed, *answer, false);
        if (mirrored.streams.size() != parsed->streams.size()) std::abort();
    }
    if (!same_media(*parsed, *again)) std::abort();
    return 0;
}
