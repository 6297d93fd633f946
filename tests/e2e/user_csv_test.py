# SPDX-License-Identifier: GPL-3.0-or-later
"""Users as CSV: a whole file or nothing, told row by row."""
import csv
import io
import threading

import pytest

from api import sign_in
from client import Client, Response
from phones.raw_phone import RawCall

CSV = "text/csv; charset=utf-8"
COLUMNS = ("entity_id firstname lastname email language mobile_phone_number outgoing_caller_id enabled supervision_enabled "
           "call_transfer_enabled dtmf_hangup_enabled simultaneous_calls ring_seconds call_permission_password "
           "cti_profile_enabled username password cti_profile_name exten context line_protocol sip_username sip_secret "
           "incall_exten incall_context incall_ring_seconds voicemail_name voicemail_number voicemail_context "
           "voicemail_password voicemail_email voicemail_attach_audio voicemail_delete_messages voicemail_ask_password "
           "call_permissions").split()


@pytest.fixture
def confd(almon):
    client = sign_in(almon)
    entity = client.post("/entities", {"name": "company"})
    assert entity.status in (201, 400), entity
    return client


def entity_of(confd: Client) -> str:
    return str(confd.get("/entities?limit=1").json()["items"][0]["id"])


def sheet(rows: list[dict]) -> bytes:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def send(confd: Client, method: str, rows, query: str = "") -> Response:
    raw = rows if isinstance(rows, bytes) else sheet(rows)
    return confd.request(method, "/users/import" + query, raw=raw, headers={"Content-Type": CSV})


def exported(confd: Client) -> list[dict]:
    response = confd.get("/users/export", headers={"Accept": CSV})
    assert response.status == 200 and response.headers["content-type"] == CSV
    return list(csv.DictReader(io.StringIO(response.body.decode())))


def test_a_row_makes_all_that_it_has_everything_for(confd):
    """API-064, ADB-192, ADB-193, ADB-194, ADB-195, ADB-196, ADB-197, ADB-198, ADB-199, ADB-200, INS-148"""
    confd.post("/contexts", {"name": "from-extern", "type": "incall", "incall_ranges": [
        {"start": "2000", "end": "2099", "did_length": 4}]})
    for name in ("abroad", "mobiles"):
        assert confd.post("/callpermissions", {"name": name}).status == 201
    entity = entity_of(confd)
    answer = send(confd, "POST", [
        {"entity_id": entity, "firstname": "Anna", "lastname": 'O"Neil, jr.', "ring_seconds": "35", "enabled": "0",
         "exten": "1501", "context": "default", "line_protocol": "sip", "sip_username": "anna-phone", "sip_secret": "s3cret",
         "incall_exten": "2050", "incall_context": "from-extern", "incall_ring_seconds": "20", "voicemail_name": "Anna",
         "voicemail_number": "1501", "voicemail_context": "default", "voicemail_password": "12#4",
         "voicemail_email": "anna@example.org", "voicemail_attach_audio": "1", "voicemail_delete_messages": "1",
         "voicemail_ask_password": "0", "call_permissions": "abroad; mobiles", "cti_profile_enabled": "1",
         "username": "anna", "password": "anna-knows", "cti_profile_name": "Client"},
        {"entity_id": entity, "firstname": "Bill", "exten": "1502", "context": "default", "line_protocol": "sccp"},
        {"entity_id": entity, "firstname": "Only", "exten": "1503"}])
    assert answer.status == 201, answer
    anna, bill, only = answer.json()["created"]
    assert [row["row_number"] for row in (anna, bill, only)] == [1, 2, 3]
    assert all(anna.values()) and bill["line_id"] and not bill["sip_id"] and not only["line_id"]
    shown = confd.get(f"/users/{anna['user_id']}").json()
    assert (shown["lastname"], shown["ring_seconds"], shown["enabled"]) == ('O"Neil, jr.', 35, False)
    assert shown["lines"][0]["endpoint_sip"]["username"] == "anna-phone"
    assert shown["lines"][0]["extensions"][0]["exten"] == "1501"
    assert shown["voicemail"] == {"id": anna["voicemail_id"], "name": "Anna"}
    box = confd.get(f"/voicemails/{anna['voicemail_id']}").json()
    assert (box["number"], box["context"], box["password"], box["email"]) == ("1501", "default", "12#4", "anna@example.org")
    assert (box["attach_audio"], box["delete_messages"], box["ask_password"]) == (True, True, False)
    assert shown["incalls"][0]["extensions"][0]["exten"] == "2050"
    incall = confd.get(f"/incalls/{shown['incalls'][0]['id']}").json()
    assert incall["destination"]["user_id"] == anna["user_id"] and incall["destination"]["ring_time"] == 20
    assert incall["extensions"][0]["context"] == "from-extern"
    permissions = confd.get(f"/users/{anna['user_id']}/callpermissions").json()["items"]
    assert {confd.get(f"/callpermissions/{each['call_permission_id']}").json()["name"] for each in permissions} == {
        "abroad", "mobiles"}
    assert confd.get(f"/users/{anna['user_id']}/cti").json()["enabled"] is True
    # One change, so taken back as one.
    number = confd.get("/history?limit=1").json()["items"][0]["number"]
    undone = confd.post(f"/history/{number}/undo")
    assert undone.status == 201, undone.body
    assert confd.get(f"/users/{anna['user_id']}").status == 404


