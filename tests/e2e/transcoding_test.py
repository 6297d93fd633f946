# SPDX-License-Identifier: GPL-3.0-or-later
"""Phones that share no codec hear each other all the same."""
import time

import pytest

from phones.conversation import assert_hears_others, assert_recorded, connect
from phones.wire import Tap

CODECS = ["opus/48000/2", "G722/16000/1", "GSM/8000/1", "G726-32/8000/1", "L16/16000/1"]


def assert_nothing_is_heard(tap: Tap, phone, seconds: float = 0.6) -> None:
    time.sleep(0.15)
    start = time.monotonic()
    time.sleep(seconds)
    assert not tap.arriving_at(phone.rtp_ports).since(start).packets


@pytest.mark.parametrize("codec", CODECS)
def test_a_phone_of_another_codec_calls_one_of_g711(phones, tap, codec):
    alice, bob = phones.baresip("Alice", codecs=codec, tone=440), phones.baresip("Bob", codecs="PCMA/8000/1", tone=880)
    connect(alice, bob, "1002")
    assert_hears_others(tap, bob, alice)
    alice.press("5")
    assert bob.digits(1) == "5"
    bob.press("7")
    assert alice.digits(1) == "7"
    alice.hang_up()
    bob.event("CALL_CLOSED")
    assert_recorded(bob, 440, seconds=1.0)
    assert_recorded(alice, 880, seconds=1.0)


def test_a_phone_of_g711_calls_one_of_opus(phones, tap):
    alice, bob = phones.baresip("Alice", tone=440), phones.baresip("Bob", codecs="opus/48000/2", tone=880)
    connect(alice, bob, "1002")
    assert_hears_others(tap, alice, bob)
    bob.hang_up()
    alice.event("CALL_CLOSED")
    assert_recorded(bob, 440, seconds=1.0)


def test_two_wideband_codecs(phones, tap):
    alice = phones.baresip("Alice", codecs="opus/48000/2", tone=440)
    bob = phones.baresip("Bob", codecs="G722/16000/1", tone=880)
    connect(alice, bob, "1002")
    tap.wait_for_sound(alice.rtp_ports, 1.5)
    tap.wait_for_sound(bob.rtp_ports, 1.5)
    alice.hang_up()
    bob.event("CALL_CLOSED")
    assert_recorded(bob, 440, seconds=1.0)
    assert_recorded(alice, 880, seconds=1.0)


@pytest.mark.parametrize("holder", ["caller", "callee"])
def test_hold_and_resume_between_codecs(phones, tap, holder):
    alice, bob = phones.baresip("Alice", codecs="opus/48000/2", tone=440), phones.baresip("Bob", tone=880)
    connect(alice, bob, "1002")
    assert_hears_others(tap, bob, alice)
    active = alice if holder == "caller" else bob
    active.hold()
    assert_nothing_is_heard(tap, active)
    active.resume()
    assert_hears_others(tap, bob, alice)
    alice.hang_up()
    bob.event("CALL_CLOSED")
    assert_recorded(alice, 880, seconds=1.0)
