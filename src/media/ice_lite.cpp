// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/ice_lite.hpp"

#include <algorithm>

#include "media/stun_message.hpp"

namespace almon::media {

std::optional<IceLite::Answer> IceLite::answer(std::span<const std::uint8_t> packet,
                                               const SocketAddress& source) {
    const auto request = StunRequest::parse(packet);
    if (!request) return std::nullopt;
    // RFC 8445 7.2.2: "<ours>:<theirs>". Theirs may be news to us: the check can overtake the answer.
    const auto& ours = settings_.local_fragment;
    if (!request->username.starts_with(ours) || request->username.size() <= ours.size() ||
        request->username[ours.size()] != ':' || !request->proves(settings_.local_password))
        return std::nullopt;
    Answer answer;
    if (request->unknown_attribute != 0) {
        answer.bytes = stun_refusal(*request, settings_.local_password);
        return answer;
    }
    if (!knows(source)) {
        checked_[next_] = source;
        next_ = (next_ + 1) % checked_.size();
    }
    answer.bytes = stun_success(*request, source.net_address(), settings_.local_password);
    answer.nominated = request->use_candidate;
    return answer;
}

bool IceLite::knows(const SocketAddress& source) const noexcept {
    return std::ranges::any_of(checked_, [&](const SocketAddress& each) { return each && each == source; });
}

}  // namespace almon::media
