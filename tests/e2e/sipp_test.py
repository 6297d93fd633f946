# SPDX-License-Identifier: GPL-3.0-or-later
"""sipp plays whole calls by script: a stack that nobody here has written, many calls in a row."""
import pathlib
import threading

from phones import loopback
from phones.sipp import play

SCENARIOS = pathlib.Path(__file__).parent / "scenarios"


def test_sipp_calls_a_phone_with_credentials(almon, phones, tmp_path):
    bob, alice = phones.baresip("Bob", answers=True), almon.person("Alice")
    play(SCENARIOS / "caller.xml", almon.address, tmp_path, service="1002", person=alice)
    assert len(bob.seen("CALL_ESTABLISHED")) == 1
    bob.event("CALL_CLOSED")


def test_thirty_calls_at_ten_a_second_all_succeed(almon, tmp_path):
    alice, carol, port = almon.person("Alice"), almon.person("Carol"), loopback.free_port()
    play(SCENARIOS / "register.xml", almon.address, tmp_path, person=carol, port=port)
    (tmp_path / "callee").mkdir()
    callee = threading.Thread(target=play, args=(SCENARIOS / "callee.xml", almon.address, tmp_path / "callee"),
                              kwargs={"calls": 30, "port": port})
    callee.start()
    play(SCENARIOS / "caller.xml", almon.address, tmp_path, service=carol.exten, person=alice, calls=30, rate=10)
    callee.join()
