# SPDX-License-Identifier: GPL-3.0-or-later
"""The lamp of a colleague follows its calls: SUBSCRIBE to the dialogs of a number (RFC 6665, RFC 4235)."""
import pytest

from lamp import SPACE, Lamp
from phones.raw_phone import RawCall


def test_the_lamp_of_a_colleague_follows_its_calls(phones):
    alice, bob, carol = phones.raw("Alice"), phones.raw("Bob"), phones.raw("Carol")
    lamp = Lamp(carol, "1002")
    assert lamp.response.status == 200
    assert lamp.told() == ("full", {})
    assert lamp.subscription.startswith("active;expires=")
    assert lamp.info.get("entity") == f"sip:1002@{carol.server[0]}"

    call = alice.call("1002")
    incoming = RawCall.incoming_at(bob)
    state, dialogs = lamp.told()
    assert state == "partial"
    (number, trying), = dialogs.items()
    assert trying == ("recipient", "trying")
    incoming.ring()
    assert lamp.told() == ("partial", {number: ("recipient", "early")})
    ringing = lamp.info.find(SPACE + "dialog")
    assert ringing.get("call-id") == incoming.call_id
    assert ringing.get("local-tag") in incoming.local
    assert ringing.get("remote-tag") in incoming.remote
    identity = ringing.find(f"{SPACE}remote/{SPACE}identity")
    assert identity.text.startswith("sip:1001@")
    incoming.accept()
    call.answered()
    assert lamp.told() == ("partial", {number: ("recipient", "confirmed")})
    call.hang_up()
    incoming.hung_up()
    assert lamp.told() == ("partial", {number: ("recipient", "terminated")})


def test_the_lamp_shows_calls_that_the_colleague_makes(phones):
    alice, bob, carol = phones.raw("Alice"), phones.raw("Bob"), phones.raw("Carol")
    lamp = Lamp(carol, "1001")
    lamp.told()
    call = alice.call("1002")
    incoming = RawCall.incoming_at(bob)
    assert list(lamp.told()[1].values()) == [("initiator", "trying")]
    incoming.ring()
    assert list(lamp.told()[1].values()) == [("initiator", "early")]
    late = Lamp(bob, "1001")
    state, dialogs = late.told()
    assert state == "full"
    assert list(dialogs.values()) == [("initiator", "early")]
    call.cancel()
    assert list(lamp.told()[1].values()) == [("initiator", "terminated")]
    bob.respond(bob.expect("CANCEL"), 200, "OK")
    incoming.refuse(487)


def test_what_changes_while_a_notify_is_under_way_is_told_afterwards(phones):
    alice, bob, carol = phones.raw("Alice"), phones.raw("Bob"), phones.raw("Carol")
    lamp = Lamp(carol, "1002")
    lamp.told()
    call = alice.call("1002")
    slow = carol.expect("NOTIFY")
    incoming = RawCall.incoming_at(bob)
    incoming.ring()
    incoming.accept()
    call.answered()
    carol.expect_nothing("NOTIFY", 0.3)
    lamp.version += 1
    carol.respond(slow, 200, "OK")
    assert list(lamp.told()[1].values()) == [("recipient", "confirmed")]
    call.hang_up()
    incoming.hung_up()


def test_a_refresh_tells_the_whole_state_and_an_end_ends_it(phones):
    carol = phones.raw("Carol")
    lamp = Lamp(carol, "1002")
    lamp.told()
    assert lamp.subscribe_again(300).status == 200
    assert lamp.told() == ("full", {})
    assert lamp.subscribe_again(0).status == 200
    assert lamp.told() == ("full", {})
    assert lamp.subscription.startswith("terminated")
    assert lamp.subscribe_again(300).status == 481


@pytest.mark.parametrize("number, event, status", [("1999", "dialog", 404), ("1002", "presence", 489)])
def test_what_cannot_be_watched(phones, number, event, status):
    carol = phones.raw("Carol")
    request = carol.request("SUBSCRIBE", f"sip:{number}@{carol.domain}", Event=event)
    response = carol.ask(carol.authorized(request))
    assert response.status == status
    if status == 489:
        assert response["Allow-Events"] == "dialog, message-summary"


def test_a_stranger_may_not_watch(phones):
    stranger = phones.raw("Carol", registers=False)
    assert stranger.ask(stranger.request("SUBSCRIBE", f"sip:1002@{stranger.domain}", Event="dialog")).status == 401
