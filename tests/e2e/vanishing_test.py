# SPDX-License-Identifier: GPL-3.0-or-later
"""Phones that vanish without a word: the plug is pulled, the connection breaks. Nobody is left hanging."""
import pytest

from phones.almon import Almon
from phones.conversation import assert_both_hear, connect
from phones.raw_phone import RawCall


@pytest.fixture(scope="module")
def almon(tmp_path_factory):
    """An office that gives a silent party 2 s."""
    office = Almon(tmp_path_factory.mktemp("almon"), "media.timeout=2").start()
    yield office
    office.stop()


def test_a_call_whose_party_vanished_is_ended(phones):
    alice, bob = phones.baresip("Alice"), phones.baresip("Bob")
    connect(alice, bob, "1002")
    bob.vanish()
    assert "reset by peer" in alice.event("CALL_CLOSED", timeout=6)["param"]


def test_a_held_call_is_silent_for_long_and_stands(phones, tap):
    alice, bob = phones.baresip("Alice", tone=440), phones.baresip("Bob", tone=880)
    connect(alice, bob, "1002")
    alice.hold()
    with pytest.raises(AssertionError, match="waited 4"):
        alice.event("CALL_CLOSED", timeout=4)
    alice.resume()
    assert_both_hear(tap, alice, bob, seconds=1.0)


def test_a_phone_whose_connection_is_closed_is_not_rung(phones):
    alice, carol = phones.raw("Alice"), phones.raw("Carol", transport="tcp")
    carol.close()
    assert alice.call("1003").refused().status == 480


def test_a_phone_that_connects_anew_is_rung_once(phones):
    alice, before = phones.raw("Alice"), phones.raw("Carol", transport="tcp")
    before.close()
    carol = phones.raw("Carol", transport="tcp")
    call = alice.call("1003")
    incoming = RawCall.incoming_at(carol)
    incoming.accept()
    call.answered()
    call.hang_up()
    incoming.hung_up()


def test_a_call_survives_the_end_of_the_callers_connection(phones):
    """RFC 3261 section 18.4 and 12.2: the dialog is not the connection; the next request opens another."""
    alice, bob = phones.raw("Alice", transport="tcp"), phones.raw("Bob")
    call = alice.call("1002")
    incoming = RawCall.incoming_at(bob)
    incoming.accept()
    call.answered()
    anew = phones.raw("Alice", transport="tcp", registers=False)
    alice.close()
    bob.expect_nothing("BYE", during=0.3)
    call.phone = anew
    assert call.hang_up().status == 200
    incoming.hung_up()
