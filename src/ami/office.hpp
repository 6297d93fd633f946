// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ami/message.hpp"
#include "base/net_address.hpp"
#include "base/result.hpp"

namespace almon::ami {

/// What an action leads to: the response and, where it is a list, its entries. The ActionID is added to all
/// of them by whoever sends it.
struct Reply {
    Message response;
    std::vector<Message> events{};

    [[nodiscard]] static Reply success(std::string message) {
        return {{{"Response", "Success"}, {"Message", std::move(message)}}};
    }
    [[nodiscard]] static Reply error(std::string message) {
        return {{{"Response", "Error"}, {"Message", std::move(message)}}};
    }
};

/// Who has logged in. Immutable.
struct Account {
    std::string id;    ///< Stays the same when its name changes.
    std::string name;  ///< The login.
    /// Whether it may do this: an action by its name, or hear events of a class.
    std::function<bool(std::string_view action)> may_act;
    std::function<bool(std::string_view event_class)> may_hear;
};

/// What the manager's sessions need of the rest. Called on threads that may wait.
class Office {
public:
    virtual ~Office() = default;

    /// @param proves whether this is the password that the client knows.
    /// Refused: Unauthorized; Unavailable: not now.
    [[nodiscard]] virtual Result<std::shared_ptr<const Account>> let_in(
        const std::string& username, const std::function<bool(std::string_view password)>& proves,
        const NetAddress& from) = 0;

    /// As the action is called, whatever the case; empty: there is none.
    [[nodiscard]] virtual std::string_view action_named(std::string_view name) const = 0;
    /// Does what the message asks for. `done` is called once, at once or later, on any thread.
    virtual void perform(const Message& action, std::function<void(Reply)> done) = 0;

    /// Digits that nobody can foresee.
    [[nodiscard]] virtual std::string challenge() = 0;
};

}  // namespace almon::ami
