# SPDX-License-Identifier: GPL-3.0-or-later
"""The dialplan that administrators write in files: what callers hear, whom they reach, and what happens to mistakes.
Each sound is a tone of its own frequency."""
import pytest

from command_line import lines, run, value
from exterior import Exterior, call_from, provider
from monitoring import until
from phones.almon import Almon
from phones.raw_phone import RawCall, media_port, press
from phones.sound import tone_file

TONES = {"welcome": 500, "choices": 700, "submenu": 800, "invalid": 900, "error": 1100}
SECONDS = 0.4

MENU = """
[dp-ivr-example]

exten = s,1,NoOp(### dp-ivr-example.conf ###)
same = n,Set(IVR_DESTINATION_CONTEXT=my-ivr-destination-context)
same = n,Set(GV_DIRECTORY_SOUNDS={sounds})
same = n,Answer(100)
same = n(first),Playback(${{GV_DIRECTORY_SOUNDS}}/welcome)
same = n(beginning),Set(counter=0)
same = n(start),Set(counter=${{counter}} + 1)
same = n,Wait(0.1)
same = n,Background(${{GV_DIRECTORY_SOUNDS}}/choices)
same = n,Waitexten(1)

;##### CHOICES #####
exten = 1,1,Goto(${{IVR_DESTINATION_CONTEXT}},8000,1)
exten = 3,1,Goto(dp-ivr-submenu,s,1)
exten = 4,1,NoOp(pressed digit is 4, redirect to start label in this context)
exten = 4,n,Goto(s,start)
exten = t,1,NoOp(no digit pressed, process it like an error)
exten = t,n,Goto(i,1)
exten = i,1,NoOp(if counter variable is 3 or more, then goto label "error")
exten = i,n,GotoIf(${{counter}}>=3?error)
exten = i,n,Playback(${{GV_DIRECTORY_SOUNDS}}/invalid)
exten = i,n,Goto(s,start)
exten = i,n(error),Playback(${{GV_DIRECTORY_SOUNDS}}/error)
exten = i,n,Hangup()

[dp-ivr-submenu]
exten = s,1,Answer(100)
same = n(beginning),Set(counter=0)
same = n,Background(${{GV_DIRECTORY_SOUNDS}}/submenu)
same = n,Waitexten(1)
exten = 1,1,Goto(${{IVR_DESTINATION_CONTEXT}},8001,1)
exten = 3,1,Goto(dp-ivr-example,s,beginning)

[my-ivr-destination-context]
exten = 8000,1,Goto(default,1002,1)
exten = 8001,1,Goto(default,1003,1)
"""
EXTRA = "[xivo-extrafeatures]\nexten => 8899,1,Goto(dp-ivr-example,s,1)\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("written") / "extensions_extra.d"
    folder.mkdir()
    for name, hertz in TONES.items():
        (folder.parent / f"{name}.wav").write_bytes(tone_file(hertz, SECONDS))
    (folder / "dp-ivr-example.conf").write_text(MENU.format(sounds=folder.parent))
    (folder / "xivo-extrafeatures.conf").write_text(EXTRA)
    (folder.parent / "xivo_globals.conf").write_text(
        "; Global Preprocess subroutine\nXIVO_PRESUBR_GLOBAL_ENABLE = 1\nXIVO_PRESUBR_GLOBAL_USER = xivo-subrgbl-user\n")
    return folder


@pytest.fixture(scope="module")
def almon(folder, tmp_path_factory):
    office = Almon(tmp_path_factory.mktemp("almon"), f"dialplan.directory={folder}",
                   f"dialplan.globals={folder.parent / 'xivo_globals.conf'}").start()
    yield office
    office.stop()


@pytest.fixture(scope="module")
def office(almon) -> Exterior:
    office = Exterior(almon)
    office.way_in("0123456789", {"type": "custom", "command": "Goto(dp-ivr-example,s,1)"})
    return office


@pytest.fixture
def outside(almon, office, request):
    switch = provider(almon)
    office.peer(request.node.name[:30], switch.port)
    yield switch
    switch.close()


def heard(phone, seconds: float) -> list[str]:
    return phone.rtp.listen(seconds).sound().names_of(TONES)


def save(almon, folder, name: str, text: str) -> None:
    """As an editor does it; what it says is in force soon."""
    (folder / f"{name}.new").write_text(text)
    (folder / f"{name}.new").rename(folder / f"{name}.conf")
    shown = text.split("]")[0].strip("[")
    until(lambda: run(almon, "dialplan", "show", shown).returncode == 0, f"{shown} is not in force")


def test_a_caller_from_outside_hears_the_menu_and_reaches_somebody(outside, phones):
    """ADB-048, ADB-050, ADB-053, ADB-056"""
    bob = phones.raw("Bob")
    call = call_from(outside, "0123456789")
    to = media_port(call.answered())
    assert heard(outside, 0.1 + 2 * SECONDS + 0.5) == ["welcome", "choices"]
    press(outside, to, "1")
    ringing = RawCall.incoming_at(bob)
    ringing.accept()
    ringing.acknowledged()
    outside.rtp.talk(to, 600, 0.2)
    assert bob.rtp.listen(0.1).sound().share(600) > 0.8
    call.hang_up()
    ringing.hung_up()


