# SPDX-License-Identifier: GPL-3.0-or-later
"""Phones register for as long as agreed, are found where they are, and nobody registers for somebody else."""
import pytest

from phones.baresip import Baresip
from phones.raw_phone import RawCall
from phones.sip_message import parameter


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_phone_registers_for_as_long_as_it_asks(phones, transport):
    phone = phones.raw("Alice", transport=transport, registers=False)
    response = phone.register(expires=120)
    assert response.status == 200
    mine = next(contact for contact in response.all("Contact") if str(phone.port) in contact)
    assert 115 < int(parameter(mine, "expires")) <= 120


def test_a_wrong_password_stays_unregistered(almon, phones, tmp_path):
    bob = almon.person("Bob")
    with Baresip(tmp_path / "thief", "thief", server=almon.address, username=bob.username, password="guessed") as thief:
        assert thief.event("REGISTER_FAIL")["param"].split()[0] in ("401", "403")
    assert phones.raw("Alice").call("1002").refused().status == 480


def test_an_unknown_user_learns_no_more_than_one_with_a_wrong_password(phones):
    nobody = phones.raw("Alice", registers=False)
    nobody.username, nobody.password = "nobody", "guessed"
    unknown = nobody.register()
    known = phones.raw("Alice", registers=False).register(password="guessed")
    assert (unknown.status, unknown.start_line) == (known.status, known.start_line)
    assert unknown.status in (401, 403)


def test_one_user_cannot_register_as_another(almon, phones):
    alice = phones.raw("Alice", registers=False)
    request = alice.request("REGISTER", to=f"<sip:{almon.person('Bob').username}@{alice.domain}>", Expires="60")
    assert alice.ask(alice.authorized(request)).status in (401, 403, 404)


def test_an_answer_to_a_challenge_counts_once(phones):
    """RFC 7616 section 3.4: the nonce count is there against replays."""
    phone = phones.raw("Alice", registers=False)
    request = phone.authorized(phone.request("REGISTER", to=f"<sip:{phone.username}@{phone.domain}>", Expires="60"))
    assert phone.ask(request).status == 200
    request.set("Via", phone.via()).set("CSeq", "7 REGISTER").set("Call-ID", "replayed")
    assert phone.ask(request).status == 401


def test_a_phone_that_leaves_is_not_rung(phones):
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    assert bob.register(expires=0).status == 200
    assert alice.call("1002").refused().status == 480


def test_a_star_removes_every_contact(phones):
    """RFC 3261 section 10.2.2."""
    alice, first, second = phones.raw("Alice"), phones.raw("Bob"), phones.raw("Bob")
    assert second.register(expires=0, Contact="*").status == 200
    assert alice.call("1002").refused().status == 480
    assert first.register().status == 200


def test_too_short_a_registration_is_refused_with_the_least_that_is_taken(phones):
    """RFC 3261 section 10.2.8."""
    phone = phones.raw("Alice", registers=False)
    response = phone.register(expires=1)
    assert response.status == 423
    assert int(response["Min-Expires"]) > 1


def test_a_phone_is_reached_where_it_really_is(phones):
    """RFC 3581: behind NAT the address in Contact leads nowhere, the one that REGISTER came from does."""
    alice, bob = phones.raw("Alice"), phones.raw("Bob", registers=False)
    response = bob.register(Contact=f"<sip:{bob.username}@192.0.2.1:9>")
    assert response.status == 200
    assert parameter(response["Via"], "rport") == str(bob.port)
    call = alice.call("1002")
    RawCall.incoming_at(bob).refuse(486, "Busy Here")
    assert call.refused().status == 486
