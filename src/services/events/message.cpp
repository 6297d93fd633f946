// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/events/message.hpp"

#include <algorithm>
#include <cassert>

namespace almon::services {

namespace {

namespace json = boost::json;

std::string filled(std::string_view text, Words words) {
    std::string result;
    while (true) {
        const auto begin = std::min(text.find('{'), text.size());
        result += text.substr(0, begin);
        if (begin == text.size()) return result;
        const auto end = text.find('}', begin);
        const auto name = text.substr(begin + 1, end - begin - 1);
        const auto* word =
            std::ranges::find(words, name, &std::pair<std::string_view, std::string_view>::first);
        assert(word != words.end());
        result += word->second;
        text.remove_prefix(end + 1);
    }
}

}  // namespace

Message make_message(const EventType& type, const json::value& data, std::string_view origin_uuid,
                     Words words) {
    Message message{filled(type.name, words), filled(type.routing_key, words), type.audience,
                    filled(type.required_acl, words), nullptr};
    json::object body{{"name", message.name}, {"origin_uuid", origin_uuid}, {"data", data}};
    if (type.audience == Audience::Everybody) body["required_acl"] = nullptr;
    if (type.audience == Audience::Granted) body["required_acl"] = message.required_acl;
    message.body = std::make_shared<const std::string>(json::serialize(body));
    return message;
}

}  // namespace almon::services
