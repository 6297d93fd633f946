# SPDX-License-Identifier: GPL-3.0-or-later
"""An established call changes and stays: re-INVITE, UPDATE, glare, session timers."""
import re

import pytest

from phones.raw_phone import RawCall, media_port, offer
from phones.sip_message import parameter


@pytest.fixture
def call(phones):
    """Alice and Bob, both phones of our own, in a call: (Alice's side, Bob's side)."""
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    outgoing = alice.call("1002")
    incoming = RawCall.incoming_at(bob)
    incoming.accept(Allow="INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE, INFO")
    outgoing.answered()
    incoming.acknowledged()
    yield outgoing, incoming
    outgoing.hang_up()


def test_media_follows_a_phone_that_moves_by_reinvite(phones, call):
    alice, bob = call
    before = media_port(bob.invite)
    new_place = phones.raw("Carol", registers=False).rtp
    request = alice.request("INVITE", body=offer(new_place.port, version=2))
    alice.phone.send(request)
    response = alice.phone.expect(range(200, 700), call_id=alice.call_id)
    alice.acknowledge(response)
    assert response.status == 200
    bob.phone.rtp.talk(before, 880, 0.3)
    assert new_place.listen(0.1).packets


def test_an_update_is_answered(call):
    """RFC 3311."""
    alice, _ = call
    assert alice.ask("UPDATE").status == 200
    assert alice.ask("UPDATE", body=offer(alice.phone.rtp.port, version=2)).status == 200


def test_a_reinvite_without_an_offer_is_answered_with_one(call):
    """RFC 3261 section 14.2."""
    alice, _ = call
    request = alice.request("INVITE")
    alice.phone.send(request)
    response = alice.phone.expect(200, call_id=alice.call_id)
    assert b"m=audio" in response.body
    alice.acknowledge(response, offer(alice.phone.rtp.port, "8 101"))


def test_an_offer_without_a_common_codec_changes_nothing(call):
    """RFC 3261 section 14.2: the session goes on as before."""
    alice, bob = call
    request = alice.request("INVITE", body=offer(alice.phone.rtp.port, "97", version=2))
    alice.phone.send(request)
    towards_bob = bob.phone.expect("INVITE", call_id=bob.call_id)
    bob.phone.respond(towards_bob, 488, "Not Acceptable Here")
    bob.acknowledged()
    refusal = alice.phone.expect(range(200, 700), call_id=alice.call_id)
    alice.phone.send(alice.phone.acknowledge_refusal(request, refusal))
    assert refusal.status == 488
    bob.phone.rtp.talk(media_port(bob.invite), 880, 0.3)
    assert alice.phone.rtp.listen(0.1).packets


def test_a_codec_change_reaches_the_other_side(call):
    alice, bob = call
    alice.phone.send(alice.request("INVITE", body=offer(alice.phone.rtp.port, "0 101", version=2)))
    towards_bob = bob.phone.expect("INVITE", call_id=bob.call_id)
    assert b"PCMU/8000" in towards_bob.body
    bob.phone.respond(towards_bob, 200, "OK", body=offer(bob.phone.rtp.port, "0 101", version=2))
    bob.acknowledged()
    answer = alice.phone.expect(200, call_id=alice.call_id)
    alice.acknowledge(answer)
    assert b"RTP/AVP 0" in answer.body


def test_crossing_offers_are_refused_on_one_side(call):
    """RFC 3261 section 14.1: 491 Request Pending while another offer is out."""
    alice, bob = call
    alice.phone.send(alice.request("INVITE", body=offer(alice.phone.rtp.port, "0 101", version=2)))
    towards_bob = bob.phone.expect("INVITE", call_id=bob.call_id)
    assert bob.ask("INVITE", body=offer(bob.phone.rtp.port, "8 101", version=2)).status == 491
    bob.phone.respond(towards_bob, 200, "OK", body=offer(bob.phone.rtp.port, "0 101", version=2))
    alice.acknowledge(alice.phone.expect(200, call_id=alice.call_id))


def test_a_request_out_of_order_is_refused(call):
    """RFC 3261 section 12.2.2: a lower CSeq gets 500."""
    alice, _ = call
    alice.cseq += 5
    assert alice.ask("INFO", body=b"5", Content_Type="application/dtmf").status == 200
    assert alice.ask("INFO", cseq=1, body=b"5", Content_Type="application/dtmf").status == 500


def test_a_bye_is_answered_once_and_then_the_dialog_is_gone(phones):
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    call = alice.call("1002")
    incoming = RawCall.incoming_at(bob)
    incoming.accept()
    call.answered()
    assert call.hang_up().status == 200
    incoming.hung_up()
    assert call.ask("BYE").status == 481


def test_a_session_interval_that_is_too_small_is_refused(phones):
    """RFC 4028 section 6 and 9: at least 90 seconds."""
    alice = phones.raw("Alice")
    phones.raw("Bob")
    refusal = alice.call("1002", Supported="timer", Session_Expires="60").refused()
    assert refusal.status == 422
    assert int(refusal["Min-SE"]) >= 90


def test_a_session_interval_is_agreed_and_has_a_refresher(phones):
    """RFC 4028 section 9."""
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    call = alice.call("1002", Supported="timer", Session_Expires="1800;refresher=uac")
    incoming = RawCall.incoming_at(bob)
    incoming.accept()
    answer = call.answered()
    assert re.match(r"\d+", answer["Session-Expires"])
    assert int(answer["Session-Expires"].split(";")[0]) <= 1800
    assert parameter(answer["Session-Expires"], "refresher") == "uac"
    assert "timer" in answer.get("Require")
    refresh = call.ask("UPDATE", Supported="timer", Session_Expires="1800;refresher=uac")
    assert refresh.status == 200
    assert refresh.get("Session-Expires")
    call.hang_up()
    incoming.hung_up()
