# SPDX-License-Identifier: GPL-3.0-or-later
"""Paging: phones that answer by themselves hear who speaks to them all."""
import pytest

from exterior import Exterior
from phones.conversation import assert_hears_others, heard_by
from phones.raw_phone import RawCall


@pytest.fixture(scope="module")
def office(almon) -> Exterior:
    return Exterior(almon)


def paging(office, number: str, **fields) -> None:
    made = office.make("/pagings", {"number": number, "name": f"page{number}", **fields})
    office.put(f"/pagings/{made['id']}/members/users",
               {"users": [{"uuid": office.user(name)["uuid"]} for name in ("Bob", "Carol")]})


def test_phones_are_asked_to_answer_as_each_maker_knows_it(office, phones):
    """ADB-079, INS-144: a number of digits alone, behind *11."""
    paging(office, "601", caller_notification=False)
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    call = alice.call("*11601")
    call.answered()
    incoming = RawCall.incoming_at(bob)
    assert incoming.invite["Answer-Mode"] == "Auto"
    assert incoming.invite["Call-Info"].endswith(";answer-after=0")
    assert "info=alert-autoanswer" in incoming.invite["Alert-Info"]
    assert "1001" in incoming.invite["From"]
    incoming.accept()
    incoming.acknowledged()
    call.hang_up()
    incoming.hung_up()
    refused = office.confd.post("/pagings", {"number": "*58"})
    assert refused.status == 400


@pytest.mark.parametrize("duplex", [False, True])
def test_all_hear_who_speaks_and_are_heard_where_they_may(office, phones, tap, duplex):
    """ADB-079, ADB-080"""
    number = "603" if duplex else "602"
    paging(office, number, duplex=duplex)
    alice = phones.baresip("Alice", tone=440)
    bob = phones.baresip("Bob", tone=880, answers=True)
    carol = phones.baresip("Carol", tone=1320, answers=True)
    alice.dial(f"*11{number}")
    for phone in (alice, bob, carol):
        phone.event("CALL_ESTABLISHED")
    if duplex:
        assert_hears_others(tap, bob, alice, carol)
        assert_hears_others(tap, alice, bob, carol)
    else:
        assert_hears_others(tap, bob, alice)
        assert_hears_others(tap, carol, alice)
        assert heard_by(tap, alice).audible_seconds() == 0
    alice.hang_up()
    for phone in (bob, carol):
        phone.event("CALL_CLOSED")
