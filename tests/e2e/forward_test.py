# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls that go where their user has sent them, as the interface is told."""
import contextlib

from api import sign_in
from phones.conversation import assert_both_hear
from phones.raw_phone import RawCall


@contextlib.contextmanager
def set_for_bob(almon, path: str, body: dict):
    """In force from the answer on; taken back afterwards, as the office is shared."""
    confd = sign_in(almon)
    bob = next(user for user in confd.get("/users?search=Bob").json()["items"])
    assert confd.put(f"/users/{bob['uuid']}/{path}", body).status == 204
    yield
    assert confd.put(f"/users/{bob['uuid']}/{path}", {**body, "enabled": False}).status == 204


def test_all_calls_go_to_carol_and_both_hear_each_other(almon, phones, tap):  # API-078
    alice, carol = phones.baresip("Alice", tone=440), phones.baresip("Carol", tone=880)
    bob = phones.raw("Bob")
    with set_for_bob(almon, "forwards/unconditional", {"enabled": True, "destination": "1003"}):
        alice.dial("1002")
        carol.event("CALL_INCOMING")
        carol.accept()
        alice.event("CALL_ESTABLISHED")
        carol.event("CALL_ESTABLISHED")
        assert_both_hear(tap, alice, carol)
        alice.hang_up()
        bob.expect_nothing("INVITE", 0.1)


def test_a_call_that_bob_declines_rings_at_carol(almon, phones):  # API-078
    alice, bob, carol = phones.raw("Alice"), phones.raw("Bob"), phones.raw("Carol")
    with set_for_bob(almon, "forwards/busy", {"enabled": True, "destination": "1003"}):
        call = alice.call("1002")
        RawCall.incoming_at(bob).refuse(486, "Busy Here")
        incoming = RawCall.incoming_at(carol)
        incoming.accept()
        call.answered()
        incoming.acknowledged()
        call.hang_up()
        incoming.hung_up()


def test_who_does_not_want_to_be_disturbed_is_busy(almon, phones):  # API-077
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    with set_for_bob(almon, "services/dnd", {"enabled": True}):
        assert alice.call("1002").refused().status == 486
        bob.expect_nothing("INVITE", 0.1)
    call = alice.call("1002")
    RawCall.incoming_at(bob).refuse(486, "Busy Here")
    call.refused()
