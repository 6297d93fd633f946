# SPDX-License-Identifier: GPL-3.0-or-later
"""What a call leaves behind: its chain of events in the table `cel`, kept even if the server is killed right after."""
import time

import pytest

from phones.raw_phone import RawCall


@pytest.fixture
def almon(fresh_almon):
    return fresh_almon


def chain(almon) -> list[str]:
    """The event types of all calls in their order, as soon as the last call has ended in the database."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        events = [row[0] for row in almon.query("SELECT eventtype FROM cel ORDER BY id")]
        if "LINKEDID_END" in events:
            return events
        time.sleep(0.05)
    raise AssertionError(f"the call never ended in cel: {events}")


def talk_and_hang_up(phones) -> None:
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    call = alice.call("1002")
    incoming = RawCall.incoming_at(bob)
    incoming.ring()
    incoming.accept()
    call.answered()
    call.hang_up()
    incoming.hung_up()


def test_an_answered_call_leaves_one_chain(almon, phones):
    talk_and_hang_up(phones)
    events = chain(almon)
    assert events.count("CHAN_START") == 2
    assert events.count("ANSWER") == 2
    assert events.count("HANGUP") == 2
    assert events.count("CHAN_END") == 2
    assert events[-1] == "LINKEDID_END"
    assert len(almon.query("SELECT DISTINCT linkedid FROM cel")) == 1
    assert len(almon.query("SELECT DISTINCT uniqueid FROM cel")) == 2


def test_the_chain_survives_a_kill_right_after_the_call(almon, phones):
    talk_and_hang_up(phones)
    almon.kill()
    almon.start()
    events = chain(almon)
    assert events[-1] == "LINKEDID_END"
    assert events.count("CHAN_START") == 2, "nothing is told twice"


def test_an_unanswered_call_leaves_no_answer(almon, phones):
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    call = alice.call("1002")
    RawCall.incoming_at(bob).refuse(486, "Busy Here")
    call.refused()
    events = chain(almon)
    assert events.count("CHAN_START") == events.count("CHAN_END") == 2
    assert "ANSWER" not in events
