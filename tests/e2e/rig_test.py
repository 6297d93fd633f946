# SPDX-License-Identifier: GPL-3.0-or-later
"""The instruments tell the truth: phones call each other directly, without Almon, and what they hear is measured."""
import contextlib

import pytest

from phones import loopback
from phones.baresip import Baresip
from phones.linphone import Linphone
from phones.raw_phone import RawCall, RawPhone, media_port, offer
from phones.sound import Sound, write_tone
from phones.wire import Stream

needs_private_network = pytest.mark.skipif(
    "not loopback.is_private()",
    reason="linphone listens on all addresses and we may not make a network namespace")


def test_the_meter_finds_a_tone_where_it_is_and_nowhere_else(tmp_path):
    sound = Sound.read(write_tone(tmp_path / "tone.wav", 440, 1))
    assert sound.seconds == 1
    assert sound.share(440) > 0.99
    assert sound.share(880) < 0.01
    assert sound.longest_gap() == 0


def test_the_meter_sees_a_gap_of_three_frames(tmp_path):
    sound = Sound.read(write_tone(tmp_path / "tone.wav", 440, 1))
    for index in range(4000, 4480):
        sound.samples[index] = 0
    assert sound.longest_gap() == pytest.approx(0.060)


def test_two_baresips_hear_each_others_tones_and_digits(tap, tmp_path):
    with Baresip(tmp_path / "a", "alice", tone=440) as alice, Baresip(tmp_path / "b", "bob", tone=880) as bob:
        alice.dial(bob.uri)
        bob.event("CALL_INCOMING")
        alice.event("CALL_RINGING")
        bob.accept()
        alice.event("CALL_ESTABLISHED")
        to_alice = tap.wait_for_sound(alice.rtp_ports, 1.5)
        to_bob = tap.wait_for_sound(bob.rtp_ports, 1.5)
        alice.press("5#")
        assert bob.digits(2) == "5#"
        alice.hang_up()
        bob.event("CALL_CLOSED")
        assert bob.heard().middle().share(440) > 0.9
        assert alice.heard().middle().share(880) > 0.9
    for stream, mine, other in ((to_alice, 880, 440), (to_bob, 440, 880)):
        assert stream.sound().share(mine) > 0.9
        assert stream.sound().share(other) < 0.05
        assert stream.longest_gap() < 0.060


def test_our_own_phone_talks_with_baresip(tap, tmp_path):
    with Baresip(tmp_path / "b", "bob", tone=880, answers=True) as bob, \
            RawPhone((loopback.ADDRESS, bob.sip_port), "raw") as raw:
        invite = raw.request("INVITE", bob.uri, body=offer(raw.rtp.port))
        raw.send(invite)
        call = RawCall(raw, invite)
        answer = call.answered()
        heard: Stream = raw.rtp.talk(media_port(answer), 440, 1.2)
        raw.rtp.press(media_port(answer), 7)
        assert bob.digits(1) == "7"
        assert call.hang_up().status == 200
        bob.event("CALL_CLOSED")
        assert heard.sound().share(880) > 0.9
        assert bob.heard().middle().share(440) > 0.9


@needs_private_network
def test_linphone_talks_with_baresip(tap, tmp_path):
    with contextlib.ExitStack() as stack:
        bob = stack.enter_context(Baresip(tmp_path / "b", "bob", tone=880, answers=True))
        linphone = stack.enter_context(Linphone(tmp_path / "l", tone=660))
        linphone.dial(bob.uri)
        bob.event("CALL_ESTABLISHED")
        linphone.says("connected")
        to_bob = tap.wait_for_sound(bob.rtp_ports, 1.5)
        to_linphone = tap.wait_for_sound(linphone.rtp_ports, 1.5)
        linphone.hang_up()
        bob.event("CALL_CLOSED")
        assert to_bob.sound().middle().share(660) > 0.9
        assert to_linphone.sound().middle().share(880) > 0.9


def test_who_waits_in_vain_tells_what_came_to_the_others():
    with RawPhone((loopback.ADDRESS, 9), "bob") as bob, RawPhone((loopback.ADDRESS, bob.port), "alice") as alice:
        bob.server = (loopback.ADDRESS, alice.port)
        bob._socket.connect(bob.server)
        bob.send(bob.request("NOTIFY"))
        with pytest.raises(AssertionError) as failure:
            bob.expect("INVITE", 0.1)
        assert "came: nothing" in str(failure.value)
        assert f"meanwhile to alice at port {alice.port}: NOTIFY sip:" in str(failure.value)
        assert alice.expect("NOTIFY", 0.1).method == "NOTIFY"
    with RawPhone((loopback.ADDRESS, 9), "carol") as carol, pytest.raises(AssertionError) as failure:
        carol.expect("INVITE", 0.1)
    assert "alice" not in str(failure.value)
