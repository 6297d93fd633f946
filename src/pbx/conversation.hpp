// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <boost/describe.hpp>

#include "base/timer_queue.hpp"
#include "media/commands.hpp"
#include "media/tones.hpp"
#include "model/ids.hpp"
#include "pbx/cause.hpp"
#include "pbx/mailbox.hpp"
#include "pbx/service_change.hpp"

namespace almon::pbx {

/// The longest that a refused caller is spoken to.
inline constexpr std::chrono::seconds kAnnouncementLimit{10};
/// "The number you have dialled is not in service."
inline constexpr const char* kUnknownNumberSound = "ss-noservice";

/// Beyond it, a caller does not listen to a sound that an administrator has chosen.
inline constexpr std::chrono::minutes kSoundLimit{10};

/// One thing that a party hears.
struct Prompt {
    /// What is heard where there is no sound, or none of this name.
    enum class Tone : std::uint8_t { None, SpecialInformation, Busy, Congestion, Beep };

    std::string sound{};  ///< As somebody has configured it: see places_of(). Empty: the tone.
    Tone tone = Tone::None;
    std::uint8_t stands_for = 0;  ///< Where it can be heard, so many behind it are left out.
};
BOOST_DESCRIBE_STRUCT(Prompt, (), (sound, tone, stands_for))
void add_sounds(std::vector<Prompt>& prompts, std::vector<std::string> sounds);

/// Which keys count while prompts are heard, and how long they are waited for afterwards. The first one ends
/// the prompts.
struct KeyWait {
    std::size_t most = 0;                   ///< So many are enough; 0: keys mean nothing.
    std::chrono::milliseconds first{5000};  ///< For the first one.
    std::chrono::milliseconds next{3000};   ///< For each further one.
};
BOOST_DESCRIBE_STRUCT(KeyWait, (), (most, first, next))

inline constexpr KeyWait kOneKey{1, std::chrono::seconds(10)};
/// Of all keys only # ends what is spoken.
inline constexpr KeyWait kUntilPound{64, kLongestMessage, kLongestMessage};

/// Ends what is being typed, where more than one key is waited for.
inline constexpr char kEndKey = '#';

/// What follows when all is said and no more keys are waited for. One more kind of conversation is a struct
/// here, a `concluded()` and a source of its own.
namespace purpose {

/// The call ends.
struct EndOfCall {
    Cause cause = Cause::NormalClearing;
};
BOOST_DESCRIBE_STRUCT(EndOfCall, (), (cause))

/// A change of the configuration is being made: its outcome is told.
struct Confirmation {
    ServiceChange change;
};
BOOST_DESCRIBE_STRUCT(Confirmation, (), (change))

/// The keys are the number that calls are to be forwarded to.
struct ForwardNumber {
    ServiceChange change;
};
BOOST_DESCRIBE_STRUCT(ForwardNumber, (), (change))

/// The keys open a call permission; then the number is dialled anew.
struct Password {
    model::CallPermissionId permission;
    int tries = 1;
};
BOOST_DESCRIBE_STRUCT(Password, (), (permission, tries))

/// The keys are a choice of a menu.
struct Choice {
    model::IvrId ivr;
    int tries = 1;
};
BOOST_DESCRIBE_STRUCT(Choice, (), (ivr, tries))

/// The menu has said that it gives up.
struct MenuAbort {
    model::IvrId ivr;
};
BOOST_DESCRIBE_STRUCT(MenuAbort, (), (ivr))

/// A caller is told that nobody is there; then comes the beep.
struct Greeting {
    model::VoicemailId voicemail;
};
BOOST_DESCRIBE_STRUCT(Greeting, (), (voicemail))
struct Beep {
    model::VoicemailId voicemail;
};
BOOST_DESCRIBE_STRUCT(Beep, (), (voicemail))

/// The party's voice is recorded; # ends it, or the end of the call.
struct Message {
    media::RecordingId recording;
};
BOOST_DESCRIBE_STRUCT(Message, (), (recording))

/// The message is on its way to the disk: its outcome is told.
struct Saving {
    media::RecordingId recording;
};
BOOST_DESCRIBE_STRUCT(Saving, (), (recording))

/// The keys are the number of a mailbox that is to be listened to from outside.
struct MailboxNumber {
    std::string context;
};
BOOST_DESCRIBE_STRUCT(MailboxNumber, (), (context))

/// The keys open a mailbox.
struct MailboxPassword {
    model::VoicemailId voicemail;  ///< 0: one that is not there, which nobody is to learn by asking.
    int tries = 1;
    bool purges = false;  ///< All messages are erased then, instead of heard.
};
BOOST_DESCRIBE_STRUCT(MailboxPassword, (), (voicemail, tries, purges))

/// The keys are the PIN of a way in to dial from, then the number that is dialled there.
struct DialTonePin {
    std::string context;
    std::string pin;
    int tries = 1;
};
BOOST_DESCRIBE_STRUCT(DialTonePin, (), (context, pin, tries))
struct DialTone {
    std::string context;
};
BOOST_DESCRIBE_STRUCT(DialTone, (), (context))

/// The keys say what is to be done with the mailbox itself.
struct MailboxOptions {
    model::VoicemailId voicemail;
};
BOOST_DESCRIBE_STRUCT(MailboxOptions, (), (voicemail))

/// The keys say what is to be done with one of its greetings.
struct GreetingChoice {
    model::VoicemailId voicemail;
    MailboxGreeting greeting = MailboxGreeting::Unavailable;
};
BOOST_DESCRIBE_STRUCT(GreetingChoice, (), (voicemail, greeting))

/// The user has been told to speak it, and has heard the beep.
struct GreetingBeep {
    model::VoicemailId voicemail;
    MailboxGreeting greeting = MailboxGreeting::Unavailable;
};
BOOST_DESCRIBE_STRUCT(GreetingBeep, (), (voicemail, greeting))

/// The keys are the new password of a mailbox, twice.
struct NewPassword {
    model::VoicemailId voicemail;
    std::string first{};  ///< Empty: this is the first time.
};
BOOST_DESCRIBE_STRUCT(NewPassword, (), (voicemail, first))

/// A parking place is told: to who has reserved it, again and again; to who has just parked a call there,
/// once.
struct PlaceTold {
    int times = 1;
};
BOOST_DESCRIBE_STRUCT(PlaceTold, (), (times))

/// A message is heard; the key says what happens to it and which comes next.
struct Listening {
    model::VoicemailId voicemail;
    std::vector<std::string> messages{};  ///< Their files, as they were when the mailbox was opened.
    std::size_t at = 0;
};
BOOST_DESCRIBE_STRUCT(Listening, (), (voicemail, messages, at))

/// The keys open a conference room.
struct ConferencePin {
    model::ConferenceId conference;
    int tries = 1;
};
BOOST_DESCRIBE_STRUCT(ConferencePin, (), (conference, tries))

/// Who may enter a conference room is asked for his name; then it is recorded, until #.
struct ConferenceName {
    model::ConferenceId conference;
    bool is_administrator = false;
};
BOOST_DESCRIBE_STRUCT(ConferenceName, (), (conference, is_administrator))
struct ConferenceNameSpoken {
    model::ConferenceId conference;
    bool is_administrator = false;
    media::RecordingId recording;
};
BOOST_DESCRIBE_STRUCT(ConferenceNameSpoken, (), (conference, is_administrator, recording))

/// A script goes on: with what was pressed, where it awaits something.
struct ScriptStep {
    enum class Awaits : std::uint8_t { Nothing, Extension, Digits, Password };

