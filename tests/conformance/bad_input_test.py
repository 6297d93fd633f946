# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever confd and auth are sent, they answer in words that name the field, never with 500, and change nothing.

The tests are made from our own documents, so a new field or resource is tried without a word here. ALMON_DATABASE
chooses the database.
"""
import json
import os
import socket
import ssl
import time

import pytest

import office as offices
from bad_values import TEXTS, bad_values, writable
from client import Client, Response
from openapi import Document, Operation
from resources import BY_COLLECTION, KINDS, Arranger, NotMade, Stage, filled, line_with_endpoint

# What a server writes by itself, whatever it is asked.
NOT_CONFIGURATION = frozenset({"cel", "contacts", "journal_position", "tokens"})
MEBIBYTE = 1 << 20


class Findings:
    """Everything that is wrong, so that one run shows all of it."""

    def __init__(self, office: offices.Office):
        self._office = office
        self._before = office.fingerprint(NOT_CONFIGURATION)
        self.wrong: list[str] = []

    def add(self, sentence: str) -> None:
        self.wrong.append(sentence)

    def refused(self, response: Response, *, field: str = "", statuses=range(400, 500)) -> None:
        """A refusal in words; of 406 and 415 an empty one."""
        if response.status not in statuses:
            self.add(f"answers {response}: {response.curl[:600]}")
        elif response.status in (406, 415):
            if response.body:
                self.add(f"{response.status} comes with a body: {response.curl[:600]}")
        else:
            value = response.json() if response.is_json else None
            if not isinstance(value, list) or not value or not all(isinstance(each, str) and each for each in value):
                self.add(f"refuses without a list of sentences, {response}: {response.curl[:600]}")
            elif field and not any(field in each for each in value):
                self.add(f"refuses without naming {field}, {response}: {response.curl[:600]}")

    def changed_on_purpose(self) -> None:
        """What the test itself made or changed is no finding."""
        self._before = self._office.fingerprint(NOT_CONFIGURATION)

    def unchanged(self, what: str) -> None:
        after = self._office.fingerprint(NOT_CONFIGURATION)
        if after != self._before:
            tables = sorted(name for name in {*after, *self._before} if after.get(name) != self._before.get(name))
            self.add(f"{what}: changed {', '.join(tables)} although everything was refused")
            self._before = after

    def none(self) -> None:
        if self.wrong:
            pytest.fail(f"{len(self.wrong)} findings:\n" + "\n".join(self.wrong[:200]), pytrace=False)


@pytest.fixture(scope="module")
def office():
    with offices.Office(os.environ.get("ALMON_DATABASE", "sqlite")) as running:
        yield running


@pytest.fixture(scope="module")
def document(office) -> Document:
    return Document.parse(office.confd().get("/api/api.yml", headers={"Accept": "*/*"}).body)


@pytest.fixture(scope="module")
def stage(office) -> Stage:
    return Stage(office.plain_confd())


@pytest.fixture
def findings(office) -> Findings:
    return Findings(office)


def with_bodies(document: Document) -> list[Operation]:
    return [each for each in document.operations if writable(document, each.body) and not each.path.startswith("/wizard")]


def test_every_field_refuses_what_it_cannot_be(document, stage, findings):
    tried = 0
    for operation in with_bodies(document):
        arranger = Arranger(document, stage, operation)
        try:
            arranged = arranger.arrange(arranger.choices()[0])
        except (NotMade, TypeError):
            continue
        if not isinstance(arranged.body, dict):
            continue
        findings.changed_on_purpose()
        path = filled(operation.path, arranged.values)
        required = document.flat(operation.body).get("required", ())
        for name, schema in writable(document, operation.body).items():
            for value in bad_values(document, schema, required=name in required):
                response = stage.client.request(operation.method, path, {**arranged.body, name: value})
                findings.refused(response, field=name, statuses=(400,))
                tried += 1
            raw = json.dumps({**arranged.body, name: "@"}).replace('"@"', "1e400").encode()
            findings.refused(stage.client.request(operation.method, path, raw=raw), statuses=(400,))
        if operation.method == "POST":
            for name in required:
                body = {key: value for key, value in arranged.body.items() if key != name}
                findings.refused(stage.client.request(operation.method, path, body), field=name, statuses=(400,))
        for name in ("no_such_field", "__proto__", "id; DROP TABLE users", "ID"):
            body = {**arranged.body, name: 1}
            findings.refused(stage.client.request(operation.method, path, body), field=name, statuses=(400,))
        findings.unchanged(operation.name)
    assert tried > 100, "hardly any field was found in the document"
    findings.none()


def test_text_is_taken_as_it_is_or_refused(document, stage, findings):
    for operation in with_bodies(document):
        kind = KINDS.get(BY_COLLECTION.get(operation.path.rpartition("/")[0], ""))
        if operation.method != "PUT" or kind is None:
            continue
        made = stage.create(kind.collection, kind.full_body(stage))
        path = f"{kind.collection}/{made['id']}"
        for name, schema in writable(document, operation.body).items():
            if schema.get("type") != "string" or "enum" in schema:
                continue
            for what, text in TEXTS.items():
                response = stage.client.put(path, {name: text})
                if response.status != 204:
                    findings.refused(response, field=name, statuses=(400,))
                    continue
                shown = stage.client.get(path).json().get(name, text)  # what can be written only is not shown
                if shown != text:
                    findings.add(f"{operation.name} takes {what} as {name}, and it reads as {shown!r}: {response.curl}")
                search = stage.client.request("GET", filled(f"{kind.collection}?search={{it}}", {"it": text}))
                if search.status != 200:
                    findings.add(f"a search for {what} answers {search}: {search.curl}")
    findings.none()


def test_what_is_unique_is_refused_a_second_time(document, stage, findings):
    for operation in with_bodies(document):
        kind = KINDS.get(BY_COLLECTION.get(operation.path, ""))
        if operation.method != "POST" or kind is None:
            continue
        unique = [name for name, schema in writable(document, operation.body).items() if schema.get("x-unique")]
        first, second = (stage.create(kind.collection, kind.full_body(stage)) for _ in range(2))
        findings.changed_on_purpose()
        for name in unique:
            body = {**kind.full_body(stage), name: first[name]}
            findings.changed_on_purpose()
            findings.refused(stage.client.post(kind.collection, body), field=name, statuses=(400,))
            if document.find("PUT", next(each.path for each in document.operations
                                         if each.path.startswith(f"{kind.collection}/{{"))) is not None:
                findings.refused(stage.client.put(f"{kind.collection}/{second['id']}", {name: first[name]}), field=name,
                                 statuses=(400,))
        findings.unchanged(operation.name)
    findings.none()


def test_a_number_is_in_one_place_and_in_its_range(stage, findings):  # API-088
    first, second = stage.make("extension"), stage.make("extension")
    findings.changed_on_purpose()
    same = {"exten": first["exten"], "context": first["context"]}
    findings.refused(stage.client.post("/extensions", same), field="exten", statuses=(400,))
    findings.refused(stage.client.put(f"/extensions/{second['id']}", same), field="exten", statuses=(400,))
    for exten in ("1", "4999", "9500", "50000", "500", "_5XXX"):
        findings.refused(stage.client.post("/extensions", {"exten": exten, "context": stage.internal}), field="exten",
                         statuses=(400,))
        findings.refused(stage.client.put(f"/extensions/{second['id']}", {"exten": exten}), field="exten", statuses=(400,))
    findings.unchanged("extensions")
    findings.none()


def test_what_is_named_must_exist(stage, findings):
    line, extension, context = stage.make("line"), stage.make("extension"), stage.make("context")
    findings.changed_on_purpose()
    for name in ("no-such-context", "DEFAULT", stage.internal.upper(), "x" * 39):
        findings.refused(stage.client.post("/lines", {"context": name}), field="context", statuses=(400,))
        findings.refused(stage.client.put(f"/lines/{line['id']}", {"context": name}), field="context", statuses=(400,))
        findings.refused(stage.client.post("/extensions", {"exten": "5000", "context": name}), field="context",
                         statuses=(400,))
        findings.refused(stage.client.put(f"/extensions/{extension['id']}", {"context": name}), field="context",
                         statuses=(400,))
        if "includes" in context:
            findings.refused(stage.client.put(f"/contexts/{context['id']}", {"includes": [name]}), field="includes",
                             statuses=(400,))
    findings.unchanged("references")
    findings.none()


STRANGE_IDS = ("0", "-1", "987654321", "99999999999999999999999", "1.5", "1e3", "0x1", "abc", "me", "1;DROP%20TABLE%20users",
               "%00", "%2e%2e%2f", "%FF", "1%20OR%201=1", "0a4ee3b0-9f3a-4c1e-8f63-7d0a4f0c1e21", "x" * 3000, "%0d%0aX:%20y")


def test_a_path_that_names_nothing_is_not_found(document, stage, findings):
    for operation in document.operations:
        if not operation.path_parameters or operation.path.startswith("/wizard"):
            continue
        arranger = Arranger(document, stage, operation)
        try:
            arranged = arranger.arrange(arranger.choices()[0])
        except (NotMade, TypeError, KeyError):
            continue
        findings.changed_on_purpose()
        for parameter in operation.path_parameters:
            for strange in STRANGE_IDS:
                path = filled(operation.path.replace("{%s}" % parameter, strange),
                              {name: value for name, value in arranged.values.items() if name != parameter})
                body = [] if arranged.body is None else [arranged.body]
                headers = {} if operation.produces.startswith("application/json") else {"Accept": operation.produces}
                findings.refused(stage.client.request(operation.method, path, *body, headers=headers),
                                 statuses=(400, 404, 405, 414))
        findings.unchanged(operation.name)
    findings.none()


def nested(depth: int, opening: bytes, closing: bytes, middle: bytes = b"1") -> bytes:
    return opening * depth + middle + closing * depth


BODIES = {
    "nothing": b"",
    "half an object": b'{"firstname": "A"',
    "two objects": b'{"firstname": "A"}{"firstname": "B"}',
    "a trailing comma": b'{"firstname": "A",}',
    "single quotes": b"{'firstname': 'A'}",
    "a bare word": b'{"firstname": A}',
    "not a number": b'{"firstname": NaN}',
    "null": b"null",
    "a number": b"12345",
    "a huge number": b'{"ring_seconds": ' + b"9" * 5000 + b"}",
    "a number beyond doubles": b'{"ring_seconds": 1e999999}',
    "a text": b'"firstname"',
    "a list": b'[{"firstname": "A"}]',
    "true": b"true",
    "deep lists": nested(100_000, b"[", b"]"),
    "deep objects": nested(50_000, b'{"firstname":', b"}"),
    "deep within a field": b'{"firstname": ' + nested(500, b"[", b"]") + b"}",
    "invalid UTF-8": b'{"firstname": "\xff\xfe"}',
    "a cut UTF-8 sequence": b'{"firstname": "\xe6\xbc"}',
    "an overlong sequence": b'{"firstname": "\xc0\xaf"}',
    "half a surrogate pair": b'{"firstname": "\\ud800"}',
    "zero bytes": b'\0\0\0\0{"firstname": "A"}',
    "a zero in a text": b'{"firstname": "A\0B"}',
    "UTF-16": '{"firstname": "A"}'.encode("utf-16"),
    "XML": b"<user><firstname>A</firstname></user>",
    "a form": b"firstname=A&lastname=B",
}


@pytest.mark.parametrize("what", BODIES)
def test_a_body_that_is_no_object_is_refused(document, stage, findings, what):
    user = stage.make("user")
    findings.changed_on_purpose()
    for method, path in (("POST", "/users"), ("PUT", "/users/{user_id}"), ("PUT", "/users/{user_id}/forwards"),
                         ("PUT", "/configuration/live_reload"), ("POST", "/batch")):
        if document.find(method, path) is not None:
            response = stage.client.request(method, filled(path, {"user_id": user["id"]}), raw=BODIES[what])
            findings.refused(response, statuses=(400,))
    findings.unchanged(what)
    findings.none()


def test_twice_the_same_key_is_refused_or_the_last_one_counts(stage, findings):
    response = stage.client.request("POST", "/users", raw=b'{"firstname": "A", "firstname": "B"}')
    if response.status != 201:
        findings.refused(response, statuses=(400,))
    else:
        assert response.json()["firstname"] == "B"
    findings.none()


def test_headers_say_what_is_sent_and_understood(stage, findings):  # API-046
    for accept in (None, "", "text/html", "application/xml", "image/*", "application/json;q=0", "garbage", "application/"):
        response = stage.client.get("/users", headers={"Accept": accept})
        findings.refused(response, statuses=(406,))
    for accept in ("application/json", "application/*", "*/*", "text/html, application/json;q=0.1"):
        response = stage.client.get("/users", headers={"Accept": accept})
        if response.status != 200:
            findings.add(f"answers {response} to Accept: {accept}")
    for content_type in (None, "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
                         "text/json", "garbage"):
        response = stage.client.post("/users", {"firstname": "A"}, headers={"Content-Type": content_type})
        findings.refused(response, statuses=(415,))
    findings.unchanged("headers")
    response = stage.client.post("/users", {"firstname": "A"}, headers={"Content-Type": "application/json; charset=utf-8"})
    if response.status != 201:
        findings.add(f"answers {response} to application/json; charset=utf-8")
    findings.none()


def test_a_body_over_the_limit_is_refused(office, stage, findings):
    for size in (MEBIBYTE + 1, 4 * MEBIBYTE):
        body = b'{"firstname": "' + b"A" * size + b'"}'
        findings.refused(office.plain_confd().request("POST", "/users", raw=body), statuses=(413,))
    head = (b"POST /1.1/users HTTP/1.1\r\nHost: a\r\nAccept: application/json\r\nContent-Type: application/json\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n")
    chunk = b"10000\r\n" + b"A" * 0x10000 + b"\r\n"
    answer = spoken(plain_address(office), head + chunk * 20 + b"0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413 ") or answer.startswith(b"HTTP/1.1 400 "), answer[:200]
    big = {"firstname": "A", "description": "A" * (MEBIBYTE - 200)}  # beneath the limit: the field is too long
    findings.refused(stage.client.post("/users", big), field="description", statuses=(400,))
    findings.unchanged("large bodies")
    findings.none()


def _users_csv(rows: str, header: str = "entity_id,firstname,exten,context,line_protocol") -> bytes:
    return f"{header}\r\n{rows}".encode()


SHEETS = {
    "nothing": (b"", "empty"),
    "a byte order mark": (b"\xef\xbb\xbf" + _users_csv("1,Nora,,,\r\n"), "byte order mark"),
    "UTF-16": (_users_csv("1,Nora,,,\r\n").decode().encode("utf-16"), "UTF-8"),
    "another encoding": (_users_csv("1,H\u00e9l\u00e8ne,,,\r\n").decode().encode("latin-1"), "UTF-8"),
    "a wrong header": (_users_csv("1,Nora,x\r\n", "entity_id,firstname,shoe_size"), "shoe_size"),
    "a column twice": (_users_csv("1,Nora,Nora\r\n", "entity_id,firstname,firstname"), "firstname"),
    "semicolons": (_users_csv("1;Nora\r\n", "entity_id;firstname"), "entity_id;firstname"),
    "no header": (b"1,Nora,5001,default,sip\r\n", "is not a column"),
    "a quote left open": (_users_csv('1,"Nora,,,\r\n1,Ole,,,\r\n'), "quote"),
    "something behind a quote": (_users_csv('1,"Nora"x,,,\r\n'), "quote"),
    "a short row": (_users_csv("1,Nora\r\n"), "fields"),
    "a long row": (_users_csv("1,Nora,,,,,,\r\n"), "fields"),
    "a zero byte": (_users_csv("1,No\0ra,,,\r\n"), "firstname"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "UTF-8"),
    "1,000,000 rows": (_users_csv("1,N,,,\r\n" * 1_000_000), "rows"),
    "a million columns": (b"a," * 1_000_000 + b"b\r\n", "columns"),
    "an endless field": (_users_csv("1," + "N" * 10_000_000 + ",,,\r\n"), ""),
}


@pytest.mark.parametrize("what", SHEETS)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_file_that_is_no_sheet_of_users_is_refused_as_a_whole(stage, findings, method, what):  # API-064, ADB-192
    raw, word = SHEETS[what]
    headers = {"Content-Type": "text/csv; charset=utf-8"}
    started = time.monotonic()
    response = stage.client.request(method, "/users/import", raw=raw, headers=headers)
    took = time.monotonic() - started
    if response.status not in (400, 413):
        findings.add(f"{what} is answered {response}")
    elif response.status == 400:
        errors = response.json()["errors"]
        if not errors or not all(error["message"] and "row_number" in error["details"] for error in errors):
            findings.add(f"{what} is refused without saying where: {str(response.json())[:300]}")
        if method == "POST" and word not in json.dumps(errors, ensure_ascii=False):
            findings.add(f"{what} is refused without naming {word}: {str(errors)[:300]}")
        if len(response.body) > 4 * MEBIBYTE:
            findings.add(f"{what} is refused with {len(response.body)} bytes")
    if took > 10:
        findings.add(f"{what} takes {took:.1f} s")
    response = stage.client.request(method, "/users/import", raw=raw or b"x", headers={"Content-Type": "application/json"})
    findings.refused(response, statuses=(415, 413))
    findings.unchanged(what)
    findings.none()


def test_associations_refuse_what_the_documentation_refuses(stage, findings):
    """A line without an endpoint, a number out of range, a second main line ...: 400 and in words, and nothing is done."""
    user = stage.make("user")["uuid"]
    bare, line, second = stage.make("line")["id"], line_with_endpoint(stage), line_with_endpoint(stage)
    other, device = stage.make("user")["uuid"], stage.make("device")["id"]
    for whose, which in ((user, line), (other, line), (user, second)):
        stage.must("PUT", f"/users/{whose}/lines/{which}")
    stage.must("PUT", f"/lines/{second}/devices/{device}")
    number, voicemail = stage.make("extension")["id"], stage.make("voicemail")["id"]
    stage.must("PUT", f"/lines/{line}/extensions/{number}")
    stage.must("PUT", f"/users/{user}/voicemails/{voicemail}")
    group, incall_number = stage.make("group")["id"], stage.number_for("incall")["id"]
    context = stage.make("context")
    stage.create("/lines", {"context": context["name"]})
    endpoint = stage.client.get(f"/lines/{line}").json()["endpoint_sip"]["id"]
    findings.changed_on_purpose()
    for method, path, body, field in (
            ("PUT", f"/lines/{bare}/devices/{device}", None, ""),                  # no endpoint
            ("DELETE", f"/users/{user}/lines/{second}", None, "line"),             # a device is attached
            ("DELETE", f"/users/{user}/lines/{line}", None, "user"),               # its main user before the others
            ("PUT", f"/groups/{group}/extensions/{number}", None, ""),             # it leads to a line
            ("PUT", f"/groups/{group}/extensions/{incall_number}", None, ""),      # of a context of the wrong type
            ("PUT", f"/lines/{second}/endpoints/sip/{endpoint}", None, ""),        # another's account
            ("DELETE", f"/users/{user}", None, ""), ("DELETE", f"/lines/{line}", None, ""),
            ("DELETE", f"/extensions/{number}", None, ""), ("DELETE", f"/endpoints/sip/{endpoint}", None, ""),
            ("DELETE", f"/voicemails/{voicemail}", None, ""), ("DELETE", f"/contexts/{context['id']}", None, ""),
            ("POST", "/extensions", {"exten": "49999", "context": stage.internal}, "exten"),
            ("PUT", f"/users/{other}/voicemails/987654321", None, ""),             # API-071: 400, not 404
            ("POST", f"/users/{other}/voicemail", {"voicemail_id": 987654321}, "")):
        response = stage.client.request(method, path, *([] if body is None else [body]))
        findings.refused(response, field=field, statuses=(400,))
        findings.unchanged(f"{method} {path}")
    findings.none()


def test_what_was_changed_meanwhile_is_not_overwritten(stage, findings):  # API-044
    user = stage.make("user")
    path = f"/users/{user['id']}"
    tag = stage.client.get(path).headers.get("etag")
    assert tag, "a user comes without an ETag"
    if stage.client.put(path, {"lastname": "First"}, headers={"If-Match": tag}).status != 204:
        findings.add("If-Match with the resource's ETag is refused")
    findings.changed_on_purpose()
    for wrong in (tag, '"nonsense"', "nonsense", '"', ",,,", '"x", "y"'):
        headers = {"If-Match": wrong}
        findings.refused(stage.client.put(path, {"lastname": "Second"}, headers=headers), statuses=(412,))
        findings.refused(stage.client.delete(path, headers=headers), statuses=(412,))
    findings.unchanged("If-Match")
    if stage.client.put(path, {"lastname": "Third"}, headers={"If-Match": "*"}).status != 204:
        findings.add("If-Match: * is refused")
    findings.none()


BATCHES = [None, 7, {}, "x", [7], [None], [[]], [{}], [{"method": "POST"}], [{"path": "/users"}],
           [{"method": 7, "path": "/users"}], [{"method": "GET", "path": "/users"}], [{"method": "POST", "path": "/nowhere"}],
           [{"method": "POST", "path": ""}], [{"method": "POST", "path": "users"}], [{"method": "POST", "path": "/users"}],
           [{"method": "POST", "path": "/users", "body": 7}], [{"method": "POST", "path": "/users", "body": {"firstname": 7}}],
           [{"method": "POST", "path": "/batch", "body": {"operations": []}}],
           [{"method": "POST", "path": "/users", "body": {"firstname": "A"}},
            {"method": "POST", "path": "/users", "body": {"firstname": ""}}],
           [{"method": "POST", "path": "/users", "body": {"firstname": "A"}},
            {"method": "DELETE", "path": "/users/${0.no_such_member}"}],
           [{"method": "DELETE", "path": "/users/${5.id}"}], [{"method": "DELETE", "path": "/users/${"}],
           [{"method": "POST", "path": "/users", "body": {"firstname": "A"}}] * 1001,
           [{"method": "POST", "path": "/wizard", "body": {}}]]


def test_a_batch_is_done_as_a_whole_or_not_at_all(document, stage, findings):
    assert document.find("POST", "/batch") is not None
    for operations in BATCHES:
        findings.refused(stage.client.post("/batch", {"operations": operations}), statuses=(400, 403, 404))
        findings.unchanged(f"batch {str(operations)[:100]}")
    findings.none()


def test_lists_refuse_what_they_do_not_know(document, stage, findings):  # API-047
    for operation in document.operations:
        if operation.method != "GET" or "limit" not in operation.query_parameters or operation.path_parameters:
            continue
        for query in ("limit=-1", "limit=0.5", "limit=few", "limit=99999999999999999999999", "limit=", "offset=-1", "offset=x",
                      "offset=99999999999999999999999", "order=no_such_field", "order=id;DROP+TABLE+users", "order=",
                      "direction=sideways", "order=%00", "direction=", "direction=ASC", "order=%FF", "limit=1%00"):
            name = query.partition("=")[0]
            if name in operation.query_parameters:
                response = stage.client.get(f"{operation.path}?{query}")
                findings.refused(response, field="query" if "%" in query else name, statuses=(400,))
        for query in ("search=%00", "search=%FF%FE", "search=" + "x" * 5000, "search=%27%20OR%201=1", "search=", "&&&=&a",
                      "limit=1&offset=9223372036854775807", "search=%25"):
            response = stage.client.get(f"{operation.path}?{query}")
            if response.status != 200:
                findings.refused(response, statuses=(400, 414))
            elif not isinstance(response.json().get("items"), list):
                findings.add(f"answers {response}: {response.curl[:300]}")
    findings.unchanged("lists")
    findings.none()


def test_methods_and_paths_that_are_not_there(document, stage, findings):  # API-053
    for path in ("", "/", "/user", "/users/", "/users//", "/../1.1/users", "/%2e%2e/users", "/users/1/2/3/4", "/users%00"):
        findings.refused(stage.client.get(path), statuses=(404, 400))
    for method, path in (("DELETE", "/users"), ("PUT", "/users"), ("POST", "/users/1"), ("PUT", "/entities/1"),
                         ("DELETE", "/configuration/live_reload"), ("PATCH", "/users/1"), ("TRACE", "/users")):
        findings.refused(stage.client.request(method, path, {}), statuses=(405, 404, 501))
    for path in ("/1.0/users", "/users", "/2.0/users"):
        client = Client(stage.client.address, "", tls=False)
        findings.refused(client.get(path), statuses=(404,))
    findings.unchanged("paths")
    findings.none()


# Who asks: API-037 to API-041, SYS-073 to SYS-079

def test_without_a_good_token_nothing_is_answered(office, document, stage, findings):
    revoked = office.new_token(office.login, "xivo_admin")
    assert office.auth().delete(f"/token/{revoked}").status == 200
    bad = [None, "", "nonsense", "5f2c3c52-0d5c-4d34-9f1a-0f3f9a3c6b1e", revoked, office.token.upper() + "x",
           office.token[:-1], "' OR 1=1 --", "x" * 5000]
    findings.changed_on_purpose()
    clients = [(token, office.confd(token=token)) for token in bad]
    for operation in document.operations:
        if operation.is_public:
            continue
        path = filled(operation.path, {name: 1 for name in operation.path_parameters})
        body = [{}] if operation.body is not None else []
        # Each wrong token costs the asker time, on purpose: all of them are tried at one door, none at every door.
        for token, client in clients if operation.path == "/users" else clients[:2]:
            response = client.request(operation.method, path, *body)
            if response.status != 401 and not (token and len(token) > 4000 and response.status == 431):
                findings.add(f"answers {response}: {response.curl[:400]}")
    findings.unchanged("tokens")
    findings.none()


def test_a_token_ends_when_it_expires(office):  # API-035
    token = office.new_token(office.login, "xivo_admin", expiration=3)
    assert office.confd(token=token).get("/users").status == 200
    deadline = time.monotonic() + 15
    client = office.confd(token=token)
    while client.get("/users").status == 200:
        assert time.monotonic() < deadline, "a token of three seconds still works after fifteen"
        time.sleep(0.05)
    assert client.get("/users").status == 401
    assert office.auth().get(f"/token/{token}").status == 404


def test_a_user_may_not_administer(office, document, findings):  # API-040
    token = office.user_token()
    findings.changed_on_purpose()
    client = office.confd(token=token)
    for operation in document.operations:
        if operation.is_public or operation.path.startswith("/users/"):
            continue
        path = filled(operation.path, {name: 1 for name in operation.path_parameters})
        response = client.request(operation.method, path, *([{}] if operation.body is not None else []))
        if response.status not in (401, 403) and not operation.path.startswith(("/infos", "/api")):
            findings.add(f"a user is answered {response}: {response.curl[:400]}")
    findings.unchanged("a user's token")
    findings.none()


@pytest.mark.parametrize("raw", [b"", b"[]", b"null", b"{", b"7", b'{"backend": "xivo_admin", "expiration": 1e400}',
                                 b'{"backend": null}', b'{"backend": ["xivo_admin"]}', b'{"backend": "\xff"}',
                                 b'{"backend": "xivo_admin", "expiration": 99999999999999999999}',
                                 b'{"backend": "xivo_admin", "expiration": 9223372036854775807}',
                                 nested(30_000, b"[", b"]"), b" " * MEBIBYTE], ids=lambda raw: raw[:60].decode(errors="replace"))
def test_auth_refuses_what_is_no_request_for_a_token(office, raw):
    response = office.auth(login=office.login).post("/token", raw=raw)
    assert response.status == (413 if len(raw) > 10_000 else 400), f"{response}: {response.curl[:600]}"
    assert response.json()["status_code"] == response.status and response.json()["reason"]


@pytest.mark.parametrize("authorization", [None, "", "Basic", "Basic !!!", "Basic " + "QQ", "Bearer x", "Basic /w==",
                                           "Basic " + "QUFB" * 20_000, "Basic Og==", "Digest username=admin"],
                         ids=lambda text: str(text)[:40])
def test_auth_refuses_who_does_not_say_who_he_is(office, authorization):
    response = office.auth().post("/token", {"backend": "xivo_admin"}, headers={"Authorization": authorization})
    assert response.status in (401, 431), f"{response}: {response.curl[:500]}"


# The connection

def plain_address(office) -> tuple[str, int]:
    return office.plain_confd().address


def spoken(address: tuple[str, int], message: bytes, timeout: float = 20) -> bytes:
    """All that comes back on one connection until it is closed or a whole answer is there."""
    with socket.create_connection(address, timeout=timeout) as connection:
        received = b""
        try:
            connection.sendall(message)
        except OSError:
            pass  # refused while we were still speaking; the answer may be there
        try:
            while b"\r\n\r\n" not in received and (more := connection.recv(65536)):
                received += more
        except OSError:
            pass
        return received


GOOD_HEAD = b"Host: a\r\nAccept: application/json\r\n"
MESSAGES = {
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 200,
    "SIP": b"OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/TCP a;branch=z9hG4bKa\r\n\r\n",
    "a long request line": b"GET /1.1/users?search=" + b"x" * 100_000 + b" HTTP/1.1\r\n" + GOOD_HEAD + b"\r\n",
    "many headers": b"GET /1.1/users HTTP/1.1\r\n" + GOOD_HEAD + b"".join(b"X-%d: y\r\n" % n for n in range(20_000)) + b"\r\n",
    "a header with a zero": b"GET /1.1/users HTTP/1.1\r\n" + GOOD_HEAD + b"X-A: a\0b\r\n\r\n",
    "two lengths": b"POST /1.1/users HTTP/1.1\r\n" + GOOD_HEAD + b"Content-Type: application/json\r\nContent-Length: 5\r\n"
                   b"Content-Length: 50\r\n\r\n{}   ",
    "length and chunks": b"POST /1.1/users HTTP/1.1\r\n" + GOOD_HEAD + b"Content-Type: application/json\r\n"
                         b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a negative length": b"POST /1.1/users HTTP/1.1\r\n" + GOOD_HEAD + b"Content-Length: -5\r\n\r\n",
    "a length beyond everything": b"POST /1.1/users HTTP/1.1\r\n" + GOOD_HEAD + b"Content-Length: 99999999999999999999\r\n\r\n",
    "a bad chunk": b"POST /1.1/users HTTP/1.1\r\n" + GOOD_HEAD + b"Content-Type: application/json\r\n"
                   b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n",
}


@pytest.mark.parametrize("what", MESSAGES)
def test_what_is_no_good_http_is_refused(office, findings, what):
    answer = spoken(plain_address(office), MESSAGES[what])
    assert answer == b"" or answer[9:10] == b"4" or answer[9:12] == b"505", answer[:300]
    findings.unchanged(what)
    findings.none()
    assert office.plain_confd().get("/infos").status == 200


def test_slow_clients_are_let_go_and_hinder_nobody(office):
    address = plain_address(office)
    trusting = ssl._create_unverified_context()
    slow = []
    for number in range(100):
        connection = socket.create_connection(address if number % 2 else office.confd().address, timeout=90)
        if number % 4 == 0:
            connection = trusting.wrap_socket(connection)
        if number % 4 != 2:  # every fourth says nothing at all
            connection.sendall(b"POST /1.1/users HTTP/1.1\r\nHost: a\r\nContent-Le")
        slow.append(connection)
    client = office.plain_confd()
    started = time.monotonic()
    assert all(client.get("/infos").status == 200 for _ in range(20))
    assert time.monotonic() - started < 5

    still_open = set(slow)
    deadline = time.monotonic() + 30
    while still_open and time.monotonic() < deadline:
        for connection in list(still_open):
            try:
                connection.settimeout(0.02)
                connection.sendall(b"x")  # a byte now and then must not keep it alive
                if connection.recv(1000) == b"":
                    still_open.discard(connection)
            except TimeoutError:
                continue
            except OSError:
                still_open.discard(connection)
    for connection in slow:
        connection.close()
    assert not still_open, f"{len(still_open)} of 100 slow connections are open after 30 seconds"
    assert client.get("/infos").status == 200


def test_the_server_is_well_after_all_this(office):
    assert office.almon.running
    assert office.plain_confd().get("/users").status == 200
    log = office.almon.output()
    assert "error" not in log.lower() or "[error]" not in log, log[-2000:]
