// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <boost/json.hpp>

namespace almon::services {

/// Who may hear an event over the WebSocket service (API-229). On the message bus everybody hears all.
enum class Audience : std::uint8_t {
    BusOnly,    ///< The body has no `required_acl`: no WebSocket client gets it.
    Everybody,  ///< `required_acl` is null.
    Granted,    ///< Who has been granted what `required_acl` says.
};

/// One kind of event that programs hear of, declared once: in messages, in docs/events.md, in what the
/// services check. In texts a {word} stands for what each event has in its place.
struct EventType {
    std::string_view name;         ///< "call_created": what WebSocket clients subscribe to.
    std::string_view routing_key;  ///< "calls.call.created": what consumers of the message bus bind to.
    Audience audience = Audience::BusOnly;
    std::string_view required_acl{};  ///< "events.calls.{user_uuid}"; empty unless Granted.
    std::string_view when;            ///< A sentence for the documents.
    std::string_view data;            ///< Members of `data`, for the documents.
};

/// What happened, as it goes to programs: made once, sent to many.
struct Message {
    std::string name;
    std::string routing_key;
    Audience audience = Audience::BusOnly;
    std::string required_acl;
    /// {"name", "origin_uuid", "data"} and, unless it is for the bus only, "required_acl" (API-004).
    std::shared_ptr<const std::string> body;
};

using Words = std::initializer_list<std::pair<std::string_view, std::string_view>>;

/// @param words what stands for each {word} of the type's texts.
[[nodiscard]] Message make_message(const EventType& type, const boost::json::value& data,
                                   std::string_view origin_uuid, Words words = {});

/// Takes messages, one after the other.
using TakeMessage = std::function<void(const Message&)>;

}  // namespace almon::services
