# SPDX-License-Identifier: GPL-3.0-or-later
"""How a valid resource of each kind is made through the interface itself, with all that it needs before.

`minimal` is the least that is accepted, `full` sets everything that can be set. What an operation needs besides
(an endpoint at the line before a user gets it) stands in ARRANGEMENTS. A kind whose collection is not served
cannot be made; operations that need it say so.
"""
import dataclasses
import functools
import itertools
import urllib.parse
from collections.abc import Callable

from client import Client
from openapi import Document, Operation

UNKNOWN_ID = 987_654_321
UNKNOWN_UUID = "0a4ee3b0-9f3a-4c1e-8f63-7d0a4f0c1e21"


class NotMade(Exception):
    """A resource that an operation needs could not be made."""


@dataclasses.dataclass(frozen=True)
class Kind:
    collection: str
    minimal: Callable[["Stage"], dict]
    full: Callable[["Stage"], dict] | None = None
    changed: Callable[["Stage"], dict] | None = None  # other values, for PUT; of those that can be changed

    def full_body(self, stage: "Stage") -> dict:
        return (self.full or self.minimal)(stage)

    def changed_body(self, stage: "Stage") -> dict:
        return (self.changed or self.full or self.minimal)(stage)


class Stage:
    """A running server, with resources on it that are made as they are needed."""

    def __init__(self, client: Client):
        self.client = client
        self._numbers = itertools.count(1)
        self._refused: dict[str, NotMade] = {}

    def number(self) -> int:
        return next(self._numbers)

    def name(self, start: str) -> str:
        return f"{start}{self.number()}"

    def exten(self) -> str:
        """A number in the ranges of the context internal() that nobody has."""
        return str(5000 + self.number() % 4000)

    @functools.cached_property
    def internal(self) -> str:
        """The name of an internal context with the numbers 5000 to 8999."""
        ranges = {"user_ranges": [{"start": "5000", "end": "8999"}],
                  "conference_room_ranges": [{"start": "9000", "end": "9499"}]}
        return self.create("/contexts", {"name": self.name("inside"), "type": "internal", **ranges})["name"]

    @functools.cached_property
    def incall(self) -> str:
        ranges = {"incall_ranges": [{"start": "0100000000", "end": "0199999999", "did_length": 10}]}
        return self.create("/contexts", {"name": self.name("outside"), "type": "incall", **ranges})["name"]

    @functools.cached_property
    def outcall(self) -> str:
        return self.create("/contexts", {"name": self.name("away"), "type": "outcall"})["name"]

    def make(self, kind: str) -> dict:
        """A new resource, as the server shows it."""
        known = KINDS.get(kind)
        if known is None:
            raise NotMade(f"nothing here can make a {kind}")
        return self.create(known.collection, known.minimal(self))

    def create(self, collection: str, body: dict) -> dict:
        if collection in self._refused:
            raise self._refused[collection]
        response = self.client.post(collection, body)
        if response.status != 201 or not response.is_json:
            refused = NotMade(f"POST {collection} answers {response}")
            if response.status in (404, 405):
                self._refused[collection] = refused
            raise refused
        return response.json()

    def must(self, method: str, path: str, body: dict | None = None) -> None:
        """Something that has to succeed before the operation in question can be tried."""
        response = self.client.request(method, path, *([] if body is None else [body]))
        if not 200 <= response.status < 300:
            raise NotMade(f"{method} {path} answers {response}")


def _user(stage: Stage) -> dict:
    return {
        "firstname": stage.name("Nora"), "lastname": "Lindqvist", "email": f"{stage.name('nora')}@example.org",
        "timezone": "America/Montreal", "language": "fr_FR", "description": "Sits at the window",
        "caller_id": '"Nora L" <5001>', "outgoing_caller_id": "anonymous", "mobile_phone_number": "5145550199",
        "username": stage.name("nora.lindqvist"), "password": "correct horse", "music_on_hold": "quiet",
        "preprocess_subroutine": "before_nora", "userfield": "third floor", "call_transfer_enabled": True,
        "call_record_enabled": True, "online_call_record_enabled": True, "dtmf_hangup_enabled": True,
        "supervision_enabled": False, "call_permission_password": "1234", "ring_seconds": 45,
        "simultaneous_calls": 2, "enabled": False,
    }


