# SPDX-License-Identifier: GPL-3.0-or-later
"""Who finds a colleague busy dials *40, and both telephones ring once they are free."""
import pytest

from dialled_code import dial
from exterior import Exterior
from phones.conversation import assert_both_hear
from phones.raw_phone import RawCall


@pytest.fixture(scope="module")
def office(almon) -> Exterior:
    return Exterior(almon)


def test_both_talk_once_the_colleague_has_hung_up(office, phones, tap):
    """ADA-062, ADA-063"""
    alice = phones.baresip("Alice", tone=440)
    bob = phones.baresip("Bob", tone=880)
    carol = phones.baresip("Carol", tone=660, answers=True)
    bob.dial("1003")
    bob.event("CALL_ESTABLISHED")
    alice.dial("1002")
    bob.event("CALL_INCOMING")
    bob.hang_up()  # the call that rings is declined
    alice.event("CALL_CLOSED")
    alice.dial("*40")
    alice.event("CALL_ESTABLISHED")
    alice.event("CALL_CLOSED")
    bob.hang_up()
    bob.event("CALL_CLOSED")
    alice.event("CALL_INCOMING")
    alice.accept()
    bob.event("CALL_INCOMING")
    bob.accept()
    bob.event("CALL_ESTABLISHED")
    assert_both_hear(tap, alice, bob)
    alice.hang_up()
    carol.stop()


def test_it_is_said_what_the_code_has_done(office, phones):
    """ADA-063, ADA-064, ADA-066, ADA-068, ADA-073: an idle colleague must have one more call."""
    alice, bob, carol = phones.raw("Alice"), phones.raw("Bob"), phones.raw("Carol")
    dial(alice, "*40", "completion-refused")
    call = alice.call("1002")
    RawCall.incoming_at(bob).refuse(486, "Busy Here")
    assert call.refused().status == 486
    dial(alice, "*40", "completion-on")
    dial(alice, "*40", "completion-off")

    call = alice.call("1002")
    incoming = RawCall.incoming_at(bob)
    incoming.ring()
    call.expect(180)
    call.cancel()
    bob.respond(bob.expect("CANCEL"), 200, "OK")
    incoming.refuse(487, "Request Terminated")
    assert call.refused().status == 487
    dial(alice, "*40", "completion-on")
    alice.expect_nothing("INVITE", 1.5)
    talk = carol.call("1002")
    answered = RawCall.incoming_at(bob)
    answered.accept()
    talk.answered()
    answered.acknowledged()
    talk.hang_up()
    answered.hung_up()
    recalled = RawCall.incoming_at(alice)
    assert "1002" in recalled.invite["From"]
    recalled.accept()
    recalled.acknowledged()
    again = RawCall.incoming_at(bob)
    assert "1001" in again.invite["From"]
    again.accept()
    again.acknowledged()
    recalled.hang_up()
    again.hung_up()

    office.put(f"/users/{office.user('Bob')['uuid']}/forwards/unconditional", {"enabled": True, "destination": "1003"})
    call = alice.call("1002")
    RawCall.incoming_at(carol).refuse(486, "Busy Here")
    assert call.refused().status == 486
    dial(alice, "*40", "completion-refused")
