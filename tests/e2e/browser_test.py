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
    sound = phone.listen(1.5).middle(1.0)
    assert sound.share(tone) > 0.9, f"{sound.share(tone):.3f} of the energy is at {tone} Hz\n{phone.trace()}"
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
