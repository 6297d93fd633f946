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

    def number_for(self, kind: str) -> dict:
        """A new extension that may lead to a resource of this kind."""
        number = self.number()
        exten, context = {
            "group": lambda: (str(2000 + number % 2000), self.internal),
            "queue": lambda: (str(4000 + number % 900), self.internal),
            "conference": lambda: (str(9000 + number % 500), self.internal),
            "incall": lambda: (str(100_000_000 + number).rjust(10, "0"), self.incall),
            "outcall": lambda: (f"_{number}XXX.", self.outcall),
        }.get(kind, lambda: (self.exten(), self.internal))()
        return self.create("/extensions", {"exten": exten, "context": context})

    def mac(self) -> str:
        number = self.number()
        return f"00:15:5d:00:{number // 256 % 256:02x}:{number % 256:02x}"

    @functools.cached_property
    def internal(self) -> str:
        """The name of an internal context with the numbers 5000 to 8999."""
        ranges = {"user_ranges": [{"start": "5000", "end": "8999"}],
                  "group_ranges": [{"start": "2000", "end": "3999"}], "queue_ranges": [{"start": "4000", "end": "4899"}],
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


_NAME = {"caller_id_mode": "prepend", "caller_id_name": "Sales "}
_CHANGED_NAME = {"caller_id_mode": "overwrite", "caller_id_name": "Support"}


def _to_user(stage: Stage) -> dict:
    return {"type": "user", "user_id": stage.make("user")["id"], "ring_time": 10.5}


def _incall(stage: Stage) -> dict:
    return {"destination": _to_user(stage), "description": "The main number", "preprocess_subroutine": "before-all",
            **_NAME}


def _outcall(stage: Stage) -> dict:
    return {"name": stage.name("way"), "description": "Over the old trunk", "internal_caller_id": True,
            "preprocess_subroutine": "before-all", "ring_time": 60, "enabled": False}


def _group(stage: Stage) -> dict:
    return {"name": stage.name("group"), "ring_strategy": "linear", "timeout": 42, "user_timeout": 12, "retry_delay": 3,
            "ring_in_use": False, "music_on_hold": "quiet", "preprocess_subroutine": "before-all", "enabled": False,
            **_NAME}


def _conference(stage: Stage) -> dict:
    return {"name": stage.name("room"), "pin": "1234", "admin_pin": "5678", "preprocess_subroutine": "before-all",
            "quiet_join_leave": True, "announce_join_leave": True, "announce_user_count": True,
            "announce_only_user": False, "music_on_hold": "quiet"}


def _ivr(stage: Stage) -> dict:
    return {"name": stage.name("menu"), "description": "Office hours", "greeting_sound": "/var/lib/sounds/hello",
            "menu_sound": "menu", "invalid_sound": "no-such-choice", "abort_sound": "good-bye", "timeout": 7,
            "max_tries": 2, "invalid_destination": {"type": "hangup", "cause": "busy", "timeout": 3},
            "timeout_destination": _to_user(stage), "abort_destination": {"type": "none"},
            "choices": [{"exten": "1", "destination": _to_user(stage)},
                        {"exten": "_2XX", "destination": {"type": "extension", "exten": "5001", "context": "default"}}]}


def _schedule(stage: Stage) -> dict:
    return {"name": stage.name("hours"), "description": "The shop", "timezone": "Europe/Paris", "enabled": False,
            "open_periods": [{"hours_start": "09:00", "hours_end": "18:00", "week_days": [1, 2, 3, 4, 5],
                              "month_days": [], "months": [1, 12]}],
            "exceptional_periods": [{"hours_start": "00:00", "hours_end": "23:59", "week_days": [], "month_days": [25],
                                     "months": [12], "destination": {"type": "sound", "filename": "closed"}}],
            "closed_destination": _to_user(stage)}


def _paging(stage: Stage) -> dict:
    return {"number": str(600_000 + stage.number()), "name": stage.name("everybody"), "announce_caller": False,
            "announce_sound": "beep", "caller_notification": False, "duplex": True, "enabled": False,
            "ignore_forward": True, "record": True, "timeout": 20, "description": "Fire alarm"}


def _call_filter(stage: Stage) -> dict:
    return {"name": stage.name("filter"), "source": "all", "strategy": "all-recipients-then-linear-surrogates",
            "surrogates_timeout": 20, "description": "For the boss", "enabled": False, **_NAME}


def _queue(stage: Stage) -> dict:
    flags = ("data_quality", "dtmf_hangup_callee_enabled", "dtmf_hangup_caller_enabled", "dtmf_transfer_callee_enabled",
             "dtmf_transfer_caller_enabled", "dtmf_record_callee_enabled", "dtmf_record_caller_enabled",
             "dtmf_record_toggle", "ring_on_hold", "announce_hold_time_on_entry", "ignore_forward")
    return {"name": stage.name("queue"), "label": "Support", **dict.fromkeys(flags, True), "retry_on_timeout": False,
            "mark_answered_elsewhere": False, "enabled": False, "timeout": 300, "preprocess_subroutine": "before-all",
            "music_on_hold": "quiet", "wait_time_threshold": 120, "wait_time_destination": {"type": "none"},
            "wait_ratio_threshold": 5, "wait_ratio_destination": {"type": "hangup", "cause": "normal"},
            "options": [["strategy", "linear"], ["wrapuptime", "10"]], **_NAME}


def _changed_queue(stage: Stage) -> dict:
    changed = {**_queue(stage), "label": None, "timeout": None, "options": [], **_CHANGED_NAME}
    del changed["name"]  # set once
    return changed


def _registration(stage: Stage) -> dict:
    return {"enabled": False, "transport": "tcp", "sip_username": stage.name("account"), "auth_username": "auth",
            "auth_password": "s3cret", "remote_host": "sip.example.org", "remote_port": 5061,
            "callback_extension": "5145550100", "expiration": 600}


def _voicemail(stage: Stage) -> dict:
    return {"name": stage.name("Nora's"), "number": stage.exten(), "context": stage.internal, "password": "1234",
            "email": "nora@example.org", "pager": "pager@example.org", "language": "fr_FR", "timezone": "eu-fr",
            "max_messages": 20, "attach_audio": True, "delete_messages": True, "ask_password": False,
            "enabled": False, "options": [["envelope", "yes"]]}


def _changed_voicemail(stage: Stage) -> dict:
    return {**_voicemail(stage), "password": None, "language": "de_DE", "max_messages": None, "attach_audio": None,
            "delete_messages": False, "options": []}


def _device(stage: Stage) -> dict:
    return {"mac": stage.mac(), "ip": "10.0.0.17", "sn": "0815", "model": "D725", "vendor": "Snom",
            "version": "8.9.3", "plugin": "xivo-snom-8.9.3", "template_id": "defaultconfigdevice",
            "description": "On Nora's desk", "options": {"switchboard": True}}


def _keys(stage: Stage) -> dict:
    """A key of every destination that this system has by now."""
    destinations = [
        {"type": "agent", "agent_id": stage.make("agent")["id"]}, {"type": "group", "group_id": stage.make("group")["id"]},
        {"type": "conference", "conference_id": stage.make("conference")["id"]},
        {"type": "paging", "paging_id": stage.make("paging")["id"]},
        {"type": "custom", "exten": "*10"}, {"type": "forward", "forward": "busy", "exten": "5145550142"},
        {"type": "forward", "forward": "noanswer"}, {"type": "onlinerec"}, {"type": "park"},
        {"type": "park_position", "position": "701"}, {"type": "queue", "queue_id": stage.make("queue")["id"]},
        {"type": "service", "service": "enablednd"}, {"type": "transfer", "transfer": "blind"},
        {"type": "user", "user_id": stage.make("user")["id"]}]
    return {str(place): {"blf": place % 2 == 0, "label": f"Key {place}", "destination": destination}
            for place, destination in enumerate(destinations, 1)}


_PEM = "-----BEGIN CERTIFICATE-----\nTUlJQg==\n-----END CERTIFICATE-----"


def _sheet(stage: Stage) -> dict:
    line = {"title": "Who", "type": "title", "default_value": "", "value": "{xivo-calleridname}"}
    return {"name": stage.name("sheet"), "description": "Of the desk", "enabled": False, "focus": True,
            "qt_interface": "http://example.org/a.ui", "fields": [line, {**line, "type": "phone"}],
            "systray": [{**line, "type": "body"}], "actions": ["http://example.org/?{xivo-did}"], "events": []}


def _presence_group(stage: Stage) -> dict:
    return {"name": stage.name("presences"), "description": "Of the shop",
            "presences": [{"name": "here", "label": "Here", "color": "#00FF00", "reachable": ["gone"], "actions": []},
                          {"name": "gone", "label": "Gone", "color": "#ff0000", "reachable": [],
                           "actions": [{"name": "enable_dnd", "parameter": "true"},
                                       {"name": "agentlogoff", "parameter": ""}]}]}


def _directory_source(stage: Stage) -> dict:
    return {"name": stage.name("contacts"), "type": "csv", "uri": "file:///var/contacts.csv", "username": "who",
            "verify_certificate": False, "ca_certificate": "/etc/ca.crt", "phonebook": "main", "delimiter": "|",
            "direct_match": ["name", "phone"], "reverse_match": ["phone"], "reverse": True,
            "fields": {"display_name": "{firstname} {lastname}", "source": "The file"}, "description": "From the shop"}


def _network_interface(stage: Stage) -> dict:
    return {"name": f"eth{stage.number()}", "method": "static", "address": "192.0.2.10", "netmask": "255.255.255.0",
            "type": "data", "enabled": False, "description": "To the phones"}


KINDS = {
    "certificate": Kind("/certificates", lambda stage: {"name": stage.name("proof"), "certificate": _PEM},
                        lambda stage: {"name": stage.name("proof"), "certificate": _PEM + "\n" + _PEM,
                                       "description": "Of the phones", "is_authority": True}),
    "directory_display": Kind("/directory_displays", lambda stage: {"name": stage.name("columns")},
                              lambda stage: {"name": stage.name("columns"), "description": "Of the shop", "columns": [
                                  {"title": "Name", "type": "name", "default_value": "Nobody", "field": "name"},
                                  {"title": "Number", "type": "number_office", "default_value": "", "field": "phone"}]}),
    "directory_profile": Kind("/directory_profiles",
                              lambda stage: {"context": stage.make("context")["name"],
                                             "display": stage.make("directory_display")["id"]},
                              lambda stage: {"context": stage.make("context")["name"],
                                             "display": stage.make("directory_display")["id"],
                                             "sources": [stage.make("directory_source")["id"]], "description": "Ours"}),
    "directory_source": Kind("/directory_sources",
                             lambda stage: {"name": stage.name("contacts"), "type": "xivo", "uri": "https://localhost"},
                             _directory_source,
                             lambda stage: {"name": stage.name("contacts"), "type": "ldap", "uri": None,
                                            "ldap_filter": stage.make("ldap_filter")["id"]}),
    "ldap_filter": Kind("/ldap_filters",
                        lambda stage: {"name": stage.name("people"), "server": stage.make("ldap_server")["id"]},
                        lambda stage: {"name": stage.name("people"), "server": stage.make("ldap_server")["id"],
                                       "username": "cn=reader", "base_dn": "dc=example,dc=org", "filter": "st=Canada",
                                       "description": "All of them"}),
    "ldap_server": Kind("/ldap_servers", lambda stage: {"name": stage.name("ldap"), "host": "ldap.example.org"},
                        lambda stage: {"name": stage.name("ldap"), "host": "192.0.2.7", "port": 636,
                                       "security_layer": "ssl", "protocol_version": 2, "description": "In the cellar"}),
    "network_interface": Kind("/network_interfaces", lambda stage: {"name": f"eth{stage.number()}"}, _network_interface),
    "phone_hint_group": Kind("/phone_hint_groups", lambda stage: {"name": stage.name("hints")},
                             lambda stage: {"name": stage.name("hints"), "description": "Of the shop", "hints": [
                                 {"status": 0, "label": "Free", "color": "#00FF00"},
                                 {"status": 9, "label": "Rings", "color": "#0000ff"}]}),
    "presence_group": Kind("/presence_groups", lambda stage: {"name": stage.name("presences")}, _presence_group),
    "sheet": Kind("/sheets", lambda stage: {"name": stage.name("sheet")}, _sheet,
                  lambda stage: {**_sheet(stage), "fields": [], "focus": False}),
    "callfilter": Kind("/callfilters",
                       lambda stage: {"name": stage.name("filter"), "source": "internal", "strategy": "all"},
                       _call_filter, lambda stage: {**_call_filter(stage), "source": "external", **_CHANGED_NAME}),
    "callpickup": Kind("/callpickups", lambda stage: {"name": stage.name("pickup")},
                       lambda stage: {"name": stage.name("pickup"), "description": "Third floor", "enabled": False}),
    "moh": Kind("/moh", lambda stage: {"label": stage.name("Quiet music")},
                lambda stage: {"label": stage.name("Radio"), "mode": "custom", "application": "/usr/bin/mpg123 -s",
                               "sort": "random"}),
    "paging": Kind("/pagings", lambda stage: {"number": str(700_000 + stage.number())}, _paging,
                   lambda stage: {**_paging(stage), "announce_sound": None, "timeout": 40}),
    "parking_lot": Kind("/parkinglots", lambda stage: {"slots_start": "701", "slots_end": "750"},
                        lambda stage: {"name": stage.name("lot"), "slots_start": "801", "slots_end": "850",
                                       "timeout": 60, "music_on_hold": "quiet"},
                        lambda stage: {"name": stage.name("lot"), "slots_start": "800", "slots_end": "860",
                                       "timeout": 0, "music_on_hold": "loud"}),
    "queue": Kind("/queues", lambda stage: {"name": stage.name("queue")}, _queue, _changed_queue),
    "register_iax": Kind("/registers/iax", lambda stage: {"remote_host": "iax.example.org"},
                         lambda stage: {"remote_host": "iax.example.org", "auth_username": "us", "auth_password": "pw",
                                        "remote_port": 4570, "callback_extension": "100",
                                        "callback_context": stage.incall}),
    "register_sip": Kind("/registers/sip",
                         lambda stage: {"remote_host": "192.0.2.9", "sip_username": stage.name("account")},
                         _registration, lambda stage: {**_registration(stage), "remote_port": None, "enabled": True}),
    "schedule": Kind("/schedules", lambda stage: {"closed_destination": {"type": "none"}}, _schedule,
                     lambda stage: {**_schedule(stage), "timezone": None, "open_periods": [], "exceptional_periods": [],
                                    "closed_destination": {"type": "hangup", "cause": "normal"}}),
    "skillrule": Kind("/queues/skillrules", lambda stage: {"name": stage.name("rule")},
                      lambda stage: {"name": stage.name("rule"),
                                     "rules": [{"definition": "WT < 60, english > 50"}, {"definition": "english > 0"}]}),
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
    "conference": Kind("/conferences", lambda stage: {}, _conference,
                       lambda stage: {**_conference(stage), "pin": None, "admin_pin": "99", "music_on_hold": None,
                                      "announce_user_count": False}),
    "agent": Kind("/agents", lambda stage: {"number": stage.exten()},
                  lambda stage: {"number": stage.exten(), "firstname": "Nora", "lastname": "Lindqvist", "password": "1234",
                                 "language": "fr_FR", "preprocess_subroutine": "before_agent",
                                 "description": "Speaks French"},
                  lambda stage: {"firstname": "Noor", "lastname": None, "password": "4321", "language": None,
                                 "description": "Speaks Dutch"}),
    "callpermission": Kind("/callpermissions", lambda stage: {"name": stage.name("permission")},
                           lambda stage: {"name": stage.name("permission"), "password": "1234", "mode": "allow",
                                          "enabled": False, "description": "Abroad", "extensions": ["_00.", "911"]},
                           lambda stage: {"name": stage.name("permission"), "password": None, "mode": "deny",
                                          "enabled": True, "description": None, "extensions": ["_1XX"]}),
    "cti_profile": Kind("/cti_profiles", lambda stage: {"name": stage.name("profile")},
                        lambda stage: {"name": stage.name("profile"),
                                       "presence_group": stage.make("presence_group")["id"],
                                       "phone_hint_group": stage.make("phone_hint_group")["id"]}),
    "skill": Kind("/agents/skills", lambda stage: {"name": stage.name("skill")},
                  lambda stage: {"name": stage.name("skill"), "description": "Speaks it well"}),
    "custom": Kind("/endpoints/custom", lambda stage: {"interface": f"Local/{stage.number()}@default"},
                   lambda stage: {"interface": f"dahdi/g{stage.number()}", "enabled": False}),
    "iax": Kind("/endpoints/iax", lambda stage: {},
                lambda stage: {"name": stage.name("link"), "type": "peer", "host": "192.0.2.18",
                               "options": [["secret", "s3cret"], ["x-colour", "green"]]}),
    "sccp": Kind("/endpoints/sccp", lambda stage: {},
                 lambda stage: {"options": [["cid_name", "Nora"], ["allow", "alaw"]]}),
    "group": Kind("/groups", lambda stage: {"name": stage.name("group")}, _group,
                  lambda stage: {**_group(stage), "ring_strategy": "random", "timeout": None, "enabled": True,
                                 **_CHANGED_NAME}),
    "incall": Kind("/incalls", lambda stage: {"destination": {"type": "none"}}, _incall,
                   lambda stage: {**_incall(stage), "destination": {"type": "ivr", "ivr_id": stage.make("ivr")["id"]},
                                  "description": None, **_CHANGED_NAME}),
    "ivr": Kind("/ivr", lambda stage: {"name": stage.name("menu"), "menu_sound": "welcome"}, _ivr,
                lambda stage: {**_ivr(stage), "abort_destination": None, "choices": [], "max_tries": 4,
                               "invalid_sound": None}),
    "outcall": Kind("/outcalls", lambda stage: {"name": stage.name("way")}, _outcall,
                    lambda stage: {**_outcall(stage), "ring_time": None, "internal_caller_id": False}),
    "trunk": Kind("/trunks", lambda stage: {},
                  lambda stage: {"context": stage.incall, "twilio_incoming": True}),
    "voicemail": Kind("/voicemails", lambda stage: {"name": stage.name("box"), "number": stage.exten(),
                                                    "context": stage.internal}, _voicemail, _changed_voicemail),
    "device": Kind("/devices", lambda stage: {"mac": stage.mac()}, _device,
                   lambda stage: {**_device(stage), "ip": None, "vendor": "Yealink", "options": {"switchboard": False}}),
    "template": Kind("/funckeys/templates", lambda stage: {"name": stage.name("keys")},
                     lambda stage: {"name": stage.name("keys"), "keys": _keys(stage)}),
    "line_sip": Kind("/lines_sip", lambda stage: {"context": stage.internal, "device_slot": 1},
                     lambda stage: {"context": stage.internal, "device_slot": 2, "username": stage.name("phone"),
                                    "secret": "s3cret", "callerid": '"Nora L" <5001>',
                                    "provisioning_extension": f"{870_000 + stage.number():06}"}),
}
BY_COLLECTION = {kind.collection: name for name, kind in KINDS.items()}

# Path parameters that are no resource: all values are tried that the reference lists, else this one.
PLAIN_PARAMETERS = {"position": 1}
# Path parameters whose name is not that of the kind with _id.
_PARAMETER_KINDS = {"user_uuid": "user", "moh_uuid": "moh", "extension_uuid": "feature_code"}


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


def _users(stage: Stage, values: dict) -> dict:
    return {"users": [{"uuid": stage.make("user")["uuid"]} for _ in range(2)]}


def _groups(stage: Stage, values: dict) -> dict:
    return {"groups": [{"id": stage.make("group")["id"]}]}


def _file_of_users(stage: Stage, uuid: str | None) -> str:
    """A file with one user who has everything; `uuid`: somebody who is there already."""
    columns = {"firstname": stage.name("Nora"), "entity_id": str(stage.make("entity")["id"]), "exten": stage.exten(),
               "context": stage.internal, "line_protocol": "sip", "voicemail_name": "Nora, the first",
               "voicemail_number": stage.exten(), "voicemail_context": stage.internal,
               "call_permissions": stage.make("callpermission")["name"], "ring_seconds": "35"}
    if uuid is not None:
        columns["uuid"] = uuid
    return ",".join(columns) + "\r\n" + ",".join(f'"{value}"' for value in columns.values()) + "\r\n"


BODIES: dict[tuple[str, str], Callable[[Stage, dict], object]] = {
    **{("PUT", path): _users for path in (
        "/callfilters/{callfilter_id}/recipients/users", "/callfilters/{callfilter_id}/surrogates/users",
        "/callpickups/{callpickup_id}/interceptors/users", "/callpickups/{callpickup_id}/targets/users",
        "/pagings/{paging_id}/callers/users", "/pagings/{paging_id}/members/users")},
    ("PUT", "/callpickups/{callpickup_id}/interceptors/groups"): _groups,
    ("PUT", "/callpickups/{callpickup_id}/targets/groups"): _groups,
    ("PUT", "/callfilters/{callfilter_id}/fallbacks"): lambda stage, values: {"noanswer_destination": {"type": "none"}},
    ("PUT", "/queues/{queue_id}/fallbacks"): lambda stage, values: {
        "noanswer_destination": {"type": "none"}, "busy_destination": {"type": "hangup", "cause": "busy"},
        "congestion_destination": None, "fail_destination": _to_user(stage)},
    ("PUT", "/queues/{queue_id}/members/users/{user_id}"): lambda stage, values: {"priority": 3},
    **{("PUT", f"/asterisk/{name}"): lambda stage, values: {"options": {"one": "1", "two": ""}} for name in (
        "features/applicationmap", "features/featuremap", "features/general", "queues/general", "rtp/general",
        "sccp/general", "voicemail/general")},
    ("PUT", "/asterisk/iax/general"): lambda stage, values: {"options": {"bindport": "4569"}, "ordered_options": []},
    ("POST", "/certificates/generate"): lambda stage, values: {
        "name": stage.name("proof"), "common_name": "pbx.example.org", "alternatives": ["192.0.2.7"]},
    ("PUT", "/configuration/live_reload"): lambda stage, values: {"enabled": True},
    ("PUT", "/users/{user_id}/forwards"): lambda stage, values: {
        name: _forward(stage, values) for name in ("busy", "noanswer", "unconditional")},
    ("PUT", "/users/{user_id}/forwards/{forward_name}"): _forward,
    ("PUT", "/users/{user_id}/services/{service_name}"): lambda stage, values: {"enabled": True},
    ("POST", "/users/{user_id}/lines"): lambda stage, values: {"line_id": line_with_endpoint(stage)},
    ("POST", "/lines/{line_id}/extension"): lambda stage, values: {"extension_id": stage.make("extension")["id"]},
    ("POST", "/lines/{line_id}/extensions"): lambda stage, values: {"extension_id": stage.make("extension")["id"]},
    ("POST", "/users/{user_id}/voicemail"): lambda stage, values: {"voicemail_id": stage.make("voicemail")["id"]},
    ("PUT", "/users/{user_id}/cti"): lambda stage, values: {
        "cti_profile_id": stage.make("cti_profile")["id"], "enabled": True},
    ("PUT", "/users/{user_id}/fallbacks"): lambda stage, values: {
        "noanswer_destination": {"type": "voicemail", "voicemail_id": stage.make("voicemail")["id"]},
        "busy_destination": {"type": "user", "user_id": stage.make("user")["id"]},
        "congestion_destination": {"type": "hangup", "cause": "busy"}, "fail_destination": {"type": "none"}},
    ("PUT", "/users/{user_id}/funckeys"): lambda stage, values: {"keys": _keys(stage)},
    ("PUT", "/users/{user_id}/services"): lambda stage, values: {"dnd": {"enabled": True}},
    ("PUT", "/agents/{agent_id}/skills/{skill_id}"): lambda stage, values: {"skill_weight": 70},
    ("PUT", "/users/{user_id}/funckeys/{position}"): lambda stage, values: {"destination": {"type": "park"}},
    ("PUT", "/funckeys/templates/{template_id}/{position}"): lambda stage, values: {"destination": {"type": "park"}},
    ("PUT", "/groups/{group_id}/fallbacks"): lambda stage, values: {"noanswer_destination": {"type": "none"}},
    ("PUT", "/groups/{group_id}/members/users"): lambda stage, values: {
        "users": [{"uuid": stage.make("user")["uuid"]}]},
    ("PUT", "/outcalls/{outcall_id}/trunks"): lambda stage, values: {
        "trunks": [{"id": stage.make("trunk")["id"]}, {"id": stage.make("trunk")["id"]}]},
    ("PUT", "/outcalls/{outcall_id}/extensions/{extension_id}"): lambda stage, values: {
        "prefix": "9", "external_prefix": "00", "strip_digits": 2, "caller_id": "5145550100"},
    ("PUT", "/asterisk/sip/general"): lambda stage, values: {
        "options": {"useragent": "Almon", "qualify": "yes"}, "ordered_options": [["register", "a"], ["register", "b"]]},
    ("POST", "/users/import"): lambda stage, values: _file_of_users(stage, None),
    ("PUT", "/users/import"): lambda stage, values: _file_of_users(stage, stage.make("user")["uuid"]),
    ("POST", "/queues/{queue_id}/members/agents"): lambda stage, values: {
        "agent_id": stage.make("agent")["id"], "penalty": 1},
    ("PUT", "/queues/{queue_id}/members/agents/{agent_id}"): lambda stage, values: {
        "agent_id": values["agent_id"], "penalty": 2},
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


def numbered(kind: str) -> Callable[[Stage], dict]:
    """A resource and a number that may lead to it."""
    return lambda stage: {f"{kind}_id": stage.make(kind)["id"], "extension_id": stage.number_for(kind)["id"]}


def with_number(kind: str) -> Callable[[Stage], dict]:
    """A resource and a number that leads to it."""
    def arrange(stage: Stage) -> dict:
        made = numbered(kind)(stage)
        stage.must("PUT", f"{KINDS[kind].collection}/{made[f'{kind}_id']}/extensions/{made['extension_id']}",
                   {} if kind == "outcall" else None)
        return made
    return arrange


NUMBERED = ("conference", "group", "incall", "outcall", "parking_lot", "queue")


def user_with(collection: str, kind: str, parameter: str) -> Callable[[Stage], dict]:
    """A user to whom something was given by a PUT below his path."""
    def arrange(stage: Stage) -> dict:
        user, other = stage.make("user")["uuid"], stage.make(kind)["id"]
        stage.must("PUT", f"/users/{user}/{collection}/{other}")
        return {"user_id": user, parameter: other}
    return arrange


user_with_voicemail = user_with("voicemails", "voicemail", "voicemail_id")
user_with_template = user_with("funckeys/templates", "template", "template_id")


def user_with_key(stage: Stage) -> dict:
    user = stage.make("user")["uuid"]
    stage.must("PUT", f"/users/{user}/funckeys/1", {"destination": {"type": "park"}})
    return {"user_id": user, "position": 1}


def template_with_key(stage: Stage) -> dict:
    made = stage.create("/funckeys/templates", {"keys": {"1": {"destination": {"type": "park"}}}})
    return {"template_id": made["id"], "position": 1}


def user_with_profile(stage: Stage) -> dict:
    user = stage.make("user")["uuid"]
    stage.must("PUT", f"/users/{user}/cti", {"cti_profile_id": stage.make("cti_profile")["id"], "enabled": True})
    return {"user_id": user}


def line_with_device(stage: Stage) -> dict:
    line, device = line_with_endpoint(stage), stage.make("device")["id"]
    stage.must("PUT", f"/lines/{line}/devices/{device}")
    return {"line_id": line, "device_id": device}


def queue_with_agent(stage: Stage) -> dict:
    queue, agent = stage.make("queue")["id"], stage.make("agent")["id"]
    stage.must("POST", f"/queues/{queue}/members/agents", {"agent_id": agent})
    return {"queue_id": queue, "agent_id": agent}


ARRANGEMENTS: dict[tuple[str, str], Callable[[Stage], dict]] = {
    **{("PUT", f"{KINDS[kind].collection}/{{{kind}_id}}/extensions/{{extension_id}}"): numbered(kind)
       for kind in NUMBERED},
    **{("DELETE", f"{KINDS[kind].collection}/{{{kind}_id}}/extensions/{{extension_id}}"): with_number(kind)
       for kind in NUMBERED},
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
    **{(method, f"/users/{{user_id}}/{name}"): user_with_voicemail
       for method in ("GET", "DELETE") for name in ("voicemail", "voicemails")},
    ("GET", "/voicemails/{voicemail_id}/users"): user_with_voicemail,
    ("GET", "/users/{user_id}/cti"): user_with_profile,
    ("GET", "/callpermissions/{callpermission_id}/users"): user_with("callpermissions", "callpermission",
                                                                     "callpermission_id"),
    ("GET", "/users/{user_id}/funckeys/templates"): user_with_template,
    ("GET", "/funckeys/templates/{template_id}/users"): user_with_template,
    ("DELETE", "/users/{user_id}/funckeys/templates/{template_id}"): user_with_template,
    **{(method, "/users/{user_id}/funckeys/{position}"): user_with_key for method in ("GET", "DELETE")},
    **{(method, "/funckeys/templates/{template_id}/{position}"): template_with_key for method in ("GET", "DELETE")},
    ("PUT", "/lines/{line_id}/devices/{device_id}"): lambda stage: {"line_id": line_with_endpoint(stage)},
    ("DELETE", "/lines/{line_id}/devices/{device_id}"): line_with_device,
    ("GET", "/lines/{line_id}/devices"): line_with_device,
    ("GET", "/devices/{device_id}/lines"): line_with_device,
    **{(method, "/queues/{queue_id}/members/agents/{agent_id}"): queue_with_agent
       for method in ("GET", "PUT", "DELETE")},
    **{operation: with_endpoint(owner, endpoint)
       for owner, endpoint in (("line", "sip"), ("line", "sccp"), ("line", "custom"), ("trunk", "sip"), ("trunk", "custom"),
                                ("trunk", "iax"))
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


def _number_elsewhere(kind: str) -> Callable[[Stage], tuple[str, object]]:
    """A number leads to one thing only."""
    def contradict(stage: Stage) -> tuple[str, object]:
        extension = with_number(kind)(stage)["extension_id"]
        path = f"{KINDS[kind].collection}/{stage.make(kind)['id']}/extensions/{extension}"
        return path, {} if kind == "outcall" else None
    return contradict


CONTRADICTIONS: dict[tuple[str, str], Callable[[Stage], tuple[str, object]]] = {
    **{("PUT", f"{KINDS[kind].collection}/{{{kind}_id}}/extensions/{{extension_id}}"): _number_elsewhere(kind)
       for kind in NUMBERED},
    ("PUT", "/groups/{group_id}/members/users"): lambda stage: (
        f"/groups/{stage.make('group')['id']}/members/users", {"users": [{"uuid": UNKNOWN_UUID}]}),
    ("PUT", "/outcalls/{outcall_id}/trunks"): lambda stage: (
        f"/outcalls/{stage.make('outcall')['id']}/trunks", {"trunks": [{"id": UNKNOWN_ID}]}),
    ("POST", "/incalls"): lambda stage: ("/incalls", {"destination": {"type": "group", "group_id": UNKNOWN_ID}}),
    ("PUT", "/ivr/{ivr_id}"): lambda stage: (
        f"/ivr/{stage.make('ivr')['id']}", {"abort_destination": {"type": "group", "group_id": UNKNOWN_ID}}),
    ("DELETE", "/users/{user_id}"): lambda stage: (f"/users/{user_with_line(stage)['user_id']}", None),
    ("DELETE", "/voicemails/{voicemail_id}"): lambda stage: (
        f"/voicemails/{user_with_voicemail(stage)['voicemail_id']}", None),
    ("DELETE", "/devices/{device_id}"): lambda stage: (f"/devices/{line_with_device(stage)['device_id']}", None),
    ("PUT", "/lines/{line_id}/devices/{device_id}"): lambda stage: (
        f"/lines/{stage.make('line')['id']}/devices/{stage.make('device')['id']}", None),
    ("PUT", "/users/{user_id}/voicemails/{voicemail_id}"): lambda stage: (
        f"/users/{user_with_voicemail(stage)['user_id']}/voicemails/{stage.make('voicemail')['id']}", None),
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
        # The reference's documents give one DELETE a body, which nobody needs.
        if operation.body is None or operation.method == "DELETE":
            return None
        special = BODIES.get((operation.method, operation.path))
        if special is not None:
            return special(self._stage, values)
        kind = self.kind()
        if kind is None:
            raise NotMade("nothing here knows what to send")
        return kind.full_body(self._stage) if operation.method == "POST" else kind.changed_body(self._stage)


def filled(path: str, values: dict) -> str:
    """The path of a request, its parameters replaced."""
    for name, value in values.items():
        path = path.replace("{%s}" % name, urllib.parse.quote(str(value), safe=""))
    return path
