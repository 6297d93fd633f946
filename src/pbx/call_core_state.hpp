// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <boost/container/small_vector.hpp>
#include <fmt/format.h>

#include "dialplan/interpreter.hpp"
#include "pbx/call_core.hpp"
#include "pbx/call_events.hpp"
#include "pbx/call_orders.hpp"
#include "pbx/call_trace.hpp"
#include "pbx/core_input.hpp"
#include "pbx/live_calls.hpp"
#include "pbx/numbering.hpp"
#include "pbx/resolver.hpp"

namespace almon::pbx {

/// What the core finds by user rather than in all calls.
struct UserCalls {
    int counted = 0;  ///< Towards the user's simultaneous calls: answered ones, and one for each dial.
    boost::container::small_vector<ChannelId, 4> channels;  ///< Of the user, in the order of their ids.
};

/// The inside of the core: the live values and the rules that change them. A rule's file is named after what
/// it is about: user_call.cpp (the straight line of a call), forwarding.cpp, dialling.cpp, talking.cpp
/// (bridge, new offers, digits), channel_legs.cpp (media), conversing.cpp.
struct CallCore::State {
    State(CallCoreSettings settings, const StepClock& clock, Random& random, media::CommandSink& media,
          bus::EventSink& events, std::shared_ptr<const model::Snapshot> snapshot);

    const CallCoreSettings settings;
    const StepClock& clock;
    Random& random;
    media::CommandSink& engine;
    CallEvents events;
    std::map<std::string, Technology*, std::less<>> technologies;
    std::shared_ptr<const model::Snapshot> snapshot;
    NumberPatterns patterns;  ///< Of the snapshot.

    LiveCalls live;
    CallTraces traces;
    /// Those who have calls. Derived from channels and dials.
    std::unordered_map<model::UserId, UserCalls> busy_users;
    std::deque<CoreInput> waiting;             ///< Empty between steps.
    std::vector<model::UserId> changed_users;  ///< Whose calls this step has changed.
    bool in_step = false;
    std::uint64_t inputs_taken = 0;

    // call_core.cpp
    void take(CoreInput input);
    void run_waiting();
    /// What comes from outside besides inputs, as a step of its own.
    template <class Work>
    auto step(Work&& work) {
        ++inputs_taken;
        in_step = true;
        auto result = work();
        in_step = false;
        run_waiting();
        return result;
    }
    /// Those who watch the channel's user will be told.
    void note_change(const Channel& of);
    void show_changes();
    [[nodiscard]] Channel* channel(ChannelId id) noexcept;
    [[nodiscard]] Channel* peer_of(const Channel& of) noexcept;
    /// The dial that rings this channel's phone; null: it does not ring.
    [[nodiscard]] Dial* ringing_dial_of(const Channel& of) noexcept;
    /// The phone whose early media the caller hears.
    [[nodiscard]] Channel* early_peer_of(const Channel& of) noexcept;
    [[nodiscard]] Technology* technology_of(const Channel& of) noexcept;
    /// What its endpoint may use, in its order; empty: all.
    [[nodiscard]] std::vector<std::string> allowed_codecs(const Channel& of);
    [[nodiscard]] const std::string& linked_id(const Channel& of) const;
    template <class... Values>
    void trace(const Channel& of, fmt::format_string<Values...> format, Values&&... values) {
        traces.add(of.chain, clock.utc(), fmt::format(format, std::forward<Values>(values)...));
    }

    // user_call.cpp: from the caller's wish to the last event.
    void on(input::Incoming& call);
    void on(input::HungUp& hung_up);
    Channel& open_channel(ChannelId id, bool outgoing, std::string_view technology, std::string endpoint,
                          ChannelId chain);
    [[nodiscard]] bool admit(Channel& caller, const IncomingCall& call);
    /// Ends a channel from our side, after it was taken out of its dial or bridge.
    /// @param source name of the channel whose party wanted it; empty: the system did.
    void hang_up(Channel& channel, Cause cause, std::string_view source = {});
    /// Its party is gone: events, legs, counters; the channel is no more.
    void release(Channel& channel, Cause cause, std::string_view source);
    /// Ends the whole call from our side, wherever it stands.
    void end_call(Channel& channel, Cause cause);
    /// Whose channel it is from now on.
    void belong(Channel& channel, model::UserId user);
    void count_for_user(Channel& channel);
    void uncount(model::UserId user);

