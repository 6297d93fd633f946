// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/technology/dialog_info.hpp"

#include <gtest/gtest.h>

namespace almon::pbx {
namespace {

TEST(DialogInfo, TellsADialogAsThePhoneSeesIt) {
    WatchedDialog dialog;
    dialog.id = "7";
    dialog.is_called = true;
    dialog.state = "early";
    dialog.name = sip::DialogName{"abc@host", "ours", "theirs"};
    dialog.other = {"Alice \"the\" Boss & Co", "1001", false};
    const auto body = dialog_info_of("sip:1002@pbx", "pbx", 3, false, {dialog});
    EXPECT_EQ(body.content_type, "application/dialog-info+xml");
    EXPECT_EQ(body.bytes,
              "<?xml version=\"1.0\"?>\r\n"
              "<dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"3\" state=\"partial\" "
              "entity=\"sip:1002@pbx\">\r\n"
              "<dialog id=\"7\" call-id=\"abc@host\" local-tag=\"theirs\" remote-tag=\"ours\" "
              "direction=\"recipient\">\r\n"
              "<state>early</state>\r\n"
              "<remote><identity display=\"Alice &quot;the&quot; Boss &amp; Co\">sip:1001@pbx</identity>"
              "<target uri=\"sip:1001@pbx\"/></remote>\r\n"
              "</dialog>\r\n"
              "</dialog-info>\r\n");
}

TEST(DialogInfo, OfNobodyIsAWholeOneWithoutDialogs) {
    EXPECT_EQ(dialog_info_of("sip:1002@pbx", "pbx", 0, true, {}).bytes,
              "<?xml version=\"1.0\"?>\r\n"
              "<dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"0\" state=\"full\" "
              "entity=\"sip:1002@pbx\">\r\n"
              "</dialog-info>\r\n");
}

TEST(DialogInfo, HidesWhoWantsToBeHidden) {
    WatchedDialog dialog;
    dialog.id = "1";
    dialog.state = "confirmed";
    dialog.other = {"Alice", "1001", true};
    EXPECT_EQ(dialog_info_of("sip:1002@pbx", "pbx", 0, true, {dialog}).bytes.find("remote><"),
              std::string::npos);
}

}  // namespace
}  // namespace almon::pbx