def test_every_error_of_a_file_is_told_and_nothing_is_done(confd):
    """API-064, ADB-194, ADB-195, ADB-196"""
    entity, before = entity_of(confd), confd.get("/users").json()["total"]
    rows = [{"entity_id": entity, "firstname": "Good", "exten": "1510", "context": "default", "line_protocol": "sip"},
            {"entity_id": "987654", "firstname": "", "enabled": "yes", "ring_seconds": "33", "exten": "1511",
             "context": "nowhere", "line_protocol": "sip"},
            {"entity_id": entity, "firstname": "Twice", "exten": "1510", "context": "default", "line_protocol": "isdn"},
            {"entity_id": entity, "firstname": "Again", "exten": "1510", "context": "default", "line_protocol": "sip",
             "cti_profile_enabled": "1", "call_permissions": "nobody-knows"}]
    answer = send(confd, "POST", rows)
    assert answer.status == 400, answer
    found = {(each["details"]["row_number"], each["details"]["column"]) for each in answer.json()["errors"]}
    assert found == {(2, "entity_id"), (2, "firstname"), (2, "enabled"), (2, "ring_seconds"), (2, "context"),
                     (3, "line_protocol"), (4, "exten"), (4, "username"), (4, "password"), (4, "cti_profile_name"),
                     (4, "call_permissions")}
    value = next(each for each in answer.json()["errors"] if each["details"]["column"] == "ring_seconds")
    assert value["details"]["value"] == "33" and value["details"]["row"]["context"] == "nowhere"
    assert "multiple of 5" in value["details"]["reason"]
    assert confd.get("/users").json()["total"] == before
    # The same by way of trial.
    assert send(confd, "POST", rows[:1], "?dry_run=true").json()["created"][0]["row_number"] == 1
    assert confd.get("/users").json()["total"] == before


def test_an_export_sent_back_changes_nothing_and_an_update_what_it_says(confd):
    """API-065, API-066, ADB-201, ADB-202"""
    made = send(confd, "POST", [{"entity_id": entity_of(confd), "firstname": "Uwe", "lastname": "Ünal", "email": "u@example.org",
                                 "exten": "1520", "context": "default", "line_protocol": "sip"}]).json()["created"][0]
    rows = exported(confd)
    assert list(rows[0]) == [*COLUMNS, "uuid", "provisioning_code"]
    uwe = next(row for row in rows if row["firstname"] == "Uwe")
    assert uwe["exten"] == "1520" and uwe["lastname"] == "Ünal" and uwe["sip_secret"] and uwe["provisioning_code"]
    last = confd.get("/history?limit=1").json()["items"][0]["number"]
    assert send(confd, "PUT", rows).status == 200
    assert confd.get("/history?limit=1").json()["items"][0]["number"] == last

    answer = send(confd, "PUT", [{"uuid": uwe["uuid"], "email": "", "exten": "1521", "voicemail_name": "Uwe",
                                  "voicemail_number": "1521", "voicemail_context": "default"}])
    assert answer.status == 200, answer
    shown = confd.get(f"/users/{made['user_id']}").json()
    assert shown["email"] is None and shown["lastname"] == "Ünal" and shown["voicemail"]["name"] == "Uwe"
    assert shown["lines"][0]["extensions"][0]["exten"] == "1521"
    answer = send(confd, "PUT", [{"uuid": uwe["uuid"], "line_protocol": "sccp"}, {"uuid": "nobody", "line_protocol": ""}])
    assert answer.status == 400
    assert [each["details"]["column"] for each in answer.json()["errors"]] == ["line_protocol", "uuid"]


def test_calls_go_on_while_a_large_file_comes_in(almon, phones, confd):
    """ADB-200"""
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    rows = [{"entity_id": entity_of(confd), "firstname": f"Person {number}", "voicemail_name": "box",
             "voicemail_number": str(100_000 + number), "voicemail_context": "default"} for number in range(2000)]
    answers: list[Response] = []
    importing = threading.Thread(target=lambda: answers.append(send(confd, "POST", rows)))
    importing.start()
    calls = 0
    while importing.is_alive() and calls < 15:  # ports of ended calls rest a while, and a test office has few
        call = alice.call("1002")
        incoming = RawCall.incoming_at(bob)
        incoming.accept()
        call.answered()
        call.hang_up()
        incoming.hung_up()
        calls += 1
    importing.join(60)
    assert calls and answers and answers[0].status == 201, (calls, answers)
