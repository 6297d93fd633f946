# SPDX-License-Identifier: GPL-3.0-or-later
"""The operations of ctid, which asks nobody for a token. API-132 and API-133 say what the reference leaves open."""
from client import Response
from office import Office
from openapi import Document, Operation
from phones.raw_phone import RawPhone
from service_checks import ServiceChecks

_NOBODY = "00000000-0000-4000-8000-000000000000"
_FREE, _UNAVAILABLE = 0, 4


class CtidChecks(ServiceChecks):
    def __init__(self, reference: Document, office: Office):
        super().__init__(reference)
        self._office = office
        self._client = office.ctid()
        self._users = {user["firstname"]: user for user in office.confd().get("/users").json()["items"]}

    def _check_of(self, operation: Operation):
        return {"GET /infos": self._infos, "GET /users/{user_id}": self._user,
                "GET /endpoints/{endpoint_id}": self._endpoint}.get(operation.name)

    def _infos(self, operation: Operation) -> None:
        response = self._client.get("/infos")
        ours = self._office.confd().get("/infos").json()["uuid"]
        if self._is(response, operation) and response.json() != {"uuid": ours, "cti_protocol_version": "2.2"}:
            self.wrong.append(f"the server is {response}")

    def _user(self, operation: Operation) -> None:
        alice = self._users["Alice"]
        everybody = self._client.get("/users").json()["items"]
        ctid_ng = self._office.ctid_ng()
        for presence in ("away", "available"):
            chosen = ctid_ng.put(f"/users/{alice['uuid']}/presences", {"presence": presence})
            assert chosen.status == 204, chosen
            for name in (alice["id"], alice["uuid"]):
                response = self._client.get(f"/users/{name}")
                if self._is(response, operation) and (response.json()["presence"], response.json()["user_uuid"]) != (
                        presence, alice["uuid"]):
                    self.wrong.append(f"Alice, who is {presence}, is {response}")
        if {user["user_uuid"] for user in everybody} != {user["uuid"] for user in self._users.values()}:
            self.wrong.append(f"the users are {everybody}")
        for nobody in ("999999", _NOBODY, "-1", "alice"):
            self._refused(self._client.get(f"/users/{nobody}"))

    def _endpoint(self, operation: Operation) -> None:
        line = self._office.confd().get(f"/users/{self._users['Carol']['uuid']}/lines").json()["items"][0]["line_id"]
        person = self._office.almon.person("Carol")
        carol = RawPhone(self._office.almon.address, person.username, person.password)
        try:
            for status in (_UNAVAILABLE, _FREE):
                response = self._client.get(f"/endpoints/{line}")
                if self._is(response, operation) and (response.json()["id"], response.json()["status"]) != (line, status):
                    self.wrong.append(f"the line {line} is {response} instead of {status}")
                assert carol.register().status == 200
        finally:
            carol.leave()
        for nothing in ("999999", "none"):
            self._refused(self._client.get(f"/endpoints/{nothing}"))

    def _refused(self, response: Response) -> None:
        if response.status != 404 or not response.is_json:
            self.wrong.append(f"answers {response} instead of 404 ({response.curl})")
            return
        missing = {"reason", "timestamp", "status_code"} - set(response.json())
        self.wrong += [f"the refusal has no {each}" for each in sorted(missing)]
