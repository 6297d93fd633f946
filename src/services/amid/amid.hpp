// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string_view>

#include "ami/message.hpp"
#include "base/result.hpp"
#include "http/service.hpp"
#include "services/amid/manager_desk.hpp"

namespace almon::services {

struct AmidParts {
    ManagerDesk desk;
    http::ErrorDialect dialect;
    http::BeforeFilter authentication;  ///< Sets the caller of each request.
};

/// xivo-amid, /1.0 (CTR-070): the manager's actions over REST. What is answered is what the port answers,
/// each message an object. An Originate does not wait for the phone, whether Async is asked for or not.
[[nodiscard]] std::shared_ptr<const http::Service> make_amid_service(AmidParts parts);

/// The arguments of an action, as JSON, as a message: a list is a header that comes several times. An empty
/// body, or null, has none. Malformed: no JSON object; InvalidArgument: a value that is neither a text, a
/// number, true or false, nor a list of these.
[[nodiscard]] Result<ami::Message> action_message(std::string_view action, std::string_view body);

}  // namespace almon::services
