// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "base/step_clock.hpp"
#include "base/timer_queue.hpp"
#include "sdp/session_description.hpp"
#include "sim/lamp.hpp"
#include "sip/user_agent.hpp"

namespace almon::simulation {

/// What the phones of an office do, in chances per million at each decision.
struct PhoneHabits {
    std::uint32_t busy = 100'000;
    std::uint32_t declines = 50'000;
    std::uint32_t never_answers = 100'000;
    std::uint32_t answers_at_once = 100'000;
    std::uint32_t redirects = 20'000;
    std::uint32_t vanishes = 5'000;       ///< Loses its power when a call comes in.
    std::uint32_t calls_nobody = 50'000;  ///< A number that does not exist.
    std::uint32_t calls_itself = 10'000;
    std::uint32_t offers_nothing = 50'000;  ///< INVITE without a session description.
    std::uint32_t holds = 200'000;
    std::uint32_t sends_digits = 200'000;
    std::uint32_t refuses_offers = 20'000;
    std::uint32_t transfers_blindly = 80'000;
    std::uint32_t consults = 80'000;  ///< Calls somebody while it talks, and joins the two.
    std::uint32_t does_not_wait =
        300'000;  ///< Transfers before the consulted party answers, or hangs up at once.
    std::uint32_t takes_over = 20'000;       ///< Takes the place of somebody's call that it happens to know.
    std::uint32_t watches = 150'000;         ///< Has a lamp of some number.
    std::uint32_t stops_watching = 150'000;  ///< Instead of refreshing.
    std::uint32_t forgets_to_refresh = 100'000;
    std::uint32_t refuses_notify = 10'000;   ///< For now (503).
    std::uint32_t forgets_watching = 5'000;  ///< Answers 481, as if it had never asked.
    Duration pause_between_calls = std::chrono::seconds(20);
    Duration longest_ringing = std::chrono::seconds(40);
    Duration longest_talk = std::chrono::seconds(60);
};

/// Who a phone is.
struct PhoneAccount {
    std::size_t index = 0;
    std::string username;
    std::string password;
    std::string exten;
    sip::Flow flow;  ///< From the phone's side: local is the phone, remote the exchange.
};

/// A simulated telephone: our own user agent with a person in front of it who decides by dice. Deterministic.
class Phone final : public sip::UserAgentListener {
public:
    /// What the phone needs of its world.
    class Surroundings {
    public:
        virtual ~Surroundings() = default;
        /// A number to call that exists, or nothing when no more calls shall be made.
        virtual std::optional<std::string> next_number(std::size_t phone) = 0;
        /// Replaces for a call of some other phone; nothing where it has none.
        virtual std::optional<std::string> call_of_another(std::size_t phone) = 0;
        [[nodiscard]] virtual std::string number_to_watch() = 0;
        /// No more calls will be made: what is open shall end.
        [[nodiscard]] virtual bool is_closing() const = 0;
        virtual void complain(std::string about) = 0;
        virtual void transmit(std::size_t phone, const sip::Flow& flow, std::string_view bytes) = 0;
        /// The phone lost its power: its connection and its media are gone.
        virtual void went_dark(std::size_t phone) = 0;
    };

    Phone(PhoneAccount account, const PhoneHabits& habits, const StepClock& clock, Random& random,
          Surroundings& world);
    ~Phone() override;

    void switch_on();
    void receive(std::string_view bytes);
    void flow_lost();
    void advance();
    [[nodiscard]] std::optional<Instant> next_deadline() const;
    [[nodiscard]] bool idle() const noexcept { return calls_.empty(); }
    [[nodiscard]] bool dark() const noexcept { return dark_; }
    [[nodiscard]] const PhoneAccount& account() const noexcept { return account_; }
    /// Calls of this phone that were answered, and heard the other side's answer.
    [[nodiscard]] std::uint64_t answered_calls() const noexcept { return answered_calls_; }
    /// Transfers that the exchange has accepted.
    [[nodiscard]] std::uint64_t transfers() const noexcept { return transfers_; }
    /// NOTIFYs that its lamps have taken.
    [[nodiscard]] std::uint64_t lamp_changes() const noexcept { return lamp_changes_; }
    /// Its lamp; null: it has none, or it is over.
    [[nodiscard]] const Lamp* lamp() const noexcept {
        return lamp_ && !lamp_->is_over() && !dark_ ? &*lamp_ : nullptr;
    }
    /// Replaces for the first of its calls, as somebody else has to say it.
    [[nodiscard]] std::optional<std::string> replaces_of_a_call() const;

