# SPDX-License-Identifier: GPL-3.0-or-later
"""What survives: a killed server finds its phones again at once, one that is stopped says goodbye."""
import json
import stat

import pytest

from phones.conversation import connect
from phones.raw_phone import RawCall


@pytest.fixture
def almon(fresh_almon):
    return fresh_almon


def test_a_stored_registration_is_reachable_at_once_after_kill(almon, phones):
    bob, alice = phones.baresip("Bob"), phones.raw("Alice", registers=False)
    registrations = bob.trace().count("REGISTER sip:")
    almon.kill()
    almon.start()
    call = alice.call("1002")
    bob.event("CALL_INCOMING", timeout=3)
    bob.accept()
    call.answered()
    assert bob.trace().count("REGISTER sip:") == registrations
    call.hang_up()


def test_an_unregistered_phone_stays_unreachable_after_kill(almon, phones):
    bob, alice = phones.raw("Bob"), phones.raw("Alice", registers=False)
    assert bob.register(expires=0).status == 200
    almon.kill()
    almon.start()
    assert alice.call("1002").refused().status == 480


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_ctrl_c_ends_established_calls_on_both_sides(almon, phones, transport):
    alice, bob = phones.baresip("Alice", transport=transport), phones.baresip("Bob", transport=transport)
    connect(alice, bob, "1002")
    assert almon.interrupt() == 0
    assert "reset by peer" in alice.event("CALL_CLOSED")["param"]
    assert "reset by peer" in bob.event("CALL_CLOSED")["param"]


def test_ctrl_c_ends_ringing_calls_on_both_sides(almon, phones):
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    call = alice.call("1002")
    incoming = RawCall.incoming_at(bob)
    incoming.ring()
    call.expect(180)
    almon.begin_to_stop()
    refusal = call.refused()
    assert 480 <= refusal.status <= 503
    bob.respond(bob.expect("CANCEL"), 200, "OK")
    incoming.refuse(487)
    assert almon.wait() == 0


def test_ctrl_c_without_a_call_is_quick(almon):
    assert almon.interrupt() == 0


def test_the_demo_office_keeps_its_people_and_passwords(almon):
    demo = almon.data / "demo.json"
    before = demo.read_text()
    people = json.loads(before)["users"]
    assert [(user["firstname"], user["exten"]) for user in people] == [
        ("Alice", "1001"), ("Bob", "1002"), ("Carol", "1003")]
    assert all(len(user["sip_password"]) >= 8 for user in people)
    assert len({user["sip_password"] for user in people}) == 3
    assert stat.S_IMODE(demo.stat().st_mode) == 0o600
    almon.stop()
    almon.start()
    assert demo.read_text() == before


def test_the_start_says_what_two_softphones_need(almon):
    for firstname in ("Alice", "Bob"):
        person = almon.person(firstname)
        assert person.username in almon.output()
        assert person.password in almon.output()
