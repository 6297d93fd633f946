# SPDX-License-Identifier: GPL-3.0-or-later
"""The operations of auth: tokens. SYS-073 to SYS-079 and SYS-092 say what the reference leaves open."""
import datetime
import uuid

from client import Client, Response
from openapi import Document, Operation
from service_checks import ServiceChecks

BACKENDS = {"xivo_admin", "xivo_service", "xivo_user"}
_UNKNOWN_TOKEN = "5f2c3c52-0d5c-4d34-9f1a-0f3f9a3c6b1e"


class AuthChecks(ServiceChecks):
    def __init__(self, reference: Document, client: Client, login: tuple[str, str]):
        """`client` sends no login of its own; `login` is an administrator's with all rights."""
        super().__init__(reference)
        self._client = client
        self._login = login

    def _check_of(self, operation: Operation):
        return {"GET /backends": self._backends, "POST /token": self._create, "GET /token/{token}": self._read,
                "HEAD /token/{token}": self._check, "DELETE /token/{token}": self._revoke}.get(operation.name)

    def _backends(self, operation: Operation) -> None:
        response = self._client.get("/backends")
        if self._is(response, operation, 200) and not BACKENDS <= set(response.json()["data"]):
            self.wrong.append(f"the backends are {response.json()['data']}")

    def _create(self, operation: Operation) -> None:
        before = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
        response = self._post({"backend": "xivo_admin", "expiration": 600})
        if not self._is(response, operation, 200):
            return
        token = response.json()["data"]
        self._has_form(token, before, 600)
        response = self._post({"backend": "xivo_admin"})
        if self._is(response, operation, 200):
            self._has_form(response.json()["data"], before, 7200)  # SYS-074
        for expiration in (0, -1, 1.5, "600", True, None, [], 10**30):
            self._refused(self._post({"backend": "xivo_admin", "expiration": expiration}), 400)
        self._refused(self._post({"expiration": 600}), 400)
        self._refused(self._post({"backend": 7}), 400)
        self._refused(self._post([]), 400)
        self._refused(self._client_with(self._login).post("/token", raw=b'{"backend": '), 400)
        self._refused(self._post({"backend": "no_such_backend"}), 401)
        self._refused(self._client_with((self._login[0], "wrong")).post("/token", {"backend": "xivo_admin"}), 401)
        self._refused(self._client.post("/token", {"backend": "xivo_admin"}), 401)

    def _read(self, operation: Operation) -> None:
        made = self._token()
        response = self._client.get(f"/token/{made['token']}")
        if self._is(response, operation, 200) and response.json()["data"] != made:
            self.wrong.append(f"the token reads as {response.json()['data']} and was created as {made}")
        self._is(self._client.get(f"/token/{made['token']}?scope=confd.users.read"), operation, 200)
        self._refused(self._client.get(f"/token/{_UNKNOWN_TOKEN}"), 404)
        self._refused(self._client.get("/token/nonsense"), 404)
        limited = self._limited()
        if limited is not None:
            self._refused(self._client.get(f"/token/{limited}?scope=confd.entities.delete"), 403)

    def _check(self, operation: Operation) -> None:
        token = self._token()["token"]
        for path, status in ((f"/token/{token}", 204), (f"/token/{token}?scope=confd.users.read", 204),
                             (f"/token/{_UNKNOWN_TOKEN}", 404)):
            response = self._client.request("HEAD", path)
            if response.status != status or response.body:
                self.wrong.append(f"answers {response} instead of {status} ({response.curl})")
        limited = self._limited()
        if limited is not None:
            response = self._client.request("HEAD", f"/token/{limited}?scope=confd.entities.delete")
            if response.status != 403:
                self.wrong.append(f"answers {response} instead of 403 ({response.curl})")

    def _revoke(self, operation: Operation) -> None:
        token = self._token()["token"]
        response = self._client.delete(f"/token/{token}")
        if response.status != 200:
            self.wrong.append(f"answers {response} instead of 200 ({response.curl})")
        elif not response.is_json or response.json().get("data", {}).get("message") != "success":  # SYS-076
            self.wrong.append(f"answers {response}")
        self._refused(self._client.get(f"/token/{token}"), 404)
        again = self._client.delete(f"/token/{token}")
        if again.status not in (200, 404):
            self.wrong.append(f"a second time it answers {again} ({again.curl})")

    def _limited(self) -> str | None:
        """A token that may do nothing beyond its user's own affairs: the one that a user of the office gets."""
        return self.limited_token

    limited_token: str | None = None

    def _token(self) -> dict:
        response = self._post({"backend": "xivo_admin", "expiration": 600})
        assert response.status == 200, f"no token: {response} ({response.curl})"
        return response.json()["data"]

    def _post(self, body) -> Response:
        return self._client_with(self._login).post("/token", body)

    def _client_with(self, login: tuple[str, str]) -> Client:
        return Client(self._client.address, self._client.base, tls=self._client.tls, login=login)

    def _has_form(self, token: dict, before: datetime.datetime, seconds: int) -> None:
        try:
            uuid.UUID(token["token"])
            uuid.UUID(token["xivo_uuid"])
        except ValueError:
            self.wrong.append(f"token {token['token']} or xivo_uuid {token['xivo_uuid']} is no UUID")
        times = {}
        for name in ("issued_at", "expires_at", "utc_issued_at", "utc_expires_at"):
            try:
                times[name] = datetime.datetime.strptime(token[name], "%Y-%m-%dT%H:%M:%S.%f")  # SYS-075
            except ValueError:
                self.wrong.append(f"{name} is {token[name]}, not like 2015-06-05T10:16:58.557553")
                return
        if abs((times["utc_issued_at"] - before).total_seconds()) > 20:
            self.wrong.append(f"utc_issued_at is {token['utc_issued_at']}, and it is {before}")
        for first, last in (("issued_at", "expires_at"), ("utc_issued_at", "utc_expires_at")):
            lasts = (times[last] - times[first]).total_seconds()
            if lasts != seconds:
                self.wrong.append(f"from {first} to {last} are {lasts} seconds instead of {seconds}")

    def _refused(self, response: Response, status: int) -> None:
        if response.status != status:
            self.wrong.append(f"answers {response} instead of {status} ({response.curl})")
            return
        value = response.json() if response.is_json else None
        schema = {"$ref": "#/definitions/Error"}
        found = self._reference.problems(value, schema) if isinstance(value, dict) else [f"{status} comes with {response}"]
        if isinstance(value, dict) and value.get("status_code") != status:
            found.append(f"status_code is {value.get('status_code')}")
        self.wrong += [f"{problem} ({response.curl})" for problem in found]
