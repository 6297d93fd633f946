# SPDX-License-Identifier: GPL-3.0-or-later
"""What a conversation must be like: each hears the other, without gaps."""
import time

from phones.baresip import Baresip
from phones.sound import Sound
from phones.wire import Stream, Tap

LONGEST_GAP = 0.060
# A phone on a busy machine pauses too; then its pause may grow by this on the way.
LONGEST_ADDED_GAP = 0.040


def connect(caller: Baresip, callee: Baresip, number: str) -> None:
    """The caller dials, the callee rings and picks up."""
    caller.dial(number)
    callee.event("CALL_INCOMING")
    caller.event("CALL_RINGING")
    callee.accept()
    caller.event("CALL_ESTABLISHED")
    callee.event("CALL_ESTABLISHED")


def assert_both_hear(tap: Tap, first, second, seconds: float = 3.0) -> None:
    """From now on each gets the other's tone, and no other, for `seconds`."""
    now = time.monotonic()
    for listener, speaker in ((first, second), (second, first)):
        stream = tap.wait_for_sound(listener.rtp_ports, seconds + 0.2, since=now)
        spoken = tap.leaving_from(speaker.rtp_ports).since(now)
        assert stream.longest_gap() < max(LONGEST_GAP, spoken.longest_gap() + LONGEST_ADDED_GAP)
        assert_hears(stream, speaker.tone, listener.tone, seconds)


def assert_hears(stream: Stream, tone: int, own_tone: int, seconds: float) -> None:
    sound = stream.sound()
    assert sound.audible_seconds() >= seconds
    assert sound.longest_gap() < LONGEST_GAP
    assert stream.lost() == 0
    middle = sound.middle(1.0)
    assert middle.share(tone) > 0.9, f"{middle.share(tone):.3f} of the energy is at {tone} Hz"
    assert middle.share(own_tone) < 0.05, "the phone hears itself"


def assert_recorded(phone: Baresip, tone: int, seconds: float = 3.0) -> None:
    """After the call: the phone itself has decoded the other's tone."""
    heard = phone.heard()
    assert heard.audible_seconds() >= seconds
    assert heard.middle(1.0).share(tone) > 0.9


def heard_by(tap: Tap, phone: Baresip, seconds: float = 1.4) -> Sound:
    """In a room from now on, less what was under way."""
    now = time.monotonic() + 0.3
    return tap.wait_for_sound(phone.rtp_ports, seconds, since=now).sound().middle(1.0)


def assert_hears_others(tap: Tap, phone: Baresip, *others: Baresip) -> None:
    """These, as loud as each other, and nobody else."""
    sound = heard_by(tap, phone)
    shares = {other.name: sound.share(other.tone) for other in others}
    assert sum(shares.values()) > 0.9, f"{phone.name} hears {shares}"
    for name, share in shares.items():
        assert share > 0.6 / len(others), f"{phone.name} hears {name} with {share:.2f} of the energy"
    assert sound.share(phone.tone) < 0.02, f"{phone.name} hears itself"
