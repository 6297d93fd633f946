// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/conversation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace almon::pbx {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr SoundPlaces kPlaces{"/shipped", "/uploaded", "fr_FR", "en_US"};

TEST(SoundPlaces, InTheLanguageOfTheCallerThenInTheSystems) {
    EXPECT_THAT(places_of("password", kPlaces),
                ElementsAre("/shipped/fr_FR/password.wav", "/shipped/en_US/password.wav"));
    EXPECT_THAT(places_of("password", {"/shipped", "", "en_US", "en_US"}),
                ElementsAre("/shipped/en_US/password.wav"));
}

TEST(SoundPlaces, UploadedIntoACategory) {  // ADB-161
    EXPECT_THAT(places_of("ivr-sounds/welcome.ogg", kPlaces),
                ElementsAre("/shipped/fr_FR/ivr-sounds/welcome.ogg", "/shipped/en_US/ivr-sounds/welcome.ogg",
                            "/uploaded/ivr-sounds/fr_FR/welcome.ogg",
                            "/uploaded/ivr-sounds/en_US/welcome.ogg", "/uploaded/ivr-sounds/welcome.ogg"));
}

TEST(SoundPlaces, APathWithoutItsEnding) {  // ADB-056
    EXPECT_THAT(places_of("/var/lib/almon.d/welcome", kPlaces), ElementsAre("/var/lib/almon.d/welcome.wav"));
    EXPECT_THAT(places_of("/a/b.wav", kPlaces), ElementsAre("/a/b.wav"));
    EXPECT_THAT(places_of("", kPlaces), IsEmpty());
    EXPECT_THAT(places_of("x", {"", "", "fr_FR", "en_US"}), IsEmpty());
}

}  // namespace
}  // namespace almon::pbx
