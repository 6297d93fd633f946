# SPDX-License-Identifier: GPL-3.0-or-later
"""The operations of ctid-ng, with phones of the office in the calls. API-134 to API-141 say what the reference leaves
open."""
import contextlib
import time

from client import Client, Response
from office import Office
from openapi import Document, Operation
from phones.raw_phone import RawCall, RawPhone, media_port
from phones.sound import tone_file
from service_checks import ServiceChecks

_NOBODY = "00000000-0000-4000-8000-000000000000"
_SOUND = tone_file(700, 1)


class CtidNgChecks(ServiceChecks):
    def __init__(self, reference: Document, office: Office):
        super().__init__(reference)
        self._office = office
        self._client = office.ctid_ng()
        self._stranger = office.ctid_ng(token=None)
        self._uuids = {user["firstname"]: user["uuid"] for user in office.confd().get("/users").json()["items"]}
        self._lines = {name: office.confd().get(f"/users/{uuid}/lines").json()["items"][0]["line_id"]
                       for name, uuid in self._uuids.items() if name in ("Alice", "Bob")}
        self._alice = office.ctid_ng(token=office.token_of("Alice"))
        self._bob = office.ctid_ng(token=office.token_of("Bob"))
        self._bobs_box: int | None = None

    def _check_of(self, operation: Operation):
        return {
            "GET /status": self._status, "GET /calls": self._list, "POST /calls": self._create,
            "GET /calls/{call_id}": self._show, "DELETE /calls/{call_id}": self._hang_up,
            "PUT /calls/{call_id}/user/{user_uuid}": self._connect, "GET /users/me/calls": self._list_own,
            "POST /users/me/calls": self._create_own, "DELETE /users/me/calls/{call_id}": self._hang_up_own,
            "POST /transfers": self._transfer, "GET /transfers/{transfer_id}": self._show_transfer,
            "DELETE /transfers/{transfer_id}": self._cancel, "PUT /transfers/{transfer_id}/complete": self._complete,
            "GET /users/me/transfers": self._list_transfers, "POST /users/me/transfers": self._transfer_own,
            "DELETE /users/me/transfers/{transfer_id}": self._cancel_own,
            "PUT /users/me/transfers/{transfer_id}/complete": self._complete_own,
            "GET /lines/{line_id}/presences": self._line, "GET /users/{user_uuid}/presences": self._presence,
            "PUT /users/{user_uuid}/presences": self._set_presence, "GET /users/me/presences": self._own_presence,
            "PUT /users/me/presences": self._set_own_presence, "POST /chats": self._chat, "POST /users/me/chats": self._chat_own,
        }.get(operation.name) or self._voicemail_check(operation)

    def _check_strangers(self, operation: Operation) -> None:
        stranger = self._stranger.request(operation.method, _filled(operation.path))
        if operation.method != "HEAD":
            self._refused(stranger, 401)
        elif stranger.status != 401:
            self.wrong.append(f"answers {stranger} instead of 401 ({stranger.curl})")

    # Phones

    @contextlib.contextmanager
    def _phones(self, *names: str):
        with contextlib.ExitStack() as stack:
            phones = []
            for name in names:
                person = self._office.almon.person(name)
                phone = RawPhone(self._office.almon.address, person.username, person.password)
                stack.callback(phone.leave)
                assert phone.register().status == 200
                phones.append(phone)
            yield phones

    @contextlib.contextmanager
    def _talk(self):
        """Alice, who has called Bob, and Carol, who is free; with the ids of the two calls."""
        with self._phones("Alice", "Bob", "Carol") as (alice, bob, carol):
            call = alice.call("1002")
            at_bob = RawCall.incoming_at(bob)
            at_bob.accept()
            call.answered()
            at_bob.acknowledged()
            ids = {item["user_uuid"]: item["call_id"] for item in self._client.get("/calls").json()["items"]}
            try:
                yield ids[self._uuids["Alice"]], ids[self._uuids["Bob"]], carol
            finally:
                for item in self._client.get("/calls").json()["items"]:
                    self._client.delete(f"/calls/{item['call_id']}")

    def _order(self, **destination) -> dict:
        return {"source": {"user": self._uuids["Alice"], "line_id": self._lines["Alice"]},
                "destination": {"extension": "1002", "context": "default", "priority": 1, **destination},
                "variables": {"CUSTOMER": "4711"}}

    # Operations

    def _status(self, operation: Operation) -> None:
        self._is(self._client.get("/status"), operation, 200)

    def _list(self, operation: Operation) -> None:
        with self._talk() as (alice, bob, _):
            response = self._client.get("/calls")
            if self._is(response, operation, 200):
                found = {item["call_id"] for item in response.json()["items"]}
                if found != {alice, bob}:
                    self.wrong.append(f"the calls {alice} and {bob} are up, and listed are {found}")
            for query in ("application=switchboard", "application=switchboard&application_instance=sales,green"):
                response = self._client.get(f"/calls?{query}")
                if self._is(response, operation, 200) and response.json()["items"]:
                    self.wrong.append(f"calls without application are listed ({response.curl})")

    def _list_own(self, operation: Operation) -> None:
        with self._talk() as (alice, _, _):
            response = self._alice.get("/users/me/calls")
            if self._is(response, operation, 200) and [item["call_id"] for item in response.json()["items"]] != [alice]:
                self.wrong.append(f"the own call is {alice}, and listed is {response}")
            self._is(self._alice.get("/users/me/calls?application=switchboard&application_instance=a"), operation, 200)

    def _create(self, operation: Operation) -> None:
        with self._phones("Alice", "Bob") as (alice, _):
            response = self._client.post("/calls", self._order())
            if self._is(response, operation, 201):
                at_alice = RawCall.incoming_at(alice)
                if "1002" not in at_alice.invite["From"]:
                    self.wrong.append(f"the phone shows {at_alice.invite['From']}")
                at_alice.refuse(486)
            self._refused(self._client.post("/calls", self._order(extension="1999")), 400)
            self._refused(self._client.post("/calls", self._order(context="nowhere")), 400)
            self._refused(self._client.post("/calls", {**self._order(), "source": {"user": _NOBODY}}), 400)
            self._refused(self._client.post("/calls", {**self._order(), "source": {
                "user": self._uuids["Alice"], "line_id": self._lines["Bob"]}}), 400)
            for body in ({}, {"source": {}}, {"destination": {}}, {**self._order(), "variables": 1}):
                self._refused(self._client.post("/calls", body), 400)

    def _create_own(self, operation: Operation) -> None:
        with self._phones("Alice", "Bob") as (alice, _):
            response = self._alice.post("/users/me/calls", {
                "extension": "1002", "line_id": self._lines["Alice"], "variables": {"CUSTOMER": "4711"}})
            if self._is(response, operation, 201):
                RawCall.incoming_at(alice).refuse(486)
            for body in ({"extension": "1999"}, {}, {"extension": "1002", "line_id": self._lines["Bob"]},
                         {"extension": None}):
                self._refused(self._alice.post("/users/me/calls", body), 400)

    def _show(self, operation: Operation) -> None:
        with self._talk() as (alice, bob, _):
            response = self._client.get(f"/calls/{alice}")
            if self._is(response, operation, 200):
                call = response.json()
                if call["talking_to"] != {bob: self._uuids["Bob"]} or call["status"] != "Up":
                    self.wrong.append(f"the call is {call}")
        self._refused(self._client.get(f"/calls/{alice}"), 404)
        self._refused(self._client.get("/calls/none"), 404)

    def _hang_up(self, operation: Operation) -> None:
        with self._talk() as (alice, bob, _):
            self._is(self._client.delete(f"/calls/{bob}"), operation, 204)
            for call in (alice, bob, "none"):
                self._refused(self._client.delete(f"/calls/{call}"), 404)

    def _hang_up_own(self, operation: Operation) -> None:
        with self._talk() as (alice, bob, _):
            self._refused(self._alice.delete(f"/users/me/calls/{bob}"), 403)
            self._is(self._alice.delete(f"/users/me/calls/{alice}"), operation, 204)
            self._refused(self._alice.delete(f"/users/me/calls/{alice}"), 404)

    def _connect(self, operation: Operation) -> None:
        with self._talk() as (alice, _, carol):
            response = self._client.put(f"/calls/{alice}/user/{self._uuids['Carol']}")
            if self._is(response, operation, 200):
                if response.json()["user_uuid"] != self._uuids["Carol"]:
                    self.wrong.append(f"the call of Carol is {response}")
                RawCall.incoming_at(carol).refuse(486)
            self._refused(self._client.put(f"/calls/{alice}/user/{_NOBODY}"), 404)
            self._refused(self._client.put(f"/calls/none/user/{self._uuids['Carol']}"), 404)

    def _transfer(self, operation: Operation) -> None:
        with self._talk() as (alice, bob, carol):
            order = {"transferred_call": bob, "initiator_call": alice, "context": "default", "exten": "1003",
                     "flow": "attended", "timeout": 20, "variables": {"CASE": "12"}}
            for change in ({"exten": "1999"}, {"initiator_call": "none"}, {"transferred_call": "none"},
                           {"context": "nowhere"}, {"flow": "slow"}, {"timeout": "soon"}, {"exten": None}):
                self._refused(self._client.post("/transfers", {**order, **change}), 400)
            response = self._client.post("/transfers", order)
            if self._is(response, operation, 201):
                transfer = response.json()
                expected = {"transferred_call": bob, "initiator_call": alice, "flow": "attended", "status": "starting",
                            "initiator_uuid": self._uuids["Alice"]}
                if {name: transfer[name] for name in expected} != expected:
                    self.wrong.append(f"the transfer is {transfer}")
                self._refused(self._client.post("/transfers", order), 409)
                RawCall.incoming_at(carol).refuse(486)
        with self._talk() as (alice, bob, carol):
            response = self._client.post("/transfers", {**order, "initiator_call": alice, "transferred_call": bob,
                                                        "flow": "blind", "timeout": None})
            if self._is(response, operation, 201):
                RawCall.incoming_at(carol).refuse(486)

    def _transfer_own(self, operation: Operation) -> None:
        with self._talk() as (alice, bob, carol):
            order = {"initiator_call": alice, "exten": "1003", "flow": "attended", "timeout": 20}
            self._refused(self._bob.post("/users/me/transfers", order), 403)
            for change in ({"exten": "1999"}, {"initiator_call": "none"}, {"initiator_call": None}):
                self._refused(self._alice.post("/users/me/transfers", {**order, **change}), 400)
            if self._is(self._alice.post("/users/me/transfers", order), operation, 201):
                self._refused(self._alice.post("/users/me/transfers", order), 409)
                RawCall.incoming_at(carol).refuse(486)

    @contextlib.contextmanager
    def _transferring(self):
        """A transfer of Alice whose recipient has answered."""
        with self._talk() as (alice, _, carol):
            begun = self._client.post("/transfers", {"initiator_call": alice, "exten": "1003"})
            assert begun.status == 201, begun
            at_carol = RawCall.incoming_at(carol)
            at_carol.accept()
            at_carol.acknowledged()
            yield begun.json()["id"]

    def _show_transfer(self, operation: Operation) -> None:
        with self._transferring() as transfer:
            response = self._client.get(f"/transfers/{transfer}")
            if self._is(response, operation, 200) and response.json()["status"] != "answered":
                self.wrong.append(f"the transfer is {response}")
        self._refused(self._client.get("/transfers/none"), 404)

    def _cancel(self, operation: Operation) -> None:
        with self._transferring() as transfer:
            self._is(self._client.delete(f"/transfers/{transfer}"), operation, 204)
            self._refused(self._client.delete(f"/transfers/{transfer}"), 404)

    def _complete(self, operation: Operation) -> None:
        with self._transferring() as transfer:
            self._is(self._client.put(f"/transfers/{transfer}/complete"), operation, 204)
            self._refused(self._client.put(f"/transfers/{transfer}/complete"), 404)

    def _list_transfers(self, operation: Operation) -> None:
        with self._transferring() as transfer:
            response = self._alice.get("/users/me/transfers")
            if self._is(response, operation, 200) and [each["id"] for each in response.json()] != [transfer]:
                self.wrong.append(f"the own transfer is {transfer}, and listed is {response}")

    def _cancel_own(self, operation: Operation) -> None:
        self._step_own(operation, lambda client, transfer: client.delete(f"/users/me/transfers/{transfer}"))

    def _complete_own(self, operation: Operation) -> None:
        self._step_own(operation, lambda client, transfer: client.put(f"/users/me/transfers/{transfer}/complete"))

    def _step_own(self, operation: Operation, step) -> None:
        with self._transferring() as transfer:
            self._refused(step(self._bob, transfer), 403)
            self._is(step(self._alice, transfer), operation, 204)
            self._refused(step(self._alice, transfer), 404)

    def _chat(self, operation: Operation) -> None:
        chat = {"from": self._uuids["Alice"], "to": self._uuids["Bob"], "alias": "Al", "msg": "Lunch?"}
        self._is(self._client.post("/chats", chat), operation, 204)
        self._is(self._client.post("/chats", {**chat, "to_xivo_uuid": _NOBODY}), operation, 204)
        for change in ({"from": _NOBODY}, {"to": _NOBODY}, {"msg": 1}, {"alias": None}):
            self._refused(self._client.post("/chats", {**chat, **change}), 400)

    def _chat_own(self, operation: Operation) -> None:
        chat = {"to": self._uuids["Bob"], "alias": "Al", "msg": "Lunch?"}
        self._is(self._alice.post("/users/me/chats", chat), operation, 204)
        for change in ({"to": _NOBODY}, {"msg": None}):
            self._refused(self._alice.post("/users/me/chats", {**chat, **change}), 400)

    # Voicemails: the same of one that is named and of who asks

    def _voicemail_check(self, operation: Operation):
        what = operation.path.removeprefix("/users/me/voicemails").removeprefix("/voicemails/{voicemail_id}")
        return None if what == operation.path else {
            ("GET", ""): self._mailbox, ("GET", "/folders/{folder_id}"): self._folder,
            ("GET", "/messages/{message_id}"): self._message, ("PUT", "/messages/{message_id}"): self._move_message,
            ("DELETE", "/messages/{message_id}"): self._erase_message,
            ("GET", "/messages/{message_id}/recording"): self._recording,
            ("GET", "/greetings/{greeting}"): self._greeting, ("HEAD", "/greetings/{greeting}"): self._has_greeting,
            ("PUT", "/greetings/{greeting}"): self._replace_greeting,
            ("DELETE", "/greetings/{greeting}"): self._erase_greeting,
            ("POST", "/greetings/{greeting}/copy"): self._copy_greeting,
        }.get((operation.method, what))

    def _place(self, operation: Operation) -> tuple[Client, str]:
        """Who asks, and the path of Bob's mailbox in this operation."""
        confd = self._office.confd()
        if self._bobs_box is None:
            made = confd.post("/voicemails", {"name": "Bob", "number": "1002", "context": "default"})
            assert made.status == 201, made
            self._bobs_box = made.json()["id"]
            joined = confd.put(f"/users/{self._uuids['Bob']}/voicemails/{self._bobs_box}")
            assert joined.status == 204, joined
        if operation.path.startswith("/users/me"):
            return self._bob, "/users/me/voicemails"
        return self._client, f"/voicemails/{self._bobs_box}"

    def _box(self, operation: Operation) -> tuple[Client, str, str]:
        """The same, and the id of a message in it."""
        client, path = self._place(operation)
        if not self._messages(f"/voicemails/{self._bobs_box}"):
            self._leave_messages(f"/voicemails/{self._bobs_box}")
        return client, path, self._messages(f"/voicemails/{self._bobs_box}")[0]["id"]

    def _messages(self, path: str) -> list[dict]:
        return [message for folder in self._client.get(path).json()["folders"] for message in folder["messages"]]

    def _leave_messages(self, path: str) -> None:
        """Two, at once."""
        with self._phones("Alice", "Carol") as phones:
            calls = [phone.call("*971002") for phone in phones]
            ports = [media_port(call.answered()) for call in calls]
            while phones[-1].rtp.listen(0.3).sound().share(1000) < 0.9:
                pass  # the greeting; then comes the beep
            phones[-1].rtp.listen(0.3)
            for phone, port, call in zip(phones, ports, calls):
                phone.rtp.talk(port, 700, 1.5)
                call.hang_up()
        deadline = time.monotonic() + 5
        while len(self._messages(path)) < 2:
            assert time.monotonic() < deadline, "the messages are not kept"

    def _mailbox(self, operation: Operation) -> None:
        client, path, message = self._box(operation)
        response = client.get(path)
        if self._is(response, operation, 200) and message not in {
                each["id"] for folder in response.json()["folders"] for each in folder["messages"]}:
            self.wrong.append(f"the message {message} is not in {response}")
        self._refused(self._client.get("/voicemails/999999"), 404)
        self._refused(self._client.get("/users/me/voicemails"), 400)

    def _folder(self, operation: Operation) -> None:
        client, path, _ = self._box(operation)
        for folder, kind in ((1, "new"), (2, "old")):
            response = client.get(f"{path}/folders/{folder}")
            if self._is(response, operation, 200) and response.json()["type"] != kind:
                self.wrong.append(f"the folder {folder} is {response}")
        self._refused(client.get(f"{path}/folders/3"), 404)

    def _message(self, operation: Operation) -> None:
        client, path, message = self._box(operation)
        self._is(client.get(f"{path}/messages/{message}"), operation, 200)
        self._refused(client.get(f"{path}/messages/none"), 404)

    def _move_message(self, operation: Operation) -> None:
        client, path, message = self._box(operation)
        for folder in (2, 1):
            self._is(client.put(f"{path}/messages/{message}", {"folder_id": folder}), operation, 204)
            if client.get(f"{path}/messages/{message}").json()["folder"]["id"] != folder:
                self.wrong.append(f"the message was moved to {folder} and is elsewhere")
        for body in ({}, {"folder_id": 3}, {"folder_id": "2"}, {"folder_id": None}):
            self._refused(client.put(f"{path}/messages/{message}", body), 400)
        self._refused(client.put(f"{path}/messages/none", {"folder_id": 2}), 404)

    def _erase_message(self, operation: Operation) -> None:
        client, path, message = self._box(operation)
        self._is(client.delete(f"{path}/messages/{message}"), operation, 204)
        self._refused(client.delete(f"{path}/messages/{message}"), 404)

    def _recording(self, operation: Operation) -> None:
        client, path, message = self._box(operation)
        recording = f"{path}/messages/{message}/recording"
        for query in ("", "?download=1"):
            response = client.get(recording + query, headers={"Accept": "audio/wav"})
            if response.status != 200 or response.headers.get("content-type") != "audio/wav" or response.body[:4] != b"RIFF":
                self.wrong.append(f"answers {response} ({response.curl})")
        self._refused(client.get(f"{path}/messages/none/recording"), 404)

    def _upload(self, operation: Operation) -> tuple[Client, str]:
        """Bob's mailbox has one greeting, `busy`: who asks, and the path of the greetings."""
        client, path = self._place(operation)
        for greeting in ("unavailable", "temp"):
            client.delete(f"{path}/greetings/{greeting}")
        self._is(self._put_sound(client, f"{path}/greetings/busy", _SOUND), operation, 204)
        return client, f"{path}/greetings"

    @staticmethod
    def _put_sound(client: Client, path: str, content: bytes) -> Response:
        return client.request("PUT", path, raw=content, headers={"Content-Type": "audio/wav"})

    def _sound(self, client: Client, path: str) -> bytes:
        response = client.get(path, headers={"Accept": "audio/wav"})
        if response.status != 200 or response.headers.get("content-type") != "audio/wav":
            self.wrong.append(f"answers {response} ({response.curl})")
        return response.body

    def _greeting(self, operation: Operation) -> None:
        client, path = self._upload(operation)
        if self._sound(client, f"{path}/busy") != _SOUND:
            self.wrong.append("the greeting is another than was uploaded")
        for none in ("temp", "unavailable", "hello"):
            self._refused(client.get(f"{path}/{none}"), 404)

    def _has_greeting(self, operation: Operation) -> None:
        client, path = self._upload(operation)
        for greeting, status in (("busy", 200), ("temp", 404)):
            response = client.request("HEAD", f"{path}/{greeting}")
            if response.status != status or response.body:
                self.wrong.append(f"{greeting} is there: {response}")

    def _replace_greeting(self, operation: Operation) -> None:
        client, path = self._upload(operation)
        other = tone_file(500, 1)
        self._is(self._put_sound(client, f"{path}/busy", other), operation, 204)
        self._refused(self._put_sound(client, f"{path}/busy", b"no sound at all"), 400)
        if self._sound(client, f"{path}/busy") != other:
            self.wrong.append("what was refused is there, or the former greeting still is")
        self._refused(self._put_sound(client, f"{path}/hello", other), 404)

    def _erase_greeting(self, operation: Operation) -> None:
        client, path = self._upload(operation)
        self._is(client.delete(f"{path}/busy"), operation, 204)
        for none in ("busy", "hello"):
            self._refused(client.delete(f"{path}/{none}"), 404)

    def _copy_greeting(self, operation: Operation) -> None:
        client, path = self._upload(operation)
        self._is(client.post(f"{path}/busy/copy", {"dest_greeting": "temp"}), operation, 204)
        if self._sound(client, f"{path}/temp") != _SOUND:
            self.wrong.append("the copy is another sound")
        for body in ({}, {"dest_greeting": "hello"}, {"dest_greeting": 1}):
            self._refused(client.post(f"{path}/busy/copy", body), 400)
        self._refused(client.post(f"{path}/unavailable/copy", {"dest_greeting": "temp"}), 404)

    def _line(self, operation: Operation) -> None:
        line = self._lines["Alice"]
        with self._talk():
            response = self._client.get(f"/lines/{line}/presences")
            if self._is(response, operation, 200) and (response.json()["line_id"], response.json()["presence"]) != (line, 1):
                self.wrong.append(f"the line {line}, which talks, is {response}")
        self._refused(self._client.get("/lines/999999/presences"), 404)

    def _presence(self, operation: Operation) -> None:
        path = f"/users/{self._uuids['Alice']}/presences"
        for query in ("", f"?xivo_uuid={self._client.get(path).json()['xivo_uuid']}"):
            self._is(self._client.get(path + query), operation, 200)
        self._refused(self._client.get(f"{path}?xivo_uuid={_NOBODY}"), 400)
        self._refused(self._client.get(f"/users/{_NOBODY}/presences"), 404)

    def _set_presence(self, operation: Operation) -> None:
        self._choose(operation, self._client, f"/users/{self._uuids['Alice']}/presences")
        self._refused(self._client.put(f"/users/{_NOBODY}/presences", {"presence": "away"}), 404)

    def _own_presence(self, operation: Operation) -> None:
        response = self._alice.get("/users/me/presences")
        if self._is(response, operation, 200) and response.json()["user_uuid"] != self._uuids["Alice"]:
            self.wrong.append(f"the own presence is {response}")

    def _set_own_presence(self, operation: Operation) -> None:
        self._choose(operation, self._alice, "/users/me/presences")

    def _choose(self, operation: Operation, client: Client, path: str) -> None:
        for presence in ("away", "available"):
            self._is(client.put(path, {"presence": presence}), operation, 204)
            if client.get(path).json()["presence"] != presence:
                self.wrong.append(f"the presence {presence} is set, and it is {client.get(path)}")
        for body in ({"presence": "no such presence"}, {"presence": 1}, {}):
            self._refused(client.put(path, body), 400)

    # Answers

    def _refused(self, response: Response, status: int) -> None:
        if response.status != status or not response.is_json:
            self.wrong.append(f"answers {response} instead of {status} ({response.curl})")
            return
        found = self._reference.problems(response.json(), {"$ref": "#/definitions/Error"})
        missing = {"message", "error_id", "details", "timestamp"} - set(response.json())
        self.wrong += [*found, *(f"the refusal has no {each} ({response.curl})" for each in sorted(missing))]


def _filled(path: str) -> str:
    for name in ("call_id", "transfer_id", "user_uuid", "line_id", "voicemail_id", "folder_id", "message_id", "greeting"):
        path = path.replace("{" + name + "}", "none")
    return path