    // routing.cpp
    void route(Channel& caller);
    /// What a number, or a configured destination, means; the steps stand in the trace of `asking`.
    [[nodiscard]] Destination look_up(const Channel& asking, std::string_view context,
                                      std::string_view exten);
    [[nodiscard]] Destination look_up(const Channel& asking, const model::Destination& configured);
    void go(Channel& caller, const Destination& destination);
    /// Sends the caller elsewhere, as somebody has configured it.
    void go(Channel& caller, const model::Destination& configured);
    void reach(Channel& caller, const UnknownDestination& nowhere);
    void reach(Channel& caller, const UnservedDestination& destination);
    void reach(Channel& caller, const HangUpDestination& end);
    void reach(Channel& caller, const IncallDestination& destination);
    /// One more diversion; false: the call goes in circles and is over.
    [[nodiscard]] bool divert(Channel& caller);
    /// Where calls go now that the schedule is closed; null: it is open, or there is none.
    [[nodiscard]] const model::Destination* closed_by(const Channel& caller, model::ScheduleId schedule);
    /// Whether the call permissions of an incoming call take callers with this one's number (ADA-078).
    [[nodiscard]] bool may_come_in(const Channel& caller, const model::Incall& incall);
    /// Marks the caller's name for those who are called.
    void mark_name(Channel& caller, std::string_view mode, std::string_view mark);
    /// Why a call would end at once; Unknown: it gets somewhere.
    [[nodiscard]] Cause unreachable(const Channel& caller, const Destination& destination);
    /// Nobody is left who could take the call.
    void give_up(Channel& caller, Cause cause);

    // scripting.cpp
    class ScriptHost;
    /// What administrators have written; never null.
    [[nodiscard]] std::shared_ptr<const dialplan::Dialplan> dialplan() const;
    /// @param seconds since 1970; nothing: now. @param zone empty: the system's own.
    [[nodiscard]] std::tm local_time(std::optional<std::int64_t> seconds, std::string_view zone) const;
    /// The same for the resolver.
    [[nodiscard]] WrittenNumbers written_numbers() const;
    void reach(Channel& caller, const ScriptDestination& destination);
    /// Lets `way` take the script of the party on, from outside of it.
    /// @return how it stands then; after_script() is owed.
    template <class Way>
    [[nodiscard]] dialplan::Outcome run_script(Channel& party, const Way& way);
    /// `pressed` is what it has waited for.
    void script_dialled(Channel& party, const std::string& pressed);
    /// Runs the subroutines for a kind of destination, of all and of this one (API-205 to API-209).
    /// @param kind as the globals name it: "USER".
    /// @return false: they have the call, and come back to `then` or not.
    [[nodiscard]] bool preprocess(Channel& caller, std::string_view kind, const std::string& own,
                                  Continuation then);
    [[nodiscard]] Destination destination_of(const Channel& caller, const Continuation& then);
    /// What the subroutine has changed of the call.
    void apply_changes(Channel& caller, const Continuation& then);
    /// The endpoints that the subroutine has left in XIVO_INTERFACE (API-213).
    [[nodiscard]] UserDestination as_changed_by_script(const Channel& caller,
                                                       const UserDestination& destination);
    /// Goes on after what it has waited for.
    void resume_script(Channel& party);
    void after_script(Channel& party, dialplan::Outcome outcome);
    void script_wait_over(Channel& party);
    void script_dial_over(Dial& dial);
    /// Whether the party stays although who it talked to has hung up.
    [[nodiscard]] bool goes_on_in_dialplan(const Channel& party) const noexcept;
    void go_on_in_dialplan(Channel& party);
    /// The channel ends, or is somewhere else: the last that is done for it in the dialplan is `h`.
    void end_script(Channel& ended);
    void forget_script(Channel& party);
    /// No further digit can mean another extension of the script's context.
    [[nodiscard]] bool is_dialled(const Channel& party, std::string_view pressed) const;
    void concluded(Channel& party, const purpose::ScriptStep& step, const std::string& pressed);
    /// What a channel that is opened for this one gets of its variables.
    [[nodiscard]] static std::vector<Variable> inherited_from(const Channel& caller);

