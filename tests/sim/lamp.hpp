// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "sip/message.hpp"
#include "sip/user_agent.hpp"

namespace almon::simulation {

/// A lamp of a phone: its subscription to the dialogs of a number, and what it shows (RFC 6665, RFC 4235).
class Lamp final {
public:
    /// @param own the phone's address of record as name-addr, @param domain of the exchange.
    Lamp(std::string own, std::string number, std::string domain, std::string call_id);

    /// The next SUBSCRIBE: within the dialog, where there is one.
    [[nodiscard]] sip::RequestSettings subscribe(std::uint32_t expires);
    void on_subscribed(const sip::Message& response);
    /// Whether this NOTIFY is of this subscription.
    [[nodiscard]] bool is_told_by(const sip::Message& notify) const;
    /// What a NOTIFY says. A sentence where it says what cannot follow on what was said before.
    [[nodiscard]] std::optional<std::string> take(const sip::Message& notify);
    /// A NOTIFY was refused: what is shown counts no more until the next tells all.
    void lose_sight() noexcept { knows_ = false; }

    [[nodiscard]] const std::string& call_id() const noexcept { return call_id_; }
    [[nodiscard]] bool is_over() const noexcept { return over_; }
    /// It shows what it was told; false: it has yet to be told all.
    [[nodiscard]] bool knows() const noexcept { return knows_; }
    /// The state of each dialog that is not over, by its id.
    [[nodiscard]] const std::map<std::string, std::string>& shown() const noexcept { return shown_; }

    sip::ClientRequestId request;  ///< The last SUBSCRIBE.

private:
    std::string own_;
    std::string remote_;  ///< With the tag, once the dialog stands.
    std::string target_;
    std::string call_id_;
    std::uint32_t cseq_ = 0;
    std::uint32_t version_ = 0;  ///< Of the next body.
    bool knows_ = false;
    bool over_ = false;
    std::map<std::string, std::string> shown_;
};

}  // namespace almon::simulation
