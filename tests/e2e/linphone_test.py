# SPDX-License-Identifier: GPL-3.0-or-later
"""Another make of phone, as a second opinion: linphone calls baresip and is called by it."""
import pytest

from phones import loopback
from phones.conversation import assert_both_hear


@pytest.fixture(autouse=True)
def private_network():
    if not loopback.is_private():
        pytest.skip("linphone listens on all addresses, and we may not make a network namespace")


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_linphone_calls_baresip(phones, tap, transport):
    alice = phones.linphone("Alice", tone=660, transport=transport)
    bob = phones.baresip("Bob", tone=880, answers=True)
    alice.dial("1002")
    bob.event("CALL_ESTABLISHED")
    alice.says("connected")
    assert_both_hear(tap, alice, bob, seconds=2.0)
    alice.hang_up()
    bob.event("CALL_CLOSED")


def test_baresip_calls_linphone(phones, tap):
    alice = phones.baresip("Alice", tone=440)
    bob = phones.linphone("Bob", tone=660, answers=True)
    alice.dial("1002")
    alice.event("CALL_ESTABLISHED")
    assert_both_hear(tap, alice, bob, seconds=2.0)
    bob.hang_up()
    alice.event("CALL_CLOSED")


def test_linphone_presses_digits(phones):
    alice, bob = phones.linphone("Alice"), phones.baresip("Bob", answers=True)
    alice.dial("1002")
    bob.event("CALL_ESTABLISHED")
    alice.says("connected")
    for digit in "47":
        alice.press(digit)
        assert bob.digits(1) == digit


def test_linphone_declines(phones):
    alice, bob = phones.baresip("Alice"), phones.linphone("Bob")
    alice.dial("1002")
    alice.event("CALL_RINGING")
    bob.hang_up()
    assert alice.event("CALL_CLOSED")["param"].split()[0] in ("486", "603")