    // call_rights.cpp
    /// Whether call permissions let the number be dialled (ADA-074 to ADA-080). False: the caller is refused,
    /// or asked for a password and comes back with it. A trace says why.
    /// @param way_out null: it is a user's number.
    [[nodiscard]] bool may_call(Channel& caller, std::string_view number, const model::Outcall* way_out);
    /// The user who answers for where the call goes: whoever sends somebody elsewhere, else the caller.
    [[nodiscard]] model::UserId who_sends(const Channel& caller) const;
    void ask_password(Channel& caller, const model::CallPermission& permission, int tries);
    void concluded(Channel& party, const purpose::Password& asked, const std::string& pressed);

    // forwarding.cpp
    /// Rings a user, or goes where the user's forwards lead.
    void reach(Channel& caller, const UserDestination& destination);
    [[nodiscard]] Cause unreachable(const Channel& caller, const UserDestination& destination);
    /// Why the user's phones do not ring; Unknown: they do.
    [[nodiscard]] Cause turned_away(const Channel& caller, const model::User& user);
    /// The user's phones did not take the call: a forward or a fallback does, or the call is over.
    void not_reached(Channel& caller, model::UserId user, const std::string& context, Cause cause);
    void forward(Channel& caller, const std::string& context, const std::string& exten);

    // group_call.cpp
    void reach(Channel& caller, const GroupDestination& destination);
    void begin_round(Dial& dial);
    /// Rings whose turn it is. Nobody's: the next round begins later, or the group is not reached.
    void ring_next_members(Dial& dial);
    [[nodiscard]] bool ring_member(Dial& dial, const model::Group& group, model::UserId member);
    /// In the order of the group's strategy.
    [[nodiscard]] std::vector<model::UserId> members_by_strategy(const model::Group& group);
    /// All phones of one of several who ring for the caller; false: none can be rung.
    [[nodiscard]] bool ring_one_of_several(Dial& dial, const model::User& user, const CallerId& shown);
    /// @param seconds Until turn_over().
    void begin_turn(Dial& dial, int seconds);
    void turn_over(DialId id);
    /// None of the phones of one of several rings any more.
    void forget_member(Dial& dial, model::UserId member);
    void group_not_reached(Dial& dial, Cause cause);
    /// A call that was answered for a group is over.
    void note_group_call(const Channel& ended);

    // filtered_call.cpp
    /// The filter that the call for a boss goes through now; null: none.
    [[nodiscard]] const model::CallFilter* filter_for(const Channel& caller, const model::User& boss) const;
    void begin_filtered(Channel& caller, const UserDestination& boss, const model::CallFilter& filter);
    void ring_next_turn(Dial& dial);
    void nobody_took(Dial& dial);

    // call_completion.cpp
    /// The caller may ask to be called back, as the callee was not reached.
    void offer_completion(const Channel& caller, model::UserId callee, Cause cause);
    /// Asks for the last call to be completed, or no longer (ADA-066).
    void toggle_completion(Channel& caller);
    void end_completion(model::UserId caller);
    /// Whether both are free, and the callee was on the phone.
    [[nodiscard]] bool is_due(model::UserId caller, const CallCompletion& completion) const;
    /// A channel of a user has ended.
    void note_for_completions(const Channel& ended);
    /// Somebody is free.
    void recall_who_is_due();
    [[nodiscard]] TimerId completion_timer(TimerPurpose::Kind kind, model::UserId caller, Duration time);
    void pause_before_recall(model::UserId caller, CallCompletion& completion);
    void recall(model::UserId caller);
    /// Who is called back by it; 0: nobody.
    [[nodiscard]] model::UserId recalled_by(OriginationId origination) const;
    /// The caller, if the origination calls one back, has answered and has been sent to the callee.
    void recall_answered(OriginationId recall, ChannelId originator);

    // calling_out.cpp
    void reach(Channel& caller, const OutcallDestination& destination);
    void try_next_trunk(Dial& dial);
    [[nodiscard]] CallerId caller_id_outside(const Channel& caller, const WayOut& way,
                                             const model::EndpointSip& trunk) const;
    /// As many calls as the option call-limit of its account allows go by the trunk (ADB-012), or more.
    [[nodiscard]] bool is_full(model::TrunkId trunk) const;
    void trunk_failed(Dial& dial);
    void not_reached_outside(Dial& dial);

