# SPDX-License-Identifier: GPL-3.0-or-later
"""A code that a phone dials, and what is said to it."""
import os
import time

from phones.almon import binary
from phones.sound import FRAME, Sound

LANGUAGE = "en_US"
# Seconds; a machine that has more to do than it can is given some more.
AT_ONCE = 0.150 if os.getloadavg()[0] < os.cpu_count() else 0.500


def spoken(name: str, language: str = LANGUAGE) -> Sound:
    return Sound.read(binary().parent / "sounds" / language / f"{name}.wav")


def silent_start(sound: Sound) -> float:
    return sound.audible().index(True) * FRAME


def listen_to(phone, call, seconds: float) -> tuple[float, Sound]:
    """What is heard until the call ends by itself, and after how long it begins to be heard."""
    call.answered()
    answered = time.monotonic()
    stream = phone.rtp.listen(seconds)
    sound = stream.sound()
    assert stream.lost() == 0
    assert any(sound.audible()), "nothing was heard"
    return stream.packets[0].arrived - answered + silent_start(sound), sound


def dial(phone, code: str, *names: str, language: str = LANGUAGE) -> None:
    """The code is answered, says the sentence of these sounds, all of it and without holes, and hangs up."""
    phone.rtp.listen(0.05)  # what came after an earlier call
    call = phone.call(code)
    expected = [spoken(name, language) for name in names]
    seconds = sum(sound.seconds for sound in expected)
    begins, heard = listen_to(phone, call, seconds + 0.5)
    assert begins < AT_ONCE, f"speech begins {begins * 1000:.0f} ms after the answer"
    said = sum(sound.audible_seconds() for sound in expected)
    assert heard.audible_seconds() > said - 0.04 - 0.02 * len(names), "a syllable is missing"
    call.hung_up()
