# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups of real phones, and where calls go that nobody takes."""
import pytest

from exterior import Exterior
from phones.conversation import assert_both_hear
from phones.raw_phone import RawCall


@pytest.fixture(scope="module")
def office(almon) -> Exterior:
    return Exterior(almon)


def test_all_members_ring_and_who_answers_is_heard(office, phones, tap):
    """ADA-165, API-105, API-106, API-108"""
    office.group("1500", ["Bob", "Carol"])
    alice, bob, carol = phones.baresip("Alice", tone=440), phones.baresip("Bob", tone=880), phones.raw("Carol")
    alice.dial("1500")
    bob.event("CALL_INCOMING")
    RawCall.incoming_at(carol).ring()
    alice.event("CALL_RINGING")
    bob.accept()
    alice.event("CALL_ESTABLISHED")
    cancel = carol.expect("CANCEL")
    assert "elsewhere" in cancel["Reason"]
    assert_both_hear(tap, alice, bob)
    alice.hang_up()
    bob.event("CALL_CLOSED")


def test_one_after_the_other_and_then_elsewhere(office, phones):
    """API-107, API-108: the members' time, the group's time, and the destination for calls that nobody takes."""
    group = office.group("1501", ["Carol", "Bob"], ring_strategy="linear", user_timeout=1, timeout=4, retry_delay=5)
    office.put(f"/groups/{group['id']}/fallbacks", {"noanswer_destination": {"type": "hangup", "cause": "busy"}})
    alice, bob, carol = phones.raw("Alice"), phones.raw("Bob"), phones.raw("Carol")
    call = alice.call("1501")
    first = RawCall.incoming_at(carol)
    first.ring()
    call.expect(180)
    bob.expect_nothing("INVITE", 0.2)
    carol.respond(carol.expect("CANCEL"), 200, "OK")
    first.refuse(487, "Request Terminated")
    second = RawCall.incoming_at(bob)
    second.ring()
    bob.respond(bob.expect("CANCEL"), 200, "OK")
    second.refuse(487, "Request Terminated")
    assert call.refused(timeout=6).status == 486


def test_a_user_who_does_not_answer_has_a_destination_for_that(office, phones):
    """API-079"""
    bob_is = office.user("Bob")
    office.put(f"/users/{bob_is['uuid']}/fallbacks",
               {"busy_destination": {"type": "user", "user_id": office.user("Carol")["id"]},
                "fail_destination": {"type": "hangup", "cause": "congestion"}})
    alice, carol = phones.raw("Alice"), phones.raw("Carol")
    assert alice.call("1002").refused().status == 503, "Bob has no phone"
    bob = phones.raw("Bob")
    call = alice.call("1002")
    RawCall.incoming_at(bob).refuse(486, "Busy Here")
    incoming = RawCall.incoming_at(carol)
    incoming.accept()
    call.answered()
    incoming.acknowledged()
    call.hang_up()
    incoming.hung_up()
    office.put(f"/users/{bob_is['uuid']}/fallbacks", {})


def test_a_closed_office_says_so(office, phones):
    """ADB-154, ADB-157, ADB-158: a sound is played to the caller, who is answered for it."""
    schedule = office.make("/schedules", {
        "name": "never", "timezone": "Europe/Paris", "closed_destination": {"type": "hangup", "cause": "congestion"},
        "open_periods": [{"hours_start": "00:00", "hours_end": "00:00", "month_days": [31], "months": [2]}]})
    bob_is = office.user("Bob")
    office.put(f"/users/{bob_is['uuid']}/schedules/{schedule['id']}")
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    assert alice.call("1002").refused().status == 503
    bob.expect_nothing("INVITE", 0.1)
    office.erase(f"/schedules/{schedule['id']}")
    call = alice.call("1002")
    RawCall.incoming_at(bob).refuse(486, "Busy Here")
    call.refused()


def test_what_a_permission_forbids_is_declined(office, phones):
    """ADA-074, ADA-075"""
    permission = office.make("/callpermissions", {"name": "no-bob", "extensions": ["100[2-9]"]})
    alice_is = office.user("Alice")
    office.put(f"/users/{alice_is['uuid']}/callpermissions/{permission['id']}")
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    assert alice.call("1002").refused().status == 603
    bob.expect_nothing("INVITE", 0.1)
    office.erase(f"/callpermissions/{permission['id']}")
