# SPDX-License-Identifier: GPL-3.0-or-later
"""Hold is silent and resume is not, whoever asked for it."""
import time

import pytest

from phones.conversation import assert_both_hear, connect
from phones.raw_phone import RawCall, offer
from phones.wire import Tap


def assert_hears_nothing(tap: Tap, phone, seconds: float = 1.0) -> None:
    """Nothing audible comes to the phone for `seconds`; some packets may still have been on their way at the start."""
    time.sleep(0.15)
    start = time.monotonic()
    time.sleep(seconds)
    assert tap.arriving_at(phone.rtp_ports).since(start).sound().audible_seconds() == 0


@pytest.mark.parametrize("holder", ["caller", "callee"])
def test_hold_is_silent_and_resume_is_not(phones, tap, holder):
    alice, bob = phones.baresip("Alice", tone=440), phones.baresip("Bob", tone=880)
    connect(alice, bob, "1002")
    assert_both_hear(tap, alice, bob, seconds=0.5)
    active, held = (alice, bob) if holder == "caller" else (bob, alice)
    active.hold()
    assert_hears_nothing(tap, held)
    assert_hears_nothing(tap, active, seconds=0.3)
    active.resume()
    assert_both_hear(tap, alice, bob, seconds=1.0)


def test_hold_twice_and_hang_up_while_held(phones, tap):
    alice, bob = phones.baresip("Alice", tone=440), phones.baresip("Bob", tone=880)
    connect(alice, bob, "1002")
    alice.hold()
    bob.hold()
    assert_hears_nothing(tap, alice, seconds=0.3)
    bob.hang_up()
    alice.event("CALL_CLOSED")


@pytest.mark.parametrize("direction, answer", [("sendonly", "recvonly"), ("inactive", "inactive")])
def test_a_hold_offer_is_answered_in_kind(phones, direction, answer):
    """RFC 3264 section 6.1."""
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    call = alice.call("1002")
    incoming = RawCall.incoming_at(bob)
    incoming.accept()
    call.answered()
    held = call.ask("INVITE", body=offer(alice.rtp.port, direction=direction, version=2))
    assert f"a={answer}".encode() in held.body
    resumed = call.ask("INVITE", body=offer(alice.rtp.port, version=3))
    assert b"a=sendonly" not in resumed.body and b"a=inactive" not in resumed.body and b"a=recvonly" not in resumed.body
    call.hang_up()
    incoming.hung_up()


def test_hold_by_the_old_zero_address_is_understood(phones, tap):
    """RFC 2543 phones hold with c=IN IP4 0.0.0.0."""
    alice, bob = phones.raw("Alice"), phones.baresip("Bob", tone=880, answers=True)
    call = alice.call("1002")
    call.answered()
    assert alice.rtp.listen(0.5).sound().audible_seconds() > 0.3
    held = offer(alice.rtp.port, version=2).replace(b"c=IN IP4 127.0.0.1", b"c=IN IP4 0.0.0.0")
    assert call.ask("INVITE", body=held).status == 200
    alice.rtp.listen(0.2)
    assert alice.rtp.listen(0.5).sound().audible_seconds() == 0
    assert call.ask("INVITE", body=offer(alice.rtp.port, version=3)).status == 200
    alice.rtp.listen(0.2)
    assert alice.rtp.listen(0.5).sound().audible_seconds() > 0.3
    call.hang_up()
