# SPDX-License-Identifier: GPL-3.0-or-later
"""Voicemail: a message is left, its light goes on, it is listened to and erased; and it outlives the program."""
import time
import wave

import pytest

from exterior import Exterior, call_from, provider
from messages import Light, files, leave_message, seconds_of
from phones.raw_phone import media_port
from phones.sound import Sound


@pytest.fixture(scope="module")
def office(almon) -> Exterior:
    """Bob has the mailbox 1002; his phone is switched off, so that calls for him end there."""
    office = Exterior(almon)
    box = office.make("/voicemails", {"name": "Bob", "number": "1002", "context": "default", "password": "42"})
    office.put(f"/users/{office.user('Bob')['uuid']}/voicemails/{box['id']}")
    return office


def test_a_message_is_left_heard_and_erased(almon, office, phones):  # ADB-209, ADB-213, API-115
    alice = phones.raw("Alice")
    leave_message(alice, 700)
    [message] = files(almon, "new")
    assert message.suffix == ".wav" and message.stem.endswith("-1001")
    with wave.open(str(message)) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (8000, 2, 1)
    recorded = Sound.read(message)
    assert 1.8 < recorded.seconds < 2.4
    assert recorded.middle(1.0).share(700) > 0.9

    bob = phones.raw("Bob")
    light = Light(bob)
    assert light.status == 200
    told = light.told()
    assert told["Messages-Waiting"] == "yes" and told["Voice-Message"] == "1/0 (0/0)"
    call = bob.call("*98")
    to = media_port(call.answered())
    bob.rtp.listen(0.5)
    for key in (4, 2, 11):
        bob.rtp.press(to, key)
        bob.rtp.listen(0.05)
    before = seconds_of("vm-youhave", "digits/1", "vm-new-messages", "vm-message", "digits/1", "vm-from", "digits/1",
                        "digits/0", "digits/0", "digits/1")
    heard = bob.rtp.listen(before + recorded.seconds + 0.5).sound()
    assert max(heard.between(at, at + 0.5).share(700) for at in (before, before + 0.5, before + 1.0)) > 0.9
    bob.rtp.press(to, 5)
    bob.rtp.listen(0.2)
    assert light.told()["Voice-Message"] == "0/1 (0/0)", "it was heard"
    assert not files(almon, "new") and len(files(almon, "old")) == 1
    bob.rtp.press(to, 7)
    assert light.told()["Messages-Waiting"] == "no"
    bob.rtp.press(to, 11)
    call.hung_up(timeout=12)
    assert not files(almon, "old")


def test_who_hangs_up_has_left_the_message_and_a_restart_keeps_it(almon, office, phones):
    alice = phones.raw("Alice")
    leave_message(alice, 900, ends_by_key=False)
    deadline = time.monotonic() + 5
    while not files(almon, "new") or files(almon, "new")[0].suffix != ".wav":
        assert time.monotonic() < deadline
        alice.rtp.listen(0.05)
    almon.kill()
    almon.stop()
    almon.start()
    told = Light(phones.raw("Bob")).told()
    assert told["Voice-Message"] == "1/0 (0/0)"
    assert Sound.read(files(almon, "new")[0]).middle(1.0).share(900) > 0.9


def test_from_outside_the_number_and_the_password_open_it(almon, office, phones):  # ADB-008, ADB-215
    office.way_in("0123456789", {"type": "application", "application": "voicemail", "context": "default"})
    outside = provider(almon)
    office.peer("voicemail-provider", outside.port)
    call = call_from(outside, "0123456789")
    to = media_port(call.answered())
    assert outside.rtp.listen(0.6).sound().audible_seconds() > 0.3, "the number is asked for"
    for key in (1, 0, 0, 2, 11, 4, 2, 11):
        outside.rtp.press(to, key)
        outside.rtp.listen(0.05)
    before = seconds_of("vm-youhave", "digits/1", "vm-new-messages", "vm-message", "digits/1", "vm-from", "digits/1",
                        "digits/0", "digits/0", "digits/1")
    heard = outside.rtp.listen(before + 2.0).sound()
    assert max(heard.between(at, at + 0.5).share(900) for at in (before - 0.5, before, before + 0.5, before + 1.0)) > 0.9
    call.hang_up()
    outside.close()
