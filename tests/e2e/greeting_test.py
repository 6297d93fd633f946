# SPDX-License-Identifier: GPL-3.0-or-later
"""Greetings of a voicemail: spoken by telephone or uploaded by a program, callers hear them instead of the standard words."""
import pytest

from event_client import sign_in_as
from exterior import Exterior
from messages import seconds_of
from phones import rest
from phones.raw_phone import media_port
from phones.sound import Sound, tone_file

ZERO, POUND = 0, 11


@pytest.fixture(scope="module")
def office(almon) -> Exterior:
    """Bob has the mailbox 1002; his phone is switched off, so that calls for him end there."""
    office = Exterior(almon)
    box = office.make("/voicemails", {"name": "Bob", "number": "1002", "context": "default", "password": "42"})
    office.put(f"/users/{office.user('Bob')['uuid']}/voicemails/{box['id']}")
    return office


def greeted(phone, seconds: float) -> Sound:
    """What a caller of Bob hears in the beginning."""
    call = phone.call("1002")
    call.answered()
    heard = phone.rtp.listen(seconds).sound()
    call.hang_up()
    return heard


class Listening:
    """A phone in the menu of its mailbox."""

    def __init__(self, phone, password: str):
        self.phone = phone
        self.call = phone.call("*98")
        self.to = media_port(self.call.answered())
        phone.rtp.listen(0.5)
        self.press(*(int(digit) for digit in password), POUND)

    def press(self, *keys: int) -> None:
        for key in keys:
            self.phone.rtp.press(self.to, key)
            self.phone.rtp.listen(0.3)

    def hears(self, seconds: float) -> Sound:
        return self.phone.rtp.listen(seconds).sound()


def test_a_greeting_is_spoken_by_telephone_and_a_restart_keeps_it(almon, office, phones):  # ADB-213
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    mailbox = Listening(bob, "42")
    mailbox.press(ZERO, 1, 1)
    until_beep = seconds_of("vm-greeting-record")
    heard = mailbox.hears(until_beep + 0.25)
    assert max(frame.share(1000) for frame in heard.last(0.3).frames()) > 0.9, "the beep"
    bob.rtp.talk(mailbox.to, 600, 2.0)
    mailbox.press(POUND)
    mailbox.hears(0.5)
    mailbox.press(2)
    assert max(mailbox.hears(1.5).between(at, at + 0.5).share(600) for at in (0.2, 0.5, 0.8)) > 0.9, "he hears it himself"
    mailbox.call.hang_up()
    bob.leave()
    assert greeted(alice, 1.7).between(0.5, 1.5).share(600) > 0.9, "callers hear him instead of the machine"
    almon.stop()
    almon.start()
    assert greeted(phones.raw("Alice"), 1.7).between(0.5, 1.5).share(600) > 0.9, "a restart keeps it"


def test_a_program_replaces_copies_and_erases_greetings(almon, office, phones):  # API-142
    token = sign_in_as(almon, rest.confd(almon), "Bob")[0]
    mine = rest.ctid_ng(almon, token)
    path = "/1.0/users/me/voicemails/greetings"
    sounds = {"Content-Type": "audio/wav"}
    alice = phones.raw("Alice")
    assert mine.put(f"{path}/unavailable", tone_file(800, 2), headers=sounds).status == 204
    assert greeted(alice, 1.7).between(0.5, 1.5).share(800) > 0.9
    assert mine.put(f"{path}/busy", tone_file(400, 2, rate=16000), headers=sounds).status == 204
    assert greeted(alice, 1.7).between(0.5, 1.5).share(800) > 0.9, "he is away, not busy"
    assert mine.post(f"{path}/busy/copy", {"dest_greeting": "temp"}).status == 204
    assert greeted(alice, 1.7).between(0.5, 1.5).share(400) > 0.9, "the temporary one goes before the others"
    assert mine.get(f"{path}/temp").body == tone_file(400, 2, rate=16000)
    assert mine.delete(f"{path}/temp").status == 204
    assert greeted(alice, 1.7).between(0.5, 1.5).share(800) > 0.9
    assert mine.put(f"{path}/unavailable", b"RIFF of nothing", headers=sounds).status == 400
    assert mine.delete(f"{path}/unavailable").status == 204
    words = greeted(alice, 1.7)
    assert words.audible_seconds() > 0.5 and max(words.share(hertz) for hertz in (400, 600, 800)) < 0.5, "the standard words"
    box = mine.get("/1.0/users/me/voicemails").json["id"]
    carols = rest.ctid_ng(almon, sign_in_as(almon, rest.confd(almon), "Carol")[0])
    assert carols.get(f"/1.0/voicemails/{box}/greetings/busy").status == 401
    assert carols.get(f"{path}/busy").status == 404, "she has no mailbox"
    for name in ("..%2fnew%2fx", "%2e%2e", "hello", "busy.wav"):
        assert {mine.get(f"{path}/{name}").status,
                mine.put(f"{path}/{name}", tone_file(800, 1), headers=sounds).status} <= {400, 404}


def test_greetings_go_with_the_voicemail(almon, office, phones):  # ADB-212
    box = office.make("/voicemails", {"name": "Carol", "number": "1003", "context": "default"})
    path = f"/1.0/voicemails/{box['id']}/greetings/busy"
    program = rest.ctid_ng(almon)
    assert program.put(path, tone_file(800, 1), headers={"Content-Type": "audio/wav"}).status == 204
    folder = almon.data / "voicemail" / str(box["id"])
    assert (folder / "greetings" / "busy.wav").exists()
    office.erase(f"/voicemails/{box['id']}")
    # The telephone of whoever listens next is behind it in the recorder's queue.
    mailbox = Listening(phones.raw("Bob"), "42")
    mailbox.hears(0.5)
    mailbox.call.hang_up()
    assert not folder.exists()


def test_the_password_is_changed_by_telephone(almon, office, phones):  # ADB-213
    bob = phones.raw("Bob")
    mailbox = Listening(bob, "42")
    mailbox.press(ZERO, 5, 7, 7, 7, POUND, 7, 7, 7, POUND)
    assert mailbox.hears(seconds_of("vm-password-on") + 0.3).audible_seconds() > 0.5
    mailbox.call.hung_up()
    for password, opens in (("42", False), ("777", True)):
        mailbox = Listening(bob, password)
        mailbox.press(ZERO, 1, 1)
        heard = mailbox.hears(seconds_of("vm-greeting-record") + 0.25)
        mailbox.call.hang_up()
        beep = max(frame.share(1000) for frame in heard.last(0.3).frames())
        assert (beep > 0.9) == opens, password
