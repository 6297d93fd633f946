# SPDX-License-Identifier: GPL-3.0-or-later
"""Menus (IVR): what callers hear, and that keys lead where they shall. Each sound is a tone of its own frequency."""
import os
import time

import pytest

from exterior import Exterior, call_from, provider
from phones.raw_phone import RawCall, media_port, press
from phones.sound import FRAME, tone_file

TONES = {"welcome": 500, "choices": 700, "invalid": 900, "goodbye": 1100}
SECONDS = 0.6
# Seconds; a machine that has more to do than it can is given some more.
AT_ONCE = 0.150 if os.getloadavg()[0] < os.cpu_count() else 0.500


@pytest.fixture(scope="module")
def office(almon) -> Exterior:
    """0123456789 is a menu: 1 is Bob, 23 Carol."""
    office = Exterior(almon)
    office.make("/sounds", {"name": "ivr-sounds"})
    for name, hertz in TONES.items():
        office.upload(f"/sounds/ivr-sounds/files/{name}", tone_file(hertz, SECONDS))
    menu = office.make("/ivr", {
        "name": "main", "greeting_sound": "ivr-sounds/welcome", "menu_sound": "ivr-sounds/choices",
        "invalid_sound": "ivr-sounds/invalid", "abort_sound": "ivr-sounds/goodbye", "timeout": 1, "max_tries": 2,
        "choices": [{"exten": "1", "destination": {"type": "user", "user_id": office.user("Bob")["id"]}},
                    {"exten": "23", "destination": {"type": "user", "user_id": office.user("Carol")["id"]}}]})
    office.way_in("0123456789", {"type": "ivr", "ivr_id": menu["id"]})
    return office


@pytest.fixture
def outside(almon, office, request):
    """A provider of its own for each test."""
    switch = provider(almon)
    office.peer(request.node.name[:30], switch.port)
    yield switch
    switch.close()


def heard(phone, seconds: float) -> list[str]:
    """The names of the tones that are heard, in their order."""
    return phone.rtp.listen(seconds).sound().names_of(TONES)


def test_the_greeting_begins_at_once_and_the_menu_follows(outside):  # API-102, ADB-048
    call = call_from(outside, "0123456789")
    call.answered()
    answered = time.monotonic()
    stream = outside.rtp.listen(2 * SECONDS + 0.3)
    sound = stream.sound()
    begins = stream.packets[0].arrived - answered + sound.audible().index(True) * FRAME
    assert begins < AT_ONCE, f"{begins * 1000:.0f} ms"
    assert abs(sound.audible_seconds() - 2 * SECONDS) < 0.05, "nothing is cut off"
    assert sound.longest_gap() < 0.1
    assert sound.between(0.2, 0.5).share(500) > 0.9
    assert sound.between(0.9, 1.2).share(700) > 0.9
    call.hang_up()


def test_a_key_interrupts_and_leads_to_somebody(outside, phones):  # API-102, RFC 4733
    bob = phones.raw("Bob")
    call = call_from(outside, "0123456789")
    to = media_port(call.answered())
    assert heard(outside, 0.3) == ["welcome"]
    press(outside, to, "1")
    ringing = RawCall.incoming_at(bob)
    assert "0612345678" in ringing.invite["From"]
    ringing.accept()
    ringing.acknowledged()
    outside.rtp.talk(to, 600, 0.2)
    assert bob.rtp.listen(0.1).sound().share(600) > 0.8
    call.hang_up()
    ringing.hung_up()


def test_a_choice_of_two_keys_by_info(outside, phones):
    carol = phones.raw("Carol")
    call = call_from(outside, "0123456789")
    call.answered()
    for digit in "23":
        assert call.ask("INFO", body=f"Signal={digit}\r\nDuration=160\r\n".encode(),
                        Content_Type="application/dtmf-relay").status == 200
    RawCall.incoming_at(carol).refuse(486, "Busy Here")
    assert outside.rtp.listen(1.0).sound().audible_seconds() > 0.3, "the busy tone"
    call.hang_up()


def test_nonsense_is_complained_about_and_the_second_time_it_is_over(outside):  # ADB-049
    call = call_from(outside, "0123456789")
    to = media_port(call.answered())
    press(outside, to, "9")
    assert heard(outside, 2 * SECONDS + 0.3)[-2:] == ["invalid", "choices"], "behind what the key has interrupted"
    press(outside, to, "8")
    assert heard(outside, 2 * SECONDS + 0.3) == ["invalid", "goodbye"]
    call.hung_up()


def test_silence_is_a_try_too(outside):  # ADB-049
    call = call_from(outside, "0123456789")
    call.answered()
    assert heard(outside, 6.0) == ["welcome", "choices", "goodbye"]
    call.hung_up()
