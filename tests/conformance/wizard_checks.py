# SPDX-License-Identifier: GPL-3.0-or-later
"""The wizard configures a server that has just been installed, once (API-111)."""
from collections.abc import Callable

from client import Client, Response
from openapi import Document, Operation
from resources import BODIES, Stage
from service_checks import ServiceChecks


class WizardChecks(ServiceChecks):
    def __init__(self, reference: Document, fresh: Callable[[], Client], configured: Client):
        """`fresh` gives a server that nobody has configured; the wizard needs no token."""
        super().__init__(reference)
        self._fresh = fresh
        self._configured = configured

    def _check_of(self, operation: Operation):
        return {"GET /wizard": self._status, "POST /wizard": self._pass,
                "GET /wizard/discover": self._discover}.get(operation.name)

    def _status(self, operation: Operation) -> None:
        for client, configured in ((self._fresh(), False), (self._configured, True)):
            response = client.get("/wizard")
            if self._is(response, operation) and response.json() != {"configured": configured}:
                self.wrong.append(f"says {response} of a server that is {'' if configured else 'not '}configured")

    def _discover(self, operation: Operation) -> None:
        self._is(self._fresh().get("/wizard/discover"), operation)
        self._refused(self._configured.get("/wizard/discover"), 403, "")

    def _pass(self, operation: Operation) -> None:
        client = self._fresh()
        body = BODIES[("POST", "/wizard")](Stage(client), {})
        for name in self._reference.flat(operation.body)["required"]:
            self._refused(client.post("/wizard", {key: value for key, value in body.items() if key != name}), 400, name)
        for name, value in (("admin_password", 7), ("license", False), ("license", "yes"), ("timezone", ""),
                            ("entity_name", ""), ("language", "tlh_KL"), ("network", []), ("context_internal", 5)):
            self._refused(client.post("/wizard", {**body, name: value}), 400, name)
        self._refused(client.post("/wizard", raw=b"{"), 400, "")
        if client.get("/wizard").json() != {"configured": False}:
            self.wrong.append("a refused request configures the server")
            return
        response = client.post("/wizard", body)
        if response.status != operation.success:
            self.wrong.append(f"answers {response} instead of {operation.success} ({response.curl})")
            return
        if operation.success_schema is not None:
            self._is(response, operation)
        if body["admin_password"] in response.body.decode():
            self.wrong.append("the answer holds the password")
        if client.get("/wizard").json() != {"configured": True}:
            self.wrong.append("the server is not configured after it")
        self._refused(client.post("/wizard", body), 403, "")
        self._refused(client.get("/wizard/discover"), 403, "")
        self._refused(self._configured.post("/wizard", body), 403, "")

    def _is(self, response: Response, operation: Operation) -> bool:
        if response.status != operation.success or not response.is_json:
            self.wrong.append(f"answers {response} instead of {operation.success} ({response.curl})")
            return False
        # A password is told to nobody, whatever the schema says.
        found = self._reference.problems(response.json(), operation.success_schema,
                                         skipping=frozenset({"admin_password"}))
        self.wrong += found
        return not found

    def _refused(self, response: Response, status: int, field: str) -> None:
        value = response.json() if response.is_json else None
        if response.status != status:
            self.wrong.append(f"answers {response} instead of {status} ({response.curl})")
        elif not isinstance(value, list) or not value or not all(isinstance(each, str) for each in value):
            self.wrong.append(f"{status} comes without a JSON list of sentences: {response}")
        elif field and field not in response.body.decode():
            self.wrong.append(f"refuses {field} without naming it: {response}")
