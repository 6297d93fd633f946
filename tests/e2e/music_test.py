# SPDX-License-Identifier: GPL-3.0-or-later
"""Music on hold: what a real telephone hears while somebody else holds it. Each piece is a tone of its own frequency."""
import time

import pytest

from exterior import Exterior
from phones.conversation import assert_both_hear, connect
from phones.raw_phone import RawCall, offer
from phones.sound import tone_file

PIECES = {"a": 500, "b": 900}


@pytest.fixture(scope="module")
def office(almon) -> Exterior:
    return Exterior(almon)


def category(office: Exterior, label: str, pieces: dict[str, bytes]) -> dict:
    made = office.make("/moh", {"label": label, "mode": "files", "sort": "alphabetical"})
    for name, data in pieces.items():
        office.upload(f"/moh/{made['uuid']}/files/{name}", data)
    return made


def test_who_is_held_hears_the_pieces_of_who_holds(office, phones):  # ADB-071, ADB-072
    made = category(office, "Lobby", {f"{name}.wav": tone_file(hertz, 0.5) for name, hertz in PIECES.items()})
    office.put(f"/users/{office.user('Alice')['uuid']}", {"music_on_hold": made["name"]})
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    call = alice.call("1002")
    incoming = RawCall.incoming_at(bob)
    incoming.accept()
    call.answered()
    incoming.acknowledged()
    held = call.ask("INVITE", body=offer(alice.rtp.port, direction="sendonly", version=2))
    assert held.status == 200
    sound = bob.rtp.listen(1.6).sound()
    assert sound.names_of(PIECES)[:3] == ["a", "b", "a"]
    assert sound.longest_gap() < 0.1
    # What is held says nothing to who holds; and hold twice begins with the first piece again.
    assert alice.rtp.listen(0.2).sound().audible_seconds() == 0
    assert call.ask("INVITE", body=offer(alice.rtp.port, version=3)).status == 200
    bob.rtp.listen(0.2)
    assert bob.rtp.listen(0.4).sound().audible_seconds() == 0, "the music ends with the hold"
    call.ask("INVITE", body=offer(alice.rtp.port, direction="sendonly", version=4))
    assert bob.rtp.listen(0.4).sound().share(PIECES["a"]) > 0.8
    call.hang_up()
    incoming.hung_up()


def test_a_real_telephone_hears_the_default_until_its_peer_is_back(office, phones, tap):  # ADB-071
    category(office, "default", {"waltz.wav": tone_file(700, 2)})
    carol, bob = phones.baresip("Carol", tone=440), phones.baresip("Bob", tone=880)
    connect(carol, bob, "1002")
    bob.hold()
    bobs_hold = time.monotonic()
    music = tap.wait_for_sound(carol.rtp_ports, 1.5, since=bobs_hold + 0.3).since(bobs_hold + 0.3).sound()
    assert music.middle(1.0).share(700) > 0.9
    bob.resume()
    assert_both_hear(tap, carol, bob, seconds=1.0)
