// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctid_ng/request_bodies.hpp"

#include <gtest/gtest.h>

namespace almon::services {
namespace {

template <class Parsed>
std::string wrong_in(const Result<Parsed>& parsed) {
    return parsed ? "nothing" : parsed.error().field;
}

TEST(RequestBodies, ACall) {
    const auto call = CallBody::parse(
        R"({"source":{"user":"a","line_id":4},"destination":{"extension":"1","context":"c","priority":1},)"
        R"("variables":{"x":"y"}})");
    ASSERT_TRUE(call);
    EXPECT_EQ(call->user, "a");
    EXPECT_EQ(call->line, model::LineId{4});
    EXPECT_EQ(call->exten, "1");
    EXPECT_EQ(call->context, "c");
    ASSERT_EQ(call->variables.size(), 1u);
    EXPECT_EQ(call->variables[0].value, "y");
    EXPECT_TRUE(CallBody::parse_own(R"({"extension":"1","line_id":null,"variables":null})"));
}

TEST(RequestBodies, WhatIsWrongIsNamed) {
    EXPECT_EQ(wrong_in(CallBody::parse_own("null")), "");
    EXPECT_EQ(wrong_in(CallBody::parse_own("{")), "");
    EXPECT_EQ(wrong_in(CallBody::parse_own("{}")), "extension");
    EXPECT_EQ(wrong_in(CallBody::parse_own(R"({"extension":""})")), "extension");
    EXPECT_EQ(wrong_in(CallBody::parse_own(R"({"extension":1002})")), "extension");
    EXPECT_EQ(wrong_in(CallBody::parse_own(R"({"extension":")" + std::string(256, '1') + "\"}")),
              "extension");
    EXPECT_EQ(wrong_in(CallBody::parse_own(R"({"extension":"1","line_id":0})")), "line_id");
    EXPECT_EQ(wrong_in(CallBody::parse_own(R"({"extension":"1","line_id":1.5})")), "line_id");
    EXPECT_EQ(wrong_in(CallBody::parse_own(R"({"extension":"1","line_id":18446744073709551615})")),
              "line_id");
    EXPECT_EQ(wrong_in(CallBody::parse_own(R"({"extension":"1","variables":[]})")), "variables");
    EXPECT_EQ(wrong_in(CallBody::parse_own(R"({"extension":"1","variables":{"x":1}})")), "variables");
    EXPECT_EQ(wrong_in(CallBody::parse(R"({"source":[],"destination":{}})")), "source");
    EXPECT_EQ(wrong_in(CallBody::parse(R"({"source":{},"destination":{}})")), "user");
}

TEST(RequestBodies, ATransfer) {
    const auto order =
        parse_transfer(R"({"transferred_call":"1.2","initiator_call":"1.1","context":"default",)"
                       R"("exten":"1003","flow":"blind","timeout":20,"variables":{"a":"b"}})");
    ASSERT_TRUE(order);
    EXPECT_EQ(order->flow, pbx::SteeredTransfer::Flow::Blind);
    EXPECT_EQ(order->timeout, std::chrono::seconds(20));
    EXPECT_EQ(order->transferred, "1.2");
    const auto own = parse_own_transfer(R"({"initiator_call":"1.1","exten":"1003","timeout":null})");
    ASSERT_TRUE(own);
    EXPECT_EQ(own->flow, pbx::SteeredTransfer::Flow::Attended);
    const auto with = [](const std::string& more) {
        return wrong_in(parse_own_transfer(R"({"initiator_call":"1.1","exten":"1003",)" + more + "}"));
    };
    EXPECT_EQ(with(R"("flow":"slow")"), "flow");
    EXPECT_EQ(with(R"("timeout":0)"), "timeout");
    EXPECT_EQ(with(R"("timeout":"20")"), "timeout");
}

TEST(RequestBodies, AMessage) {
    const std::string to = R"("to":"bbbbbbbb-0000-4000-8000-000000000002",)";
    EXPECT_TRUE(ChatBody::parse_own("{" + to + R"("alias":"A","msg":"Hello"})"));
    EXPECT_EQ(wrong_in(ChatBody::parse("{" + to + R"("alias":"A","msg":"Hello"})")), "from");
    EXPECT_EQ(wrong_in(ChatBody::parse_own("{" + to + R"("alias":"A","msg":""})")), "msg");
    EXPECT_EQ(wrong_in(ChatBody::parse_own("{" + to + R"("alias":"A","msg":"a\u0000b"})")), "msg");
    EXPECT_EQ(wrong_in(ChatBody::parse_own(R"({"to":"#","alias":"A","msg":"Hello"})")), "to");
    EXPECT_EQ(wrong_in(ChatBody::parse_own("{" + to + R"("to_xivo_uuid":"a.b","alias":"A","msg":"Hello"})")),
              "to_xivo_uuid");
}

}  // namespace
}  // namespace almon::services
