# SPDX-License-Identifier: GPL-3.0-or-later
"""The operations of amid: actions of the manager, and its command line."""
from client import Response
from office import Office
from openapi import Document, Operation
from service_checks import ServiceChecks


class AmidChecks(ServiceChecks):
    def __init__(self, reference: Document, office: Office):
        super().__init__(reference)
        self._client = office.amid()
        self._stranger = office.amid(token=None)
        self._alice = office.amid(token=office.token_of("Alice"))

    def _check_of(self, operation: Operation):
        return {"POST /action/Command": self._command, "POST /action/{action}": self._action}.get(operation.name)

    def _check_strangers(self, operation: Operation) -> None:
        for client in (self._stranger, self._alice):
            self._refused(client.post(operation.path.replace("{action}", "Ping"), {}), 401)

    def _command(self, operation: Operation) -> None:
        response = self._client.post("/action/Command", {"command": "core show version"})
        if self._is(response, operation) and not response.json()["response"][0].startswith("Almon"):
            self.wrong.append(f"the version is {response}")
        unknown = self._client.post("/action/Command", {"command": "core stop now"})
        if self._is(unknown, operation) and "No such command" not in unknown.json()["response"][0]:
            self.wrong.append(f"an unknown command is answered {unknown}")
        for body in ({}, {"command": ""}, {"command": {}}, []):
            self._refused(self._client.post("/action/Command", body), 400)

    def _action(self, operation: Operation) -> None:
        for body in (None, {}, {"Variable": ["Var1=one", "Var2=two"], "ActionID": "not necessary"}):
            response = self._client.post("/action/Ping", body)
            if self._is(response, operation) and response.json()[0]["Ping"] != "Pong":
                self.wrong.append(f"a ping is answered {response}")
        listed = self._client.post("/action/CoreShowChannels", {})
        if self._is(listed, operation) and listed.json()[-1]["Event"] != "CoreShowChannelsComplete":
            self.wrong.append(f"the list of channels is {listed}")
        unknown = self._client.post("/action/NoSuchAction", {})
        if self._is(unknown, operation) and not unknown.json()[0]["Message"].startswith("Invalid/unknown command"):
            self.wrong.append(f"an unknown action is answered {unknown}")
        self._refused(self._client.post("/action/Ping", []), 400)

    def _refused(self, response: Response, status: int) -> None:
        if response.status != status or set(response.json()) != {"message", "error_id", "details", "timestamp"}:
            self.wrong.append(f"{status} and a reason are expected, not {response} ({response.curl})")
