# SPDX-License-Identifier: GPL-3.0-or-later
"""Any number of changes, taken back one after the other, leave the configuration as it was.

ALMON_DATABASE chooses the database, ALMON_UNDO_SEED the operations, ALMON_UNDO_OPERATIONS how many.
"""
import os
import random
import re

import office as offices
from client import Client
from resources import BODIES, KINDS, NUMBERED, NotMade, Stage, kind_of_parameter

# What is no configuration: what is written while it is changed, and numbers that are never given twice.
BOOKKEEPING = frozenset({"cel", "contacts", "journal_position", "tokens", "change_log", "id_counters"})
# What can be given to what, by a PUT of the path.
JOINS = ("/users/{user}/entities/{entity}", "/users/{user}/voicemails/{voicemail}", "/users/{user}/agents/{agent}",
         "/users/{user}/callpermissions/{callpermission}", "/users/{user}/funckeys/templates/{template}",
         "/users/{user}/lines/{line}", "/lines/{line}/endpoints/sip/{sip}", "/lines/{line}/extensions/{extension}",
         "/lines/{line}/devices/{device}", "/agents/{agent}/skills/{skill}", "/lines/{line}/endpoints/sccp/{sccp}",
         "/lines/{line}/endpoints/custom/{custom}", "/trunks/{trunk}/endpoints/sip/{sip}",
         "/trunks/{trunk}/endpoints/custom/{custom}", "/trunks/{trunk}/endpoints/iax/{iax}",
         "/trunks/{trunk}/registers/sip/{register_sip}", "/queues/{queue}/members/users/{user}",
         *(f"/{kind}s/{{{kind}}}/callpermissions/{{callpermission}}" for kind in ("group", "outcall", "incall")),
         *(f"{KINDS[kind].collection}/{{{kind}}}/extensions/{{extension}}" for kind in NUMBERED),
         *(f"/{kind}s/{{{kind}}}/schedules/{{schedule}}" for kind in ("user", "group", "queue", "incall", "outcall")))
# All kinds; lines are made as such, not in the old way as well. What is about phones comes more often than the rest.
PHONES = ("user", "line", "sip", "extension", "device", "template")
MADE = (*PHONES, *PHONES, *(kind for kind in KINDS if kind != "line_sip"))
# What replaces a list or settings, by PUT of a path.
TOLD = [path for method, path in BODIES if method == "PUT" and path != "/users/import"]
WORDS = {"position": 1, "forward_name": "noanswer", "service_name": "dnd"}
SERVICES = ("dnd", "incallfilter")


