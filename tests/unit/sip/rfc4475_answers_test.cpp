// SPDX-License-Identifier: GPL-3.0-or-later
// What the user agent sends in answer to each RFC 4475 message, as it came in a datagram; rfc4475_test.cpp
// asks the parser alone.
#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "support/files.hpp"
#include "support/sip_network.hpp"

namespace almon::test {
namespace {

using namespace sip;

struct Answer {
    const char* file;
    int status;        ///< Sent at once; 0: nothing but perhaps 100 Trying.
    const char* told;  ///< What whoever uses the user agent decides on; empty: nothing is told.
};

constexpr std::array kAnswers = {
    Answer{"wsinv.dat", 481, ""},  // its To has a tag: a dialog that we do not know
    Answer{"intmeth.dat", 405, ""},
    Answer{"esc01.dat", 0, "invite"},
    Answer{"escnull.dat", 0, "request REGISTER"},
    Answer{"esc02.dat", 405, ""},
    Answer{"lwsdisp.dat", 0, "request OPTIONS"},
    Answer{"longreq.dat", 0, "invite"},
    Answer{"dblreq.dat", 0, "request REGISTER"},
    Answer{"semiuri.dat", 0, "request OPTIONS"},
    Answer{"transports.dat", 0, "request OPTIONS"},
    Answer{"mpart01.dat", 0, "request MESSAGE"},
    Answer{"unreason.dat", 0, ""},
    Answer{"noreason.dat", 0, ""},
    Answer{"badinv01.dat", 400, ""},
    Answer{"clerr.dat", 400, ""},
    Answer{"ncl.dat", 400, ""},
    Answer{"scalar02.dat", 400, ""},
    Answer{"scalarlg.dat", 0, ""},
    Answer{"quotbal.dat", 400, ""},
    Answer{"ltgtruri.dat", 400, ""},
    Answer{"lwsruri.dat", 400, ""},
    Answer{"lwsstart.dat", 400, ""},
    Answer{"trws.dat", 400, ""},
    Answer{"escruri.dat", 400, ""},
    Answer{"baddate.dat", 0, "invite"},
    Answer{"regbadct.dat", 400, ""},
    Answer{"badaspec.dat", 400, ""},
    Answer{"baddn.dat", 400, ""},
    Answer{"badvers.dat", 505, ""},
    Answer{"mismatch01.dat", 400, ""},
    Answer{"mismatch02.dat", 501, ""},
    Answer{"bigcode.dat", 0, ""},
    Answer{"badbranch.dat", 0, "request OPTIONS"},
    Answer{"insuf.dat", 400, ""},
    Answer{"unkscm.dat", 416, ""},
    Answer{"novelsc.dat", 416, ""},
    Answer{"unksm2.dat", 0, "request REGISTER"},
    Answer{"bext01.dat", 420, ""},
    Answer{"invut.dat", 415, ""},
    Answer{"regaut01.dat", 0, "request REGISTER"},
    Answer{"multi01.dat", 400, ""},
    Answer{"mcl01.dat", 400, ""},
    Answer{"bcast.dat", 0, ""},
    Answer{"zeromf.dat", 0, "request OPTIONS"},
    Answer{"cparam01.dat", 0, "request REGISTER"},
    Answer{"cparam02.dat", 0, "request REGISTER"},
    Answer{"regescrt.dat", 0, "request REGISTER"},
    Answer{"sdp01.dat", 406, ""},
    Answer{"inv2543.dat", 0, "invite"},
};

class Rfc4475Answers : public testing::TestWithParam<Answer> {
protected:
    void SetUp() override { ALMON_NEEDS_REFERENCE("rfc4475"); }
};

TEST_P(Rfc4475Answers, AreThoseOfTheRfc) {
    const Answer& expected = GetParam();
    SipNetwork network;
    SipParty& bob = network.add("bob", "192.0.2.2");
    const std::string bytes = read_file(reference_folder() / "rfc4475" / expected.file);
    if (auto message = Message::parse(bytes)) {
        bob.agent->receive(bob.flow_to(address_of("192.0.2.3")), std::move(*message), network.now());
    }

    int status = 0;
    for (const std::string& response : bob.sent) {
        if (const int sent = parsed(response).status(); sent > 100) status = sent;
    }
    EXPECT_EQ(status, expected.status);
    if (*expected.told == '\0') {
        EXPECT_TRUE(bob.told.empty()) << bob.told.front();
    } else {
        ASSERT_EQ(bob.told.size(), 1U);
        EXPECT_TRUE(bob.told.front().starts_with(expected.told)) << bob.told.front();
    }
}

INSTANTIATE_TEST_SUITE_P(All, Rfc4475Answers, testing::ValuesIn(kAnswers), [](const auto& instance) {
    return std::filesystem::path(instance.param.file).stem().string();
});

}  // namespace
}  // namespace almon::test
