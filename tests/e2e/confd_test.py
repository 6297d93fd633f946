# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration by REST: what is saved is in force at once, and nothing else notices."""
import subprocess
import threading
import time

import pytest

from api import sign_in
from client import Client
from phones import loopback
from phones.conversation import assert_both_hear, connect
from phones.raw_phone import RawCall, RawPhone


@pytest.fixture
def confd(almon):
    return sign_in(almon)


def made(response) -> dict:
    assert response.status == 201, response
    return response.json()


def make_phone(confd: Client, firstname: str, exten: str) -> dict:
    """A user with line, number and SIP account, one step after the other (API-055)."""
    user = made(confd.post("/users", {"firstname": firstname}))
    line = made(confd.post("/lines", {"context": "default"}))
    extension = made(confd.post("/extensions", {"exten": exten, "context": "default"}))
    endpoint = made(confd.post("/endpoints/sip", {}))
    for path in (f"/lines/{line['id']}/endpoints/sip/{endpoint['id']}",
                 f"/lines/{line['id']}/extensions/{extension['id']}", f"/users/{user['uuid']}/lines/{line['id']}"):
        assert confd.put(path).status == 204
    return {"user": user, "line": line, "extension": extension, "endpoint": endpoint}


def test_a_user_made_by_rest_is_called_at_once(almon, phones, confd):
    """API-055, API-067, API-082, API-084"""
    alice = phones.raw("Alice")
    dora = make_phone(confd, "Dora", "1204")
    with RawPhone(almon.address, dora["endpoint"]["username"], dora["endpoint"]["secret"]) as phone:
        assert phone.register().status == 200
        call = alice.call("1204")
        incoming = RawCall.incoming_at(phone)
        incoming.accept()
        call.answered()
        call.hang_up()
        incoming.hung_up()
        # And back: who calls shows the number that the API gave.
        call = phone.call("1001")
        incoming = RawCall.incoming_at(alice)
        assert "1204" in incoming.invite["From"]
        assert "Dora" in incoming.invite["From"]
        incoming.refuse(486, "Busy Here")
        call.refused()


def test_two_real_phones_talk_over_a_number_made_by_rest(almon, phones, confd):
    """API-054"""
    alice, bob = phones.baresip("Alice", tone=440), phones.baresip("Bob", tone=880)
    line = next(line for line in confd.get("/lines").json()["items"]
                if line["extensions"] and line["extensions"][0]["exten"] == "1002")
    old = line["extensions"][0]
    assert confd.delete(f"/lines/{line['id']}/extensions/{old['id']}").status == 204
    new = made(confd.post("/extensions", {"exten": "1210", "context": "default"}))
    assert confd.put(f"/lines/{line['id']}/extensions/{new['id']}").status == 204
    connect(alice, bob, "1210")
    alice.hang_up()
    assert confd.delete(f"/lines/{line['id']}/extensions/{new['id']}").status == 204
    assert confd.put(f"/lines/{line['id']}/extensions/{old['id']}").status == 204


def test_what_is_changed_is_seen_by_the_next_invite(almon, phones, confd):
    """The answer comes after the change is in force: thirty times, without a pause (ports of ended calls rest a while, and a
    test office has few)."""
    alice = phones.raw("Alice")
    extension = made(confd.post("/extensions", {"exten": "1220", "context": "default"}))
    line = next(line for line in confd.get("/lines").json()["items"]
                if line["extensions"] and line["extensions"][0]["exten"] == "1003")
    held = line["extensions"][0]
    assert confd.delete(f"/lines/{line['id']}/extensions/{held['id']}").status == 204
    for _ in range(15):
        assert confd.put(f"/lines/{line['id']}/extensions/{extension['id']}").status == 204
        assert alice.call("1220").refused().status == 480, "Carol's, who is not there"
        assert confd.delete(f"/lines/{line['id']}/extensions/{extension['id']}").status == 204
        call = alice.call("1220")
        call.expect(183)
        call.cancel()
        call.refused()
    assert confd.put(f"/lines/{line['id']}/extensions/{held['id']}").status == 204


