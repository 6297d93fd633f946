# SPDX-License-Identifier: GPL-3.0-or-later
"""What the caller hears before the answer, and provisional responses that must not get lost."""
from phones.raw_phone import RawCall, media_port, offer
from phones.sip_message import Message


def prack_of(phone, request: Message) -> Message:
    """Waits for the PRACK (RFC 3262) and answers it."""
    prack = phone.expect("PRACK", call_id=request["Call-ID"])
    phone.respond(prack, 200, "OK")
    return prack


def test_the_callees_announcement_is_heard_before_the_answer(phones, tap):
    alice, bob = phones.baresip("Alice"), phones.raw("Bob")
    alice.dial("1002")
    incoming = RawCall.incoming_at(bob)
    bob.respond(incoming.invite, 183, "Session Progress", body=offer(bob.rtp.port, "8 101"))
    alice.event("CALL_PROGRESS")
    bob.rtp.talk(media_port(incoming.invite), 880, 1.0)
    early = tap.arriving_at(alice.rtp_ports).sound()
    assert early.audible_seconds() > 0.8
    assert early.share(880) > 0.9
    incoming.accept()
    alice.event("CALL_ESTABLISHED")


def test_ringing_without_media_is_passed_on_as_ringing(phones):
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    call = alice.call("1002")
    incoming = RawCall.incoming_at(bob)
    incoming.ring()
    assert call.expect(180).tag("To")
    incoming.accept()
    call.answered()
    call.hang_up()
    incoming.hung_up()


def test_a_caller_who_requires_100rel_gets_reliable_ringing(phones):
    """RFC 3262 section 3: RSeq and Require: 100rel, repeated until PRACK."""
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    call = alice.call("1002", Require="100rel")
    incoming = RawCall.incoming_at(bob)
    incoming.ring()
    ringing = call.expect(range(180, 184))
    assert "100rel" in ringing["Require"]
    prack = call.ask("PRACK", RAck=f"{ringing['RSeq']} {ringing['CSeq']}")
    assert prack.status == 200
    incoming.accept()
    call.answered()
    call.hang_up()
    incoming.hung_up()


def test_a_prack_for_nothing_is_refused(phones):
    """RFC 3262 section 3: a PRACK that matches no provisional response gets 481."""
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    call = alice.call("1002", Supported="100rel")
    incoming = RawCall.incoming_at(bob)
    incoming.ring()
    call.expect(range(180, 184))
    assert call.ask("PRACK", RAck="99999 1 INVITE").status == 481
    call.cancel()
    call.refused()
    bob.respond(bob.expect("CANCEL"), 200, "OK")
    incoming.refuse(487)


def test_reliable_ringing_of_the_callee_is_acknowledged(phones):
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    call = alice.call("1002")
    incoming = RawCall.incoming_at(bob)
    incoming.ring(Require="100rel", RSeq="814")
    prack = prack_of(bob, incoming.invite)
    assert prack["RAck"].split() == ["814", *incoming.invite["CSeq"].split()]
    call.expect(180)
    incoming.accept()
    call.answered()
    call.hang_up()
    incoming.hung_up()


def test_a_phone_that_rings_may_change_its_early_media(phones):
    """RFC 3311 section 5.2: UPDATE in an early dialog, once the offer of the INVITE is answered reliably (RFC 3262)."""
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    call = alice.call("1002")
    incoming = RawCall.incoming_at(bob)
    unanswered = ringing_reliably(incoming, 1, body=b"")
    assert unanswered.ask("UPDATE", body=offer(bob.rtp.port, "8 101")).status == 491, "our offer waits for its answer"
    early = ringing_reliably(incoming, 2, body=offer(bob.rtp.port, "8 101"))
    call.expect(183)
    moved = early.ask("UPDATE", body=offer(bob.rtp.port + 2, "8 101", version=2))
    assert moved.status == 200
    assert b"RTP/AVP 8 101" in moved.body
    assert early.ask("UPDATE", body=offer(bob.rtp.port + 2, "97", version=3)).status == 488
    incoming.accept(b"")
    answer = call.answered()
    assert b"RTP/AVP 8 101" in answer.body
    incoming.acknowledged()
    assert call.hang_up().status == 200
    incoming.hung_up()


def ringing_reliably(incoming, number, body):
    """A reliable provisional response and its PRACK; returns the dialog in which the phone may send requests."""
    phone = incoming.phone
    response = phone.respond(incoming.invite, 183, "Progress", body=body, Require="100rel", RSeq=str(number),
                             Allow="INVITE, ACK, BYE, CANCEL, PRACK, UPDATE")
    incoming.local = response["To"]
    phone.respond(phone.expect("PRACK"), 200, "OK")
    return incoming
