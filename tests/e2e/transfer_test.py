# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls that move: blind transfers, attended ones, and calls that another phone takes over."""
import re
import time

import pytest

from phones.conversation import assert_both_hear, connect
from phones.raw_phone import RawCall, media_port, offer

RINGBACK = (440, 480)  # country US


def tag_of(address: str) -> str:
    return re.search(r"tag=([^;>]+)", address)[1]


def replaces(call: RawCall) -> str:
    """Replaces as an INVITE has to say it: the tags as the server sees them (RFC 3891 section 3)."""
    return f"{call.call_id};to-tag={tag_of(call.remote)};from-tag={tag_of(call.local)}"


def refer_to(call: RawCall) -> str:
    escaped = replaces(call).replace(";", "%3B").replace("=", "%3D").replace("@", "%40")
    return f"<sip:whoever@{call.phone.domain}?Replaces={escaped}>"


def established(caller, callee, number):
    call = caller.call(number)
    incoming = RawCall.incoming_at(callee)
    incoming.accept()
    call.answered()
    incoming.acknowledged()
    return call, incoming


def progress_of(call: RawCall, status: int):
    """The next NOTIFY of the transfer (RFC 3515 section 2.4.5), which must tell `status`."""
    notify = call.phone.expect("NOTIFY", call_id=call.call_id)
    call.phone.respond(notify, 200, "OK")
    assert notify["Content-Type"] == "message/sipfrag;version=2.0"
    assert notify.body.startswith(f"SIP/2.0 {status} ".encode()), notify.body
    assert notify["Event"].startswith("refer")
    assert notify["Subscription-State"].startswith("active" if status < 200 else "terminated")
    return notify


def answer_update(phone, **_):
    """A phone is told whom it talks to now."""
    update = phone.expect("UPDATE")
    phone.respond(update, 200, "OK")
    return update


def test_a_blind_transfer_with_each_message(phones):
    """RFC 3515, RFC 5589 section 6.1, RFC 3892."""
    alice, bob, carol = phones.raw("Alice"), phones.raw("Bob"), phones.raw("Carol")
    call, at_bob = established(alice, bob, "1002")
    refer = call.request("REFER", Refer_To=f"<sip:1003@{alice.domain}>")
    assert alice.ask(refer).status == 202
    progress_of(call, 100)
    at_carol = RawCall.incoming_at(carol)
    assert "1001" in at_carol.invite["Referred-By"]
    assert "1002" in at_carol.invite["From"]
    at_carol.ring()
    progress_of(call, 180)
    at_carol.accept()
    progress_of(call, 200)
    call.hung_up()
    at_carol.acknowledged()
    assert "1003" in answer_update(bob)["P-Asserted-Identity"]
    assert at_bob.hang_up().status == 200
    at_carol.hung_up()


def test_a_blind_transfer_is_heard(phones, tap):
    """The transferred party hears ringing, then the target; the transferor is free."""
    alice, bob = phones.baresip("Alice", tone=440), phones.baresip("Bob", tone=880)
    carol = phones.baresip("Carol", tone=620)
    connect(alice, bob, "1002")
    assert_both_hear(tap, alice, bob, 1.0)
    alice.command("transfer", f"sip:1003@{carol._server[0]}:{carol._server[1]}")
    carol.event("CALL_INCOMING")
    since = time.monotonic()
    ringing = tap.wait_for_sound(bob.rtp_ports, 0.5, since=since).sound()
    assert sum(ringing.between(0.1, 0.5).share(hertz) for hertz in RINGBACK) > 0.8
    carol.accept()
    carol.event("CALL_ESTABLISHED")
    alice.event("CALL_CLOSED")
    assert_both_hear(tap, bob, carol, 2.0)
    bob.hang_up()
    carol.event("CALL_CLOSED")


@pytest.mark.parametrize("number, status", [("1999", 404), ("1002", 486)])
def test_a_transfer_that_cannot_be_is_refused_at_once(phones, number, status):
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    call, at_bob = established(alice, bob, "1002")
    assert call.ask("REFER", Refer_To=f"<sip:{number}@{alice.domain}>").status == status
    assert call.hang_up().status == 200
    at_bob.hung_up()


