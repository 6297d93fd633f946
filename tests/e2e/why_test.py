# SPDX-License-Identifier: GPL-3.0-or-later
"""Every call can explain itself: `almon why` tells the routing steps of a call with the data they used."""
import subprocess
import time

from phones.almon import binary
from phones.raw_phone import RawCall


def why(almon, call: str) -> subprocess.CompletedProcess:
    return subprocess.run([binary(), "why", call, "--data", almon.data], capture_output=True, text=True, timeout=10,
                          check=False)


def call_to(almon, number: str) -> str:
    """The linked id of the call to a number, as soon as its events are in the database."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        calls = almon.query("SELECT linkedid FROM cel WHERE eventtype = 'LINKEDID_END' AND exten = ?", number)
        if calls:
            return calls[-1][0]
        time.sleep(0.05)
    raise AssertionError(f"no call to {number} ended")


def test_an_answered_call_tells_who_rang_and_who_answered(almon, phones):
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    call = alice.call("1002")
    incoming = RawCall.incoming_at(bob)
    incoming.ring()
    incoming.accept()
    call.answered()
    call.hang_up()
    incoming.hung_up()
    told = why(almon, call_to(almon, "1002")).stdout
    assert "1002" in told and "default" in told
    assert str(bob.port) in told, "where it rang"
    assert "answers" in told


def test_an_unknown_number_tells_where_it_was_looked_for(almon, phones):
    alice = phones.raw("Alice")
    call = alice.call("1777")
    call.expect(183)
    call.cancel()
    call.refused()
    told = why(almon, call_to(almon, "1777")).stdout
    assert "1777" in told and "default" in told


def test_a_call_that_never_was_is_refused_in_a_sentence(almon):
    asked = why(almon, "1234567890.99")
    assert asked.returncode != 0
    assert "1234567890.99" in asked.stderr + asked.stdout