def _changed_user(stage: Stage) -> dict:
    return {**_user(stage), "lastname": "Ångström", "email": None, "language": "de_DE", "description": None,
            "outgoing_caller_id": '"Front desk" <5145550100>', "ring_seconds": 20, "simultaneous_calls": 7,
            "enabled": True}


def _range(start: str, end: str) -> dict:
    return {"start": start, "end": end}


def _context(stage: Stage) -> dict:
    return {
        "name": stage.name("floor"), "label": "Third floor", "type": "internal", "description": "Where Nora sits",
        "enabled": False, "user_ranges": [_range("300", "399")], "group_ranges": [_range("400", "419")],
        "queue_ranges": [_range("420", "429")], "conference_room_ranges": [_range("430", "439")],
        "incall_ranges": [{"start": "5145550100", "end": "5145550199", "did_length": 10}],
    }


def _changed_context(stage: Stage) -> dict:
    changed = {**_context(stage), "label": None, "user_ranges": [_range("300", "349"), _range("360", "360")],
               "enabled": True}
    del changed["name"]  # set once
    return changed


def _line(stage: Stage) -> dict:
    return {"context": stage.internal, "caller_id_name": "Nora L", "caller_id_num": "5001", "position": 2,
            "provisioning_code": f"{870_000 + stage.number():06}", "registrar": "default"}


KINDS = {
    "user": Kind("/users", lambda stage: {"firstname": stage.name("Nora")}, _user, _changed_user),
    "line": Kind("/lines", lambda stage: {"context": stage.internal}, _line,
                 lambda stage: {**_line(stage), "position": 3, "caller_id_name": "Front desk"}),
    "sip": Kind("/endpoints/sip", lambda stage: {},
                lambda stage: {"username": stage.name("phone"), "secret": "s3cret-of-the-phone", "type": "peer",
                               "host": "192.0.2.17", "options": [["qualify", "yes"], ["x-colour", "green"]]},
                lambda stage: {"username": stage.name("phone"), "secret": "another-secret", "type": "friend",
                               "host": "dynamic", "options": [["setvar", "A=1"], ["setvar", "B=2"]]}),
    "extension": Kind("/extensions", lambda stage: {"exten": stage.exten(), "context": stage.internal},
                      lambda stage: {"exten": stage.exten(), "context": stage.internal, "commented": True}),
    "context": Kind("/contexts", lambda stage: {"name": stage.name("floor")}, _context, _changed_context),
    "entity": Kind("/entities", lambda stage: {"name": stage.name("entity")},
                   lambda stage: {"name": stage.name("entity"), "display_name": "The whole company"}),
    "callpermission": Kind("/callpermissions", lambda stage: {"name": stage.name("permission")}),
    "conference": Kind("/conferences", lambda stage: {}),
    "custom": Kind("/endpoints/custom", lambda stage: {"interface": f"Local/{stage.number()}@default"},
                   lambda stage: {"interface": f"dahdi/g{stage.number()}", "enabled": False}),
    "sccp": Kind("/endpoints/sccp", lambda stage: {},
                 lambda stage: {"options": [["cid_name", "Nora"], ["allow", "alaw"]]}),
    "group": Kind("/groups", lambda stage: {"name": stage.name("group")}),
    "incall": Kind("/incalls", lambda stage: {"destination": {"type": "none"}}),
    "ivr": Kind("/ivr", lambda stage: {"name": stage.name("menu"), "menu_sound": "welcome"}),
    "outcall": Kind("/outcalls", lambda stage: {"name": stage.name("way")}),
    "trunk": Kind("/trunks", lambda stage: {},
                  lambda stage: {"context": stage.incall, "twilio_incoming": True}),
    "voicemail": Kind("/voicemails", lambda stage: {"name": stage.name("box"), "number": stage.exten(),
                                                    "context": stage.internal}),
    "device": Kind("/devices", lambda stage: {"mac": f"00:15:5d:00:{stage.number() // 256:02x}:"
                                                     f"{stage.number() % 256:02x}"}),
    "template": Kind("/funckeys/templates", lambda stage: {"name": stage.name("keys")}),
    "line_sip": Kind("/lines_sip", lambda stage: {"context": stage.internal, "device_slot": 1}),
}
BY_COLLECTION = {kind.collection: name for name, kind in KINDS.items()}