    // dialling.cpp
    Dial& begin_dial(Channel& caller, std::optional<std::chrono::milliseconds> ring_time);
    void dial(Channel& caller, const UserDestination& destination);
    [[nodiscard]] Cause barred(const Channel& caller, const model::User& user);
    void ring(Dial& dial, const UserDestination& destination);
    /// What shall be told to technologies once the whole dial stands.
    struct Invitation {
        Technology* technology;
        ChannelId channel;
        OutgoingCall call;
    };
    /// Who is called by one endpoint, and how.
    struct Called {
        DestinationEndpoint endpoint;
        const model::User* user = nullptr;  ///< Null: another telephone system.
        model::TrunkId trunk{};
        CallerId caller;       ///< As it is shown there.
        std::string number{};  ///< Towards another telephone system: whom it shall reach.
    };
    void ring(Dial& dial, const Called& called, std::vector<Invitation>& invitations);
    /// Towards the user's simultaneous calls, until the dial is over.
    void count(Dial& dial, model::UserId user);
    void uncount_all(Dial& dial);
    /// What the endpoint is offered; nothing when it shares no codec with the caller.
    [[nodiscard]] std::optional<sdp::SessionDescription> offer_for(Channel& caller,
                                                                   const Technology& technology,
                                                                   std::string_view endpoint);
    /// Writes our first offer to a phone that is about to ring.
    void offer_first(Channel& callee, const sdp::SessionDescription& offer, OfferedMedia manner);
    void on(input::Ringing& ringing);
    void on(input::Progressed& progressed);
    void on(input::Answered& answered);
    void on(input::Refused& refused);
    void on(input::Redirected& redirected);
    void ring_time_over(DialId id);
    /// The callee's channel has been given up or is hung up here; the dial goes on with the rest.
    void attempt_failed(Channel& callee, Cause cause, bool hang_up_too);
    void declined(Channel& callee, Cause cause);
    void end_early_media(Channel& caller, const Channel& callee);
    void tell_ringing(Channel& caller, Channel& callee);
    void fail_if_over(Dial& dial);
    /// The callee has the call: its dial is over, the other phones stop ringing.
    void win(Dial& dial, Channel& callee);
    void begin_application(Channel& channel, std::string application, std::string data);
    void end_application(Channel& channel);
    /// All that still ring are hung up; the dial is no more.
    void stop_dial(Dial& dial, Cause cause);
    void tell_connected(Channel& channel, const CallerId& connected);

    // transferring.cpp
    void on(input::TransferRequested& requested);
    void blind_transfer(Channel& transferor, Channel& transferee, const std::string& exten);
    /// The transferee dials in the transferor's stead, and is its peer again if that comes to nothing.
    void send_away(Channel& transferor, Channel& transferee, std::string exten, std::string_view context,
                   const Destination& destination);
    void attended_transfer(Channel& transferor, Channel& transferee, Channel& consulted);
    /// The transferee is nobody's peer any more: what was consulted, which has no other party, takes it.
    void let_go(Channel& transferor, Channel& transferee, Channel& consulted);
    /// The consulted one is in a conference, or has reserved a parking place.
    void join_system(Channel& transferor, Channel& transferee, Channel& consulted);
    /// What `leaving` has of the system's own: a seat in a conference, or a parking place.
    [[nodiscard]] static bool has_stake(const Channel& of) noexcept { return of.seat || of.parked; }
    void hand_over(Channel& leaving, Channel& coming);
    /// The consulted party talks: the two peers are joined.
    void join_peers(Channel& transferor, Channel& transferee, Channel& consulted, Channel& target);
    /// The consulted party rings: the transferee waits for it in the transferor's place.
    void take_over_dial(Channel& transferor, Channel& transferee, Channel& consulted);
    /// Who rings for `dialling` rings for `heir` from now on, who was answered long ago.
    void inherit_dial(Channel& dialling, Channel& heir);
    Transfer& begin_transfer(Channel& transferor, Channel& transferee);
    /// Takes both out of the transfer that sends `transferee` elsewhere.
    Transfer end_transfer(Channel& transferee);
    void refuse_transfer(Channel& transferor, Cause cause, std::string_view why);
    void tell_transfer(ChannelId transferor, TransferStage stage, Cause cause);
    /// The target rings, and the transferee shall hear it.
    void hear_ringing(Channel& transferee, Channel& target);
    /// The target answers a party that was answered long ago.
    void meet(Channel& transferee, Channel& target);
    void transfer_failed(Channel& transferee, Cause cause);
    /// Two who talked before talk again.
    void reunite(Channel& first, Channel& second);
    /// The transferee has got where it was sent: the transferor's part is over.
    void finish_transfer(Channel& transferee);
    /// One of the two is gone.
    void leave_transfer(Channel& leaving);
    void start_ringback(Channel& hearing);
    void stop_ringback(Channel& hearing);

