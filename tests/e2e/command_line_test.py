# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of `almon` in a shell, compared with what real phones do."""
import os
import subprocess

import pytest

from command_line import lines, run, value
from monitoring import scrape, until
from phones.almon import binary
from phones.raw_phone import RawCall
from phones import rest
from manager_client import Manager


@pytest.fixture
def almon(fresh_almon):
    return fresh_almon


def test_a_call_is_seen_while_it_is_up(almon, phones):
    """CTR-003, CTR-006"""
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    assert lines(almon, "core", "show", "channels")[1:] == ["0 active channels", "0 active calls"]
    call = alice.call("1002")
    answering = RawCall.incoming_at(bob)
    answering.ring()
    call.expect(180)
    states = {each["caller_number"]: each["state"] for each in value(almon, "channels")}
    assert states == {"1001": "Ring", "1002": "Ringing"}
    answering.accept()
    call.answered()
    until(lambda: {each["state"] for each in value(almon, "channels")} == {"Up"}, "nobody talks")
    text = lines(almon, "core", "show", "channels")
    assert text[-2:] == ["2 active channels", "1 active call"] and len(text) == 5
    [caller, callee] = value(almon, "channels")
    assert caller["number"] == "1002" and caller["bridge"] == callee["bridge"] != ""
    assert (caller["connected_number"], callee["connected_number"]) == ("1002", "1001")
    status = value(almon, "status")
    figures = scrape(almon)
    assert (status["calls"], status["channels"]) == (1, 2) == (figures("almon_calls"), figures("almon_channels"))
    assert status["phones"] == {"registered": 2, "accounts": 3}
    assert status["status"] == "ok"
    assert "Health:    all is well" in lines(almon, "status")
    call.hang_up()
    answering.hung_up()
    ended = until(lambda: value(almon, "status")["ended"]["answered"], "the call is not over")
    assert ended == 1
    assert any("1002" in line for line in lines(almon, "why", caller["id"]))


def test_a_call_is_made_and_ended(almon, phones):
    """Alice's phone rings, then Bob's; whoever made the call ends it for both."""
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    made = value(almon, "call", "1001", "1002")["id"]
    at_alice = RawCall.incoming_at(alice)
    at_alice.ring()
    assert [each["id"] for each in value(almon, "channels")] == [made]
    at_alice.accept()
    at_bob = RawCall.incoming_at(bob)
    at_bob.accept()
    at_bob.acknowledged()
    until(lambda: len([each for each in value(almon, "channels") if each["state"] == "Up"]) == 2, "nobody talks")
    assert lines(almon, "hangup", made) == [f"{made} has ended"]
    at_alice.hung_up()
    at_bob.hung_up()
    until(lambda: value(almon, "channels") == [], "the call is still there")
    again = run(almon, "hangup", made)
    assert (again.returncode, again.stderr) == (1, f"almon: call: {made} is not up\n")


def test_what_cannot_be_called_is_told(almon):
    for words, reason in ((("call", "4711", "1002"), "from: 4711 is neither a user's number nor a SIP account"),
                          (("call", "1001@nowhere", "1002"), "from: 1001@nowhere is no line"),
                          (("why", "4711.1"), "4711.1"), (("dialplan", "show", "nowhere"), "nowhere does not exist")):
        done = run(almon, *words)
        assert done.returncode == 1 and done.stdout == "" and reason in done.stderr, done


def test_phones_and_numbers_are_shown(almon, phones):
    alice = phones.raw("Alice")
    username = almon.person("Alice").username
    [peer] = [each for each in value(almon, "sip", "show", "peers") if each["name"] == username]
    assert (peer["address"], peer["port"], peer["status"]) == (almon.address[0], str(alice.port), "OK")
    assert sum(line.endswith("OK") for line in lines(almon, "sip", "show", "peers")) == 1
    assert value(almon, "sip", "show", "registry") == value(almon, "registrations") == []
    [context] = value(almon, "dialplan", "show", "default")
    assert {each["number"] for each in context["numbers"]} >= {"1001", "1002", "1003"}
    assert "(Bob)" in next(each["goal"] for each in context["numbers"] if each["number"] == "1002")
    found = value(almon, "dialplan", "show", "1002@default")
    assert found["found"] and any("user" in step for step in found["steps"])
    assert not value(almon, "dialplan", "show", "4711@default")["found"]


def test_a_program_at_the_manager_looks_at_the_same_and_changes_nothing(almon):
    """INS-130"""
    made = rest.confd(almon).post("/1.1/web_services", {"name": "panel", "username": "panel", "password": "words",
                                                        "acl": ["amid.#"]})
    assert made.status == 201
    with Manager(almon, "panel", "words") as manager:
        shown = manager.ask("Command", Command="dialplan show default")
        assert shown["Output"] == lines(almon, "dialplan", "show", "default")
        refused = manager.ask("Command", Command="call 1001 1002")
        assert not refused.success and "No such command" in refused["Output"]
    assert value(almon, "channels") == []


def test_who_may_not_ask_and_what_does_not_run_are_told(almon):
    if os.geteuid() == 0:
        stranger = run(almon, "status", user="nobody", cwd="/")
        assert stranger.returncode == 1
        assert "only root and the user whom almon runs as may ask it" in stranger.stderr
    almon.interrupt()
    done = run(almon, "status")
    assert done.returncode == 3
    assert done.stderr == f"almon: almon is not running, or has its data elsewhere than in {almon.data} (--data)\n"


def test_bash_completes(tmp_path):
    (tmp_path / "two words").mkdir()
    script = 'source <("$1" completion); COMP_WORDS=("${@:2}"); COMP_CWORD=$(($# - 2)); _almon; printf "%s\\n" "${COMPREPLY[@]}"'

    def completed(*words: str) -> list[str]:
        done = subprocess.run(["bash", "-c", script, "bash", binary(), "almon", *words], capture_output=True,
                              text=True, check=True)
        assert done.stderr == ""
        return done.stdout.splitlines()

    assert completed("sta") == ["status"]
    assert completed("sip", "show", "") == ["peers", "registry", "--help"]
    assert completed("core", "show", "channels", "co") == ["concise", "count"]
    assert completed("channels", "--j") == ["--json"]
    assert completed("call", "1001", "1002", "--js") == ["--json"]
    assert completed("status", "--data", f"{tmp_path}/tw") == [f"{tmp_path}/two words"]
