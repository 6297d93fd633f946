# SPDX-License-Identifier: GPL-3.0-or-later
"""xivo-auth over real HTTPS: what reference/api/auth.yml says, operation by operation, and what makes it safe."""
import datetime
import json
import re
import socket
import subprocess
import time

import pytest

from phones import rest
from phones.almon import Almon

ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


@pytest.fixture
def auth(almon):
    return rest.auth(almon)


@pytest.fixture
def patient_almon(tmp_path):
    """An office that throttles after three wrong attempts."""
    office = Almon(tmp_path / "almon", "auth.wrong_passwords.at_once=3", "auth.wrong_passwords.recovery=600").start()
    yield office
    office.stop()


def is_error(answer, status):
    assert answer.status == status, answer
    body = answer.json
    assert set(body) == {"reason", "timestamp", "status_code"}
    assert body["status_code"] == status
    assert body["reason"] and all(isinstance(reason, str) for reason in body["reason"])
    assert all(ISO.fullmatch(stamp) for stamp in body["timestamp"])
    return body["reason"][0]


def create(auth, almon, **body):
    return auth.post("/0.1/token", {"backend": "xivo_admin", **body}, login=almon.administrator)


def moment(text):
    assert ISO.fullmatch(text)
    return datetime.datetime.fromisoformat(text)


def test_a_token_is_created_with_its_data(auth, almon):  # API-035, SYS-072, SYS-073, SYS-075, SYS-084
    answer = create(auth, almon, expiration=600)
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("application/json")
    data = answer.json["data"]
    assert set(data) == {"token", "auth_id", "xivo_user_uuid", "xivo_uuid", "issued_at", "expires_at",
                         "utc_issued_at", "utc_expires_at", "acls"}
    assert UUID.fullmatch(data["token"]) and UUID.fullmatch(data["xivo_uuid"])
    assert data["xivo_user_uuid"] is None
    assert data["acls"] == ["#"]
    assert moment(data["utc_expires_at"]) - moment(data["utc_issued_at"]) == datetime.timedelta(seconds=600)
    assert moment(data["expires_at"]) - moment(data["issued_at"]) == datetime.timedelta(seconds=600)
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    assert abs(moment(data["utc_issued_at"]) - now) < datetime.timedelta(seconds=30)
    assert abs(moment(data["issued_at"]) - datetime.datetime.now()) < datetime.timedelta(seconds=30)


def test_without_expiration_it_lives_two_hours(auth, almon):  # SYS-074
    data = create(auth, almon).json["data"]
    assert moment(data["utc_expires_at"]) - moment(data["utc_issued_at"]) == datetime.timedelta(hours=2)


def test_it_can_be_read_and_checked(auth, almon):  # SYS-077, SYS-078
    created = create(auth, almon).json
    read = auth.get("/0.1/token/" + created["data"]["token"])
    assert read.status == 200 and read.json == created
    checked = auth.ask("HEAD", "/0.1/token/" + created["data"]["token"])
    assert checked.status == 204 and checked.body == b""


def test_a_revoked_token_is_unknown(auth, almon):  # SYS-076
    path = "/0.1/token/" + create(auth, almon).json["data"]["token"]
    revoked = auth.delete(path)
    assert revoked.status == 200 and revoked.json == {"data": {"message": "success"}}
    is_error(auth.get(path), 404)
    assert auth.ask("HEAD", path).status == 404
    assert auth.delete(path).status == 200


def test_an_expired_token_is_unknown(auth, almon):  # API-035
    path = "/0.1/token/" + create(auth, almon, expiration=1).json["data"]["token"]
    assert auth.get(path).status == 200
    deadline = time.monotonic() + 5
    while auth.get(path).status == 200:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    is_error(auth.get(path), 404)


@pytest.mark.parametrize("expiration", [0, -1, 1.5, 2.0, "60", None, True, [], 10**12, 10**30])
def test_a_wrong_expiration_is_refused(auth, almon, expiration):  # SYS-074
    assert "expiration" in is_error(create(auth, almon, expiration=expiration), 400)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"xivo_admin"', b"{}", b'{"backend": 3}', b"\xff"])
def test_a_wrong_body_is_refused(auth, almon, body):
    is_error(auth.post("/0.1/token", body, login=almon.administrator), 400)