def test_calls_and_registrations_notice_nothing_of_changes(almon, phones, confd, tap):
    """Sound without a gap, while changes are made as fast as they are answered."""
    alice, bob = phones.baresip("Alice", tone=440), phones.baresip("Bob", tone=880)
    registrations = bob.trace().count("REGISTER sip:")
    stop = threading.Event()
    errors: list = []

    def change_on_and_on():
        client = sign_in(almon)
        number = 0
        while not stop.is_set():
            number += 1
            response = client.post("/users", {"firstname": f"User {number}"})
            if response.status != 201:
                errors.append(response)
    worker = threading.Thread(target=change_on_and_on)
    worker.start()
    try:
        connect(alice, bob, "1002")
        assert_both_hear(tap, alice, bob)
        alice.hang_up()
    finally:
        stop.set()
        worker.join()
    assert not errors
    assert confd.get("/users?search=User&limit=1").json()["total"] > 10
    assert bob.trace().count("REGISTER sip:") == registrations


def test_the_history_says_who_and_undo_brings_a_user_back(almon, confd):
    user = made(confd.post("/users", {"firstname": "Erna", "lastname": "Ëlba"}))
    erased = confd.delete(f"/users/{user['id']}")
    assert erased.status == 204
    last = confd.get(f"/history?kind=user&id={user['id']}").json()["items"][0]
    assert str(last["number"]) == erased.headers["almon-change"]
    assert last["who"] == "admin"
    assert last["operations"][0]["action"] == "deleted"
    assert confd.post(f"/history/{last['number']}/undo").status == 201
    assert confd.get(f"/users/{user['uuid']}").json() == user


def test_a_batch_makes_a_phone_as_one_change(almon, confd):
    before = confd.get("/history?limit=1").json()["items"][0]["number"]
    operations = [
        {"method": "POST", "path": "/users", "body": {"firstname": "Emil"}},
        {"method": "POST", "path": "/lines", "body": {"context": "default"}},
        {"method": "POST", "path": "/endpoints/sip", "body": {}},
        {"method": "POST", "path": "/extensions", "body": {"exten": "1230", "context": "default"}},
        {"method": "PUT", "path": "/lines/${1.id}/endpoints/sip/${2.id}"},
        {"method": "PUT", "path": "/lines/${1.id}/extensions/${3.id}"},
        {"method": "PUT", "path": "/users/${0.id}/lines/${1.id}"}]
    response = confd.post("/batch", {"operations": operations})
    assert response.status == 200, response
    assert confd.get("/history?limit=1").json()["items"][0]["number"] == before + 1
    assert confd.get("/users?search=Emil").json()["items"][0]["lines"][0]["extensions"][0]["exten"] == "1230"


def test_the_local_port_asks_nobody_who_he_is(almon):
    """API-060"""
    local = Client((loopback.ADDRESS, almon.confd_plain_port), "/1.1", tls=False)
    assert local.get("/users").status == 200
    stranger = Client((loopback.ADDRESS, almon.confd_port), "/1.1")
    assert stranger.get("/users").status == 401
    assert stranger.get("/wizard").status == 200


def test_a_changed_configuration_survives_kill(almon, confd):
    user = made(confd.post("/users", {"firstname": "Frida"}))
    almon.kill()
    almon.start()
    begin = time.monotonic()
    assert sign_in(almon).get(f"/users/{user['uuid']}").json() == user
    assert time.monotonic() - begin < 5


