// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "sip/message.hpp"

namespace almon::sip {

/// The text by which messages find their transaction. Two texts are equal where RFC 3261 calls the messages
/// of one transaction.

/// Of the server transaction that a request belongs to (RFC 3261 17.2.3). `method` is that of the request
/// that created the transaction: INVITE for an ACK and, to find what it cancels, for a CANCEL. A branch
/// without the magic cookie is of an RFC 2543 client, whose requests are matched by their other fields.
/// Replaces what stood in `key`; false when a field that it takes is missing or broken.
bool write_server_key(std::string& key, const Message& request, const Via& via, std::string_view method);

/// Of the client transaction that sent `method` with this branch (RFC 3261 17.1.3). Replaces what stood in
/// `key`.
void write_client_key(std::string& key, std::string_view branch, std::string_view method);

/// What the copies of one request have in common when it reaches us over several paths (RFC 3261 8.2.2.2).
/// Replaces what stood in `key`; false when the request cannot be a merged one: it belongs to a dialog.
bool write_merged_key(std::string& key, const Message& request);

}  // namespace almon::sip