    void on_user_agent(const sip::UserAgentEvent& event) override;

private:
    enum class Errand : std::uint8_t {
        PlaceCall,
        Register,
        Answer,
        GiveUp,
        HangUp,
        Hold,
        Resume,
        Digit,
        TransferBlindly,
        Consult,
        JoinPeers,
        Watch,
        SwitchOn
    };
    struct Plan {
        Errand errand = Errand::PlaceCall;
        sip::SessionId session;
    };
    struct Call {
        bool outgoing = false;
        bool answered = false;
        bool on_hold = false;
        sdp::SessionDescription local;
        std::optional<sdp::SessionDescription> remote_offer;
        std::vector<TimerId> timers;
        sip::SessionId consults_for;  ///< The call whose peer shall be joined with the peer of this one.
    };

    class Line final : public sip::Wire {
    public:
        explicit Line(Phone& phone) : phone_(phone) {}
        void send(const sip::Flow& flow, std::string_view bytes) override {
            if (!phone_.dark_) phone_.world_.transmit(phone_.account_.index, flow, bytes);
        }

    private:
        Phone& phone_;
    };

    bool chance(std::uint32_t per_million) { return random_.below(1'000'000) < per_million; }
    Duration up_to(Duration longest) {
        return Duration(random_.below(static_cast<std::uint64_t>(longest.count())) + 1);
    }
    void plan(Errand errand, Duration in, sip::SessionId session = {});
    void carry_out(const Plan& plan);
    void place_call();
    /// @param headers of the INVITE.
    sip::SessionId call(const std::string& number, const sip::ExtraHeaders& headers,
                        sip::SessionId consults_for);
    void transfer_blindly(sip::SessionId session);
    void consult(sip::SessionId session);
    void join_peers(sip::SessionId consulting);
    void refer(sip::SessionId session, const std::string& to);
    void press(sip::SessionId session);
    void register_now();
    void watch();
    void be_told(const sip::IncomingRequest& notify);
    void answer(sip::SessionId session);
    void talk(sip::SessionId session);
    void offer_direction(sip::SessionId session, bool hold);
    void go_dark();
    void restart();
    [[nodiscard]] sdp::SessionDescription own_offer();
    [[nodiscard]] std::optional<sdp::SessionDescription> own_answer(const sdp::SessionDescription& offer);
    void take_ports(sdp::SessionDescription& description);
    void over(sip::SessionId session);

    void on(const sip::IncomingInvite& event);
    void on(const sip::IncomingRequest& event);
    void on(const sip::SessionRequest& event);
    void on(const sip::SessionProgress&) {}
    void on(const sip::SessionAnswered& event);
    void on(const sip::SessionFailed& event);
    void on(const sip::SessionOffered& event);
    void on(const sip::SessionAnswer&) {}
    void on(const sip::OfferRefused&) {}
    void on(const sip::SessionConfirmed&) {}
    void on(const sip::SessionEnded& event);
    void on(const sip::RequestCompleted& event);

    PhoneAccount account_;
    const PhoneHabits& habits_;
    const StepClock& clock_;
    Random& random_;
    Surroundings& world_;

    Line line_{*this};
    std::unique_ptr<sip::UserAgent> user_agent_;
    TimerQueue<Plan> plans_;
    std::map<sip::SessionId, Call> calls_;
    std::optional<Lamp> lamp_;
    std::uint32_t lamps_ = 0;  ///< That it ever had.
    std::uint32_t register_cseq_ = 0;
    std::uint32_t incarnation_ = 0;
    sip::ClientRequestId registration_;
    sip::ClientRequestId reference_;  ///< The last REFER.
    bool registered_ = false;
    bool dark_ = true;
    std::uint64_t answered_calls_ = 0;
    std::uint64_t transfers_ = 0;
    std::uint64_t lamp_changes_ = 0;
};

}  // namespace almon::simulation
