// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/spoken_number.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace almon::pbx {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(SpokenNumber, TelephoneNumbersAreSaidKeyByKey) {
    EXPECT_THAT(spoken_digits("10*3#"),
                ElementsAre("digits/1", "digits/0", "digits/star", "digits/3", "digits/pound"));
    EXPECT_THAT(spoken_digits("+a"), IsEmpty());
}

TEST(SpokenNumber, EnglishSaysEachHundredAndThousand) {
    EXPECT_THAT(spoken_number("en_US", 0), ElementsAre("digits/0"));
    EXPECT_THAT(spoken_number("en_US", 71), ElementsAre("digits/71"));
    EXPECT_THAT(spoken_number("en_US", 100), ElementsAre("digits/1", "digits/hundred"));
    EXPECT_THAT(spoken_number("en_US", 1205),
                ElementsAre("digits/1", "digits/thousand", "digits/2", "digits/hundred", "digits/5"));
}

TEST(SpokenNumber, FrenchDoesNotSayOneBeforeThem) {
    EXPECT_THAT(spoken_number("fr_FR", 97), ElementsAre("digits/97"));
    EXPECT_THAT(spoken_number("fr_CA", 100), ElementsAre("digits/hundred"));
    EXPECT_THAT(spoken_number("fr_FR", 1000), ElementsAre("digits/thousand"));
    EXPECT_THAT(spoken_number("fr_FR", 200'101),
                ElementsAre("digits/2", "digits/hundred", "digits/thousand", "digits/hundred", "digits/1"));
}

TEST(SpokenNumber, MillionsAreSaidKeyByKey) {
    EXPECT_EQ(spoken_number("en_US", 1'000'000).size(), 7U);
}

}  // namespace
}  // namespace almon::pbx
