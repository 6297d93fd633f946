# SPDX-License-Identifier: GPL-3.0-or-later
"""Voicemail in the page: what a phone has left is told at once, heard, moved and erased; greetings are spoken, uploaded and
erased."""
import os

import pytest

from event_client import user_of
from messages import seconds_of
from phones import rest, window
from phones.almon import binary
from phones.raw_phone import RawCall, media_port
from phones.rest import Rest
from phones.sound import Sound, tone_file
from phones.window import Window

if window.missing(binary()):
    assert os.environ.get("CI") != "true", window.missing(binary())
    pytest.skip(window.missing(binary()), allow_module_level=True)

MESSAGE = "Message from Alice"
BUSY, UNAVAILABLE = "When I am talking", "When I do not answer"


@pytest.fixture(scope="module")
def token(almon) -> str:
    """Of Bob, who has the mailbox 1002 and does not want to be disturbed: calls for him end there."""
    confd = Rest(almon, almon.confd_plain_port, plain=True)
    bob, uuid = almon.person("Bob"), user_of(confd, "Bob")["uuid"]
    box = confd.post("/1.1/voicemails", {"name": "Bob", "number": "1002", "context": "default"})
    assert box.status == 201, box
    assert confd.put(f"/1.1/users/{uuid}/voicemails/{box.json['id']}").status == 204
    assert confd.put(f"/1.1/users/{uuid}/services/dnd", {"enabled": True}).status == 204
    return rest.sign_in(almon, (bob.username, bob.password), "xivo_user")


@pytest.fixture(scope="module")
def bob(almon, token):
    """His page; what a test leaves open the next one leaves behind."""
    person = almon.person("Bob")
    with Window(almon, tone=880) as page:
        page.go()
        page.sign_in(person.username, person.password)
        page.state("connection", "data-state", "registered")
        page.visit("/voicemail")
        yield page


def hears(page, hertz: int) -> None:
    """What began to play just now. On a busy machine a browser leaves out parts of what it plays."""
    sound = page.listen(1.4)
    shares = [sound.between(at / 10, at / 10 + 0.3).share(hertz) for at in range(11)]
    assert max(shares) > 0.9, f"{shares} of the energy is at {hertz} Hz"


def test_a_message_is_told_at_once_heard_moved_and_erased(almon, phones, token, bob):
    bob.state("voicemail", "data-new", "0")
    bob.see("There are no messages here")
    alice = phones.raw("Alice")
    call = alice.call("1002")
    to = media_port(call.answered())
    alice.rtp.listen(seconds_of("vm-person", *(f"digits/{digit}" for digit in "1002"), "vm-busy", "vm-instructions") + 0.55)
    alice.rtp.talk(to, 700, 4.0)
    call.hang_up()
    # Told in whichever view one is, and counted.
    bob.see("From 1001")
    bob.state("voicemail", "data-new", "1")
    bob.see_button("Mark as heard")
    bob.accessible_everywhere("a message")
    bob.press_in(MESSAGE, "Play")
    hears(bob, 700)
    bob.press_in(MESSAGE, "Pause")
    bob.state("player", "data-playing", "false")
    # Skipped with the keyboard.
    bob.key("Tab")
    assert bob.has_focus() == "Position"
    bob.key("Home")
    assert bob.value_in(MESSAGE, "Position") == "0"
    for _ in range(4):
        bob.key("ArrowRight")
    assert bob.value_in(MESSAGE, "Position") == "2"
    bob.key("Shift+Tab")
    bob.key("Enter")
    # Heard to its end it is not new any more.
    bob.state("voice-message", "data-fresh", "false")
    bob.state("voicemail", "data-new", "0")
    program = rest.ctid_ng(almon, token)
    new, old = (program.get(f"/1.0/users/me/voicemails/folders/{folder}").json["messages"] for folder in (1, 2))
    assert new == [] and [message["caller_id_num"] for message in old] == ["1001"]
    bob.press_in(MESSAGE, "Mark as new")
    bob.state("voicemail", "data-new", "1")
    bob.do("choose", "Heard (0)")
    bob.see("There are no messages here")
    bob.do("choose", "New (1)")
    # What is done elsewhere is followed, too.
    assert program.put(f"/1.0/users/me/voicemails/messages/{old[0]['id']}", {"folder_id": 2}).status == 204
    bob.state("voicemail", "data-new", "0")
    bob.do("choose", "All (1)")
    bob.press_in(MESSAGE, "Call back")
    RawCall.incoming_at(alice).refuse(486)
    bob.see("Busy")
    bob.press("Voicemail", "link")
    bob.press_in(MESSAGE, "Delete")
    bob.do("confirm", "Delete")
    bob.see("There are no messages here")
    assert bob.has_focus() == "Messages"
    assert program.get("/1.0/users/me/voicemails/folders/2").json["messages"] == []


def test_a_greeting_is_spoken_in_the_page_and_callers_hear_it(almon, phones, token, bob):
    bob.state("greeting-busy", "data-own", "false")
    bob.press_in(BUSY, "Record")
    bob.level_above(30)
    bob.accessible_everywhere("recording")
    bob.press("Begin to record")
    bob.see("00:02")
    bob.press("Stop")
    bob.do("confirm", "Play")
    hears(bob, 880)
    # What could not be saved is not lost.
    confd = Rest(almon, almon.confd_plain_port, plain=True)
    user = user_of(confd, "Bob")
    assert confd.delete(f"/1.1/users/{user['uuid']}/voicemails").status == 204
    bob.do("confirm", "Save")
    bob.see("You have no voicemail any more.")
    assert confd.put(f"/1.1/users/{user['uuid']}/voicemails/{user['voicemail']['id']}").status == 204
    bob.do("confirm", "Save")
    bob.state("greeting-busy", "data-own", "true")
    alice = phones.raw("Alice")
    call = alice.call("1002")
    call.answered()
    heard = alice.rtp.listen(2.0).sound()
    call.hang_up()
    assert max(heard.between(at, at + 0.4).share(880) for at in (0.3, 0.7, 1.1)) > 0.9
    bob.accessible_everywhere("greetings")


def test_a_greeting_is_uploaded_whatever_kind_of_file_it_is_heard_and_erased(almon, token, bob, tmp_path):
    (tmp_path / "no.wav").write_text("this is no sound")
    bob.file(tmp_path / "no.wav")
    bob.see("The browser cannot play this file.")
    (tmp_path / "words.wav").write_bytes(tone_file(600, 3, rate=44100, channels=2))
    bob.file(tmp_path / "words.wav")
    bob.state("greeting-unavailable", "data-own", "true")
    kept = rest.ctid_ng(almon, token).get("/1.0/users/me/voicemails/greetings/unavailable")
    (tmp_path / "kept.wav").write_bytes(kept.body)
    sound = Sound.read(tmp_path / "kept.wav")
    assert 2.9 < sound.seconds < 3.1 and sound.middle(1.0).share(600) > 0.9
    bob.press_in(UNAVAILABLE, "Play")
    hears(bob, 600)
    bob.press_in(UNAVAILABLE, "Delete")
    bob.do("confirm", "Delete")
    bob.state("greeting-unavailable", "data-own", "false")
    assert rest.ctid_ng(almon, token).get("/1.0/users/me/voicemails/greetings/unavailable").status == 404


def test_who_has_no_voicemail_is_not_offered_one(phones, token):
    carol = phones.window(signed_in_as="Carol")
    carol.miss("Voicemail")
    carol.visit("/voicemail")
    carol.see("You have no voicemail yet")
    assert carol.complaints() == []