    // ordering.cpp: what programs order.
    [[nodiscard]] Channel* channel_named(std::string_view unique_id) noexcept;
    [[nodiscard]] Result<void> hang_up_ordered(std::string_view unique_id);
    [[nodiscard]] Result<void> set_variable(std::string_view unique_id, Variable variable);
    /// In place of one of the same name; false: it has too many.
    [[nodiscard]] static bool hang_variable(Channel& on, Variable variable);
    /// @return the unique id of a channel of the user that rings.
    [[nodiscard]] Result<std::string> connect_ordered(std::string_view unique_id, model::UserId user);

    // originating.cpp
    [[nodiscard]] Result<std::string> originate(const CallOrder& order);
    /// Rings nobody yet. @param ring_time How long whoever is going to ring does.
    Origination& begin_origination(Duration ring_time);
    /// Phones that ring although nobody waits for them.
    struct Summons {
        const model::User& user;
        const model::Line& line;  ///< One of his, with a SIP account.
        const std::vector<Target>& targets;
        CallerId shown;
        ChannelId chain{};  ///< That they belong to; 0: one of their own.
    };
    /// Opens their channels, which are yet to be told of and invited.
    /// @return the first.
    ChannelId summon(Origination& origination, const Summons& wanted, std::vector<Invitation>& invitations);
    void originator_rings(Channel& originator);
    void originator_answers(Channel& originator, sdp::SessionDescription answer);
    void origination_time_over(OriginationId id);
    /// One of its phones does not ring any more.
    void leave_origination(const Channel& leaving);
    void hang_variables(Channel& on, const std::vector<Variable>& variables);

    // steering.cpp
    [[nodiscard]] Result<SteeredTransfer> steer(const TransferOrder& order);
    [[nodiscard]] Result<SteeredTransfer*> steered_named(std::string_view name);
    [[nodiscard]] Result<void> complete(SteeredTransfer& transfer);
    void cancel(SteeredTransfer& transfer);
    void transfer_time_over(SteeredTransferId id);
    [[nodiscard]] SteeredTransfer* steered_transfer_of(const Channel& party) noexcept;
    /// The one that the channel consults in; null: it does not.
    [[nodiscard]] SteeredTransfer* consultation_of(const Channel& initiator) noexcept;
    /// The one that sends the channel away without consultation; null: none does.
    [[nodiscard]] SteeredTransfer* blindly_steered(const Channel& transferred) noexcept;
    void recipient_rings(const Channel& dialling, Channel& target);
    void recipient_answers(const Channel& dialling, const Channel& target);
    /// In place of being hung up, an initiator goes back to whom it wanted to transfer.
    [[nodiscard]] bool goes_back(Channel& initiator);
    /// A party is gone.
    void leave_steered(Channel& leaving);
    void tell(const SteeredTransfer& transfer, bus::TransferChange change);
    /// It is no more; `how` says why.
    void end_steered(SteeredTransfer& transfer, bus::TransferChange how);

    // replacing.cpp
    /// A new call takes the place of a channel that talks, or answers for a phone that rings (RFC 3891).
    void take_place(Channel& taker, ChannelId replaced);
    void pick_up(Channel& taker, Channel& ringing);
    void replace(Channel& taker, Channel& talking);
    [[nodiscard]] bool may_replace(const Channel& taker, const Channel& replaced);
    /// Answers what the taker offered with what `peer` speaks; false where they share nothing.
    [[nodiscard]] bool answer_taker(Channel& taker, const sdp::SessionDescription& peer);

    // talking.cpp
    /// @param reply what the caller is told: the relayed answer, or an offer where the caller made none.
    void connect(Channel& caller, Channel& callee, sdp::SessionDescription answer,
                 sdp::SessionDescription reply);
    Bridge& open_bridge(Channel& first, Channel& second);
    void leave_bridge(Channel& channel);
    /// Their media no longer reach each other, though both stay.
    void part(Channel& first, Channel& second);
    /// In the bridge with `staying`, `coming` stands where `leaving` did. All are of one chain.
    void take_place(Channel& leaving, Channel& coming, Channel& staying);
    /// Two calls have become one: the one that began first.
    void merge_chains(ChannelId first, ChannelId second);
    void on(input::Offered& offered);
    /// An UPDATE of a phone that rings (RFC 3311): what was agreed with it changes before it answers.
    void answer_early_offer(Channel& ringing, sdp::SessionDescription offer);
    void on(input::OfferAnswered& answered);
    void on(input::OfferRefused& refused);
    void on(input::Digit& digit);
    void on_media_digit(Channel& channel, const media::DigitReceived& digit);
    void show_hold(Channel& channel, bool holds);
    void relay_offer_to(Channel& peer, Channel& offering, sdp::SessionDescription offer);
    void finish_relayed_offer(Channel& answering, Channel& offering, sdp::SessionDescription answer);
    /// Joins the media of two parties of a bridge; where one sends what the other cannot take, `asked` is
    /// offered the codecs of the other.
    void join(Channel& asked, Channel& other);
    void send_digit(Channel& to, char digit, std::chrono::milliseconds duration);

