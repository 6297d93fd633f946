# SPDX-License-Identifier: GPL-3.0-or-later
"""A browser (JsSIP over WebSocket, DTLS-SRTP, ICE) and a desk phone (UDP, plain RTP) talk, without any option."""
import os

import pytest

from phones import browser
from phones.conversation import assert_recorded

if browser.missing():
    assert os.environ.get("CI") != "true", browser.missing()
    pytest.skip(browser.missing(), allow_module_level=True)


def assert_hears(phone, tone: int, own_tone: int) -> None:
    # On a busy machine a browser stretches what it plays.
    for _ in range(3):
        sound = phone.listen(1.5).middle(1.0)
        if sound.share(tone) > 0.9:
            break
    assert sound.share(tone) > 0.9, f"{sound.share(tone):.3f} of the energy is at {tone} Hz, loudness {sound.loudness():.0f}, {phone.do('transport')}\n{phone.trace()}"
    assert sound.share(own_tone) < 0.05, "the browser hears itself"


def connect(caller, callee, number: str) -> None:
    """Either may be a browser."""
    caller.dial(number)
    callee.event("incoming" if hasattr(callee, "listen") else "CALL_INCOMING")
    callee.accept()
    for phone in (caller, callee):
        phone.event("confirmed" if hasattr(phone, "listen") else "CALL_ESTABLISHED")


@pytest.mark.parametrize("secure", [True, False], ids=["wss", "ws"])
def test_a_browser_calls_a_desk_phone(phones, secure):
    alice, bob = phones.browser("Alice", tone=440, secure=secure), phones.baresip("Bob", tone=880)
    connect(alice, bob, "1002")
    assert_hears(alice, 880, 440)
    assert alice.do("transport")["dtls"] == "connected"
    alice.hang_up()
    bob.event("CALL_CLOSED")
    assert_recorded(bob, 440, seconds=1.0)


def test_a_desk_phone_calls_a_browser(phones):
    alice, bob = phones.baresip("Alice", tone=440), phones.browser("Bob", tone=880)
    connect(alice, bob, "1002")
    assert_hears(bob, 440, 880)
    alice.hang_up()
    bob.event("ended")
    assert_recorded(alice, 880, seconds=1.0)


def test_digits_of_a_browser_reach_a_desk_phone(phones):
    alice, bob = phones.browser("Alice"), phones.baresip("Bob")
    connect(alice, bob, "1002")
    alice.event("connection")
    for way, digits in (("RFC2833", "159#"), ("INFO", "42")):
        alice.press(digits, way)
        assert bob.digits(len(digits)) == digits
    alice.hang_up()


def test_digits_of_a_desk_phone_are_heard_in_a_browser(phones):
    """A browser plays the tones of the events (RFC 4733) that it gets: 770 and 1336 Hz are the 5."""
    alice, bob = phones.baresip("Alice", tone=300), phones.browser("Bob")
    connect(alice, bob, "1002")
    bob.listen(0.5)
    bob.do("forget_heard")
    alice.press("555555")
    sound = bob.listen(2.0)
    frames = [sound.between(at / 10, at / 10 + 0.1) for at in range(int(sound.seconds * 10) - 1)]
    assert any(frame.share(770) > 0.2 and frame.share(1336) > 0.2 for frame in frames), \
        [(round(frame.share(770), 2), round(frame.share(1336), 2)) for frame in frames]


def test_a_browser_holds_and_resumes(phones):
    alice, bob = phones.browser("Alice", tone=440), phones.baresip("Bob", tone=880)
    connect(alice, bob, "1002")
    assert_hears(alice, 880, 440)
    assert alice.do("hold")
    assert alice.event("hold") == "local"
    assert alice.do("resume")
    assert alice.event("unhold") == "local"
    assert_hears(alice, 880, 440)
    alice.hang_up()
    bob.event("CALL_CLOSED")
    # What was heard before the hold stands in front of it.
    assert bob.heard().last(1.0).share(440) > 0.9


def test_a_desk_phone_holds_a_browser_and_resumes(phones):
    alice, bob = phones.baresip("Alice", tone=440), phones.browser("Bob", tone=880)
    connect(alice, bob, "1002")
    assert_hears(bob, 440, 880)
    alice.hold()
    assert not bob.listen(2.0).between(1.0, 2.0).share(440) > 0.5
    alice.resume()
    assert_hears(bob, 440, 880)
    alice.hang_up()
    bob.event("ended")


def test_media_survives_a_restart_of_ice(phones):
    """What a browser does when its network changes."""
    alice, bob = phones.browser("Alice", tone=440), phones.baresip("Bob", tone=880)
    connect(alice, bob, "1002")
    assert_hears(alice, 880, 440)
    assert alice.do("restart_ice")
    assert_hears(alice, 880, 440)
    assert alice.do("transport")["dtls"] == "connected"
    alice.hang_up()
    bob.event("CALL_CLOSED")


def test_two_browsers_talk(phones):
    alice, bob = phones.browser("Alice", tone=440), phones.browser("Bob", tone=880, secure=False)
    connect(alice, bob, "1002")
    assert_hears(alice, 880, 440)
    assert_hears(bob, 440, 880)
    bob.hang_up()
    alice.event("ended")


def test_a_browser_that_leaves_is_not_called_any_more(phones):
    alice, bob = phones.baresip("Alice"), phones.browser("Bob")
    bob.__exit__()
    alice.dial("1002")
    assert "CALL_CLOSED" == alice.event("CALL_CLOSED")["type"]
