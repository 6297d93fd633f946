# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls that do not come about, each for its own reason, and the caller learns which."""
import pytest

from phones.raw_phone import RawCall, offer


@pytest.mark.parametrize("status", [486, 600])
def test_a_busy_phone_is_busy_to_the_caller(phones, status):
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    call = alice.call("1002")
    RawCall.incoming_at(bob).refuse(status, "Busy")
    assert call.refused().status == 486


@pytest.mark.parametrize("status", [603, 403])
def test_a_declined_call_is_declined(phones, status):
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    call = alice.call("1002")
    RawCall.incoming_at(bob).refuse(status, "Decline")
    assert call.refused().status in (603, 403)


def test_a_person_who_presses_the_red_button_ends_the_ringing(phones):
    alice, bob = phones.baresip("Alice"), phones.baresip("Bob")
    alice.dial("1002")
    bob.event("CALL_INCOMING")
    alice.event("CALL_RINGING")
    bob.hang_up()
    assert alice.event("CALL_CLOSED")["param"].split()[0] in ("486", "603")


def test_a_caller_who_gives_up_ends_the_ringing(phones):
    alice, bob = phones.baresip("Alice"), phones.baresip("Bob")
    alice.dial("1002")
    bob.event("CALL_INCOMING")
    alice.event("CALL_RINGING")
    alice.hang_up()
    bob.event("CALL_CLOSED", timeout=3)
    assert not bob.seen("CALL_ESTABLISHED")


def test_a_cancelled_invite_is_answered_487_and_the_phone_is_cancelled(phones):
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    call = alice.call("1002")
    incoming = RawCall.incoming_at(bob)
    incoming.ring()
    call.expect(180)
    call.cancel()
    assert call.expect(200).method == "CANCEL"
    assert call.refused().status == 487
    cancel = bob.expect("CANCEL")
    bob.respond(cancel, 200, "OK")
    assert "elsewhere" not in cancel.get("Reason")
    incoming.refuse(487, "Request Terminated")


def test_a_user_without_a_registered_phone_is_unavailable(phones):
    alice = phones.raw("Alice")
    assert alice.call("1003").refused(timeout=15).status == 480


def test_an_unknown_number_is_said_and_then_answered_404(phones):
    alice = phones.raw("Alice")
    call = alice.call("1999")
    progress = call.expect(183)
    assert progress["Content-Type"] == "application/sdp"
    assert alice.rtp.listen(1.0).sound().audible_seconds() > 0.3
    assert call.refused(timeout=20).status == 404


def test_the_announcement_for_an_unknown_number_can_be_cut_short(phones):
    alice = phones.baresip("Alice")
    alice.dial("1998")
    alice.event("CALL_PROGRESS")
    alice.hang_up()
    alice.event("CALL_CLOSED", timeout=2)


def test_an_offer_without_a_common_codec_is_answered_488(phones):
    """RFC 3261 section 21.4.26."""
    alice, bob = phones.raw("Alice"), phones.baresip("Bob", codecs="PCMA/8000/1")
    call = alice.call("1002", offer(alice.rtp.port, "97"))
    assert call.refused().status == 488
    assert not bob.seen("CALL_ESTABLISHED")


def test_a_caller_without_credentials_is_asked_for_them(phones):
    bob, stranger = phones.baresip("Bob"), phones.raw("Alice", registers=False)
    response = stranger.ask(stranger.request("INVITE", f"sip:1002@{stranger.domain}", body=offer(stranger.rtp.port)))
    assert response.status in (401, 407)
    assert not bob.seen("CALL_INCOMING")


def test_a_caller_with_a_wrong_password_stays_outside(phones):
    bob, thief = phones.baresip("Bob"), phones.raw("Alice", registers=False)
    invite = thief.request("INVITE", f"sip:1002@{thief.domain}", body=offer(thief.rtp.port))
    response = thief.ask(thief.authorized(invite, password="guessed"))
    assert response.status in (401, 403, 407)
    assert not bob.seen("CALL_INCOMING")
