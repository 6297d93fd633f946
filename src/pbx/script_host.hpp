// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pbx/call_core_state.hpp"

namespace almon::pbx {

/// What a script wants of the call that it is about: the telephone system behind the dialplan language.
/// Inside of the core only.
class CallCore::State::ScriptHost final : public dialplan::Host {
public:
    /// @param hung_up its party is gone: nothing can be said to it any more.
    ScriptHost(State& core, Channel& party, bool hung_up) noexcept
        : core_(core), id_(party.id), hung_up_(hung_up) {}

    // scripting.cpp: variables and steps
    std::string variable(std::string_view name) override;
    void set(std::string_view name, std::string value) override;
    void set_global(std::string_view name, std::string value) override;
    /// As a script has set it, else as it is configured.
    [[nodiscard]] std::string global(std::string_view name);
    std::tm local_time(std::optional<std::int64_t> seconds, std::string_view zone) override {
        return core_.local_time(seconds, zone);
    }
    std::int64_t epoch() override;
    std::uint64_t random_below(std::uint64_t bound) override { return core_.random.below(bound); }
    void mistake(std::string_view what) override;
    void leave(const dialplan::Position& to) override;
    void step(const dialplan::Position& at, std::string_view application,
              std::string_view arguments) override;

    // script_functions.cpp
    Result<std::string> read(std::string_view function, std::string_view arguments) override;
    Result<void> write(std::string_view function, std::string_view arguments, std::string value) override;

    // script_applications.cpp
    dialplan::Flow run(std::string_view application, std::string arguments) override;
    /// In lower case.
    [[nodiscard]] static std::vector<std::string_view> applications();
    /// Whether its arguments hold a password.
    [[nodiscard]] static bool is_secret(std::string_view application);

private:
    using Arguments = std::vector<std::string>;
    struct Application {
        std::string_view name;
        dialplan::Flow (ScriptHost::*run)(const Arguments& given);
        bool keeps_transfer =
            false;  ///< Whoever has sent the party here gets it back where it comes to nothing.
    };
    static const std::vector<Application>& table();

    [[nodiscard]] Channel& party() { return core_.live.channels.at(id_); }
    [[nodiscard]] ScriptedCall& scripted() { return *party().scripted; }

    dialplan::Flow answer(const Arguments& given);
    dialplan::Flow authenticate(const Arguments& given);
    dialplan::Flow background(const Arguments& given);
    dialplan::Flow busy(const Arguments& given);
    dialplan::Flow conference(const Arguments& given);
    dialplan::Flow congestion(const Arguments& given);
    dialplan::Flow dial(const Arguments& given);
    dialplan::Flow hang_up(const Arguments& given);
    dialplan::Flow music_on_hold(const Arguments& given);
    dialplan::Flow park(const Arguments& given);
    dialplan::Flow pick_up(const Arguments& given);
    dialplan::Flow playback(const Arguments& given);
    dialplan::Flow progress(const Arguments& given);
    dialplan::Flow read_digits(const Arguments& given);
    dialplan::Flow ring(const Arguments& given);
    dialplan::Flow say_digits(const Arguments& given);
    dialplan::Flow say_number(const Arguments& given);
    dialplan::Flow transfer(const Arguments& given);
    dialplan::Flow voicemail(const Arguments& given);
    dialplan::Flow voicemail_main(const Arguments& given);
    dialplan::Flow wait(const Arguments& given);
    dialplan::Flow wait_for_extension(const Arguments& given);

    /// To whoever has sent the party here.
    dialplan::Flow give_back(Cause cause);
    /// Who was answered hears the tone for it first.
    dialplan::Flow end_with(Cause cause, std::string_view seconds);
    dialplan::Flow wait_for(std::chrono::milliseconds time);
    dialplan::Flow say(std::vector<Prompt> prompts, purpose::ScriptStep step = {}, KeyWait keys = {});
    dialplan::Flow say_sounds(std::vector<std::string> sounds);
    /// False: it cannot be spoken to, and is over.
    [[nodiscard]] bool answered();
    /// The call has gone elsewhere, for good.
    dialplan::Flow go(const Destination& destination);
    void ring_target(Dial& dial, std::string_view target, std::vector<Invitation>& invitations);

    State& core_;
    ChannelId id_;
    bool hung_up_;
};

/// What goes into a SIP header has no line ends in it.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace almon::pbx
