# SPDX-License-Identifier: GPL-3.0-or-later
"""POST /calls/explain: where a call would go and why, and that the real call then goes there."""
import re
import subprocess
import time

import pytest

from api import sign_in
from phones.almon import binary
from phones.raw_phone import RawCall


@pytest.fixture
def confd(almon):
    return sign_in(almon)


def user_of(confd, firstname: str) -> dict:
    [found] = [user for user in confd.get(f"/users?search={firstname}").json()["items"] if user["firstname"] == firstname]
    return found


def explain(confd, firstname: str, number: str, **more) -> dict:
    response = confd.post("/calls/explain", {"from": {"user": user_of(confd, firstname)["uuid"]}, "to": number, **more})
    assert response.status == 200, response
    return response.json()


def who_rings(told: dict) -> list[str]:
    return [ring["user_uuid"] for ring in told["rings"]]


def reasons(steps) -> list[str]:
    """Without what names one call or one phone."""
    return [re.sub(r"(SIP/\w+)-[0-9a-f]{8}", r"\1", re.sub(r" at .* as ", " as ", step)) for step in steps]


def real_reasons(almon, number: str) -> list[str]:
    """What `almon why` tells of the last call to a number, once it has ended."""
    deadline = time.monotonic() + 5
    while not (calls := almon.query("SELECT linkedid FROM cel WHERE eventtype = 'LINKEDID_END' AND exten = ?", number)):
        assert time.monotonic() < deadline, f"no call to {number} ended"
    told = subprocess.run([binary(), "why", calls[-1][0], "--data", almon.data], capture_output=True, text=True,
                          timeout=10, check=True).stdout
    return reasons(line.split(" s  ", 1)[1] for line in told.splitlines() if " s  " in line)


def test_the_real_call_goes_where_the_explanation_says(almon, phones, confd):
    alice, bob, carol = phones.raw("Alice"), phones.raw("Bob"), phones.raw("Carol")
    bob_there = user_of(confd, "Bob")
    assert confd.put(f"/users/{bob_there['id']}/forwards/busy", {"enabled": True, "destination": "1003"}).status == 204
    assert confd.put(f"/users/{bob_there['id']}/services/dnd", {"enabled": True}).status == 204
    told = explain(confd, "Alice", "1002")
    assert who_rings(told) == [user_of(confd, "Carol")["uuid"]]
    assert told["rings"][0]["caller_id"]["number"] == "1001"

    call = alice.call("1002")
    incoming = RawCall.incoming_at(carol)
    incoming.ring()
    incoming.accept()
    call.answered()
    call.hang_up()
    incoming.hung_up()
    bob.expect_nothing("INVITE", 0.2)
    real = real_reasons(almon, "1002")
    explained = reasons(step["text"] for step in told["steps"])
    # Up to where Carol answers, which nobody does in an explanation.
    common = real[:next(number for number, step in enumerate(real) if "answers" in step)]
    assert [step for step in common if "ringing" not in step] == \
        [step for step in explained[:len(common)] if "ringing" not in step], (real, explained)
    assert confd.put(f"/users/{bob_there['id']}/services/dnd", {"enabled": False}).status == 204
    assert confd.put(f"/users/{bob_there['id']}/forwards/busy", {"enabled": False}).status == 204


def test_an_explanation_rings_nobody(phones, confd):
    bob = phones.raw("Bob")
    assert who_rings(explain(confd, "Alice", "1002")) == [user_of(confd, "Bob")["uuid"]]
    bob.expect_nothing("INVITE", 0.2)


