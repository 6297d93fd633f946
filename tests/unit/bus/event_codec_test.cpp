// SPDX-License-Identifier: GPL-3.0-or-later
#include "bus/event_codec.hpp"

#include <gtest/gtest.h>

#include "base/archive.hpp"

namespace almon::bus {
namespace {

CallEvent answer() {
    CallEvent event;
    event.type = CallEventType::Answer;
    event.time = UtcTime{1448037433s};
    event.caller_name = "Alice";
    event.unique_id = "1448037433.12";
    event.linked_id = "1448037433.12";
    event.extra = R"({"hangupcause":16})";
    return event;
}

TEST(EventCodec, ACallEventReadsBackAsItWas) {
    std::string bytes;
    encode(answer(), bytes);
    const auto read = decode(bytes);
    ASSERT_TRUE(read);
    const auto& event = std::get<CallEvent>(*read);
    EXPECT_EQ(event.type, CallEventType::Answer);
    EXPECT_EQ(event.time, UtcTime{1448037433s});
    EXPECT_EQ(event.caller_name, "Alice");
    EXPECT_EQ(event.unique_id, "1448037433.12");
    EXPECT_EQ(event.extra, R"({"hangupcause":16})");
}

TEST(EventCodec, AContactReadsBackAsItWas) {
    StoredContact contact;
    contact.username = "alice";
    contact.uri = "sip:alice@192.0.2.1:5070;transport=tcp";
    contact.transport = "tcp";
    contact.remote = *NetAddress::parse("2001:db8::1", 5070);
    contact.path = {"<sip:edge;lr>", "<sip:edge2;lr>"};
    contact.q = 0.5;
    std::string bytes;
    encode(ContactBound{contact}, bytes);
    EXPECT_EQ(std::get<ContactBound>(*decode(bytes)).contact, contact);

    bytes.clear();
    encode(ContactRemoved{"alice", contact.uri}, bytes);
    EXPECT_EQ(std::get<ContactRemoved>(*decode(bytes)).uri, contact.uri);
}

TEST(EventCodec, ATransferReadsBackAsItWas) {
    std::string bytes;
    encode(TransferChanged{TransferChange::Answered, "a-uuid", TransferFlow::Blind, TransferStage::Ringback,
                           "1.2", "1.1", "1.3", 7},
           bytes);
    const auto read = decode(bytes);
    ASSERT_TRUE(read);
    const auto& transfer = std::get<TransferChanged>(*read);
    EXPECT_EQ(transfer.change, TransferChange::Answered);
    EXPECT_EQ(transfer.flow, TransferFlow::Blind);
    EXPECT_EQ(transfer.stage, TransferStage::Ringback);
    EXPECT_EQ(transfer.recipient_call, "1.3");
    EXPECT_EQ(transfer.user, 7u);
}

TEST(EventCodec, AVoiceMessageReadsBackAsItWas) {
    std::string bytes;
    encode(VoiceMessageChanged{MessageChange::Deleted, 7, "1448037433-1-1001", "1001",
                               UtcTime(std::chrono::seconds(1'448'037'433)), std::chrono::milliseconds(3000),
                               false},
           bytes);
    const auto read = decode(bytes);
    ASSERT_TRUE(read);
    const auto& message = std::get<VoiceMessageChanged>(*read);
    EXPECT_EQ(message.change, MessageChange::Deleted);
    EXPECT_EQ(message.voicemail, 7u);
    EXPECT_EQ(message.message, "1448037433-1-1001");
    EXPECT_EQ(message.length, std::chrono::seconds(3));
    EXPECT_FALSE(message.fresh);
}

TEST(EventCodec, AppendsBehindWhatIsThere) {
    std::string bytes = "head";
    encode(answer(), bytes);
    EXPECT_TRUE(bytes.starts_with("head"));
    EXPECT_TRUE(decode(std::string_view(bytes).substr(4)));
}

TEST(EventCodec, ARecordOfAnOlderVersion_LeavesNewerFieldsAtTheirDefault) {
    Archive archive;
    archive.put(std::uint16_t{1});  // call event
    archive.put(std::uint16_t{2});  // which had two fields
    archive.put(CallEventType::HangUp);
    archive.put(UtcTime{5s});
    const auto read = decode(archive.bytes());
    ASSERT_TRUE(read);
    EXPECT_EQ(std::get<CallEvent>(*read).type, CallEventType::HangUp);
    EXPECT_EQ(std::get<CallEvent>(*read).caller_name, "");
}

TEST(EventCodec, ARecordOfANewerVersion_IsReadAsFarAsItIsKnown) {
    std::string bytes;
    encode(ContactRemoved{"alice", "sip:a"}, bytes);
    bytes[2] = 3;  // one field more
    bytes += "whatever it is";
    EXPECT_EQ(std::get<ContactRemoved>(*decode(bytes)).username, "alice");
    bytes[0] = 99;
    EXPECT_EQ(decode(bytes).error().code, ErrorCode::Unsupported);
}

TEST(EventCodec, EveryShorterTextIsRefused) {
    std::string bytes;
    encode(answer(), bytes);
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(decode(std::string_view(bytes).substr(0, size))) << size;
}

}  // namespace
}  // namespace almon::bus