    // channel_legs.cpp
    /// A port for each live stream; false when there are not enough.
    [[nodiscard]] bool reserve_legs(Channel& channel, const sdp::SessionDescription& description);
    /// Writes our addresses, how the packets travel, session id and version into what we are about to tell
    /// the party.
    /// @param offer of the party, where this is its answer; null: it is our offer.
    void address(Channel& channel, sdp::SessionDescription& description,
                 const sdp::SessionDescription* offer);
    /// The leg of its first audio stream that is open; null: none.
    [[nodiscard]] static const Leg* open_audio_leg(const Channel& of) noexcept;
    void configure_legs(Channel& channel, const Channel* peer);
    void separate_legs(const Channel& first, const Channel& second);
    void join_legs(const Channel& first, const Channel& second);
    /// Closes the legs of streams that are no longer in force.
    void close_unused_legs(Channel& channel);
    void close_all_legs(Channel& channel);
    void close_leg(Channel& channel, Leg& leg);
    void order_ports();
    void on(const media::Event& event);

    // conversing.cpp
    /// Speaks to a caller who has not been answered, then refuses.
    void announce_and_refuse(Channel& caller, std::string sound, Cause cause);
    /// What a telephone does with a call that failed, for a caller who was answered.
    void end_with_tone(Channel& caller, Cause cause, std::chrono::milliseconds limit);
    void reach(Channel& caller, const SoundDestination& destination);
    /// The system takes the call; false: it cannot be spoken to and is over.
    [[nodiscard]] bool answer_itself(Channel& caller);
    /// A party that was answered long ago, with a codec that we do not speak, is offered those that we do;
    /// false: it may use none of them.
    bool offer_own_codecs(Channel& party);
    /// Media towards a caller who talks to nobody yet; null: it cannot be spoken to.
    [[nodiscard]] const Leg* open_ear(Channel& caller, bool answers);
    /// Says one prompt after the other, waits for keys, and goes on as `purpose` wants. May end the call.
    /// @param limit for the prompts.
    void say(Channel& party, Purpose purpose, std::vector<Prompt> prompts, KeyWait keys,
             std::chrono::milliseconds limit);
    [[nodiscard]] std::vector<std::string> places_of_prompt(const Channel& party) const;
    void play_prompt(Channel& party);
    void prompt_over(Channel& party);
    void listen(Channel& party);
    void wait_for_key(Channel& party, std::chrono::milliseconds patience);
    void on_key(Channel& party, char key);
    void on_playback_finished(Channel& party, const media::PlaybackFinished& finished);
    void conversation_time_over(Channel& party);
    /// All is said and typed.
    void conclude(Channel& party);
    void concluded(Channel& party, const purpose::EndOfCall& end, const std::string& pressed);
    void fall_silent(Conversation& conversation);
    void end_conversation(Channel& party);

