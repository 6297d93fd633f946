// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/service.hpp"

#include "http/status.hpp"

namespace almon::http {

Response Service::plain_dialect(int status, const Error& error) {
    std::string text = error.field;
    if (!text.empty()) text += ": ";
    text += error.reason.empty() ? std::string(reason_phrase(status)) : error.reason;
    text += '\n';
    return Response::text(status, "text/plain; charset=utf-8", std::move(text));
}

}  // namespace almon::http