def test_a_body_that_is_no_json_has_no_answer_but_415(auth, almon):  # API-046
    answer = auth.post("/0.1/token", b"backend=xivo_admin", login=almon.administrator,
                       headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status == 415 and answer.body == b""
    answer = auth.get("/0.1/backends", headers={"Accept": "text/html"})
    assert answer.status == 406 and answer.body == b""


def test_the_backends_are_listed(auth):
    answer = auth.get("/0.1/backends")
    assert answer.status == 200
    assert answer.json == {"data": ["xivo_admin", "xivo_service", "xivo_user"]}


def test_who_is_not_known_gets_no_token(auth, almon):  # SYS-073
    name, password = almon.administrator
    ask = {"backend": "xivo_admin"}
    reasons = {is_error(auth.post("/0.1/token", ask, login=login), 401)
               for login in [(name, "wrong"), (name, ""), ("nobody", password), ("", ""), (name + "\0", password)]
               if "\0" not in login[0]}
    assert len(reasons) == 1  # what was wrong is not said
    assert is_error(auth.post("/0.1/token", {"backend": "xivo_nobody"}, login=(name, password)), 401)
    assert is_error(auth.post("/0.1/token", {"backend": "xivo_user"}, login=(name, password)), 401)
    missing = auth.post("/0.1/token", ask)
    assert is_error(missing, 401) and missing.headers["WWW-Authenticate"].startswith("Basic ")
    assert is_error(auth.post("/0.1/token", ask, headers={"Authorization": "Bearer x"}), 401)


def test_a_token_that_grants_everything_passes_any_scope(auth, almon):  # SYS-079
    path = "/0.1/token/" + create(auth, almon).json["data"]["token"]
    assert auth.get(path + "?scope=confd.users.read").status == 200
    assert auth.ask("HEAD", path + "?scope=websocketd").status == 204


def test_any_page_may_ask(auth, almon):  # API-033, API-036
    asked = auth.ask("OPTIONS", "/0.1/token", headers={
        "Origin": "https://auth.example.org", "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type"})
    assert asked.status == 200
    assert asked.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in asked.headers["Access-Control-Allow-Methods"]
    assert "authorization" in asked.headers["Access-Control-Allow-Headers"].lower()
    answer = auth.get("/0.1/api/api.yml", headers={"Origin": "https://wazo", "Accept": "application/json,*/*"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/0.1/api/api.yml", "/1.1/api/api.yml"])
def test_it_describes_itself(auth, path):  # API-033
    answer = auth.get(path, headers={"Accept": "*/*"})
    assert answer.status == 200
    document = json.loads(answer.body)  # JSON is YAML
    assert document["swagger"] == "2.0" and document["basePath"] == "/0.1"
    assert {(path, method) for path, operations in document["paths"].items() for method in operations} == {
        ("/backends", "get"), ("/token", "post"), ("/token/{token}", "get"), ("/token/{token}", "head"),
        ("/token/{token}", "delete")}
    assert set(document["definitions"]) == {"BackendList", "Error", "Token"}
    tags = {tag for operations in document["paths"].values() for operation in operations.values()
            for tag in operation["tags"]}
    assert tags == {"backends", "token"}


def test_tokens_survive_kill_and_restart(fresh_almon):  # SYS-080
    auth = rest.auth(fresh_almon)
    path = "/0.1/token/" + create(auth, fresh_almon).json["data"]["token"]
    revoked = "/0.1/token/" + create(auth, fresh_almon).json["data"]["token"]
    short = "/0.1/token/" + create(auth, fresh_almon, expiration=1).json["data"]["token"]
    before = auth.get(path).json
    assert auth.delete(revoked).status == 200
    password = fresh_almon.administrator
    fresh_almon.kill()
    time.sleep(1)
    fresh_almon.start()
    assert auth.get(path).json == before
    assert auth.get(revoked).status == 404
    assert auth.get(short).status == 404
    assert fresh_almon.administrator == password
    assert create(auth, fresh_almon).status == 200


def test_no_token_can_be_read_from_the_database(almon, auth):
    token = create(auth, almon).json["data"]["token"]
    for file in almon.data.glob("almon.db*"):
        assert token.encode() not in file.read_bytes()


def test_wrong_passwords_make_wait(patient_almon):
    auth = rest.auth(patient_almon)
    name, password = patient_almon.administrator
    statuses = [auth.post("/0.1/token", {"backend": "xivo_admin"}, login=(name, "wrong")).status for _ in range(5)]
    assert statuses == [401, 401, 401, 429, 429]
    blocked = create(auth, patient_almon)
    is_error(blocked, 429)
    assert 1 <= int(blocked.headers["Retry-After"]) <= 600
    # Somebody else is not held up, and neither is who has a token.
    token = auth.post("/0.1/token", {"backend": "xivo_admin"}, login=(name, password), source="127.0.0.2")
    assert token.status == 200
    assert auth.get("/0.1/token/" + token.json["data"]["token"]).status == 200


def test_wrong_tokens_make_wait(patient_almon):
    auth = rest.auth(patient_almon)
    statuses = [auth.get(f"/0.1/token/00000000-0000-4000-8000-{number:012}").status for number in range(5)]
    assert statuses == [404, 404, 404, 429, 429]
    assert auth.get("/0.1/backends").status == 200


# Users, programs, and what their rules grant

@pytest.fixture(scope="module")
def confd(almon):
    return rest.confd(almon)


@pytest.fixture(scope="module")
def user(confd):
    created = confd.post("/1.1/users", {"firstname": "Lea", "username": "lea", "password": "lea-has-a-key"})
    assert created.status == 201, created
    return created.json


def make_service(confd, name, **more):
    created = confd.post("/1.1/web_services", {"name": name, "username": name, "password": "opensesame", **more})
    assert created.status == 201, created
    return created.json


def status(almon, token, path, method="GET", body=None):
    return rest.confd(almon, token).ask(method, path, body).status


def test_a_user_may_see_his_own_settings_and_nobody_elses(almon, auth, confd, user):  # API-040, SYS-082
    answer = auth.post("/0.1/token", {"backend": "xivo_user"}, login=("lea", "lea-has-a-key"))
    assert answer.status == 200
    data = answer.json["data"]
    assert data["auth_id"] == data["xivo_user_uuid"] == user["uuid"]
    path = "/0.1/token/" + data["token"] + "?scope="
    for scope, granted in [("confd.users.me.lines.read", True), (f"confd.users.{user['uuid']}.lines.read", True),
                           (f"confd.users.{user['id']}.lines.read", False), ("confd.users.read", False),
                           ("confd.users.00000000-0000-4000-8000-000000000000.lines.read", False),
                           (f"confd.users.{user['uuid']}.update", False), ("websocketd", True),
                           (f"events.calls.{user['uuid']}", True), ("events.calls.somebody", False)]:
        assert auth.ask("HEAD", path + scope).status == (204 if granted else 403), scope
        if not granted:
            is_error(auth.get(path + scope), 403)  # SYS-079
    assert status(almon, data["token"], f"/1.1/users/{user['uuid']}") == 200
    assert status(almon, data["token"], f"/1.1/users/{user['id']}") == 401
    assert status(almon, data["token"], "/1.1/users") == 401
    assert status(almon, data["token"], f"/1.1/users/{user['uuid']}", "PUT", {"firstname": "Leo"}) == 401
    assert confd.get(f"/1.1/users/{user['id']}").json["firstname"] == "Lea"


def test_a_user_who_is_switched_off_is_signed_out(almon, auth, confd):
    created = confd.post("/1.1/users", {"firstname": "Max", "username": "max1", "password": "max-has-a-key"}).json
    token = rest.sign_in(almon, ("max1", "max-has-a-key"), "xivo_user")
    assert auth.get("/0.1/token/" + token).status == 200
    assert confd.put(f"/1.1/users/{created['id']}", {"enabled": False}).status == 204
    assert auth.get("/0.1/token/" + token).status == 404
    is_error(auth.post("/0.1/token", {"backend": "xivo_user"}, login=("max1", "max-has-a-key")), 401)
    assert confd.delete(f"/1.1/users/{created['id']}").status == 204


def test_a_program_may_do_what_its_rules_say(almon, auth, confd):  # API-031, API-038, API-039, SYS-083
    service = make_service(confd, "crm", acl=["confd.users.read", "confd.users.*.read"])
    token = rest.sign_in(almon, ("crm", "opensesame"), "xivo_service")
    assert auth.get("/0.1/token/" + token).json["data"]["acls"] == ["confd.users.read", "confd.users.*.read"]
    assert status(almon, token, "/1.1/users") == 200
    assert status(almon, token, "/1.1/users", "POST", {"firstname": "Eve"}) == 401
    assert status(almon, token, "/1.1/lines") == 401
    assert status(almon, token, "/1.1/users/1.lines") != 200
    # Other rules are other rights: who has them signs in anew.
    assert confd.put(f"/1.1/web_services/{service['id']}", {"acl": ["confd.lines.read"]}).status == 204
    assert status(almon, token, "/1.1/users") == 401
    token = rest.sign_in(almon, ("crm", "opensesame"), "xivo_service")
    assert status(almon, token, "/1.1/lines") == 200
    assert confd.delete(f"/1.1/web_services/{service['id']}").status == 204
    assert status(almon, token, "/1.1/lines") == 401


def test_confd_wants_a_token(almon, confd):  # API-037
    stranger = rest.Rest(almon, almon.confd_port)
    assert stranger.get("/1.1/users").status == 401
    assert stranger.get("/1.1/users", headers={"X-Auth-Token": "nonsense"}).status == 401
    assert stranger.get("/1.1/api/api.yml").status == 200
    plain = rest.Rest(almon, almon.confd_plain_port, plain=True)
    assert plain.get("/1.1/users").status == 200


def curl(almon, *arguments):
    """Status and body of a request of the real curl."""
    command = ["curl", "-s", "--cacert", str(almon.certificate), "-H", "Accept: application/json",
               "-w", "\n%{http_code}", *arguments]
    output = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False).stdout
    body, _, code = output.rpartition("\n")
    return int(code), body


def test_a_program_of_old_comes_in_by_digest(almon, confd):  # API-043
    users = f"https://127.0.0.1:{almon.confd_port}/1.1/users"
    service = make_service(confd, "old")
    code, body = curl(almon, "--digest", "--cookie", " ", "-u", "old:opensesame", users)
    assert code == 200 and json.loads(body)["total"] >= 3
    assert curl(almon, "--digest", "-u", "old:wrong", users)[0] == 401
    assert curl(almon, "--digest", "-u", "nobody:opensesame", users)[0] == 401
    assert curl(almon, "--basic", "-u", "old:opensesame", users)[0] == 401
    code, _ = curl(almon, "--digest", "-u", "old:opensesame", "-H", "Content-Type: application/json",
                   "-d", '{"firstname": "Old"}', users)
    assert code == 201
    # Rules that it has hold here, too.
    assert confd.put(f"/1.1/web_services/{service['id']}", {"acl": ["confd.lines.read"]}).status == 204
    assert curl(almon, "--digest", "-u", "old:opensesame", users)[0] == 401
    assert curl(almon, "--digest", "-u", "old:opensesame", users.replace("users", "lines"))[0] == 200
    # xivo-auth knows no digest.
    token = f"https://127.0.0.1:{almon.auth_port}/0.1/token"
    assert curl(almon, "--digest", "-u", "old:opensesame", "-d", "{}", "-H", "Content-Type: application/json",
                token)[0] == 401
    confd.delete(f"/1.1/web_services/{service['id']}")


def test_a_program_is_let_in_by_its_address(almon, confd):  # API-042
    service = make_service(confd, "robot", host="127.0.0.9")
    stranger = rest.Rest(almon, almon.confd_port)
    assert stranger.get("/1.1/users", source="127.0.0.9").status == 200
    assert stranger.get("/1.1/users", source="127.0.0.8").status == 401
    users = f"https://127.0.0.1:{almon.confd_port}/1.1/users"
    assert curl(almon, "--digest", "-u", "robot:opensesame", users)[0] == 401  # from elsewhere
    assert confd.delete(f"/1.1/web_services/{service['id']}").status == 204
    assert stranger.get("/1.1/users", source="127.0.0.9").status == 401


def test_a_batch_is_granted_operation_by_operation(almon, confd):
    create = {"method": "POST", "path": "/users", "body": {"firstname": "Batch"}}
    answer = confd.post("/1.1/batch", {"operations": [create]})
    assert answer.status == 200, answer
    service = make_service(confd, "batcher", acl=["confd.batch.#", "confd.users.create"])
    program = rest.confd(almon, rest.sign_in(almon, ("batcher", "opensesame"), "xivo_service"))
    assert program.post("/1.1/batch", {"operations": [create]}).status == 200
    refused = program.post("/1.1/batch", {"operations": [
        create, {"method": "DELETE", "path": f"/web_services/{service['id']}"}]})
    assert refused.status == 403, refused
    assert confd.get(f"/1.1/web_services/{service['id']}").status == 200


def test_the_history_says_who(almon, confd, user):
    confd.put(f"/1.1/users/{user['id']}", {"description": "seen"})
    [(who,)] = almon.query("SELECT who FROM change_log ORDER BY number DESC LIMIT 1")
    assert who == "admin"


def test_a_port_in_use_is_named(tmp_path):
    office = Almon(tmp_path / "almon")
    with socket.socket() as other:
        other.bind(("127.0.0.1", office.auth_port))
        other.listen()
        assert office.launch().wait() != 0
    assert re.search(rf"\b{office.auth_port}\b.*in use", office.output())


def test_a_connection_does_not_remember_who_asked(almon, confd):
    connection = confd.connect()
    statuses = []
    for headers in ({"X-Auth-Token": confd.token}, {}):
        connection.request("GET", "/1.1/users", headers={"Accept": "application/json", **headers})
        response = connection.getresponse()
        response.read()
        statuses.append(response.status)
    connection.close()
    assert statuses == [200, 401]