def test_a_phone_is_told_to_fetch_its_settings(almon, phones, confd):
    """API-114, ADB-117: a NOTIFY with check-sync goes to whoever is registered as the device's line, over its transport."""
    dora = make_phone(confd, "Dorothy", "1209")
    device = made(confd.post("/devices", {"mac": "00:15:5d:0a:00:01", "vendor": "Snom", "plugin": "snom"}))
    assert confd.put(f"/lines/{dora['line']['id']}/devices/{device['id']}").status == 204
    account = dora["endpoint"]
    with RawPhone(almon.address, account["username"], account["secret"], "tcp") as phone:
        assert phone.register().status == 200
        assert confd.get(f"/devices/{device['id']}/synchronize").status == 204
        notify = phone.expect("NOTIFY")
        assert notify["Event"] == "check-sync" and notify["Subscription-State"] == "terminated"
        assert account["username"] in notify.uri, notify.uri
        phone.respond(notify, 200, "OK")
        # It restarts as one that waits for a provisioning code.
        assert confd.get(f"/devices/{device['id']}/autoprov").status == 204
        again = phone.expect("NOTIFY")
        assert again["Event"] == "check-sync" and again["Call-ID"] != notify["Call-ID"]
        phone.respond(again, 200, "OK")
        assert confd.get(f"/devices/{device['id']}").json()["status"] == "autoprov"
        # Whoever is not its line's phone hears nothing, and a device without a phone is no error.
        assert confd.get(f"/devices/{device['id']}/synchronize").status == 204
        phone.expect_nothing("NOTIFY", 0.2)


def test_a_real_phone_takes_it(almon, phones, confd):
    """API-114"""
    bob = phones.baresip("Bob")
    line = next(line for line in confd.get("/lines").json()["items"]
                if line["extensions"] and line["extensions"][0]["exten"] == "1002")
    device = made(confd.post("/devices", {"mac": "00:15:5d:0a:00:02"}))
    assert confd.put(f"/lines/{line['id']}/devices/{device['id']}").status == 204
    assert confd.put(f"/devices/{device['id']}/synchronize").status == 204
    deadline = time.monotonic() + 5
    while "check-sync" not in bob.trace():
        assert time.monotonic() < deadline, bob.trace()[-2000:]
        time.sleep(0.02)
    assert confd.delete(f"/lines/{line['id']}/devices/{device['id']}").status == 204


def test_certificates_that_are_made_prove_each_other(confd, tmp_path):
    """ADA-049, ADA-051: as OpenSSL's own command sees it."""
    authority = made(confd.post("/certificates/generate", {
        "name": "phones-CA", "is_authority": True, "common_name": "pbx.example.org", "organization": "Example"}))
    server = made(confd.post("/certificates/generate", {
        "name": "phones", "authority": authority["id"], "common_name": "pbx.example.org", "alternatives": ["192.0.2.7"]}))
    files = {}
    for certificate in (authority, server):
        answer = confd.get(f"/certificates/{certificate['id']}/file", headers={"Accept": "application/x-pem-file"})
        assert answer.status == 200 and b"PRIVATE" not in answer.body
        files[certificate["name"]] = tmp_path / f"{certificate['name']}.crt"
        files[certificate["name"]].write_bytes(answer.body)
    for check in (["-verify_hostname", "pbx.example.org"], ["-verify_ip", "192.0.2.7"], ["-purpose", "sslserver"]):
        subprocess.run(["openssl", "verify", "-x509_strict", "-CAfile", files["phones-CA"], *check, files["phones"]],
                       check=True, capture_output=True, text=True, timeout=20)
    other = subprocess.run(["openssl", "verify", "-CAfile", files["phones-CA"], "-verify_hostname", "evil.example.org",
                            files["phones"]], capture_output=True, text=True, timeout=20)
    assert other.returncode != 0 and "hostname mismatch" in other.stderr.lower(), other


def test_why_tells_the_steps_of_a_call(almon, phones, confd):
    alice = phones.raw("Alice")
    call = alice.call("1999")
    call.expect(183)
    call.cancel()
    call.refused()
    deadline = time.monotonic() + 5
    ids = []
    while not ids and time.monotonic() < deadline:
        ids = almon.query("SELECT linkedid FROM cel WHERE exten = '1999'")
        time.sleep(0.05)
    told = confd.get(f"/calls/{ids[0][0]}/why").json()
    assert any("1999" in step for step in told["steps"])
    assert confd.get("/calls/1.1/why").status == 404
