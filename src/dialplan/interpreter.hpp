// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "dialplan/dialplan.hpp"
#include "dialplan/script.hpp"
#include "dialplan/values.hpp"

namespace almon::dialplan {

/// Steps that a call goes without waiting for anything, before it is taken for one that goes in circles.
inline constexpr std::uint64_t kMostSteps = 10'000;
/// Subroutines that call each other.
inline constexpr std::size_t kMostFrames = 64;

/// What follows an application.
enum class Flow : std::uint8_t {
    Next,    ///< The next priority, at once.
    Waits,   ///< The next priority, once something has happened.
    GoneOn,  ///< The call is over, or somewhere else: neither the script nor the host is touched any more.
};

/// The telephone system around a script.
class Host : public Values {
public:
    virtual void set(std::string_view name, std::string value) = 0;
    virtual void set_global(std::string_view name, std::string value) = 0;
    /// `Set(FUNCTION(arguments)=value)`. NotFound: there is none of this name.
    [[nodiscard]] virtual Result<void> write(std::string_view function, std::string_view arguments,
                                             std::string value) = 0;
    /// Does what an application says. What it leads to is true of the script already: it stands behind it.
    [[nodiscard]] virtual Flow run(std::string_view application, std::string arguments) = 0;
    /// Sends the call to a number that the dialplan has not.
    virtual void leave(const Position& to) = 0;
    /// A step is about to be made. @param arguments filled in.
    virtual void step(const Position& at, std::string_view application, std::string_view arguments) = 0;
};

/// How a script stands after it has run.
enum class Outcome : std::uint8_t {
    Waits,
    GoneOn,    ///< As Flow::GoneOn.
    Returned,  ///< From the subroutine that the system has begun.
    Ended,     ///< Nothing follows.
    Circles,   ///< kMostSteps were made.
};

/// Takes one call through the dialplan: control of flow, variables and texts here, all else by the host.
class Interpreter final : private Values {
public:
    /// All outlive it. The script stands where it goes on.
    Interpreter(const Dialplan& dialplan, Script& script, Host& host) noexcept
        : dialplan_(dialplan), script_(script), host_(host) {}

    /// Until the call waits, is over, or is elsewhere.
    [[nodiscard]] Outcome run();
    /// A single application, as configured destinations hold one (ADB-007): "Goto(menu,s,1)". What follows it
    /// is where it leads.
    [[nodiscard]] Outcome run_command(std::string_view command);
    /// `pressed` was dialled where digits were awaited: on at the extension of the context that it means,
    /// else at `i` with INVALID_EXTEN; where nothing was pressed at `t`, else at `i`. Neither: Ended.
    [[nodiscard]] Outcome run_dialled(const std::string& pressed);

private:
    enum class After : std::uint8_t { Next, Stop };

    [[nodiscard]] Outcome loop();
    After execute(const Command& command);
    After choose(const Command& command);
    After do_statement(const Command& command, std::string arguments);
    After set(std::string_view assignment);
    void assign(std::string_view name, std::string value);
    [[nodiscard]] bool holds(std::string_view condition, bool compares);
    After go_to(std::string_view target);
    After go_sub(std::string_view target);
    After return_with(std::string value);
    After stop(Outcome with) noexcept;
    /// In the same extension.
    void jump_to(unsigned priority) noexcept { script_.at.priority = priority; }
    [[nodiscard]] bool locate();
    void arrive(Position at);

    // Values: what belongs to the script itself, then the host.
    std::string variable(std::string_view name) override;
    Result<std::string> read(std::string_view function, std::string_view arguments) override;
    std::tm local_time(std::optional<std::int64_t> seconds, std::string_view zone) override {
        return host_.local_time(seconds, zone);
    }
    std::int64_t epoch() override { return host_.epoch(); }
    std::uint64_t random_below(std::uint64_t bound) override { return host_.random_below(bound); }
    void mistake(std::string_view what) override { host_.mistake(what); }

    const Dialplan& dialplan_;
    Script& script_;
    Host& host_;
    const Extension* extension_ = nullptr;  ///< Where the script stands; null: to be looked up.
    const Priority* priority_ = nullptr;    ///< At work.
    Outcome outcome_ = Outcome::Ended;      ///< Where it stops.
};

}  // namespace almon::dialplan
