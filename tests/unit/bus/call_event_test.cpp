// SPDX-License-Identifier: GPL-3.0-or-later
#include "bus/call_event.hpp"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace almon::bus {
namespace {

TEST(CallEvent, EveryTypeHasItsDocumentedName) {
    std::set<std::string> names;
    for (int type = 0; type <= static_cast<int>(CallEventType::LinkedIdEnd); ++type)
        names.insert(name_of(static_cast<CallEventType>(type)));
    EXPECT_EQ(names, (std::set<std::string>{"ANSWER", "APP_END", "APP_START", "ATTENDEDTRANSFER",
                                            "BLINDTRANSFER", "BRIDGE_ENTER", "BRIDGE_EXIT", "BRIDGE_UPDATE",
                                            "CHAN_END", "CHAN_START", "HANGUP", "LINKEDID_END", "PICKUP"}));
}

}  // namespace
}  // namespace almon::bus
