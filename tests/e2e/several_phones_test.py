# SPDX-License-Identifier: GPL-3.0-or-later
"""Bob has two phones: both ring, the first answer wins, the other is told that the call was taken elsewhere."""
from phones.raw_phone import RawCall


def ringing_at(*bobs):
    calls = [RawCall.incoming_at(bob) for bob in bobs]
    for call in calls:
        call.ring()
    return calls


def test_the_first_answer_wins_and_the_other_hears_why(phones):
    """RFC 3326: Reason in CANCEL keeps the call out of the list of missed calls."""
    alice, desk, mobile = phones.raw("Alice"), phones.raw("Bob"), phones.raw("Bob", transport="tcp")
    call = alice.call("1002")
    at_desk, at_mobile = ringing_at(desk, mobile)
    at_mobile.accept()
    call.answered()
    cancel = desk.expect("CANCEL")
    assert "cause=200" in cancel["Reason"]
    assert "Call completed elsewhere" in cancel["Reason"]
    desk.respond(cancel, 200, "OK")
    at_desk.refuse(487, "Request Terminated")
    assert call.hang_up().status == 200
    at_mobile.hung_up()


def test_an_answer_that_comes_too_late_is_acknowledged_and_ended(phones):
    """RFC 3261 section 13.2.2.4 and 9.1: CANCEL and 200 may cross."""
    alice, desk, mobile = phones.raw("Alice"), phones.raw("Bob"), phones.raw("Bob")
    call = alice.call("1002")
    at_desk, at_mobile = ringing_at(desk, mobile)
    at_mobile.accept()
    call.answered()
    desk.expect("CANCEL")
    at_desk.accept()
    at_desk.acknowledged()
    at_desk.hung_up()
    call.hang_up()
    at_mobile.hung_up()


def test_one_busy_phone_does_not_stop_the_other(phones):
    alice, desk, mobile = phones.raw("Alice"), phones.raw("Bob"), phones.raw("Bob")
    call = alice.call("1002")
    at_desk, at_mobile = ringing_at(desk, mobile)
    at_desk.refuse(486, "Busy Here")
    at_mobile.accept()
    call.answered()
    call.hang_up()
    at_mobile.hung_up()


def test_a_person_who_declines_stops_all_phones(phones):
    """RFC 3261 section 16.7: a 6xx speaks for the person, not for the phone."""
    alice, desk, mobile = phones.raw("Alice"), phones.raw("Bob"), phones.raw("Bob")
    call = alice.call("1002")
    at_desk, at_mobile = ringing_at(desk, mobile)
    at_desk.refuse(603, "Decline")
    mobile.respond(mobile.expect("CANCEL"), 200, "OK")
    at_mobile.refuse(487)
    assert call.refused().status == 603


def test_a_caller_who_gives_up_stops_all_phones(phones):
    alice, desk, mobile = phones.raw("Alice"), phones.raw("Bob"), phones.raw("Bob")
    call = alice.call("1002")
    calls = ringing_at(desk, mobile)
    call.expect(180)
    call.cancel()
    assert call.refused().status == 487
    for phone, incoming in zip((desk, mobile), calls):
        phone.respond(phone.expect("CANCEL"), 200, "OK")
        incoming.refuse(487, "Request Terminated")


def test_a_phone_that_is_switched_off_does_not_delay_the_others(phones):
    alice, dead, alive = phones.raw("Alice"), phones.baresip("Bob"), phones.raw("Bob")
    dead.vanish()
    call = alice.call("1002")
    incoming = RawCall.incoming_at(alive, timeout=1)
    incoming.ring()
    call.expect(180, timeout=1)
    incoming.accept()
    call.answered()
    call.hang_up()
    incoming.hung_up()


def test_two_real_phones_of_one_user(phones):
    alice, desk, mobile = phones.baresip("Alice"), phones.baresip("Bob"), phones.baresip("Bob")
    alice.dial("1002")
    desk.event("CALL_INCOMING")
    mobile.event("CALL_INCOMING")
    desk.accept()
    alice.event("CALL_ESTABLISHED")
    mobile.event("CALL_CLOSED", timeout=2)
    assert not mobile.seen("CALL_ESTABLISHED")