# Path parameters that are no resource: all values are tried that the reference lists, else this one.
PLAIN_PARAMETERS = {"position": 1}
# Path parameters whose name is not that of the kind with _id.
_PARAMETER_KINDS = {"user_uuid": "user"}


def kind_of_parameter(path: str, parameter: str) -> str | None:
    """The kind that a path parameter names; null where it is no resource."""
    if parameter in PLAIN_PARAMETERS or parameter in ("forward_name", "service_name"):
        return None
    if path.startswith("/lines_sip"):
        return "line_sip"
    return _PARAMETER_KINDS.get(parameter, parameter.removesuffix("_id"))


def identity(kind: str, parameter: str, resource: dict):
    """What a path names a resource by."""
    return resource["uuid" if parameter == "user_uuid" or kind == "user" and "uuid" in resource else "id"]


def unknown(parameter: str):
    """An identity that no resource has."""
    return UNKNOWN_UUID if parameter == "user_uuid" else UNKNOWN_ID


@dataclasses.dataclass(frozen=True)
class Arranged:
    """Everything ready for one operation: whom its path names, what it sends."""
    values: dict
    body: object = None


# Bodies of operations that are no plain creation or change of a resource.

def _forward(stage: Stage, values: dict) -> dict:
    return {"enabled": True, "destination": "5145550142"}


BODIES: dict[tuple[str, str], Callable[[Stage, dict], object]] = {
    ("PUT", "/configuration/live_reload"): lambda stage, values: {"enabled": True},
    ("PUT", "/users/{user_id}/forwards"): lambda stage, values: {
        name: _forward(stage, values) for name in ("busy", "noanswer", "unconditional")},
    ("PUT", "/users/{user_id}/forwards/{forward_name}"): _forward,
    ("PUT", "/users/{user_id}/services/{service_name}"): lambda stage, values: {"enabled": True},
    ("POST", "/users/{user_id}/lines"): lambda stage, values: {"line_id": line_with_endpoint(stage)},
    ("POST", "/lines/{line_id}/extension"): lambda stage, values: {"extension_id": stage.make("extension")["id"]},
    ("POST", "/lines/{line_id}/extensions"): lambda stage, values: {"extension_id": stage.make("extension")["id"]},
    ("POST", "/users/{user_id}/voicemail"): lambda stage, values: {"voicemail_id": stage.make("voicemail")["id"]},
    ("PUT", "/users/{user_id}/cti"): lambda stage, values: {"cti_profile_id": 1, "enabled": True},
    ("PUT", "/users/{user_id}/fallbacks"): lambda stage, values: {"busy_destination": {"type": "none"}},
    ("PUT", "/users/{user_id}/funckeys"): lambda stage, values: {"keys": {"1": {"destination": {"type": "park"}}}},
    ("PUT", "/users/{user_id}/funckeys/{position}"): lambda stage, values: {"destination": {"type": "park"}},
    ("PUT", "/funckeys/templates/{template_id}/{position}"): lambda stage, values: {"destination": {"type": "park"}},
    ("PUT", "/groups/{group_id}/fallbacks"): lambda stage, values: {"noanswer_destination": {"type": "none"}},
    ("PUT", "/groups/{group_id}/members/users"): lambda stage, values: {
        "users": [{"uuid": stage.make("user")["uuid"]}]},
    ("PUT", "/outcalls/{outcall_id}/trunks"): lambda stage, values: {"trunks": [{"id": stage.make("trunk")["id"]}]},
    ("PUT", "/outcalls/{outcall_id}/extensions/{extension_id}"): lambda stage, values: {},
    ("PUT", "/asterisk/sip/general"): lambda stage, values: {"options": {}, "ordered_options": []},
    ("POST", "/queues/{queue_id}/members/agents"): lambda stage, values: {"agent_id": 1, "penalty": 1},
    ("PUT", "/queues/{queue_id}/members/agents/{agent_id}"): lambda stage, values: {"penalty": 2},
    ("POST", "/wizard"): lambda stage, values: {
        "admin_password": "a-good-password", "license": True, "timezone": "America/Montreal", "entity_name": "company",
        "network": {"hostname": "pbx", "domain": "example.org", "interface": "lo", "ip_address": "127.0.0.1",
                    "netmask": "255.0.0.0", "gateway": "127.0.0.1", "nameservers": ["127.0.0.1"]},
        "context_internal": {"display_name": "Inside", "number_start": "1000", "number_end": "1999"},
        "context_incall": {"display_name": "From outside", "number_start": "5145550100", "number_end": "5145550199",
                           "did_length": 10},
        "context_outcall": {"display_name": "To outside"}},
}


