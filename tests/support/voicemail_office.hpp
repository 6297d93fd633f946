// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <string_view>

#include <gtest/gtest.h>

#include "model/voicemail.hpp"
#include "support/call_office.hpp"

namespace almon::test {

/// Bob has a mailbox, 1002@default, whose password is 42.
class VoicemailOffice : public testing::Test {
protected:
    static pbx::CallCoreSettings settings() {
        auto made = CallOffice::default_settings();
        made.voicemail_directory = "/voicemail";
        return made;
    }
    VoicemailOffice() {
        box.id = model::VoicemailId{7};
        box.number = "1002";
        box.context = "default";
        box.mailbox = "1002@default";
        box.password = "42";
        save();
        auto owner = office.user(2);
        owner.voicemail = box.id;
        office.configure([&](model::SnapshotBuilder& builder) { builder.put(owner); });
    }
    void save() {
        office.configure([&](model::SnapshotBuilder& builder) { builder.put(box); });
    }
    /// Alice is at the beep of Bob's mailbox.
    void call_in_vain() {
        alice = office.call("alice", "1002");
        office.refuse(office.invited(office.phones.invited.size() - 1), pbx::Cause::UserBusy);
    }
    void end_recording(std::chrono::milliseconds length = std::chrono::seconds(3), bool kept = true) {
        const auto stop = office.recorder.all<media::StopRecording>().back();
        EXPECT_TRUE(stop.keep);
        office.media(media::Recorded{stop.leg, stop.recording, length, kept});
    }
    void leave_message() {
        call_in_vain();
        office.hear_all();
        office.hang_up(alice);
        end_recording();
    }
    void bob_listens() {
        bob = office.call("bob", "*98");
        type(bob, "42#");
    }
    void type(pbx::ChannelId channel, std::string_view keys) {
        for (const char key : keys)
            office.press(channel, key);
    }
    [[nodiscard]] pbx::MessageCounts counts() const { return office.core->messages_of(box.id); }

    CallOffice office{settings()};
    model::Voicemail box;
    pbx::ChannelId alice;
    pbx::ChannelId bob;
};

}  // namespace almon::test
