# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of an operation of the reference on a running server; each check gives sentences about what is wrong.

An operation is tried as a client would use it, then with what its documented errors are for. API-044, API-045,
API-046, API-047, API-049, API-050 and API-051 say how every operation behaves; the reference says the rest.
"""
import urllib.parse

from client import Client, Response, Unreachable
from openapi import MADE_BY_THE_SERVER, Document, Operation
from resources import (BODIES, BY_COLLECTION, CONTRADICTIONS, KINDS, Arranged, Arranger, Kind, NotMade, Stage, filled,
                       kind_of_parameter, unknown)


class Checks:
    """All checks of a service in the manner of confd: resources in collections, errors as a list of sentences."""

    def __init__(self, reference: Document, stage: Stage, *, stranger: Client | None = None,
                 contradictions: dict = CONTRADICTIONS):
        """`stranger` is a client that must prove who it is and cannot."""
        self._reference = reference
        self._stage = stage
        self._stranger = stranger
        self._contradictions = contradictions

    def reasons(self, operation: Operation) -> list[str]:
        """Why an operation fails; empty: it passes."""
        attempt = _Attempt(self._reference, self._stage, operation, self._stranger,
                           self._contradictions.get((operation.method, operation.path)))
        try:
            attempt.run()
        except NotMade as refusal:
            attempt.wrong.append(f"cannot be tried: {refusal}")
        except Unreachable as failure:
            attempt.wrong.append(f"no answer: {failure}")
        except AssertionError as failure:
            attempt.wrong.append(str(failure))
        return attempt.wrong


class _Attempt:
    def __init__(self, reference: Document, stage: Stage, operation: Operation, stranger: Client | None,
                 contradiction):
        self.wrong: list[str] = []
        self._reference = reference
        self._stage = stage
        self._client = stage.client
        self._operation = operation
        self._arranger = Arranger(reference, stage, operation)
        self._stranger = stranger
        self._contradiction = contradiction

    def run(self) -> None:
        operation = self._operation
        choices = self._arranger.choices()
        if operation.method == "GET" and not operation.path_parameters and operation.path in BY_COLLECTION:
            self._stage.make(BY_COLLECTION[operation.path])
        if not self._carried_out(self._arranger.arrange(choices[0])):
            return
        for choice in choices[1:]:
            self._carried_out(self._arranger.arrange(choice))
        self._refuses_unknown_resources()
        if operation.body is not None:
            self._refuses_bad_bodies()
        self._refuses_contradictions()
        if operation.query_parameters:
            self._lists()
        kind = self._arranger.kind()
        if operation.method == "POST" and kind is not None:
            self._creates(kind)
        if operation.method == "PUT" and kind is not None:
            self._changes(kind)
        if operation.method == "DELETE":
            self._deletes()
        if operation.method == "PUT" and (operation.method, operation.path) in BODIES:
            self._is_kept()
        self._negotiates()
        self._asks_who_it_is()

    # What is asked

    def _send(self, path: str, body=None, client: Client | None = None, **options) -> Response:
        arguments = [] if body is None else [body]
        if isinstance(body, str) and self._operation.consumes.startswith("text/csv"):
            arguments, options["raw"] = [], body.encode()
        headers = {}
        if self._operation.produces != "application/json":
            headers["Accept"] = self._operation.produces
        if self._operation.consumes != "application/json":
            headers["Content-Type"] = self._operation.consumes
        if headers:
            options["headers"] = {**headers, **options.get("headers", {})}
        return (client or self._client).request(self._operation.method, path, *arguments, **options)

    def _carried_out(self, arranged: Arranged) -> bool:
        path = filled(self._operation.path, arranged.values)
        response = self._send(path, arranged.body)
        if response.status != self._operation.success:
            self._complain(f"answers {response} instead of {self._operation.success}", response)
            return False
        self._matches_its_schema(response)
        return True

    def _matches_its_schema(self, response: Response) -> None:
        schema = self._operation.success_schema
        if self._operation.method == "HEAD" or response.status == 204:
            if response.body:
                self._complain(f"{response.status} comes with a body", response)
            return
        if schema is None:
            return
        if self._operation.produces.startswith("text/csv"):
            if response.headers.get("content-type") != self._operation.produces or not response.body:
                self._complain(f"the answer is not {self._operation.produces}, or nothing", response)
            return
        if not response.is_json:
            self._complain(f"the answer is not application/json but {response.headers.get('content-type')}", response)
            return
        value = response.json()
        found = self._reference.problems(value, schema)
        for problem in found[:12]:
            self._complain(f"{problem}")
        if isinstance(value, dict) and "items" in self._reference.properties(schema) and not value.get("items"):
            self._complain("the list is empty", response)

    def _refuses_unknown_resources(self) -> None:
        operation = self._operation
        resources = [each for each in operation.path_parameters if kind_of_parameter(operation.path, each)]
        for place, parameter in enumerate(resources):
            arranged = self._arranger.arrange(self._arranger.choices()[0])
            values = {**arranged.values, parameter: unknown(parameter)}
            response = self._send(filled(operation.path, values), arranged.body)
            # API-071: what a path names last may be refused with 400 where something is associated to it.
            allowed = {404, 400} if place > 0 else {404}
            if response.status not in allowed:
                self._complain(f"answers {response} for an unknown {parameter} instead of 404", response)
            else:
                self._is_list_of_sentences(response)

    def _refuses_bad_bodies(self) -> None:
        operation = self._operation
        if operation.method == "DELETE":
            return
        if operation.consumes.startswith("text/csv"):
            self._refuses_bad_files()
            return
        arranged = self._arranger.arrange(self._arranger.choices()[0])
        path = filled(operation.path, arranged.values)
        schema = self._reference.flat(operation.body)
        bad: list[tuple[str, object, str]] = [("a list", [], ""), ("a text", "firstname", "")]
        for name, each in self._reference.properties(operation.body).items():
            if each.get("readOnly"):
                continue
            wrong = {"string": 42, "integer": "many", "boolean": "perhaps", "array": "none", "object": 7}.get(
                each.get("type"))
            if wrong is not None and isinstance(arranged.body, dict):
                bad.append((f"{name}: {wrong!r}", {**arranged.body, name: wrong}, name))
            if "enum" in each:
                bad.append((f"{name}: 'sideways'", {**arranged.body, name: "side<ways"}, name))
        if operation.method == "POST":
            for name in schema.get("required", ()):
                read_only = self._reference.properties(operation.body)[name].get("readOnly")
                if not read_only:
                    bad.append((f"no {name}", {key: value for key, value in arranged.body.items() if key != name}, name))
        for what, body, field in bad:
            self._refused(self._send(path, body), 400, f"a body with {what}" if field else f"a body that is {what}", field)
        self._refused(self._send(path, raw=b'{"name": '), 400, "malformed JSON", "")

    def _refuses_bad_files(self) -> None:
        """What is no table of users is told of as errors of rows (API-064)."""
        path = self._operation.path
        for what, raw in (("nothing", b" "), ("other columns", b"firstname,shoe_size\nNora,39\n"),
                          ("a byte order mark", b"\xef\xbb\xbfentity_id,firstname\n1,Nora\n"),
                          ("another encoding", "entity_id,firstname\n1,Nor\xe9\n".encode("latin-1")),
                          ("open quotes", b'entity_id,firstname\n1,"Nora\n'),
                          ("a million rows", b"entity_id,firstname,uuid\n" + b"1,N,u\n" * 1_000_000),
                          ("rows that cannot be", b"entity_id,firstname,uuid\n987654321,,no-such-uuid\n")):
            response = self._send(path, raw=raw)
            errors = response.json().get("errors") if response.is_json and response.status == 400 else None
            if not errors or not all(each["message"] and each["timestamp"] and "row_number" in each["details"]
                                     for each in errors):
                self._complain(f"answers {response} to {what}")

    def _refuses_contradictions(self) -> None:
        if self._contradiction is not None:
            path, body = self._contradiction(self._stage)
            self._refused(self._send(path, body), 400, "what contradicts the configuration", "")

    def _refused(self, response: Response, status: int, what: str, field: str) -> None:
        if response.status != status:
            self._complain(f"answers {response} instead of {status} to {what}", response)
        else:
            self._is_list_of_sentences(response)
            if field and field not in response.body.decode(errors="replace"):
                self._complain(f"refuses {what} without naming it: {response}", response)

    def _is_list_of_sentences(self, response: Response) -> None:
        if self._operation.method == "HEAD":
            return
        value = response.json() if response.is_json else None
        if not isinstance(value, list) or not value or not all(isinstance(each, str) and each for each in value):
            self._complain(f"{response.status} comes without a JSON list of sentences: {response}", response)

    # Lists: API-047, API-049

    def _lists(self) -> None:
        operation = self._operation
        kind = KINDS.get(BY_COLLECTION.get(operation.path, ""))
        parameters = operation.query_parameters
        if kind is None or "limit" not in parameters:
            return
        made = [self._stage.create(kind.collection, kind.full_body(self._stage)) for _ in range(3)]
        whole = self._page({})
        ids = [item["id"] for item in whole["items"]]
        if whole["total"] != len(ids):
            self._complain(f"total is {whole['total']} for a whole list of {len(ids)}")
        one = self._page({"limit": 1})
        if len(one["items"]) != 1 or one["total"] != whole["total"]:
            self._complain(f"limit=1 gives {len(one['items'])} of {one['total']}, not 1 of {whole['total']}")
        rest = self._page({"offset": 2})
        if [item["id"] for item in rest["items"]] != ids[2:]:
            self._complain("offset=2 does not skip the first two")
        for direction in ("asc", "desc"):
            ordered = [item["id"] for item in self._page({"order": "id", "direction": direction})["items"]]
            if ordered != sorted(ids, reverse=direction == "desc"):
                self._complain(f"order=id&direction={direction} does not order by id")
        word = next((value for name, value in made[1].items()
                     if name in ("firstname", "name", "username", "exten", "provisioning_code", "interface") and value), None)
        if "search" in parameters and word is not None:
            found = [item["id"] for item in self._page({"search": word})["items"]]
            if made[1]["id"] not in found or len(found) >= len(ids):
                self._complain(f"search={word} finds {len(found)} of {len(ids)}, "
                               f"{'with' if made[1]['id'] in found else 'without'} the one that has it")
            if self._page({"search": "zzz-nothing-has-this"})["items"]:
                self._complain("a search for what nothing has finds something")
        for name, value in (("limit", -1), ("limit", "few"), ("offset", -1), ("offset", "some"), ("order", "no_such_field"),
                            ("direction", "sideways")):
            if name in parameters:
                self._refused(self._send(f"{operation.path}?{name}={value}"), 400, f"{name}={value}", "")
        for name in set(parameters) - {"limit", "offset", "order", "direction", "search"}:
            self._filters(name, parameters[name], made[0], ids)

    def _filters(self, name: str, parameter: dict, made: dict, ids: list) -> None:
        """Further parameters: a view of the list, or a value that all items must have."""
        for choice in parameter.get("enum", [made.get(name)]):
            if choice is None:
                continue
            response = self._send(f"{self._operation.path}?{urllib.parse.urlencode({name: choice})}")
            if response.status != 200:
                self._complain(f"answers {response} to {name}={choice}", response)
                continue
            if "enum" not in parameter and name in made:
                items = response.json()["items"]
                if not items or any(item[name] != choice for item in items):
                    self._complain(f"{name}={choice} does not give what has it, and that alone", response)

    def _page(self, query: dict) -> dict:
        response = self._send(f"{self._operation.path}?{urllib.parse.urlencode(query)}")
        if response.status != 200:
            raise AssertionError(f"answers {response} to {urllib.parse.urlencode(query)} ({response.curl})")
        return response.json()

    # Creation and change: API-050, API-051

    def _creates(self, kind: Kind) -> None:
        operation, stage = self._operation, self._stage
        schema = operation.success_schema or operation.body
        shown = self._reference.properties(schema)
        body = kind.full_body(stage)
        made = self._made(body)
        if made is None:
            return
        self._has(made, body, "was created with")
        self._reads_back(made)

        least = kind.minimal(stage)
        made = self._made(least)
        if made is not None:
            self._has_defaults(made, least, shown)
        junk = {name: _junk(each) for name, each in shown.items() if each.get("readOnly") and _junk(each) is not None}
        if junk:
            made = self._made({**kind.minimal(stage), **junk})
            if made is not None:
                for name, value in junk.items():
                    if made.get(name) == value:
                        self._complain(f"read-only {name} is taken over from a client")

    def _made(self, body: dict) -> dict | None:
        response = self._send(self._operation.path, body)
        if response.status != 201:
            self._complain(f"answers {response} instead of 201", response)
            return None
        return response.json()

    def _reads_back(self, made: dict) -> None:
        response = self._client.get(f"{self._operation.path}/{made['id']}")
        if response.status != 200:
            self._complain(f"what was created cannot be read: {response}", response)
        elif response.json() != made:
            self._complain(f"what was created reads differently: {_first_difference(made, response.json())}", response)

    def _has_defaults(self, made: dict, sent: dict, shown: dict) -> None:
        for name, each in shown.items():
            if name in sent or name not in made or each.get("readOnly"):
                continue
            if "default" not in each:
                # API-061; the document names the one exception in words.
                if made[name] == "" and "empty string" not in each.get("description", ""):
                    self._complain(f"unset {name} is an empty text instead of null")
            elif each["default"] in MADE_BY_THE_SERVER:
                if each["default"] == "autogenerated" and not made[name]:
                    self._complain(f"{name} is not generated")
            elif made[name] != each["default"]:
                self._complain(f"the default of {name} is {made[name]!r} instead of {each['default']!r}")

    def _changes(self, kind: Kind) -> None:
        """PUT changes what is sent and leaves the rest; read-only fields are ignored."""
        stage = self._stage
        made = stage.create(kind.collection, kind.full_body(stage))
        path = f"{kind.collection}/{made['id']}"
        changed = kind.changed_body(stage)
        for name, value in changed.items():
            before = self._client.get(path).json()
            response = self._client.put(path, {name: value})
            if response.status != 204:
                self._complain(f"answers {response} instead of 204 to a change of {name}", response)
                continue
            after = self._client.get(path).json()
            self._has(after, {name: value}, "was changed to")
            # A uuid, a name made from others and the like may follow; what a client can set may not.
            moved = [other for other in changed if other != name and after.get(other) != before.get(other)]
            if moved:
                self._complain(f"a change of {name} changes {', '.join(moved)} as well", response)
        read_only = {name: _junk(each) for name, each in self._reference.properties(self._operation.body).items()
                     if each.get("readOnly") and _junk(each) is not None}
        before = self._client.get(path).json()
        if read_only:
            response = self._client.put(path, read_only)
            if response.status != 204:
                self._complain(f"answers {response} instead of 204 to read-only fields", response)
            elif self._client.get(path).json() != before:
                self._complain(f"read-only fields are changed: {_first_difference(before, self._client.get(path).json())}")

    def _is_kept(self) -> None:
        """What is put at a path is read there again."""
        operation = self._operation
        if self._reference.find("GET", operation.path) is None:
            return
        arranged = self._arranger.arrange(self._arranger.choices()[0])
        path = filled(operation.path, arranged.values)
        self._send(path, arranged.body)
        response = self._client.get(path)
        if response.status != 200:
            self._complain(f"what was put cannot be read: {response}", response)
        elif isinstance(arranged.body, dict):
            self._has(response.json(), arranged.body, "was put with")

    def _has(self, shown: dict, sent: dict, what: str) -> None:
        for name, value in sent.items():
            if name not in shown:
                self._complain(f"{name} {what} {value!r} and is not shown")
            elif not _same(shown[name], value):
                self._complain(f"{name} {what} {value!r} and is {shown[name]!r}")

    def _deletes(self) -> None:
        """What is gone is gone: a second DELETE finds nothing, nor does GET."""
        operation = self._operation
        arranged = self._arranger.arrange(self._arranger.choices()[0])
        path = filled(operation.path, arranged.values)
        response = self._send(path, arranged.body)
        if response.status != operation.success:
            self._complain(f"answers {response} instead of {operation.success}", response)
            return
        again = self._send(path, arranged.body)
        if again.status not in (404, 400) and "404" in map(str, operation.responses):
            self._complain(f"a second time it answers {again}", again)
        if self._reference.find("GET", operation.path) is not None and self._arranger.kind() is not None:
            gone = self._client.get(path)
            if gone.status != 404:
                self._complain(f"what was deleted is still there: {gone}", gone)

    # API-046

    def _negotiates(self) -> None:
        operation = self._operation
        arranged = self._arranger.arrange(self._arranger.choices()[0])
        path = filled(operation.path, arranged.values)
        if operation.success_schema is not None:
            for accept in (None, "text/html"):
                response = self._send(path, arranged.body, headers={"Accept": accept})
                if response.status != 406 or response.body:
                    self._complain(f"answers {response} instead of 406 without a body to Accept: {accept}", response)
        if arranged.body is not None:
            for content_type in (None, "text/plain"):
                response = self._send(path, arranged.body, headers={"Content-Type": content_type})
                if response.status != 415 or response.body:
                    self._complain(f"answers {response} instead of 415 without a body to Content-Type: {content_type}",
                                   response)

    # API-037

    def _asks_who_it_is(self) -> None:
        if self._stranger is None or self._operation.is_public:
            return
        arranged = self._arranger.arrange(self._arranger.choices()[0])
        response = self._send(filled(self._operation.path, arranged.values), arranged.body, client=self._stranger)
        if response.status != 401:
            self._complain(f"answers {response} instead of 401 to somebody without a token", response)

    def _complain(self, sentence: str, response: Response | None = None) -> None:
        self.wrong.append(sentence if response is None else f"{sentence} ({response.curl})")


def _junk(schema: dict):
    """A value of the right type that no server would give itself."""
    return {"integer": 700_700, "string": "made-up", "boolean": None}.get(schema.get("type"))


def _same(shown, sent) -> bool:
    """Whether what is shown is what was sent: objects may show more than was sent."""
    if isinstance(shown, dict) and isinstance(sent, dict):
        return all(name in shown and _same(shown[name], value) for name, value in sent.items())
    if isinstance(shown, list) and isinstance(sent, list):
        return len(shown) == len(sent) and all(map(_same, shown, sent))
    return shown == sent


def _first_difference(before: dict, after: dict) -> str:
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            return f"{name} is {after.get(name)!r} instead of {before.get(name)!r}"
    return "nothing"