def test_three_tries_and_the_menu_gives_up(outside):
    """ADB-049"""
    call = call_from(outside, "0123456789")
    to = media_port(call.answered())
    assert heard(outside, 0.1 + 2 * SECONDS + 0.4) == ["welcome", "choices"]
    press(outside, to, "9")
    assert heard(outside, 2 * SECONDS + 0.5) == ["invalid", "choices"]
    assert "invalid" in heard(outside, 1.0 + SECONDS + 0.2), "no key is a try, too"
    press(outside, to, "8")
    assert heard(outside, SECONDS + 0.9)[-1:] == ["error"]
    call.hung_up()


def test_a_phone_inside_dials_the_menu_and_its_submenu(phones):
    """ADB-051, ADB-052, ADB-054"""
    alice, carol = phones.raw("Alice"), phones.raw("Carol")
    call = alice.call("8899")
    to = media_port(call.answered())
    assert heard(alice, 0.1 + 2 * SECONDS + 0.4) == ["welcome", "choices"]
    press(alice, to, "3")
    assert heard(alice, SECONDS + 0.3) == ["submenu"]
    press(alice, to, "3")
    assert heard(alice, SECONDS + 0.4)[-1:] == ["choices"], "the welcome is not heard again"
    press(alice, to, "3")
    assert heard(alice, SECONDS + 0.2)[-1:] == ["submenu"]
    press(alice, to, "1")
    RawCall.incoming_at(carol).refuse(486, "Busy Here")
    call.hang_up()


def test_what_is_saved_is_in_force_at_once(almon, folder, phones):
    """ADB-039, ADB-058, ADA-163"""
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    save(almon, folder, "pbx", "[from-pbx]\nexten = _X.,1,NoOp(### ${CARLLERID(num)} towards ${EXTEN} ###)\n"
                               "exten = _X.,n,Goto(default,${EXTEN:1},1)\n")
    save(almon, folder, "more", "[more]\nexten = 1,1,NoOp()\n[xivo-extrafeatures]\nexten = _9XXXX,1,Goto(from-pbx,${EXTEN},1)\n")
    call = alice.call("91002")
    ringing = RawCall.incoming_at(bob)
    ringing.ring()
    call.expect(180)
    why = "\n".join(lines(almon, "why", value(almon, "channels")[0]["id"]))
    assert "91002@xivo-extrafeatures is written in more.conf, line 4" in why
    assert "there is no function CARLLERID" in why, "which does not end the call"
    assert "leaves the dialplan for 1002@default" in why
    call.cancel()


def test_a_mistake_is_named_and_what_was_in_force_stays(almon, folder, phones):
    alice = phones.raw("Alice")
    broken = folder / "broken.conf"
    broken.write_text("[broken]\nexten = s,1,NoOp()\nsame = n,Playback(${GV}\nsame = x,Hangup\n")
    done = run(almon, "dialplan", "reload")
    assert done.returncode == 1 and done.stdout == ""
    assert "broken.conf, line 3: the bracket behind Playback is not closed" in done.stderr
    assert "broken.conf, line 4: a priority is expected, not \"x\"" in done.stderr
    assert run(almon, "dialplan", "show", "broken").returncode == 1
    call = alice.call("8899")
    call.answered()
    assert heard(alice, 0.1 + SECONDS + 0.2)[:1] == ["welcome"]
    call.hang_up()
    broken.unlink()
    assert lines(almon, "dialplan", "reload")[0].startswith("In force: ")


def test_subroutines_run_before_a_users_phones_ring(almon, office, folder, phones):
    """API-207, API-209, ADA-163"""
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    save(almon, folder, "all", "[xivo-subrgbl-user]\nexten = s,1,Set(FIRST=all ${XIVO_SRCNUM})\nsame = n,Return()\n")
    save(almon, folder, "myexample", "[myexample]\nexten = s,1,Set(CALLERID(name)=${FIRST} to ${XIVO_DSTNUM})\nsame = n,Return()\n")
    user = office.user("Bob")
    office.put(f"/users/{user['id']}", {"preprocess_subroutine": "myexample"})
    call = alice.call("1002")
    ringing = RawCall.incoming_at(bob)
    assert '"all 1001 to 1002"' in ringing.invite["From"]
    ringing.accept()
    call.answered()
    call.hang_up()
    ringing.hung_up()
    office.put(f"/users/{user['id']}", {"preprocess_subroutine": None})
    (folder / "all.conf").unlink()
    until(lambda: run(almon, "dialplan", "show", "xivo-subrgbl-user").returncode == 1, "it is still in force")


def test_dial_goes_on_where_nobody_answers(almon, folder, phones):
    """DIALSTATUS tells the script why, and a sound tells the caller."""
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    account = value(almon, "sip", "show", "peers")
    bobs = next(each["name"] for each in account if each["name"] == bob.username)
    save(almon, folder, "hunt", f"[hunt]\nexten = s,1,Dial(SIP/{bobs},1)\nsame = n,GotoIf($[\"${{DIALSTATUS}}\" = \"NOANSWER\"]?away)\n"
                                f"same = n,Busy()\nsame = n(away),Playback({folder.parent}/error)\nsame = n,Hangup()\n"
                                "[xivo-extrafeatures]\nexten = 77,1,Goto(hunt,s,1)\n")
    call = alice.call("77")
    ringing = RawCall.incoming_at(bob)
    ringing.ring()
    media_port(call.answered())
    assert heard(alice, SECONDS + 0.3) == ["error"]
    call.hung_up()