    // conference.cpp
    void reach(Channel& caller, const ConferenceDestination& destination);
    void ask_conference_pin(Channel& caller, const purpose::ConferencePin& asked);
    void concluded(Channel& party, const purpose::ConferencePin& asked, const std::string& pressed);
    /// Who may enter is asked for his name first, where the others shall hear it.
    void let_into_conference(Channel& party, const model::Conference& conference, bool is_administrator);
    void concluded(Channel& party, const purpose::ConferenceName& asked, const std::string& pressed);
    void concluded(Channel& party, const purpose::ConferenceNameSpoken& spoken, const std::string& pressed);
    void name_recorded(const media::Recorded& recorded);
    /// False: no more may enter, and the party was told so.
    [[nodiscard]] bool has_place(Channel& party, const model::Conference& conference, bool is_administrator);
    void enter_conference(Channel& party, const model::Conference& conference, bool is_administrator);
    /// Null: nobody is in it.
    [[nodiscard]] ConferenceRoom* room_of(model::ConferenceId conference);
    ConferenceRoom& open_room();
    void sit_down(Channel& party, ConferenceRoom& room, bool is_administrator);
    /// `coming` is in the room instead of `leaving`. Both are of one chain.
    void hand_seat_over(Channel& leaving, Channel& coming);
    /// Out of the conference room that it is in, if any.
    void leave_conference(Channel& party);
    /// Tells the media engine how the party is in its room now.
    void take_seat(const Channel& party);
    void be_alone(Channel& party);
    void tell_how_many(Channel& party, std::size_t others);
    /// What somebody hears who is alone in a conference room, and is told nothing; null: nothing.
    [[nodiscard]] const model::Moh* music_alone(const Channel& party) const;
    /// The party alone hears it.
    void tell_in_room(Channel& party, std::vector<Prompt> prompts);
    void concluded(Channel& party, const purpose::InConference& told, const std::string& pressed);
    void on_conference_key(Channel& party, char key);
    void on_administrator_key(Channel& administrator, ConferenceRoom& room, char key);
    /// All who are in the room hear it.
    void beep_in(const ConferenceRoom& room);
    void say_in(const ConferenceRoom& room, std::string_view sound);
    void say_name_in(const ConferenceRoom& room, const std::string& name, std::string_view what);

    // paging.cpp
    /// Speaks to all phones of the paging that has this number.
    void page(Channel& caller, const std::string& number);
    void ring_paged(const Channel& caller, const model::Paging& paging, BridgeId room);
    /// A phone has answered by itself.
    void join_page(Channel& party, BridgeId room);
    /// Somebody has left the room of a page, which is over without who speaks.
    void leave_page(BridgeId room, bool was_speaker);
    void end_page_if_over(BridgeId room);

    // music.cpp
    /// Null: it is none that has files.
    [[nodiscard]] const model::Moh* music_named(std::string_view category) const;
    /// What those hear whom the party holds; null: nothing.
    [[nodiscard]] const model::Moh* music_of(const Channel& holder) const;
    /// Begins, goes on with or ends (null) the music that the party hears.
    void attend_music(Channel& hearing, const model::Moh* category);
    void play_music(Channel& hearing, const model::Moh& category);
    void music_over(Channel& hearing, bool complete);

    // feature_codes.cpp
    void reach(Channel& caller, const FeatureDestination& destination);
    void switch_service(Channel& caller, const model::User& user, ServiceChange::Service service);
    void switch_forward(Channel& caller, const model::User& user, ServiceChange::Service service,
                        const std::string& number);
    void switch_filter(Channel& caller, const model::User& user, const std::string& member);
    void tell_status(Channel& caller, const model::User& user);
    void ask_for_change(Channel& caller, ServiceChange change);
    void service_changed(const ServiceChange& change, bool made);
    void concluded(Channel& party, const purpose::Confirmation& waited, const std::string& pressed);
    void concluded(Channel& party, const purpose::ForwardNumber& asked, const std::string& pressed);
    /// Says it, and ends the call.
    void say_last(Channel& party, std::vector<Prompt> prompts);

    // interception.cpp
    /// Takes a call that rings for a number (ADA-144).
    void take_call_of(Channel& taker, const std::string& number);
    /// Takes a call that rings for somebody whose calls the taker may take (ADA-166, ADA-167).
    void take_any_call(Channel& taker);
    void take_first_call(Channel& taker, const std::vector<model::UserId>& users, model::GroupId group);