class Operator:
    """Does one random thing after the other; what contradicts the configuration is refused and changes nothing."""

    def __init__(self, client: Client, seed: int):
        self._random = random.Random(seed)
        self._stage = Stage(client)
        self._client = client
        self._there: dict[str, list] = {kind: [] for kind in MADE}
        self.done = 0
        self.changed: set[str] = set()

    def step(self) -> None:
        kind = self._random.choice(MADE)
        act = self._random.choices((self._create, self._change, self._join, self._part, self._erase, self._tell,
                                    self._several), (5, 4, 5, 1, 2, 1, 1))[0]
        try:
            act(kind)
        except NotMade as failure:
            # Numbers are few, and a resource that needs another may draw one that is taken.
            assert " is taken by " in str(failure) or " exists already " in str(failure), failure

    def _create(self, kind: str) -> None:
        body = KINDS[kind].full_body(self._stage) if self._random.random() < 0.5 else KINDS[kind].minimal(self._stage)
        response = self._client.post(KINDS[kind].collection, body)
        if self._carried_out(response, 201):
            self._there[kind].append(response.json()["id"])
            self.changed.add(kind)

    def _change(self, kind: str) -> None:
        if not self._there[kind]:
            return
        path = f"{KINDS[kind].collection}/{self._random.choice(self._there[kind])}"
        if kind == "user" and self._random.random() < 0.5:
            choice = self._random.randrange(3)
            if choice == 0:
                self._put(f"{path}/services/{self._random.choice(SERVICES)}",
                          {"enabled": self._random.random() < 0.5})
            elif choice == 1:
                self._put(f"{path}/forwards/busy", {"enabled": True, "destination": self._stage.exten()})
            else:
                self._put(f"{path}/funckeys/{self._random.randint(1, 9)}",
                          {"destination": {"type": "custom", "exten": self._stage.exten()}})
            return
        body = KINDS[kind].changed_body(self._stage)
        name = self._random.choice(sorted(body))
        self._put(path, {name: body[name]})

    def _join(self, _: str) -> None:
        if path := self._filled():
            self._put(path)

    def _part(self, _: str) -> None:
        if path := self._filled():
            self._carried_out(self._client.delete(path), 204)

    def _tell(self, _: str) -> None:
        path, values = self._random.choice(TOLD), {}
        for parameter in re.findall(r"{(\w+)}", path):
            kind = kind_of_parameter(path, parameter)
            if kind is not None and not self._there[kind]:
                return
            values[parameter] = WORDS[parameter] if kind is None else self._random.choice(self._there[kind])
        self._put(path.format(**values), BODIES["PUT", path](self._stage, values))

    def _several(self, _: str) -> None:
        """A batch: one change of the history, taken back as one."""
        place = {"context": self._stage.internal}
        operations = [{"method": "POST", "path": "/users", "body": KINDS["user"].minimal(self._stage)},
                      {"method": "POST", "path": "/lines", "body": place},
                      {"method": "POST", "path": "/endpoints/sip", "body": {}},
                      {"method": "POST", "path": "/extensions", "body": {"exten": self._stage.exten(), **place}},
                      {"method": "PUT", "path": "/lines/${1.id}/endpoints/sip/${2.id}"},
                      {"method": "PUT", "path": "/lines/${1.id}/extensions/${3.id}"},
                      {"method": "PUT", "path": "/users/${0.id}/lines/${1.id}"},
                      {"method": "PUT", "path": "/users/${0.id}", "body": {"lastname": "Of a batch"}}]
        response = self._client.post("/batch", {"operations": operations[:self._random.randint(1, len(operations))]})
        if self._carried_out(response, 200):
            for kind, result in zip(("user", "line", "sip", "extension"), response.json()["results"]):
                self._there[kind].append(result["body"]["id"])

    def _filled(self) -> str | None:
        path = self._random.choice(JOINS)
        for kind in self._there:
            if "{%s}" % kind in path:
                if not self._there[kind]:
                    return None
                path = path.replace("{%s}" % kind, str(self._random.choice(self._there[kind])))
        return path

    def _erase(self, kind: str) -> None:
        if not self._there[kind]:
            return
        chosen = self._random.choice(self._there[kind])
        if self._carried_out(self._client.delete(f"{KINDS[kind].collection}/{chosen}"), 204):
            self._there[kind].remove(chosen)

    def _put(self, path: str, body: dict | None = None) -> None:
        self._carried_out(self._client.put(path, *([] if body is None else [body])), 204)

    def _carried_out(self, response, status: int) -> bool:
        assert response.status in (status, 400, 404, 405), f"{response}: {response.curl}"
        self.done += response.status == status
        return response.status == status


def last_change(client: Client) -> int:
    return client.get("/history?limit=1").json()["items"][0]["number"]


def test_undo_of_everything_gives_the_first_configuration():
    count = int(os.environ.get("ALMON_UNDO_OPERATIONS", "10000"))
    seed = int(os.environ.get("ALMON_UNDO_SEED", str(random.randrange(1_000_000))))
    with offices.Office(os.environ.get("ALMON_DATABASE", "sqlite")) as office:
        client = office.plain_confd()
        first = last_change(client)
        before = office.fingerprint(BOOKKEEPING)
        operator = Operator(client, seed)
        while operator.done < count:
            operator.step()
        if count >= 5000:
            assert operator.changed == set(MADE), f"seed {seed}: nothing was done with {set(MADE) - operator.changed}"
        for number in range(last_change(client), first, -1):
            response = client.post(f"/history/{number}/undo")
            assert response.status in (200, 201, 204), f"seed {seed}: undo of {number} answers {response}"
        after = office.fingerprint(BOOKKEEPING)
        changed = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
        assert not changed, f"seed {seed}: {', '.join(changed)} are not what they were"
