# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls of the past, as people remember them: over REST (ADA-084, ADA-085) and by command (ADA-082, ADA-086)."""
import csv
import datetime
import io
import subprocess
import time

import pytest

from phones import rest
from phones.almon import binary
from phones.raw_phone import RawCall


@pytest.fixture
def almon(fresh_almon):
    return fresh_almon


@pytest.fixture
def confd(almon):
    return rest.confd(almon)


def ring_bob(alice, bob, seconds_of_talk: float | None = None) -> None:
    """Alice calls Bob, who refuses unless there are seconds to talk for."""
    call = alice.call("1002")
    incoming = RawCall.incoming_at(bob)
    if seconds_of_talk is None:
        incoming.refuse(486, "Busy Here")
        call.refused()
        return
    incoming.ring()
    incoming.accept()
    call.answered()
    bob.expect_nothing("BYE", during=seconds_of_talk)
    call.hang_up()
    incoming.hung_up()


def logged(confd, count: int, query: str = "") -> list[dict]:
    """The lines of the log, as soon as there are so many."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        answer = confd.get("/1.1/call_logs" + query, headers={"Accept": "text/csv"})
        assert answer.status == 200 and answer.headers["Content-Type"] == "text/csv; charset=utf-8", answer
        assert answer.body.startswith(b"Call Date,Caller,Called,Period,user Field\r\n")
        lines = list(csv.DictReader(io.StringIO(answer.body.decode())))
        if len(lines) == count:
            return lines
        time.sleep(0.05)
    raise AssertionError(f"{len(lines)} calls are in the log, not {count}")


def set_alice(confd, **fields) -> None:
    [user] = confd.get("/1.1/users?search=Alice").json["items"]
    assert confd.put(f"/1.1/users/{user['id']}", fields).status == 204


# INS-126
def test_calls_are_in_the_log_as_soon_as_they_have_ended(almon, phones, confd):
    set_alice(confd, userfield="sales, north")
    [endpoint] = confd.get(f"/1.1/endpoints/sip?search={almon.person('Alice').username}").json["items"]
    options = [*endpoint["options"], ["accountcode", "4711"]]
    assert confd.put(f"/1.1/endpoints/sip/{endpoint['id']}", {"options": options}).status == 204
    before = datetime.datetime.now().replace(microsecond=0)
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    ring_bob(alice, bob, seconds_of_talk=1.2)
    ring_bob(alice, bob)
    answered, refused = logged(confd, 2)
    assert answered["Caller"] == 'Alice (1001)' and answered["Called"] == "1002"
    assert answered["Period"] == "1" and refused["Period"] == "0"
    assert answered["user Field"] == "sales, north"
    begun = datetime.datetime.strptime(answered["Call Date"], "%Y-%m-%dT%H:%M:%S")
    assert before <= begun <= datetime.datetime.now()
    assert {row for row in almon.query("SELECT accountcode, userfield FROM cel WHERE exten = '1002'")} \
        == {("4711", "sales, north")}

    # ADA-083: no start, all; a start alone, until now
    assert logged(confd, 2, f"?start_date={before:%Y-%m-%dT%H:%M:%S}")
    assert logged(confd, 0, f"?end_date={before:%Y-%m-%dT%H:%M:%S}") == []
    tomorrow = before + datetime.timedelta(days=1)
    assert logged(confd, 0, f"?start_date={tomorrow:%Y-%m-%dT%H:%M:%S}") == []
    wrong = confd.get("/1.1/call_logs?start_date=yesterday", headers={"Accept": "text/csv"})
    assert wrong.status == 400 and "start_date" in wrong.json[0]


def test_a_call_that_was_up_when_the_server_was_killed_is_logged_after_the_start(almon, phones):
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    call = alice.call("1002")
    incoming = RawCall.incoming_at(bob)
    incoming.accept()
    call.answered()
    almon.kill()
    almon.start()
    [cut_off] = logged(rest.confd(almon), 1)
    assert cut_off["Called"] == "1002"


def command(almon, *words: str) -> str:
    done = subprocess.run([binary(), *words, "--data", almon.data], capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_commands_log_what_was_missed_and_forget_what_is_old(almon, phones, confd):
    ring_bob(phones.raw("Alice"), phones.raw("Bob"))
    logged(confd, 1)
    assert command(almon, "call-logs") == "0 calls logged\n"
    almon.stop()
    almon.query("DELETE FROM call_log")
    assert command(almon, "call-logs", "-c", "100000") == "1 calls logged\n"
    assert "0 rows" in command(almon, "purge-db")
    assert " older than 0 days are gone" in command(almon, "purge-db", "--days", "0")
    assert almon.query("SELECT count(*) FROM cel") == [(0,)]
    assert almon.query("SELECT count(*) FROM call_log") == [(0,)]


def test_programs_read_the_log_page_by_page(almon, phones, confd):
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    for _ in range(3):
        ring_bob(alice, bob)
    ring_bob(alice, bob, seconds_of_talk=0.6)
    logged(confd, 4)
    log = rest.call_logd(almon)
    first = log.get("/1.0/cdr?limit=3")
    assert first.status == 200
    [talk, *refused] = first.json["items"]
    users = {user["firstname"]: user["uuid"] for user in confd.get("/1.1/users").json["items"]}
    assert talk["source_user_uuid"] == users["Alice"] and talk["destination_user_uuid"] == users["Bob"]
    assert (talk["source_name"], talk["source_extension"]) == ("Alice", "1001")
    assert (talk["destination_name"], talk["destination_extension"]) == ("Bob", "1002")
    assert talk["call_direction"] == "internal" and talk["duration"] == 1 and talk["answer"]
    assert talk["start"] <= talk["answer"] <= talk["end"]
    assert [(call["duration"], call["answer"]) for call in refused] == [(0, None), (0, None)]
    second = log.get(f"/1.0/cdr?limit=3&after={first.json['more']}").json
    assert len(second["items"]) == 1 and second["more"] is None
    assert log.get(f"/1.0/cdr/{talk['id']}").json == talk
    assert log.get("/1.0/cdr/999999").status == 404
    assert len(log.get("/1.0/cdr?search=bob&limit=2").json["items"]) == 2
    assert log.get("/1.0/cdr?number=1003").json["items"] == []
    assert log.get(f"/1.0/users/{users['Carol']}/cdr").json["items"] == []
    oldest_first = log.get(f"/1.0/users/{users['Bob']}/cdr?direction=asc").json["items"]
    assert [call["id"] for call in oldest_first] == sorted(call["id"] for call in oldest_first) and len(oldest_first) == 4

    whole = log.get("/1.0/cdr?limit=1", headers={"Accept": "text/csv"})
    lines = list(csv.DictReader(io.StringIO(whole.body.decode())))
    assert [line["id"] for line in lines] == [str(call["id"]) for call in reversed(oldest_first)]
    assert lines[0]["source_extension"] == "1001"


def test_what_is_no_question_is_refused_with_its_name(almon):
    log = rest.call_logd(almon)
    for query in ("limit=0", "limit=1001", "after=17", "after=2016-07-22T13:44:05/x", "from=yesterday",
                  "call_direction=up", "direction=up", "user_uuid=nobody"):
        answer = log.get("/1.0/cdr?" + query)
        assert answer.status == 400 and query.split("=")[0] in answer.json["reason"][0], answer


def test_people_read_their_own_calls_only(almon, phones, confd):
    ring_bob(phones.raw("Alice"), phones.raw("Bob"))
    logged(confd, 1)
    for firstname, calls in (("Bob", 1), ("Carol", 0)):
        person = almon.person(firstname)
        own = rest.call_logd(almon, rest.sign_in(almon, (person.username, person.password), "xivo_user"))
        assert len(own.get("/1.0/users/me/cdr").json["items"]) == calls
        assert own.get("/1.0/cdr").status == 401
    assert rest.call_logd(almon, "no token").get("/1.0/cdr").status == 401
