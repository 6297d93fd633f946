# SPDX-License-Identifier: GPL-3.0-or-later
"""Phones that share no codec hear each other all the same, in calls and rooms, and the system hears them."""
import time

import pytest

from exterior import INTERNAL, Exterior
from messages import files
from phones.conversation import assert_hears_others, assert_recorded, connect
from phones.sound import Sound
from phones.wire import Tap

CODECS = ["opus/48000/2", "G722/16000/1", "GSM/8000/1", "L16/16000/1"]


def assert_nothing_is_heard(tap: Tap, phone, seconds: float = 0.6) -> None:
    time.sleep(0.15)
    start = time.monotonic()
    time.sleep(seconds)
    assert not tap.arriving_at(phone.rtp_ports).since(start).packets


def last_of(phone) -> Sound:
    """What the phone has heard last, as it has decoded it itself."""
    heard = phone.heard()
    return heard.between(heard.seconds - 1.0, heard.seconds - 0.3)


def wait_until(holds, patience: float = 8.0) -> None:
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture(scope="module")
def office(almon) -> Exterior:
    return Exterior(almon)


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
    assert last_of(alice).share(880) > 0.9


def test_a_message_is_left_by_a_phone_of_opus(almon, office, phones):
    box = office.make("/voicemails", {"name": "Bob", "number": "1002", "context": "default", "password": "42"})
    office.put(f"/users/{office.user('Bob')['uuid']}/voicemails/{box['id']}")
    alice = phones.baresip("Alice", codecs="opus/48000/2", tone=440)
    alice.dial("1002")
    alice.event("CALL_ESTABLISHED")
    # The greeting comes first, and the beep.
    wait_until(lambda: any(file.stat().st_size > 3 * 16000 for file in files(almon, "new")), patience=30)
    alice.hang_up()
    wait_until(lambda: any(file.suffix == ".wav" for file in files(almon, "new")))
    [message] = files(almon, "new")
    assert Sound.read(message).middle(1.0).share(440) > 0.9
    assert alice.heard().audible_seconds() > 2


def test_a_room_of_three_codecs(office, phones, tap):
    inside = office.one("/contexts", INTERNAL)
    office.put(f"/contexts/{inside['id']}", {"conference_room_ranges": [{"start": "4000", "end": "4099"}]})
    conference = office.make("/conferences", {"name": "board", "announce_only_user": False})
    office.put(f"/conferences/{conference['id']}/extensions/{office.number('4001', INTERNAL)['id']}")
    alice = phones.baresip("Alice", codecs="opus/48000/2", tone=440)
    bob = phones.baresip("Bob", codecs="G722/16000/1", tone=880)
    carol = phones.baresip("Carol", tone=1320)
    for phone in (alice, bob, carol):
        phone.dial("4001")
        phone.event("CALL_ESTABLISHED")
    assert_hears_others(tap, carol, alice, bob)
    for phone, *others in ((alice, 880, 1320), (bob, 440, 1320)):
        phone.hang_up()
        heard = last_of(phone)
        assert all(heard.share(other) > 0.3 for other in others), [heard.share(other) for other in others]
        assert heard.share(phone.tone) < 0.02