def test_a_failed_transfer_leaves_the_call_with_the_transferor(phones, tap):
    """Each hears the other again. (baresip cannot show it: it ends its call when a transfer fails.)"""
    alice, carol = phones.raw("Alice"), phones.raw("Carol")
    bob = phones.baresip("Bob", tone=880, answers=True)
    call = alice.call("1002")
    to_almon = media_port(call.answered())
    assert call.ask("REFER", Refer_To=f"<sip:1003@{alice.domain}>").status == 202
    at_carol = RawCall.incoming_at(carol)
    at_carol.ring()
    progress_of(call, 100)
    progress_of(call, 180)
    assert alice.rtp.listen(0.3).sound().audible_seconds() == 0, "they do not hear each other meanwhile"
    at_carol.refuse(486, "Busy Here")
    progress_of(call, 486)
    since = time.monotonic()
    assert alice.rtp.talk(to_almon, 440, 1.5).sound().middle(0.5).share(880) > 0.9
    assert tap.wait_for_sound(bob.rtp_ports, 1.0, since=since).sound().middle(0.5).share(440) > 0.9
    assert call.hang_up().status == 200
    bob.event("CALL_CLOSED")


def test_a_failed_transfer_is_told(phones):
    alice, bob, carol = phones.raw("Alice"), phones.raw("Bob"), phones.raw("Carol")
    call, at_bob = established(alice, bob, "1002")
    assert call.ask("REFER", Refer_To=f"<sip:1003@{alice.domain}>").status == 202
    progress_of(call, 100)
    assert call.ask("REFER", Refer_To=f"<sip:1003@{alice.domain}>").status == 491, "one transfer at a time"
    RawCall.incoming_at(carol).refuse(603, "Decline")
    progress_of(call, 603)
    assert call.hang_up().status == 200
    at_bob.hung_up()


def test_a_transferor_who_hangs_up_at_once(phones):
    """RFC 5589 section 6: some phones send BYE as soon as the REFER is accepted."""
    alice, bob, carol = phones.raw("Alice"), phones.raw("Bob"), phones.raw("Carol")
    call, at_bob = established(alice, bob, "1002")
    assert call.ask("REFER", Refer_To=f"<sip:1003@{alice.domain}>").status == 202
    assert call.hang_up().status == 200
    at_carol = RawCall.incoming_at(carol)
    at_carol.accept()
    at_carol.acknowledged()
    assert at_bob.hang_up().status == 200
    at_carol.hung_up()


def test_the_subscription_of_a_transfer_can_be_declined(phones):
    """RFC 4488: no NOTIFY follows."""
    alice, bob, carol = phones.raw("Alice"), phones.raw("Bob"), phones.raw("Carol")
    call, _ = established(alice, bob, "1002")
    response = call.ask("REFER", Refer_To=f"<sip:1003@{alice.domain}>", Refer_Sub="false", Require="norefersub")
    assert response.status == 202
    assert response["Refer-Sub"] == "false"
    at_carol = RawCall.incoming_at(carol)
    at_carol.accept()
    call.hung_up()
    alice.expect_nothing("NOTIFY", 0.3)
    at_carol.acknowledged()
    at_carol.hang_up()


@pytest.mark.parametrize("value, status", [("nonsense <", 400), ("<http://example.com/>", 416),
                                           ("<sip:1003@example.com;method=BYE>", 501),
                                           ("<sip:x@example.com?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc>", 481)])
def test_a_refer_to_nowhere_is_refused(phones, value, status):
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    call, at_bob = established(alice, bob, "1002")
    assert call.ask("REFER", Refer_To=value).status == status
    assert call.ask("REFER").status == 400
    assert call.hang_up().status == 200
    at_bob.hung_up()


def test_an_attended_transfer_with_each_message(phones, tap):
    """RFC 5589 section 7.1: Refer-To with Replaces names the consulting call."""
    alice, bob, carol = phones.raw("Alice"), phones.raw("Bob"), phones.raw("Carol")
    call, at_bob = established(alice, bob, "1002")
    assert call.ask("INVITE", body=offer(alice.rtp.port, direction="sendonly", version=2)).status == 200
    consulting, at_carol = established(alice, carol, "1003")
    assert call.ask("REFER", Refer_To=refer_to(consulting)).status == 202
    progress_of(call, 100)
    progress_of(call, 200)
    call.hung_up()
    consulting.hung_up()
    assert "1003" in answer_update(bob)["P-Asserted-Identity"]
    assert "1002" in answer_update(carol)["P-Asserted-Identity"]
    assert at_bob.hang_up().status == 200
    at_carol.hung_up()


def test_an_attended_transfer_is_heard(phones, tap):
    alice = phones.raw("Alice")
    bob, carol = phones.baresip("Bob", tone=880, answers=True), phones.baresip("Carol", tone=620, answers=True)
    call, consulting = alice.call("1002"), alice.call("1003")
    call.answered()
    consulting.answered()
    assert call.ask("REFER", Refer_To=refer_to(consulting)).status == 202
    call.hung_up()
    consulting.hung_up()
    assert_both_hear(tap, bob, carol, 2.0)
    bob.hang_up()
    carol.event("CALL_CLOSED")


