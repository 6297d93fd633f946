# SPDX-License-Identifier: GPL-3.0-or-later
"""Digits pass in both directions, as RFC 4733 events in the media and as SIP INFO, and from one kind to the other."""
from phones.conversation import connect
from phones.raw_phone import RawCall, media_port, offer

DIGITS = "0123456789*#"


def test_digits_of_the_caller_reach_the_callee(phones):
    alice, bob = phones.baresip("Alice"), phones.baresip("Bob")
    connect(alice, bob, "1002")
    alice.press(DIGITS)
    assert bob.digits(len(DIGITS)) == DIGITS


def test_digits_of_the_callee_reach_the_caller(phones):
    alice, bob = phones.baresip("Alice"), phones.baresip("Bob")
    connect(alice, bob, "1002")
    bob.press("4711#")
    assert alice.digits(5) == "4711#"


def test_digits_keep_their_event_when_payload_types_differ(phones):
    """RFC 3264 section 5.1: each side numbers dynamic payload types as it likes."""
    alice, bob = phones.raw("Alice"), phones.baresip("Bob", answers=True)
    call = alice.call("1002", offer(alice.rtp.port, "8 101").replace(b"101", b"96"))
    answer = call.answered()
    assert b"a=rtpmap:96 telephone-event/8000" in answer.body
    alice.rtp.talk(media_port(answer), 440, 0.2)
    alice.rtp.press(media_port(answer), 5, payload_type=96)
    assert bob.digits(1) == "5"
    bob.press("8")
    assert alice.rtp.listen(0.8).digits(payload_type=96) == [8]
    call.hang_up()


def test_sip_info_reaches_a_phone_that_takes_events(phones):
    alice, bob = phones.raw("Alice"), phones.baresip("Bob", answers=True)
    call = alice.call("1002")
    call.answered()
    for digit in "5#":
        response = call.ask("INFO", body=f"Signal={digit}\r\nDuration=160\r\n".encode(),
                            Content_Type="application/dtmf-relay")
        assert response.status == 200
    assert bob.digits(2) == "5#"
    call.hang_up()


def test_sip_info_in_its_short_form_is_understood(phones):
    alice, bob = phones.raw("Alice"), phones.baresip("Bob", answers=True)
    call = alice.call("1002")
    call.answered()
    assert call.ask("INFO", body=b"9", Content_Type="application/dtmf").status == 200
    assert bob.digits(1) == "9"
    call.hang_up()


def test_an_event_reaches_a_phone_that_takes_only_sip_info(phones):
    alice, bob = phones.baresip("Alice"), phones.raw("Bob")
    alice.dial("1002")
    call = RawCall.incoming_at(bob)
    call.accept(offer(bob.rtp.port, "8"), Allow="INVITE, ACK, BYE, CANCEL, OPTIONS, INFO")
    alice.event("CALL_ESTABLISHED")
    bob.rtp.listen(0.2)
    alice.press("6")
    info = bob.expect("INFO")
    bob.respond(info, 200, "OK")
    assert b"Signal=6" in info.body.replace(b" ", b"")
    call.hang_up()


def test_info_of_an_unknown_kind_is_refused_and_the_call_goes_on(phones):
    alice, bob = phones.raw("Alice"), phones.baresip("Bob", answers=True)
    call = alice.call("1002")
    call.answered()
    assert call.ask("INFO", body=b"nonsense", Content_Type="application/x-nonsense").status == 415
    assert call.hang_up().status == 200
    bob.event("CALL_CLOSED")
