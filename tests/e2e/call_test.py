# SPDX-License-Identifier: GPL-3.0-or-later
"""Alice calls Bob: over either transport they hear each other, and either can end the call."""
import pytest

from phones.conversation import assert_both_hear, assert_recorded, connect


@pytest.mark.parametrize("alices, bobs", [("udp", "udp"), ("tcp", "tcp"), ("udp", "tcp"), ("tcp", "udp")])
def test_each_hears_the_other(phones, tap, alices, bobs):
    alice = phones.baresip("Alice", tone=440, transport=alices)
    bob = phones.baresip("Bob", tone=880, transport=bobs)
    connect(alice, bob, "1002")
    assert_both_hear(tap, alice, bob, seconds=3.0)
    alice.hang_up()
    bob.event("CALL_CLOSED")
    assert_recorded(bob, 440)
    assert_recorded(alice, 880)


def test_the_callee_sees_who_calls(phones):
    alice, bob = phones.raw("Alice"), phones.baresip("Bob")
    call = alice.call("1002", From='"Somebody Else" <sip:0123456789@example.org>;tag=pretender')
    bob.event("CALL_INCOMING")
    incoming = next(part for part in bob.trace().split("INVITE sip:")[1:] if "From:" in part)
    caller = next(line for line in incoming.splitlines() if line.startswith("From:"))
    assert '"Alice"' in caller or "Alice <" in caller
    assert "sip:1001@" in caller
    assert "Somebody Else" not in incoming.split("\n\n")[0]
    call.cancel()
    call.refused()


def test_the_caller_hangs_up(phones):
    alice, bob = phones.baresip("Alice"), phones.baresip("Bob", answers=True)
    alice.dial("1002")
    alice.event("CALL_ESTABLISHED")
    bob.event("CALL_ESTABLISHED")
    alice.hang_up()
    assert "reset by peer" in bob.event("CALL_CLOSED")["param"]


def test_the_callee_hangs_up(phones):
    alice, bob = phones.baresip("Alice"), phones.baresip("Bob", answers=True)
    alice.dial("1002")
    alice.event("CALL_ESTABLISHED")
    bob.event("CALL_ESTABLISHED")
    bob.hang_up()
    assert "reset by peer" in alice.event("CALL_CLOSED")["param"]


def test_two_calls_at_once_do_not_mix(phones, tap):
    alice, bob = phones.baresip("Alice", tone=440), phones.baresip("Bob", tone=880, answers=True)
    carol, alices_mobile = phones.baresip("Carol", tone=660, answers=True), phones.baresip("Alice", tone=1000)
    alice.dial("1002")
    alices_mobile.dial("1003")
    for phone in (alice, bob, carol, alices_mobile):
        phone.event("CALL_ESTABLISHED")
    assert_both_hear(tap, alice, bob, seconds=1.0)
    assert_both_hear(tap, alices_mobile, carol, seconds=1.0)


def test_opus_is_passed_through(phones, tap):
    codec = "opus/48000/2"
    alice, bob = phones.baresip("Alice", codecs=codec, tone=440), phones.baresip("Bob", codecs=codec, tone=880)
    connect(alice, bob, "1002")
    tap.wait_for_sound(alice.rtp_ports, 1.5)
    tap.wait_for_sound(bob.rtp_ports, 1.5)
    alice.hang_up()
    bob.event("CALL_CLOSED")
    assert_recorded(bob, 440, seconds=1.0)
    assert_recorded(alice, 880, seconds=1.0)