# What must be associated before an operation makes sense, by the names of its path.

def line_with_endpoint(stage: Stage) -> int:
    line = stage.make("line")["id"]
    stage.must("PUT", f"/lines/{line}/endpoints/sip/{stage.make('sip')['id']}")
    return line


def user_with_line(stage: Stage) -> dict:
    user, line = stage.make("user")["uuid"], line_with_endpoint(stage)
    stage.must("PUT", f"/users/{user}/lines/{line}")
    return {"user_id": user, "user_uuid": user, "line_id": line}


def line_with_extension(stage: Stage) -> dict:
    line, extension = stage.make("line")["id"], stage.make("extension")["id"]
    stage.must("PUT", f"/lines/{line}/extensions/{extension}")
    return {"line_id": line, "extension_id": extension}


def with_endpoint(owner: str, endpoint: str) -> Callable[[Stage], dict]:
    """A line or trunk that has an endpoint of this kind."""
    def arrange(stage: Stage) -> dict:
        owner_id, endpoint_id = stage.make(owner)["id"], stage.make(endpoint)["id"]
        stage.must("PUT", f"{KINDS[owner].collection}/{owner_id}{KINDS[endpoint].collection}/{endpoint_id}")
        return {f"{owner}_id": owner_id, f"{endpoint}_id": endpoint_id}
    return arrange


line_with_sip = with_endpoint("line", "sip")


def user_with_entity(stage: Stage) -> dict:
    user, entity = stage.make("user")["uuid"], stage.make("entity")["id"]
    stage.must("PUT", f"/users/{user}/entities/{entity}")
    return {"user_id": user, "entity_id": entity}


ARRANGEMENTS: dict[tuple[str, str], Callable[[Stage], dict]] = {
    ("GET", "/users/{user_id}/lines"): user_with_line,
    ("DELETE", "/users/{user_id}/lines/{line_id}"): user_with_line,
    ("PUT", "/users/{user_id}/lines/{line_id}"): lambda stage: {"line_id": line_with_endpoint(stage)},
    ("GET", "/lines/{line_id}/users"): user_with_line,
    ("GET", "/users/{user_uuid}/lines/main/associated/endpoints/sip"): user_with_line,
    ("GET", "/users/{user_uuid}/lines/{line_id}/associated/endpoints/sip"): user_with_line,
    ("GET", "/lines/{line_id}/extensions"): line_with_extension,
    ("GET", "/lines/{line_id}/extension"): line_with_extension,
    ("DELETE", "/lines/{line_id}/extension"): line_with_extension,
    ("DELETE", "/lines/{line_id}/extensions/{extension_id}"): line_with_extension,
    ("GET", "/extensions/{extension_id}/line"): line_with_extension,
    ("GET", "/extensions/{extension_id}/lines"): line_with_extension,
    ("GET", "/users/{user_id}/entities"): user_with_entity,
    **{operation: with_endpoint(owner, endpoint)
       for owner, endpoint in (("line", "sip"), ("line", "sccp"), ("line", "custom"), ("trunk", "sip"), ("trunk", "custom"))
       for operation in (
           ("GET", f"/{owner}s/{{{owner}_id}}/endpoints/{endpoint}"),
           ("GET", f"/endpoints/{endpoint}/{{{endpoint}_id}}/{owner}s"),
           ("DELETE", f"/{owner}s/{{{owner}_id}}/endpoints/{endpoint}/{{{endpoint}_id}}"))},
}

# Requests that contradict the rest of the configuration: (path, body) refused with 400.

def _used_context(stage: Stage) -> tuple[str, object]:
    context = stage.make("context")
    stage.create("/lines", {"context": context["name"]})
    return f"/contexts/{context['id']}", None


def _extension_elsewhere(stage: Stage) -> str:
    other, extension = stage.make("line")["id"], stage.make("extension")["id"]
    stage.must("PUT", f"/lines/{other}/extensions/{extension}")
    return f"/lines/{stage.make('line')['id']}/extensions/{extension}"


