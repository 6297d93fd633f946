# SPDX-License-Identifier: GPL-3.0-or-later
"""Codes that users dial: spoken to at once and in full, in force at once, and seen by everybody who looks."""
import time

import pytest

from dialled_code import AT_ONCE, LANGUAGE, dial, listen_to, silent_start, spoken
from exterior import Exterior
from lamp import Lamp
from phones.raw_phone import RawCall, media_port, press


@pytest.fixture(scope="module")
def office(almon) -> Exterior:
    return Exterior(almon)


def state_of(office, path: str = "", firstname: str = "Alice") -> dict:
    return office.confd.get(f"/users/{office.user(firstname)['uuid']}/{path}".rstrip("/")).json()


def test_do_not_disturb_is_switched_and_heard(office, phones):  # INS-102, API-160
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    dial(alice, "*25", "dnd-on")
    assert state_of(office, "services/dnd") == {"enabled": True}
    assert bob.call("1001").refused().status == 486
    dial(alice, "*25", "dnd-off")
    assert state_of(office, "services/dnd") == {"enabled": False}
    call = bob.call("1001")
    RawCall.incoming_at(alice).refuse(486, "Busy Here")
    call.refused()


def test_a_forward_is_set_heard_followed_and_taken_back(office, phones):  # API-160, ADB-203
    alice, bob, carol = phones.raw("Alice"), phones.raw("Bob"), phones.raw("Carol")
    dial(alice, "*211003", "forward-all-on", "digits/1", "digits/0", "digits/0", "digits/3")
    assert state_of(office, "forwards/unconditional") == {"enabled": True, "destination": "1003"}
    call = bob.call("1001")
    RawCall.incoming_at(carol).refuse(486, "Busy Here")
    call.refused()
    dial(alice, "*20", "forward-any-off")
    assert state_of(office, "forwards/unconditional")["enabled"] is False


def test_a_forward_without_a_number_asks_for_it(office, phones):  # ADB-205
    alice = phones.raw("Alice")
    call = alice.call("*23")
    to = media_port(call.answered())
    assert any(alice.rtp.listen(0.5).sound().audible())
    for digit in (1, 0, 0, 2):
        alice.rtp.press(to, digit)
        alice.rtp.listen(0.1)
    quiet = alice.rtp.listen(0.3)
    assert not any(quiet.sound().audible()), "a key interrupts"
    assert call.ask("INFO", body=b"Signal=#\r\nDuration=160\r\n", Content_Type="application/dtmf-relay").status == 200
    seconds = sum(spoken(name).seconds for name in ("forward-busy-on", "digits/1", "digits/0", "digits/0", "digits/2"))
    heard = alice.rtp.listen(seconds + 0.3).sound()
    assert heard.audible_seconds() > 1.5
    call.hung_up()
    assert state_of(office, "forwards/busy") == {"enabled": True, "destination": "1002"}
    dial(alice, "*23", "forward-busy-off")


def test_the_lamps_of_keys_follow_services(office, phones):  # ADB-203, ADB-205
    alice = phones.raw("Alice")
    lamps = {code: Lamp(alice, code) for code in ("*25", "*21", "*211003", "*20")}
    for lamp in lamps.values():
        assert lamp.response.status == 200
        assert lamp.told() == ("full", {})
    dial(alice, "*211002", "forward-all-on", "digits/1", "digits/0", "digits/0", "digits/2")
    lit = {"service": ("initiator", "confirmed")}
    assert lamps["*21"].told() == ("partial", lit)
    assert lamps["*20"].told() == ("partial", lit)
    path = f"/users/{office.user('Alice')['uuid']}"
    changed = time.monotonic()
    office.put(f"{path}/forwards/unconditional", {"enabled": True, "destination": "1003"})
    assert lamps["*211003"].told() == ("partial", lit)
    assert time.monotonic() - changed < 0.5
    office.put(f"{path}/services/dnd", {"enabled": True})
    assert lamps["*25"].told() == ("partial", lit)
    dial(alice, "*25", "dnd-off")
    dial(alice, "*20", "forward-any-off")
    for lamp in lamps.values():
        assert lamp.told() == ("partial", {"service": ("initiator", "terminated")})
    assert Lamp(alice, "*10").response.status == 404, "there is nothing to be seen"


