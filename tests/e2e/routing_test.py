# SPDX-License-Identifier: GPL-3.0-or-later
"""How long it rings, how many calls a user takes, and who can reach whom: the office as an administrator shaped it."""
import time

import pytest

from phones.almon import Almon
from phones.raw_phone import RawCall


@pytest.fixture(scope="module")
def almon(tmp_path_factory):
    """Bob's phone rings 2 s and takes one call at a time; Carol has a context of her own, which includes default."""
    office = Almon(tmp_path_factory.mktemp("almon")).start()
    assert office.interrupt() == 0
    office.query("UPDATE users SET ring_seconds = 2, simultaneous_calls = 1 WHERE firstname = 'Bob'")
    office.query("INSERT INTO contexts (id, name, label, type, user_ranges, includes)"
                 " SELECT max(id) + 1, 'annex', 'Annex', 'internal', '[]', '[\"default\"]' FROM contexts")
    office.query("UPDATE lines SET context = 'annex' WHERE id IN (SELECT line_id FROM line_extension JOIN extensions"
                 " ON extension_id = extensions.id WHERE exten = '1003')")
    office.query("UPDATE extensions SET context = 'annex' WHERE exten = '1003'")
    office.start()
    yield office
    office.stop()


def test_nobody_answers_within_the_ring_time(phones):
    """RFC 3261 section 21.4.18: 480 is what the caller gets who may try again later."""
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    start = time.monotonic()
    call = alice.call("1002")
    incoming = RawCall.incoming_at(bob)
    incoming.ring()
    assert call.refused(timeout=6).status == 480
    assert 1.8 < time.monotonic() - start < 3.5
    bob.respond(bob.expect("CANCEL"), 200, "OK")
    incoming.refuse(487)


def test_a_phone_that_does_not_even_answer_is_given_up(phones):
    alice = phones.raw("Alice")
    phones.baresip("Bob").vanish()
    assert alice.call("1002").refused(timeout=6).status == 480


def test_one_call_more_than_the_user_takes_is_busy(phones):
    alice, bob, carol = phones.raw("Alice"), phones.raw("Bob"), phones.raw("Carol")
    first = alice.call("1002")
    at_bob = RawCall.incoming_at(bob)
    at_bob.accept()
    first.answered()
    assert carol.call("1002").refused().status == 486
    first.hang_up()
    at_bob.hung_up()
    second = carol.call("1002")
    again = RawCall.incoming_at(bob)
    again.accept()
    second.answered()
    second.hang_up()
    again.hung_up()


def test_a_number_of_another_context_does_not_exist(phones):
    alice, carol = phones.raw("Alice"), phones.raw("Carol")
    assert alice.call("1003").refused(timeout=20).status == 404
    carol.expect_nothing("INVITE", during=0.1)


def test_a_number_of_an_included_context_is_reached(phones):
    alice, carol = phones.raw("Alice"), phones.raw("Carol")
    call = carol.call("1001")
    incoming = RawCall.incoming_at(alice)
    incoming.accept()
    call.answered()
    call.hang_up()
    incoming.hung_up()
