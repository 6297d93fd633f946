// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/syntax.hpp"

namespace almon::sip {

std::string unescape_quoted(std::string_view inside) {
    std::string text;
    text.reserve(inside.size());
    for (std::size_t i = 0; i < inside.size(); ++i) {
        if (inside[i] == '\\' && i + 1 < inside.size()) ++i;
        text += inside[i];
    }
    return text;
}

std::string quote(std::string_view text) {
    std::string quoted;
    quoted.reserve(text.size() + 2);
    quoted += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') quoted += '\\';
        const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
        quoted += control ? ' ' : c;
    }
    quoted += '"';
    return quoted;
}

}  // namespace almon::sip