CONTRADICTIONS: dict[tuple[str, str], Callable[[Stage], tuple[str, object]]] = {
    ("DELETE", "/users/{user_id}"): lambda stage: (f"/users/{user_with_line(stage)['user_id']}", None),
    ("DELETE", "/lines/{line_id}"): lambda stage: (f"/lines/{user_with_line(stage)['line_id']}", None),
    ("DELETE", "/extensions/{extension_id}"): lambda stage: (
        f"/extensions/{line_with_extension(stage)['extension_id']}", None),
    ("DELETE", "/endpoints/sip/{sip_id}"): lambda stage: (f"/endpoints/sip/{line_with_sip(stage)['sip_id']}", None),
    ("DELETE", "/contexts/{context_id}"): _used_context,
    ("DELETE", "/entities/{entity_id}"): lambda stage: (f"/entities/{user_with_entity(stage)['entity_id']}", None),
    ("PUT", "/lines/{line_id}/endpoints/sip/{sip_id}"): lambda stage: (
        f"/lines/{line_with_sip(stage)['line_id']}/endpoints/sip/{stage.make('sip')['id']}", None),
    ("PUT", "/lines/{line_id}/extensions/{extension_id}"): lambda stage: (_extension_elsewhere(stage), None),
}


class Arranger:
    """Makes everything ready for an operation of a document."""

    def __init__(self, document: Document, stage: Stage, operation: Operation):
        self._reference = document
        self._stage = stage
        self._operation = operation

    def kind(self) -> Kind | None:
        """The kind that is made at this path, or that this path names one of."""
        path = self._operation.path
        if self._operation.method == "POST":
            return KINDS.get(BY_COLLECTION.get(path, ""))
        collection, _, last = path.rpartition("/")
        return KINDS.get(BY_COLLECTION.get(collection, "")) if last.startswith("{") else None

    def choices(self) -> list[dict]:
        """Values of the path parameters that are words rather than resources: every one of them is tried."""
        values = [{}]
        for parameter in self._operation.parameters:
            if parameter["in"] == "path" and "enum" in parameter:
                values = [{**each, parameter["name"]: choice} for each in values for choice in parameter["enum"]]
        return values

    def arrange(self, choice: dict) -> Arranged:
        operation, stage = self._operation, self._stage
        values = {**PLAIN_PARAMETERS, **choice}
        arrangement = ARRANGEMENTS.get((operation.method, operation.path))
        if arrangement is not None:
            values.update(arrangement(stage))
        for parameter in operation.path_parameters:
            if parameter in values:
                continue
            kind = kind_of_parameter(operation.path, parameter)
            values[parameter] = identity(kind, parameter, stage.make(kind))
        values = {name: values[name] for name in operation.path_parameters}
        if arrangement is None and operation.method in ("GET", "DELETE"):
            self._associate_first(values)
        return Arranged(values, self._body(values))

    def _associate_first(self, values: dict) -> None:
        """Reading or ending an association needs one: there is a PUT for it at the same path, or one below."""
        path = self._operation.path
        for other in self._reference.operations:
            if other.method != "PUT" or other.body is not None or not other.path.startswith(path) or \
                    path not in (other.path, other.path.rpartition("/{")[0]):
                continue
            joined = dict(values)
            for parameter in other.path_parameters:
                if parameter not in joined:
                    kind = kind_of_parameter(other.path, parameter)
                    joined[parameter] = identity(kind, parameter, self._stage.make(kind))
            self._stage.must("PUT", filled(other.path, joined))
            return

    def _body(self, values: dict):
        operation = self._operation
        if operation.body is None:
            return None
        special = BODIES.get((operation.method, operation.path))
        if special is not None:
            return special(self._stage, values)
        kind = self.kind()
        if kind is None:
            if operation.method == "DELETE":
                return None
            raise NotMade("nothing here knows what to send")
        return kind.full_body(self._stage) if operation.method == "POST" else kind.changed_body(self._stage)


def filled(path: str, values: dict) -> str:
    """The path of a request, its parameters replaced."""
    for name, value in values.items():
        path = path.replace("{%s}" % name, urllib.parse.quote(str(value), safe=""))
    return path