    // voicemail.cpp
    void reach(Channel& caller, const VoicemailDestination& destination);
    void concluded(Channel& party, const purpose::Greeting& greeting, const std::string& pressed);
    void concluded(Channel& party, const purpose::Beep& beep, const std::string& pressed);
    void concluded(Channel& party, const purpose::Message& spoken, const std::string& pressed);
    void concluded(Channel& party, const purpose::Saving& saving, const std::string& pressed);
    void on_recorded(const media::Recorded& recorded);
    [[nodiscard]] bool waits_for(const Channel& party, media::RecordingId recording) const;
    /// Beside the mailbox of the user, by number of any in the caller's context (*99).
    /// @param purges erases all messages instead.
    void listen_to_voicemail(Channel& caller, const model::Voicemail* voicemail, bool purges = false);
    void reach(Channel& caller, const MailboxAccessDestination& destination);
    void concluded(Channel& party, const purpose::MailboxNumber& asked, const std::string& pressed);
    void ask_mailbox_password(Channel& party, const purpose::MailboxPassword& asked);
    void purge_mailbox(Channel& party, model::VoicemailId id);
    void concluded(Channel& party, const purpose::MailboxPassword& asked, const std::string& pressed);
    void open_mailbox(Channel& party, model::VoicemailId id);
    void play_message(Channel& party, purpose::Listening listening, std::vector<Prompt> before);
    void concluded(Channel& party, const purpose::Listening& listening, const std::string& pressed);
    /// @return false: there is no such message.
    bool move_message(model::VoicemailId id, std::string_view file, bool fresh);
    bool erase_message(model::VoicemailId id, std::string_view file);
    void tell(bus::MessageChange change, model::VoicemailId id, const VoiceMessage& message, bool fresh);
    [[nodiscard]] std::string path_of(model::VoicemailId id, const VoiceMessage& message, bool fresh) const;
    void mailbox_changed(model::VoicemailId id);
    /// Messages go with the voicemail that they were for (ADB-212).
    void forget_erased_voicemails();

    // mailbox_options.cpp
    /// What is heard before the beep.
    [[nodiscard]] std::vector<Prompt> greeting_of(const model::Voicemail& voicemail, bool busy) const;
    void offer_options(Channel& party, model::VoicemailId id, std::vector<Prompt> before = {});
    void offer_greeting(Channel& party, const purpose::GreetingChoice& choice,
                        std::vector<Prompt> before = {});
    [[nodiscard]] std::string path_of_spoken(model::VoicemailId id, const VoiceMessage& spoken) const;
    void greeting_recorded(const SpokenMessage& spoken, const media::Recorded& recorded);
    void concluded(Channel& party, const purpose::MailboxOptions& asked, const std::string& pressed);
    void concluded(Channel& party, const purpose::GreetingChoice& asked, const std::string& pressed);
    void concluded(Channel& party, const purpose::GreetingBeep& beep, const std::string& pressed);
    void concluded(Channel& party, const purpose::NewPassword& asked, const std::string& pressed);

    // parking.cpp
    /// Empty: all are taken.
    [[nodiscard]] std::string free_place(const model::ParkingLot& lot) const;
    void reach(Channel& caller, const ParkingDestination& destination);
    void reach(Channel& caller, const ParkedDestination& destination);
    void occupy(Channel& party, ParkingPlace place);
    void tell_place(Channel& party, int times);
    void concluded(Channel& party, const purpose::PlaceTold& told, const std::string& pressed);
    void park(Channel& party, ParkingPlace place);
    void park_transferred(Channel& transferee, const model::ParkingLot& lot, std::string number);
    /// The place that `leaving` has reserved is taken by `coming`.
    void hand_place_over(Channel& leaving, Channel& coming);
    /// Does nothing where it is at no place.
    void leave_parking(Channel& party);
    [[nodiscard]] const model::Moh* music_of_place(const ParkingPlace& place) const;
    void parking_changed(const ParkingPlace& place);
    void parking_time_over(Channel& party);
    /// Who waits at a place that was erased meanwhile goes back as if the time were over.
    void clear_lost_places();

    // dial_tone.cpp
    void reach(Channel& caller, const DialToneDestination& destination);
    void ask_pin(Channel& caller, const purpose::DialTonePin& asked);
    void offer_dial_tone(Channel& caller, const std::string& context);
    void concluded(Channel& party, const purpose::DialTonePin& asked, const std::string& pressed);
    void concluded(Channel& party, const purpose::DialTone& asked, const std::string& pressed);

    // menu.cpp
    void reach(Channel& caller, const MenuDestination& destination);
    /// @param first what is said before the menu; may be empty.
    void offer_choice(Channel& caller, const model::Ivr& ivr, int tries, const std::string& first);
    /// No further key can make another choice of it.
    [[nodiscard]] bool is_chosen(model::IvrId ivr, std::string_view pressed) const;
    void concluded(Channel& party, const purpose::Choice& asked, const std::string& pressed);
    void concluded(Channel& party, const purpose::MenuAbort& aborted, const std::string& pressed);
};

/// An offer waits for the answer of its peer: to part them now would leave it without.
[[nodiscard]] bool negotiates(const Channel& channel) noexcept;

}  // namespace almon::pbx
