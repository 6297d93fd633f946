# SPDX-License-Identifier: GPL-3.0-or-later
"""Any number of changes, taken back one after the other, leave the configuration as it was.

ALMON_DATABASE chooses the database, ALMON_UNDO_SEED the operations, ALMON_UNDO_OPERATIONS how many.
"""
import os
import random

import office as offices
from client import Client
from resources import KINDS, NotMade, Stage

# What is no configuration: what is written while it is changed, and numbers that are never given twice.
BOOKKEEPING = frozenset({"cel", "contacts", "journal_position", "tokens", "change_log", "id_counters"})
# What can be given to what, by a PUT of the path.
JOINS = ("/users/{user}/entities/{entity}", "/users/{user}/voicemails/{voicemail}", "/users/{user}/agents/{agent}",
         "/users/{user}/callpermissions/{callpermission}", "/users/{user}/funckeys/templates/{template}",
         "/users/{user}/lines/{line}", "/lines/{line}/endpoints/sip/{sip}", "/lines/{line}/extensions/{extension}",
         "/lines/{line}/devices/{device}", "/agents/{agent}/skills/{skill}")
MADE = ("user", "line", "sip", "extension", "entity", "callpermission", "voicemail", "agent", "skill", "device",
        "template", "custom", "sccp")
SERVICES = ("dnd", "incallfilter")


class Operator:
    """Does one random thing after the other; what contradicts the configuration is refused and changes nothing."""

    def __init__(self, client: Client, seed: int):
        self._random = random.Random(seed)
        self._stage = Stage(client)
        self._client = client
        self._there: dict[str, list] = {kind: [] for kind in MADE}
        self.done = 0

    def step(self) -> None:
        kind = self._random.choice(MADE)
        act = self._random.choices((self._create, self._change, self._join, self._part, self._erase),
                                   (5, 4, 5, 1, 2))[0]
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

    def _filled(self) -> str | None:
        path = self._random.choice(JOINS)
        for kind in MADE:
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
        for number in range(last_change(client), first, -1):
            response = client.post(f"/history/{number}/undo")
            assert response.status in (200, 201, 204), f"seed {seed}: undo of {number} answers {response}"
        after = office.fingerprint(BOOKKEEPING)
        changed = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
        assert not changed, f"seed {seed}: {', '.join(changed)} are not what they were"