def test_it_tells_of_the_configuration_as_it_was_and_as_it_would_be(confd):
    bob = user_of(confd, "Bob")
    before = explain(confd, "Alice", "1002")["change"]
    forward = {"method": "PUT", "path": f"/users/{bob['id']}/forwards/unconditional",
               "body": {"enabled": True, "destination": "1003"}}
    would_be = explain(confd, "Alice", "1002", batch={"operations": [forward]})
    assert who_rings(would_be) == [user_of(confd, "Carol")["uuid"]]
    assert who_rings(explain(confd, "Alice", "1002")) == [bob["uuid"]], "nothing was changed"

    assert confd.post("/batch", {"operations": [forward]}).status == 200
    now = explain(confd, "Alice", "1002")
    assert who_rings(now) == who_rings(would_be) and now["change"] == before + 1
    assert who_rings(explain(confd, "Alice", "1002", change=before)) == [bob["uuid"]]
    assert confd.post(f"/history/{now['change']}/undo").status == 201


def test_a_batch_is_explained_to_those_alone_who_could_make_it(almon, confd):
    """API-038"""
    made = confd.post("/administrators", {"username": "curious", "password": "wonder", "acl": ["confd.calls.explain.create"]})
    assert made.status == 201, made
    curious = sign_in(almon, "curious", "wonder")
    question = {"from": {"context": "default"}, "to": "1002"}
    assert curious.post("/calls/explain", question).status == 200
    erasing = {"operations": [{"method": "DELETE", "path": f"/users/{user_of(confd, 'Bob')['id']}"}]}
    assert curious.post("/calls/explain", {**question, "batch": erasing}).status == 403
    assert curious.post("/batch", erasing).status in (401, 403)
    nobody = sign_in(almon)
    nobody.token = None
    assert nobody.post("/calls/explain", question).status == 401


def test_a_menu_is_reached_in_opening_hours_only(confd):
    """ADB-055: a sound in the closed hours, another on chosen days, in the schedule's own time zone."""
    assert confd.post("/contexts", {"name": "from-extern", "type": "incall", "incall_ranges": [
        {"start": "0140000000", "end": "0140000099", "did_length": 10}]}).status == 201
    menu = confd.post("/ivr", {"name": "reception", "menu_sound": "choose"}).json()
    incall = confd.post("/incalls", {"destination": {"type": "ivr", "ivr_id": menu["id"]}}).json()
    number = confd.post("/extensions", {"exten": "0140000001", "context": "from-extern"}).json()
    week = {"week_days": [1, 2, 3, 4, 5], "month_days": [], "months": []}
    schedule = confd.post("/schedules", {
        "name": "hours", "timezone": "Europe/Paris", "closed_destination": {"type": "sound", "filename": "closed.wav"},
        "open_periods": [{"hours_start": "09:00", "hours_end": "12:00", **week}, {"hours_start": "13:30", "hours_end": "18:00", **week}],
        "exceptional_periods": [{"hours_start": "00:00", "hours_end": "23:59", "week_days": [], "month_days": [25], "months": [12],
                                 "destination": {"type": "sound", "filename": "exceptionnal-closed.wav"}}]}).json()
    for path in (f"/incalls/{incall['id']}/extensions/{number['id']}", f"/incalls/{incall['id']}/schedules/{schedule['id']}"):
        assert confd.put(path).status == 204

    def heard(when: str) -> str:
        told = confd.post("/calls/explain", {"from": {"context": "from-extern", "number": "0612345678"}, "to": "0140000001",
                                             "when": when}).json()
        return next((sound for step in told["steps"] for sound in ("exceptionnal-closed", "closed.wav", "choose")
                     if sound in step["text"]), str(told))
    # In summer Paris is two hours ahead of UTC, in winter one.
    assert heard("2016-07-22T08:59:00+02:00") == "closed.wav"
    assert heard("2016-07-22T07:00:00Z") == "choose"
    assert heard("2016-07-22T12:01:00+02:00") == "closed.wav"
    assert heard("2016-07-22T18:00:00+02:00") == "choose"
    assert heard("2016-07-23T10:00:00+02:00") == "closed.wav", "a Saturday"
    assert heard("2015-12-25T10:00:00+01:00") == "exceptionnal-closed", "a Friday"
    assert heard("2015-12-24T10:00:00+01:00") == "choose"
