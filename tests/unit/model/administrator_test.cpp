// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/administrator.hpp"

#include <gtest/gtest.h>

namespace almon::model {
namespace {

using Rules = std::vector<std::string>;

TEST(Administrator, MayWhatItsSectionsSayOrElseItsRules) {
    Administrator administrator;
    EXPECT_EQ(acl_of(administrator), Rules{"#"});
    administrator.acl = {"confd.users.read"};
    EXPECT_EQ(acl_of(administrator), Rules{"confd.users.read"});
    administrator.sections = {{"users", "read"}, {"lines", "write"}};
    EXPECT_EQ(acl_of(administrator), (Rules{"confd.users.read", "confd.users.#.read", "confd.lines.#"}))
        << "sections take the place of rules, also of the one that grants everything";
}

}  // namespace
}  // namespace almon::model
