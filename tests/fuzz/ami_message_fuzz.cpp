// SPDX-License-Identifier: GPL-3.0-or-later
// What a client of the manager sends, in pieces of any size: messages come out the same however they were
// cut, and what is written of one is read as the same again.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ami/message_framer.hpp"

using namespace almon;

namespace {

/// As one text each, or the reason why not.
std::vector<std::string> messages_in(std::string_view bytes, std::size_t piece) {
    ami::MessageFramer framer;
    std::vector<std::string> messages;
    do {
        framer.add(bytes.substr(0, piece));
        bytes.remove_prefix(std::min(piece, bytes.size()));
        while (const auto message = framer.next())
            messages.push_back(*message ? (*message)->text() : message->error().reason);
    } while (!bytes.empty());
    return messages;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto whole = messages_in(bytes, bytes.size() + 1);
    if (whole != messages_in(bytes, std::size_t{data[0]} + 1)) __builtin_trap();

    ami::MessageFramer framer;
    framer.add(bytes);
    while (const auto message = framer.next()) {
        if (!*message) continue;
        const auto text = (*message)->text();
        const auto again = messages_in(text, text.size());
        if (again.size() != 1 || again.front() != text) __builtin_trap();
    }
    return 0;
}
