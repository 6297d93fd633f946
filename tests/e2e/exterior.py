# SPDX-License-Identifier: GPL-3.0-or-later
"""What joins an office to the world, made through the interface: contexts, trunks, ways in and out, groups."""
from api import sign_in
from phones import loopback
from phones.raw_phone import RawCall, RawPhone, offer

INTERNAL, INCOMING, OUTGOING = "default", "from-extern", "to-extern"


class Exterior:
    """The configuration of a demo office, with the usual three contexts."""

    def __init__(self, almon):
        self.confd = sign_in(almon)
        self.make("/contexts", {"name": INCOMING, "type": "incall",
                                "incall_ranges": [{"start": "0100000000", "end": "0199999999", "did_length": 10},
                                                  {"start": "100", "end": "199"}]})
        self.make("/contexts", {"name": OUTGOING, "type": "outcall"})
        inside = self.one("/contexts", INTERNAL)
        self.put(f"/contexts/{inside['id']}", {"includes": [OUTGOING],
                                               "group_ranges": [{"start": "1500", "end": "1599"}],
                                               "user_ranges": [{"start": "1000", "end": "1499"}]})

    def make(self, collection: str, body: dict) -> dict:
        response = self.confd.post(collection, body)
        assert response.status == 201, response
        return response.json()

    def put(self, path: str, body: dict | None = None) -> None:
        response = self.confd.request("PUT", path, *([] if body is None else [body]))
        assert response.status == 204, response

    def upload(self, path: str, content: bytes) -> None:
        response = self.confd.request("PUT", path, raw=content, headers={"Content-Type": "application/octet-stream"})
        assert response.status == 204, response

    def erase(self, path: str) -> None:
        response = self.confd.delete(path)
        assert response.status == 204, response

    def one(self, collection: str, name: str) -> dict:
        return next(each for each in self.confd.get(f"{collection}?search={name}").json()["items"])

    def user(self, firstname: str) -> dict:
        return self.one("/users", firstname)

    def number(self, exten: str, context: str) -> dict:
        return self.make("/extensions", {"exten": exten, "context": context})

    def trunk(self, account: dict, context: str = INCOMING) -> dict:
        """A trunk that is reached by this SIP account."""
        endpoint = self.make("/endpoints/sip", account)
        trunk = self.make("/trunks", {"context": context})
        self.put(f"/trunks/{trunk['id']}/endpoints/sip/{endpoint['id']}")
        return trunk

    def peer(self, name: str, port: int, host: str = loopback.ADDRESS, options: list | None = None) -> dict:
        """A trunk to a provider that is known by its address."""
        return self.trunk({"username": name, "secret": f"{name}-secret", "type": "peer", "host": host,
                           "options": [["port", str(port)], *(options or [])]})

    def way_in(self, did: str, destination: dict, **fields) -> dict:
        incall = self.make("/incalls", {"destination": destination, **fields})
        self.put(f"/incalls/{incall['id']}/extensions/{self.number(did, INCOMING)['id']}")
        return incall

    def way_out(self, pattern: str, trunks: list[dict], rule: dict | None = None, **fields) -> dict:
        outcall = self.make("/outcalls", {"name": f"way{pattern.strip('*._')}", **fields})
        self.put(f"/outcalls/{outcall['id']}/trunks", {"trunks": [{"id": trunk["id"]} for trunk in trunks]})
        self.put(f"/outcalls/{outcall['id']}/extensions/{self.number(pattern, OUTGOING)['id']}", rule or {})
        return outcall

    def group(self, exten: str, members: list[str], **fields) -> dict:
        group = self.make("/groups", {"name": f"group{exten}", **fields})
        self.put(f"/groups/{group['id']}/members/users",
                 {"users": [{"uuid": self.user(member)["uuid"]} for member in members]})
        self.put(f"/groups/{group['id']}/extensions/{self.number(exten, INTERNAL)['id']}")
        return group


def call_from(switch: RawPhone, number: str) -> RawCall:
    """A call that nobody asks a password for."""
    invite = switch.request("INVITE", f"sip:{number}@{switch.domain}", body=offer(switch.rtp.port))
    switch.send(invite)
    return RawCall(switch, invite)


def provider(almon, transport: str = "udp") -> RawPhone:
    """A switch outside, of which the office knows nothing but the address."""
    return RawPhone(almon.address, "0612345678", transport=transport)
