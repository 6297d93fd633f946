// SPDX-License-Identifier: GPL-3.0-or-later
// SipUri: what is written reads back as an equivalent URI; escaping can be undone.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sip/uri.hpp"

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace almon::sip;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const std::size_t half = bytes.find('\n');
    const auto first = SipUri::parse(bytes.substr(0, half));
    if (first) {
        require(first->equivalent(*first));
        const std::string text = first->text();
        const auto again = SipUri::parse(text);
        require(again.has_value());
        require(again->equivalent(*first));
        (void)first->unescaped_user();
        (void)first->header("Replaces");
        (void)first->effective_port();
        (void)first->is_loose_router();
    }
    if (half != std::string_view::npos) {
        const auto second = SipUri::parse(bytes.substr(half + 1));
        if (first && second) require(first->equivalent(*second) == second->equivalent(*first));
    }
    require(unescape(escape_user(bytes)) == bytes);
    require(unescape(escape_uri_header(bytes)) == bytes);
    return 0;
}
