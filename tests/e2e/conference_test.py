# SPDX-License-Identifier: GPL-3.0-or-later
"""Conference rooms with real telephones: each says a tone of its own, and what each hears is told by frequency."""
import itertools
import time

import pytest

from exterior import INTERNAL, Exterior, call_from, provider
from phones.baresip import Baresip
from phones.conversation import assert_hears_others, heard_by
from phones.raw_phone import media_port, press
from phones.sound import tone_file

TONES = {"Alice": 440, "Bob": 880, "Carol": 1320}
NUMBERS = itertools.count(4001)
HEADERS = {"Content-Type": "application/octet-stream"}
QUIET = {"announce_only_user": False}


@pytest.fixture(scope="module")
def office(almon) -> Exterior:
    office = Exterior(almon)
    inside = office.one("/contexts", INTERNAL)
    office.put(f"/contexts/{inside['id']}", {"conference_room_ranges": [{"start": "4000", "end": "4099"}]})
    return office


def room(office: Exterior, **fields) -> str:
    """The number of a new room."""
    conference = office.make("/conferences", {"name": "board", **fields})
    number = str(next(NUMBERS))
    office.put(f"/conferences/{conference['id']}/extensions/{office.number(number, INTERNAL)['id']}")
    return number


def enter(phones, number: str, *names: str) -> list[Baresip]:
    entered = [phones.baresip(name, tone=TONES[name]) for name in names]
    for phone in entered:
        phone.dial(number)
        phone.event("CALL_ESTABLISHED")
    return entered


def comes_to_hear(phone, hertz: int, patience: float = 8.0) -> bool:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if phone.rtp.listen(0.3).sound().share(hertz) > 0.9:
            return True
    return False


def test_a_number_outside_of_the_range_of_rooms_is_no_room(office):  # ADA-088
    conference = office.make("/conferences", {"name": "board"})
    colleague = office.number("1300", INTERNAL)
    path = f"/conferences/{conference['id']}/extensions/{colleague['id']}"
    response = office.confd.request("PUT", path)
    assert response.status == 400 and "outside of the conference ranges" in response.body.decode(), response


def test_three_hear_each_other_and_nobody_himself(office, phones, tap):  # ADA-089
    alice, bob, carol = enter(phones, room(office, **QUIET), "Alice", "Bob", "Carol")
    assert_hears_others(tap, alice, bob, carol)
    assert_hears_others(tap, bob, alice, carol)
    assert_hears_others(tap, carol, alice, bob)
    bob.hang_up()
    bob.event("CALL_CLOSED")
    assert_hears_others(tap, alice, carol)
    assert_hears_others(tap, carol, alice)


def test_a_key_mutes_and_opens_the_microphone(office, phones, tap):  # API-103
    alice, bob, carol = enter(phones, room(office, **QUIET), "Alice", "Bob", "Carol")
    assert_hears_others(tap, bob, alice, carol)
    alice.press("1")
    assert_hears_others(tap, bob, carol)
    tap.wait_for_sound(alice.rtp_ports, 2.0, since=time.monotonic())  # that it is muted
    assert_hears_others(tap, alice, bob, carol)
    alice.press("1")
    assert_hears_others(tap, bob, alice, carol)


def test_the_pin_opens_the_room_and_a_wrong_one_does_not(office, phones, tap):  # ADA-090
    number = room(office, pin="4711", **QUIET)
    bob = phones.baresip("Bob", tone=TONES["Bob"])
    bob.dial(number)
    bob.event("CALL_ESTABLISHED")
    alice = phones.raw("Alice")
    call = alice.call(number)
    to = media_port(call.answered())
    assert alice.rtp.listen(0.8).sound().audible_seconds() > 0.4, "is asked for it"
    press(alice, to, "4712#")
    assert alice.rtp.listen(0.8).sound().audible_seconds() > 0.4, "and told that it is wrong"
    press(alice, to, "4711#")
    bob.press("4711#")
    assert comes_to_hear(alice, TONES["Bob"])
    call.hang_up()


def test_who_does_not_know_the_pin_is_hung_up(office, phones):  # ADA-090
    alice = phones.raw("Alice")
    call = alice.call(room(office, pin="4711", **QUIET))
    to = media_port(call.answered())
    for _ in range(3):
        alice.rtp.listen(0.3)
        press(alice, to, "1#")
    call.hung_up()


def test_one_more_than_the_maximum_is_turned_away(office, phones, tap):  # ADA-092
    number = room(office, max_participants=2, **QUIET)
    alice, bob = enter(phones, number, "Alice", "Bob")
    assert_hears_others(tap, alice, bob)
    carol = phones.raw("Carol")
    call = carol.call(number)
    call.answered()
    sound = carol.rtp.listen(1.2).sound()
    assert sound.audible_seconds() > 0.5, "is told so"
    assert sound.share(TONES["Alice"]) < 0.1
    call.hung_up()
    assert_hears_others(tap, alice, bob)
    bob.hang_up()
    bob.event("CALL_CLOSED")
    call = carol.call(number)
    call.answered()
    assert comes_to_hear(carol, TONES["Alice"])
    call.hang_up()


@pytest.mark.parametrize("told", [True, False])
def test_the_first_one_is_told_that_he_is_alone_unless_not_wanted(office, phones, told):  # ADA-091
    alice = phones.raw("Alice")
    call = alice.call(room(office, announce_only_user=told))
    call.answered()
    sound = alice.rtp.listen(1.5).sound()
    assert sound.audible_seconds() > 0.8 if told else sound.audible_seconds() == 0
    call.hang_up()


def test_who_is_alone_hears_music_until_somebody_comes(office, phones, tap):  # API-103
    made = office.make("/moh", {"label": "Waiting", "mode": "files"})
    office.confd.request("PUT", f"/moh/{made['uuid']}/files/a.wav", raw=tone_file(600, 1), headers=HEADERS)
    number = room(office, music_on_hold=made["name"], **QUIET)
    alice, = enter(phones, number, "Alice")
    assert heard_by(tap, alice).share(600) > 0.9
    bob, = enter(phones, number, "Bob")
    assert_hears_others(tap, alice, bob)
    bob.hang_up()
    bob.event("CALL_CLOSED")
    assert heard_by(tap, alice).share(600) > 0.9


def test_a_caller_from_outside_is_led_there(almon, office, phones, tap):  # INS-100
    conference = office.make("/conferences", {"name": "public", **QUIET})
    inside = str(next(NUMBERS))
    office.put(f"/conferences/{conference['id']}/extensions/{office.number(inside, INTERNAL)['id']}")
    office.way_in("0123456780", {"type": "meetme", "conference_id": conference["id"]})
    switch = provider(almon)
    office.peer("outside", switch.port)
    alice, = enter(phones, inside, "Alice")
    call = call_from(switch, "0123456780")
    to = media_port(call.answered())
    assert comes_to_hear(switch, TONES["Alice"])
    switch.rtp.talk(to, 1000, 1.5)
    assert tap.arriving_at(alice.rtp_ports).sound().last(0.5).share(1000) > 0.9
    call.hang_up()
    switch.close()
