# SPDX-License-Identifier: GPL-3.0-or-later
"""Parked calls with real telephones: who waits hears music, who dials the place talks to him, and the lamp of the place tells."""
import time

import pytest

from exterior import Exterior
from lamp import Lamp
from messages import seconds_of
from phones.conversation import assert_both_hear
from phones.raw_phone import RawCall, media_port
from phones.sound import tone_file
from transfer_test import progress_of, refer_to

MUSIC = 700


@pytest.fixture(scope="module")
def office(almon) -> Exterior:
    """The demo office parks by 700; the default music is one tone."""
    office = Exterior(almon)
    music = office.make("/moh", {"label": "default", "mode": "files"})
    office.upload(f"/moh/{music['uuid']}/files/tone.wav", tone_file(MUSIC, 2))
    return office


def hears_music(tap, phone) -> bool:
    since = time.monotonic() + 0.3
    return tap.wait_for_sound(phone.rtp_ports, 1.4, since=since).sound().middle(1.0).share(MUSIC) > 0.9


def parks(alice) -> RawCall:
    """Alice has called Bob and sends him to 700."""
    call = alice.call("1002")
    call.answered()
    assert call.ask("REFER", Refer_To=f"<sip:700@{alice.domain}>").status == 202
    progress_of(call, 100)
    return call


def test_a_parked_call_is_taken_by_dialling_its_place(office, phones, tap):  # ADB-081, ADB-082, ADB-086
    alice, bob = phones.raw("Alice"), phones.baresip("Bob", tone=880, answers=True)
    lamp = Lamp(alice, "701")
    assert lamp.response.status == 200 and lamp.told() == ("full", {})
    call = parks(alice)
    state, dialogs = lamp.told()
    assert (state, [state for _, state in dialogs.values()]) == ("partial", ["confirmed"])
    told = alice.rtp.listen(seconds_of("parked-at", "digits/7", "digits/0", "digits/1")).sound()
    assert told.audible_seconds() > 1.0, "she is told the place"
    progress_of(call, 200)
    call.hung_up()
    assert hears_music(tap, bob)
    carol = phones.baresip("Carol", tone=620)
    carol.dial("701")
    carol.event("CALL_ESTABLISHED")
    assert [state for _, state in lamp.told()[1].values()] == ["terminated"]
    assert_both_hear(tap, carol, bob, 1.5)
    carol.hang_up()
    bob.event("CALL_CLOSED")


def test_a_call_is_sent_to_the_place_that_was_asked_for(office, phones, tap):  # ADB-081
    alice, bob = phones.raw("Alice"), phones.baresip("Bob", tone=880, answers=True)
    call, asking = alice.call("1002"), alice.call("700")
    call.answered()
    asking.answered()
    assert alice.rtp.listen(seconds_of("parked-at")).sound().audible_seconds() > 0.5
    assert call.ask("REFER", Refer_To=refer_to(asking)).status == 202
    progress_of(call, 100)
    progress_of(call, 200)
    call.hung_up()
    asking.hung_up()
    assert hears_music(tap, bob)
    carol = phones.baresip("Carol", tone=620)
    carol.dial("701")
    carol.event("CALL_ESTABLISHED")
    assert_both_hear(tap, carol, bob, 1.5)
    bob.hang_up()
    carol.event("CALL_CLOSED")


def test_who_waits_too_long_comes_back_to_who_parked_him(office, phones, tap):  # ADB-084
    lot = office.one("/parkinglots", "default")
    office.put(f"/parkinglots/{lot['id']}", {**lot, "timeout": 5})
    alice, bob = phones.raw("Alice"), phones.baresip("Bob", tone=880, answers=True)
    call = parks(alice)
    alice.rtp.listen(seconds_of("parked-at", "digits/7", "digits/0", "digits/1"))
    progress_of(call, 200)
    call.hung_up()
    back = RawCall.incoming_at(alice, timeout=8.0)
    assert "1002" in back.invite["From"]
    back.accept()
    back.acknowledged()
    assert alice.rtp.talk(media_port(back.invite), 440, 1.5).sound().middle(0.5).share(880) > 0.9
    back.hang_up()
    bob.event("CALL_CLOSED")


def test_nobody_waits_at_an_empty_place(office, phones):  # ADB-082
    alice = phones.raw("Alice")
    call = alice.call("733")
    call.expect(183)
    assert alice.rtp.listen(seconds_of("parked-none")).sound().audible_seconds() > 0.5
    assert call.refused().status == 404