def test_an_attended_transfer_to_a_phone_that_still_rings(phones):
    alice, bob, carol = phones.raw("Alice"), phones.raw("Bob"), phones.raw("Carol")
    call, at_bob = established(alice, bob, "1002")
    consulting = alice.call("1003")
    at_carol = RawCall.incoming_at(carol)
    at_carol.ring()
    consulting.expect(180)
    assert call.ask("REFER", Refer_To=refer_to(consulting)).status == 202
    assert consulting.refused().status == 487
    progress_of(call, 100)
    progress_of(call, 180)
    at_carol.accept()
    progress_of(call, 200)
    call.hung_up()
    at_carol.acknowledged()
    assert at_carol.hang_up().status == 200
    at_bob.hung_up()


def test_an_attended_transfer_between_phones_of_different_codecs(phones):
    """Bob speaks A-law and Carol mu-law only: whoever can is asked to change."""
    alice, bob, carol = phones.raw("Alice"), phones.raw("Bob"), phones.raw("Carol")
    call = alice.call("1002")
    at_bob = RawCall.incoming_at(bob)
    at_bob.accept(offer(bob.rtp.port, "8 101"))
    call.answered()
    at_bob.acknowledged()
    consulting = alice.call("1003")
    at_carol = RawCall.incoming_at(carol)
    at_carol.accept(offer(carol.rtp.port, "0 101"))
    consulting.answered()
    at_carol.acknowledged()
    assert call.ask("REFER", Refer_To=refer_to(consulting)).status == 202
    call.hung_up()
    consulting.hung_up()
    again = bob.expect("INVITE", call_id=at_bob.call_id)
    assert b"RTP/AVP 0 8 101" in again.body
    bob.respond(again, 200, "OK", body=offer(bob.rtp.port, "0 101", version=2))
    bob.expect("ACK", call_id=at_bob.call_id)
    assert at_bob.hang_up().status == 200
    at_carol.hung_up()


def test_a_colleague_takes_a_call_that_rings(phones):
    """RFC 3891 section 3: an early dialog that the server began is cancelled and answered elsewhere."""
    alice, bob, carol = phones.raw("Alice"), phones.raw("Bob"), phones.raw("Carol")
    call = alice.call("1002")
    at_bob = RawCall.incoming_at(bob)
    at_bob.ring()
    call.expect(180)
    taken = carol.call("whoever", Replaces=replaces(at_bob), Require="replaces")
    cancel = bob.expect("CANCEL")
    assert "Call completed elsewhere" in cancel["Reason"]
    bob.respond(cancel, 200, "OK")
    at_bob.refuse(487)
    taken.answered()
    call.answered()
    assert taken.hang_up().status == 200
    call.hung_up()


def test_another_phone_goes_on_with_a_call(phones, tap):
    """RFC 3891 section 3: a confirmed dialog is ended with BYE."""
    alice, bob = phones.baresip("Alice", tone=440), phones.raw("Bob")
    alice.dial("1002")
    at_bob = RawCall.incoming_at(bob)
    at_bob.accept()
    alice.event("CALL_ESTABLISHED")
    carol = phones.raw("Carol")
    taken = carol.call("whoever", Replaces=replaces(at_bob))
    taken.answered()
    at_bob.hung_up()
    heard = carol.rtp.listen(1.0).sound()
    assert heard.middle(0.5).share(440) > 0.9
    alice.hang_up()
    taken.hung_up()


def test_a_call_that_cannot_be_replaced(phones):
    """RFC 3891 section 3: 481 for no dialog and for one that rings at the server, 486 for early-only, 400 twice."""
    alice, bob, carol = phones.raw("Alice"), phones.raw("Bob"), phones.raw("Carol")
    assert carol.call("whoever", Replaces="nobody;to-tag=a;from-tag=b").refused().status == 481
    assert carol.call("whoever", Replaces="nonsense").refused().status == 400
    call = alice.call("1002")
    at_bob = RawCall.incoming_at(bob)
    at_bob.ring()
    call.expect(180)
    assert carol.call("whoever", Replaces=replaces(call)).refused().status == 481
    at_bob.accept()
    call.answered()
    assert carol.call("whoever", Replaces=replaces(at_bob) + ";early-only").refused().status == 486
    call.hang_up()
    at_bob.hung_up()
    assert carol.call("whoever", Replaces=replaces(at_bob)).refused().status == 481
