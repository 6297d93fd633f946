// SPDX-License-Identifier: GPL-3.0-or-later
// Recordings: what a phone says is in the file, in its place, and the file is there whole or not at all.
#include <filesystem>

#include "engine_fixture.hpp"
#include "media/g711.hpp"
#include "media/sound.hpp"
#include "support/files.hpp"

namespace almon::media {
namespace {

using test::RtpPhone;
using namespace std::chrono_literals;

class RecorderTest : public EngineTest {
protected:
    void SetUp() override {
        start();
        leg_ = open();
        command(configuration(leg_, alice_, {pcma(), events()}));
    }
    /// 20 ms of one level, as often.
    void say(std::int16_t level, int times = 1) {
        for (; times > 0; --times)
            alice_.send(leg_.port, std::vector<std::uint8_t>(160, encode_g711(Law::A, level)));
    }
    /// Returns once the engine has heard all that was said.
    void press() {
        auto event = alice_.next;
        event.payload_type = 101;
        alice_.send_as(event, leg_.port, {5, 0x80 | 10, 3, 32});
        ++alice_.next.sequence;
        ASSERT_TRUE(recorder_.take<DigitReceived>());
    }
    void begin(std::uint64_t id = 1) {
        command(Record{leg_.id, RecordingId{id}, path()});
        settle();
    }
    std::optional<Recorded> end(bool keep = true, std::uint64_t id = 1) {
        command(StopRecording{leg_.id, RecordingId{id}, keep});
        return recorder_.take<Recorded>();
    }
    [[nodiscard]] std::vector<std::int16_t> samples() const {
        const auto sound = load_audio_file(path(), Law::A);
        std::vector<std::int16_t> found;
        if (!sound) return found;
        for (const auto code : sound->codes)
            found.push_back(decode_g711(Law::A, code));
        return found;
    }
    [[nodiscard]] std::string path() const { return (folder_.path() / "7" / "new" / "message.wav").string(); }
    [[nodiscard]] bool exists(const std::string& name) const { return std::filesystem::exists(name); }

    test::TemporaryFolder folder_;
    RtpPhone alice_;
    OpenedLeg leg_;
};

TEST_F(RecorderTest, WhatIsSaidIsInTheFile) {
    begin();
    say(8000, 60);
    say(-8000, 1);
    press();
    EXPECT_FALSE(exists(path())) << "it is not complete";
    EXPECT_TRUE(exists(path() + ".part"));
    const auto recorded = end();
    ASSERT_TRUE(recorded && recorded->kept);
    EXPECT_EQ(recorded->leg, leg_.id);
    EXPECT_EQ(recorded->length, 1220ms);
    EXPECT_FALSE(exists(path() + ".part"));
    const auto heard = samples();
    ASSERT_EQ(heard.size(), 61U * 160);
    EXPECT_NEAR(heard[0], 8000, 200);
    EXPECT_NEAR(heard[9599], 8000, 200);
    EXPECT_NEAR(heard[9600], -8000, 200);
}

TEST_F(RecorderTest, WhatWasLostIsSilenceAndWhatComesTwiceIsHeardOnce) {
    begin();
    say(8000);
    alice_.next.timestamp += 320;
    ++alice_.next.sequence;
    say(8000);
    auto twice = alice_.next;
    twice.timestamp -= 160;
    alice_.send_as(twice, leg_.port, std::vector<std::uint8_t>(160, encode_g711(Law::A, -8000)));
    say(4000);
    press();
    ASSERT_TRUE(end()->kept);
    const auto heard = samples();
    ASSERT_EQ(heard.size(), 5U * 160);
    EXPECT_NEAR(heard[200], 0, 20);
    EXPECT_NEAR(heard[479], 0, 20);
    EXPECT_NEAR(heard[480], 8000, 200);
    EXPECT_NEAR(heard[640], 4000, 200);
}

TEST_F(RecorderTest, WhatIsNotKeptIsGone) {
    begin();
    say(8000);
    press();
    EXPECT_FALSE(end(false)->kept);
    EXPECT_FALSE(exists(path()) || exists(path() + ".part"));
}

TEST_F(RecorderTest, ALegThatClosesKeepsWhatWasSaid) {
    begin();
    say(8000, 2);
    press();
    close(leg_);
    const auto recorded = recorder_.take<Recorded>();
    ASSERT_TRUE(recorded && recorded->kept);
    EXPECT_EQ(samples().size(), 320U);
}

TEST_F(RecorderTest, SoDoesAnEngineThatEnds) {
    begin();
    say(8000, 51);
    press();
    engine_.reset();
    EXPECT_EQ(samples().size() / 8000, 1U) << "as far as it was handed on";
}

TEST_F(RecorderTest, WhereNothingCanBeWrittenThatIsTold) {
    std::filesystem::create_directories(path() + ".part");
    begin();
    say(8000);
    press();
    EXPECT_FALSE(end()->kept);
    EXPECT_FALSE(exists(path()));
}

TEST_F(RecorderTest, FilesAreMovedAndErasedBehindWhatWasRecorded) {
    begin();
    say(8000);
    press();
    command(StopRecording{leg_.id, RecordingId{1}, true});
    ASSERT_TRUE(recorder_.take<Recorded>());
    const auto old = (folder_.path() / "7" / "old" / "message.wav").string();
    command(MoveRecording{path(), old});
    begin(2);
    ASSERT_TRUE(end(false, 2)) << "all before is done";
    EXPECT_TRUE(exists(old));
    EXPECT_FALSE(exists(path()));
    command(MoveRecording{(folder_.path() / "7").string(), ""});
    begin(3);
    ASSERT_TRUE(end(false, 3));
    EXPECT_FALSE(exists(old));
}

}  // namespace
}  // namespace almon::media
