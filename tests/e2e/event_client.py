# SPDX-License-Identifier: GPL-3.0-or-later
"""A program that listens to the event service, and the tokens of people."""
import json

from phones import rest
from raw_websocket import RawWebSocket

OK = {"code": 0, "msg": ""}


class EventClient:
    """A program that listens."""

    def __init__(self, almon, query: str):
        self.websocket = RawWebSocket(almon.events_port, path="/" + query, protocol=None)
        assert self.websocket.status == 101

    # API-223, API-224, API-225, API-227: what is said before the start, in full
    @classmethod
    def listening(cls, almon, token: str, *names: str) -> "EventClient":
        client = cls(almon, f"?token={token}")
        assert client.receive() == {"op": "init", **OK}
        for name in names:
            assert client.subscribe(name) == {"op": "subscribe", **OK}
        client.send({"op": "start"})
        assert client.receive() == {"op": "start", **OK}
        return client

    def send(self, message) -> None:
        self.websocket.send(message if isinstance(message, bytes) else json.dumps(message).encode())

    def subscribe(self, name: str) -> dict:
        self.send({"op": "subscribe", "data": {"event_name": name}})
        return self.receive()

    def receive(self) -> dict:
        opcode, payload = self.websocket.receive()
        assert opcode == 1, (opcode, payload)
        return json.loads(payload)

    def close_code(self) -> int:
        opcode, payload = self.websocket.receive()
        assert opcode == 8, (opcode, payload)
        return int.from_bytes(payload[:2], "big")

    def until(self, name: str) -> list[dict]:
        """What came, up to the first event of that name."""
        came = [self.receive()]
        while came[-1]["name"] != name:
            came.append(self.receive())
        return came


def user_of(confd, firstname: str) -> dict:
    [user] = confd.get(f"/1.1/users?search={firstname}").json["items"]
    return user


def sign_in_as(almon, confd, firstname: str) -> tuple[str, str]:
    """The token of a person, and his uuid."""
    user = user_of(confd, firstname)
    confd.put(f"/1.1/users/{user['id']}", {"username": firstname.lower(), "password": "a long password"})
    return rest.sign_in(almon, (firstname.lower(), "a long password"), "xivo_user"), user["uuid"]