def test_the_language_of_the_user_is_spoken(office, phones):
    office.put(f"/users/{office.user('Alice')['uuid']}", {"language": "fr_FR"})
    alice = phones.raw("Alice")
    dial(alice, "*27", "incall-filter-on", language="fr_FR")
    dial(alice, "*27", "incall-filter-off", language="fr_FR")
    dial(alice, "*10", "your-number", "digits/1", "digits/0", "digits/0", "digits/1", language="fr_FR")
    office.put(f"/users/{office.user('Alice')['uuid']}", {"language": "en_US"})


def test_who_did_it_stands_in_the_history(office, phones):
    alice = phones.raw("Alice")
    dial(alice, "*26", "call-record-on")  # ADB-207
    assert state_of(office)["call_record_enabled"] is True
    dial(alice, "*26", "call-record-off")
    newest = office.confd.get("/history?limit=1").json()["items"][0]
    assert "by telephone" in newest["who"] and newest["who"].startswith("Alice")


def test_a_code_is_moved_and_switched_off(office, phones):
    alice = phones.raw("Alice")
    code = office.one("/extensions/features", "enablednd")
    path = f"/extensions/features/{code['uuid']}"
    office.put(path, {"exten": "*78"})
    dial(alice, "*78", "dnd-on")
    office.put(path, {"exten": "*78", "enabled": False})
    assert alice.call("*78").refused(timeout=12).status == 404
    alice.rtp.listen(0.5)  # what was said meanwhile
    office.put(path, {"exten": "*25", "enabled": True})
    dial(alice, "*25", "dnd-off")


def test_a_ringing_call_is_taken_by_its_number_or_by_colleagues(office, phones):  # ADA-144, ADA-166, ADA-167
    alice, bob, carol = phones.raw("Alice"), phones.raw("Bob"), phones.raw("Carol")

    def alice_calls_bob_and(code: str) -> None:
        call = alice.call("1002")
        ringing = RawCall.incoming_at(bob)
        ringing.ring()
        call.expect(180)
        taken = carol.call(code)
        answer = taken.answered()
        to_alice = media_port(call.answered())
        bob.respond(bob.expect("CANCEL"), 200, "OK")
        ringing.refuse(487, "Request Terminated")
        alice.rtp.talk(to_alice, 440, 0.2)
        carol.rtp.talk(media_port(answer), 880, 0.2)
        alice.rtp.talk(to_alice, 440, 0.5)
        assert carol.rtp.listen(0.1).sound().share(440) > 0.8
        taken.hang_up()
        call.hung_up()

    alice_calls_bob_and("*81002")
    pickup = office.make("/callpickups", {"name": "all"})
    office.put(f"/callpickups/{pickup['id']}/interceptors/users", {"users": [{"uuid": office.user("Carol")["uuid"]}]})
    office.put(f"/callpickups/{pickup['id']}/targets/users", {"users": [{"uuid": office.user("Bob")["uuid"]}]})
    alice_calls_bob_and("*8")


def test_a_password_opens_a_number(office, phones):  # ADA-080
    permission = office.make("/callpermissions", {"name": "colleagues", "mode": "deny", "password": "4321",
                                                  "extensions": ["1002"]})
    path = f"/users/{office.user('Alice')['uuid']}/callpermissions/{permission['id']}"
    office.put(path)
    alice, bob = phones.raw("Alice"), phones.raw("Bob")

    call = alice.call("1002")
    to = media_port(call.answered())
    assert alice.rtp.listen(1.0).sound().audible_seconds() > 0.5
    press(alice, to, "4321#")
    ringing = RawCall.incoming_at(bob)
    ringing.ring()
    assert alice.rtp.listen(1.0).sound().audible_seconds() > 0.3, "the ringing tone"
    ringing.accept()
    ringing.acknowledged()
    call.hang_up()
    ringing.hung_up()

    call = alice.call("1002")
    to = media_port(call.answered())
    for _ in range(3):
        press(alice, to, "999#")
    assert alice.rtp.listen(1.0).sound().audible_seconds() > 0.3
    call.hung_up(timeout=10)
    bob.expect_nothing("INVITE", 0.1)
