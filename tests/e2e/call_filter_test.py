# SPDX-License-Identifier: GPL-3.0-or-later
"""Secretaries who take the calls of their boss: switched on by telephone, seen on lamps, heard."""
import pytest

from dialled_code import dial
from exterior import Exterior, call_from, provider
from lamp import Lamp
from phones.conversation import assert_both_hear
from phones.raw_phone import RawCall

BOSS, FIRST, LAST = "Bob", "Carol", "Alice"


@pytest.fixture(scope="module")
def office(almon) -> Exterior:
    return Exterior(almon)


def filtered(office, strategy: str, secretaries: list[str], **fields) -> tuple[dict, list[int]]:
    """A filter of Bob's calls, and what the secretaries' ids are."""
    made = office.make("/callfilters", {"name": strategy, "source": "all", "strategy": strategy, **fields})
    path = f"/callfilters/{made['id']}"
    office.put(f"{path}/recipients/users", {"users": [{"uuid": office.user(BOSS)["uuid"], "timeout": 1}]})
    office.put(f"{path}/surrogates/users", {"users": [{"uuid": office.user(name)["uuid"]} for name in secretaries]})
    members = office.confd.get(path).json()["surrogates"]["users"]
    return made, [member["member_id"] for member in members]


def test_the_secretary_is_heard_once_she_has_switched_the_filter_on(office, phones, tap):
    """ADA-055, ADA-056, ADA-058, ADA-059"""
    made, [carol_is] = filtered(office, "all-surrogates-then-all-recipients", [FIRST], surrogates_timeout=20,
                                caller_id_mode="prepend", caller_id_name="Boss")
    alice, bob = phones.baresip("Alice", tone=440), phones.baresip("Bob", tone=880)
    desk = phones.raw("Carol")
    alice.dial("1002")
    bob.event("CALL_INCOMING")
    alice.hang_up()
    bob.event("CALL_CLOSED")

    dial(desk, f"*37{carol_is}", "boss-filter-on")
    desk.leave()
    carol = phones.baresip("Carol", tone=660)
    alice.dial("1002")
    incoming = carol.event("CALL_INCOMING")
    assert incoming["peerdisplayname"].startswith("Boss - Alice"), incoming
    carol.accept()
    alice.event("CALL_ESTABLISHED")
    assert_both_hear(tap, alice, carol)
    alice.hang_up()
    carol.event("CALL_CLOSED")
    assert len(bob.seen("CALL_INCOMING")) == 1, "Bob's phone is left in peace"
    office.erase(f"/callfilters/{made['id']}")


def test_the_last_of_the_list_rings_first_and_the_boss_before_all(office, almon, phones):
    """ADA-056, ADA-057"""
    switch = provider(almon)
    office.peer("provider", switch.port)
    office.way_in("0155501002", {"type": "user", "user_id": office.user(BOSS)["id"]})
    made, ids = filtered(office, "all-recipients-then-linear-surrogates", ["Carol", "Alice"], surrogates_timeout=1)
    alice, bob, carol = phones.raw("Alice"), phones.raw("Bob"), phones.raw("Carol")
    for phone, member in zip((carol, alice), ids, strict=True):
        dial(phone, f"*37{member}", "boss-filter-on")
    call = call_from(switch, "0155501002")
    for phone in (bob, alice, carol):
        incoming = RawCall.incoming_at(phone)
        incoming.ring()
        cancel = phone.expect("CANCEL")
        phone.respond(cancel, 200, "OK")
        incoming.refuse(487, "Request Terminated")
    assert call.refused(timeout=6).status == 480
    office.erase(f"/callfilters/{made['id']}")


def test_the_lamps_of_boss_and_secretary_agree(office, phones):  # ADA-060
    made, [carol_is] = filtered(office, "all", [FIRST])
    bob, carol = phones.raw("Bob"), phones.raw("Carol")
    lamps = [Lamp(phone, f"*37{carol_is}") for phone in (bob, carol)]
    for lamp in lamps:
        assert lamp.told() == ("full", {})
    dial(bob, f"*37{carol_is}", "boss-filter-on")
    for lamp in lamps:
        assert lamp.told() == ("partial", {"service": ("initiator", "confirmed")})
    dial(carol, f"*37{carol_is}", "boss-filter-off")
    for lamp in lamps:
        assert lamp.told() == ("partial", {"service": ("initiator", "terminated")})
    office.erase(f"/callfilters/{made['id']}")