    Awaits awaits = Awaits::Nothing;
    bool needs_extension = false;       ///< Nothing pressed is an answer too.
    std::string variable{};             ///< That gets the digits; of a password the right one.
    std::vector<std::string> sounds{};  ///< Said again where nothing was pressed.
    std::size_t most = 0;               ///< Digits.
    std::chrono::milliseconds patience{0};
    int tries = 1;  ///< That are left, this one included.
};
BOOST_DESCRIBE_STRUCT(ScriptStep, (), (awaits, needs_extension, variable, sounds, most, patience, tries))

/// Somebody in a conference room is told something, and stays there.
struct InConference {};
BOOST_DESCRIBE_STRUCT(InConference, (), ())

}  // namespace purpose

using Purpose =
    std::variant<purpose::EndOfCall, purpose::Confirmation, purpose::ForwardNumber, purpose::Password,
                 purpose::Choice, purpose::MenuAbort, purpose::Greeting, purpose::Beep, purpose::Message,
                 purpose::Saving, purpose::MailboxNumber, purpose::MailboxPassword, purpose::Listening,
                 purpose::DialTonePin, purpose::DialTone, purpose::MailboxOptions, purpose::GreetingChoice,
                 purpose::GreetingBeep, purpose::NewPassword, purpose::ConferencePin, purpose::ConferenceName,
                 purpose::ConferenceNameSpoken, purpose::InConference, purpose::PlaceTold,
                 purpose::ScriptStep>;

/// What the system itself has to do with a party: it speaks, waits for keys, and decides what follows. Over
/// before that is done.
struct Conversation {
    Purpose purpose;
    std::deque<Prompt> prompts{};  ///< What is still to be heard; the first is being played.
    KeyWait keys{};
    std::string pressed{};
    media::LegId leg{};
    media::PlaybackId playback{};  ///< 0: nothing is played.
    std::uint8_t place = 0;        ///< Of places_of() the sound, where it is looked for at the moment.
    TimerId timer{};               ///< Always one: until the prompts are cut off, or keys are waited for.
};
BOOST_DESCRIBE_STRUCT(Conversation, (), (purpose, prompts, keys, pressed, leg, playback, place, timer))

/// Where the core, which cannot look whether a file is there, has a sound looked for, one place after the
/// other: for `digits/1` <shipped>/<language>/digits/1.wav, and what was uploaded into the category
/// `digits`. A path is a path (ADB-056). Without an ending it is .wav.
struct SoundPlaces {
    std::string_view shipped;   ///< Folder; empty: there are none.
    std::string_view uploaded;  ///< Folder; empty: there are none.
    std::string_view language;
    std::string_view default_language;
};
[[nodiscard]] std::vector<std::string> places_of(std::string_view sound, const SoundPlaces& places);

/// Whose habits the tones follow, by a country's two letters.
[[nodiscard]] media::ToneCountry tone_country(std::string_view country) noexcept;
/// None is silence.
[[nodiscard]] media::Tone tone_of(Prompt::Tone tone, std::string_view country);

}  // namespace almon::pbx
