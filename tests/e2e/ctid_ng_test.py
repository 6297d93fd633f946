# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls and transfers that programs make and steer, over xivo-ctid-ng (API-134..API-141), with real phones."""
import pathlib
import sys
import time

import kombu
import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from phones import loopback, rest  # noqa: E402
from phones.almon import Almon  # noqa: E402
from phones.conversation import assert_both_hear, connect  # noqa: E402
from phones.raw_phone import RawCall  # noqa: E402
from event_client import EventClient, sign_in_as, user_of  # noqa: E402
from rabbitmq import RabbitMq  # noqa: E402

RINGBACK = (440, 480)  # country US


@pytest.fixture(scope="module")
def confd(almon):
    return rest.confd(almon)


@pytest.fixture(scope="module")
def uuids(confd):
    return {name: user_of(confd, name)["uuid"] for name in ("Alice", "Bob", "Carol")}


@pytest.fixture
def ctid_ng(almon):
    """Call control with all rights; nothing is left of a test before."""
    program = rest.ctid_ng(almon)
    assert calls_of(program) == []
    yield program


def calls_of(program, user_uuid: str | None = None) -> list[dict]:
    answer = program.get("/1.0/calls")
    assert answer.status == 200, answer
    return [call for call in answer.json["items"] if user_uuid in (None, call["user_uuid"])]


def call_of(program, user_uuid: str) -> dict:
    [call] = calls_of(program, user_uuid)
    return call


def talking(phones):
    """Alice, who has called Bob, and he."""
    alice, bob = phones.baresip("Alice", tone=440), phones.baresip("Bob", tone=880)
    connect(alice, bob, "1002")
    return alice, bob


def names_of(events: list[dict]) -> list[str]:
    return [event["name"] for event in events]


# API-134, CTR-075
def test_the_service_is_there_on_its_port_and_on_the_page_s(almon, ctid_ng):
    assert ctid_ng.get("/1.0/status").json["connections"] == {"ari": "ok", "bus_consumer": "ok"}
    page = rest.Rest(almon, almon.page_port, ctid_ng.token)
    assert page.get("/api/ctid-ng/1.0/calls").json == {"items": []}
    document = rest.Rest(almon, almon.ctid_ng_port).get("/1.0/api/api.yml", headers={"Accept": "*/*"})
    assert document.status == 200 and b"/users/me/transfers" in document.body


# API-135, API-136: what a person may do, and what not
def test_rights_are_asked_for(almon, confd, ctid_ng):
    assert rest.Rest(almon, almon.ctid_ng_port).get("/1.0/calls").status == 401
    alices, _ = sign_in_as(almon, confd, "Alice")
    alice = rest.ctid_ng(almon, alices)
    refused = alice.get("/1.0/calls")
    assert refused.status == 401
    assert set(refused.json) == {"message", "error_id", "details", "timestamp"}
    assert alice.post("/1.0/calls", {}).status == 401
    assert alice.get("/1.0/users/me/calls").json == {"items": []}
    assert ctid_ng.get("/1.0/users/me/calls").status == 400, "the administrator is no user"


# API-135, API-008: the phone of the user rings, and dials
def test_a_program_calls_for_a_user(almon, phones, tap, ctid_ng, uuids):
    alice, bob = phones.baresip("Alice", tone=440), phones.baresip("Bob", tone=880)
    events = EventClient.listening(almon, ctid_ng.token, "call_created", "call_ended")
    made = ctid_ng.post("/1.0/calls", {
        "source": {"user": uuids["Alice"]}, "variables": {"CUSTOMER": "4711"},
        "destination": {"extension": "1002", "context": "default", "priority": 1}})
    assert made.status == 201, made
    call_id = made.json["call_id"]
    [created] = events.until("call_created")
    assert created["data"]["call_id"] == call_id and created["data"]["status"] == "Ringing"
    assert ctid_ng.get(f"/1.0/calls/{call_id}").json["user_uuid"] == uuids["Alice"]
    rung = alice.event("CALL_INCOMING")
    assert "1002" in rung["peeruri"], "it shows whom it will call"
    since = time.monotonic()
    alice.accept()
    assert "1001" in bob.event("CALL_INCOMING")["peeruri"]
    ringing = tap.wait_for_sound(alice.rtp_ports, 0.5, since=since).sound()
    assert sum(ringing.between(0.1, 0.5).share(hertz) for hertz in RINGBACK) > 0.8
    bob.accept()
    bob.event("CALL_ESTABLISHED")
    assert_both_hear(tap, alice, bob, 1.0)
    mine = ctid_ng.get(f"/1.0/calls/{call_id}").json
    his = call_of(ctid_ng, uuids["Bob"])
    assert mine["status"] == his["status"] == "Up"
    assert mine["talking_to"] == {his["call_id"]: uuids["Bob"]} and mine["bridges"] == his["bridges"]
    assert mine["peer_caller_id_number"] == "1002" and his["peer_caller_id_number"] == "1001"
    assert ctid_ng.delete(f"/1.0/calls/{call_id}").status == 204
    alice.event("CALL_CLOSED")
    bob.event("CALL_CLOSED")
    assert ctid_ng.get(f"/1.0/calls/{call_id}").status == 404
    assert ctid_ng.delete(f"/1.0/calls/{call_id}").status == 404
    stored = almon.query("SELECT extra FROM cel WHERE uniqueid = ? AND eventtype = 'CHAN_START'", call_id)
    assert [extra for [extra] in stored] in ([], ['{"CUSTOMER":"4711"}']), "written soon"


# API-136
def test_a_person_calls_by_a_program_and_hangs_up(almon, phones, confd, uuids):
    token, _ = sign_in_as(almon, confd, "Alice")
    program = rest.ctid_ng(almon, token)
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    made = program.post("/1.0/users/me/calls", {"extension": "1002"})
    assert made.status == 201, made
    at_alice = RawCall.incoming_at(alice)
    assert "1002" in at_alice.invite["From"] and "1001" in at_alice.invite["To"]
    at_alice.ring()
    at_alice.accept()
    at_alice.acknowledged()
    at_bob = RawCall.incoming_at(bob)
    assert "1001" in at_bob.invite["P-Asserted-Identity"]
    at_bob.ring()
    [own] = program.get("/1.0/users/me/calls").json["items"]
    assert own["call_id"] == made.json["call_id"] and own["status"] == "Up"
    his = call_of(rest.ctid_ng(almon), uuids["Bob"])
    assert his["status"] == "Ringing"
    assert program.delete(f"/1.0/users/me/calls/{his['call_id']}").status == 403
    assert program.delete(f"/1.0/users/me/calls/{own['call_id']}").status == 204
    at_alice.hung_up()
    bob.respond(bob.expect("CANCEL"), 200, "OK")
    at_bob.refuse(487)
    assert program.delete(f"/1.0/users/me/calls/{own['call_id']}").status == 404


def test_a_phone_that_is_not_answered_dials_nobody(phones, ctid_ng, uuids):
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    order = {"source": {"user": uuids["Alice"]}, "destination": {"extension": "1002"}}
    assert ctid_ng.post("/1.0/calls", order).status == 201
    RawCall.incoming_at(alice).refuse(486, "Busy Here")
    bob.expect_nothing("INVITE", 0.3)
    assert calls_of(ctid_ng) == []


# API-135: invalid extension -> 400 (16.09)
@pytest.mark.parametrize("change, error_id", [
    ({"destination": {"extension": "1999", "context": "default"}}, "invalid-extension"),
    ({"destination": {"extension": "1002", "context": "nowhere"}}, "invalid-context"),
    ({"destination": {"extension": 1002}}, "invalid-extension"),
    ({"destination": "1002"}, "invalid-destination"),
    ({"source": {"user": "00000000-0000-4000-8000-000000000000"}}, "invalid-user"),
    ({"source": {}}, "invalid-user"),
    ({"variables": ["a"]}, "invalid-variables")])
def test_what_cannot_be_called(phones, ctid_ng, uuids, change, error_id):
    alice = phones.raw("Alice")
    body = {"source": {"user": uuids["Alice"]}, "destination": {"extension": "1002", "context": "default"}, **change}
    refused = ctid_ng.post("/1.0/calls", body)
    assert refused.status == 400 and refused.json["error_id"] == error_id, refused
    assert list(refused.json["details"]) == [error_id.removeprefix("invalid-")]
    alice.expect_nothing("INVITE", 0.1)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b'{"extension": "1002"' + b"," * 100_000])
def test_bodies_that_are_no_orders(ctid_ng, body):
    for path in ("/1.0/calls", "/1.0/transfers", "/1.0/chats"):
        assert ctid_ng.post(path, body).status == 400


def test_a_line_without_a_phone_is_not_called(ctid_ng, uuids):
    refused = ctid_ng.post("/1.0/calls", {"source": {"user": uuids["Carol"]}, "destination": {"extension": "1002"}})
    assert refused.status == 400 and refused.json["error_id"] == "invalid-line-id"


# API-135: PUT /calls/{call_id}/user/{user_uuid}
def test_a_call_is_connected_to_a_user(phones, tap, ctid_ng, uuids):
    alice, bob = talking(phones)
    carol = phones.baresip("Carol", tone=620)
    mine = call_of(ctid_ng, uuids["Alice"])
    connected = ctid_ng.put(f"/1.0/calls/{mine['call_id']}/user/{uuids['Carol']}")
    assert connected.status == 200, connected
    assert connected.json["user_uuid"] == uuids["Carol"] and connected.json["status"] == "Ringing"
    assert "1001" in carol.event("CALL_INCOMING")["peeruri"]
    carol.accept()
    bob.event("CALL_CLOSED")
    assert_both_hear(tap, alice, carol, 1.0)
    carol.hang_up()
    alice.event("CALL_CLOSED")
    unknown = ctid_ng.put(f"/1.0/calls/{mine['call_id']}/user/{uuids['Carol']}")
    assert unknown.status == 404


# API-137
def test_an_attended_transfer_is_heard(almon, phones, tap, ctid_ng, uuids):
    alice, bob = talking(phones)
    carol = phones.baresip("Carol", tone=620)
    events = EventClient.listening(almon, ctid_ng.token, *(
        f"transfer_{change}" for change in ("created", "updated", "answered", "completed", "ended")))
    mine, his = call_of(ctid_ng, uuids["Alice"]), call_of(ctid_ng, uuids["Bob"])
    begun = ctid_ng.post("/1.0/transfers", {
        "transferred_call": his["call_id"], "initiator_call": mine["call_id"], "context": "default",
        "exten": "1003", "flow": "attended", "timeout": None, "variables": {}})
    assert begun.status == 201, begun
    transfer = begun.json
    assert transfer == {"id": transfer["id"], "flow": "attended", "status": "starting", "recipient_call": None,
                        "initiator_uuid": uuids["Alice"], "initiator_call": mine["call_id"],
                        "transferred_call": his["call_id"]}
    path = f"/1.0/transfers/{transfer['id']}"
    assert "1001" in carol.event("CALL_INCOMING")["peeruri"]
    [created, updated] = events.until("transfer_updated")
    assert created["data"] == transfer and created["required_acl"] == f"events.transfers.{uuids['Alice']}"
    assert updated["data"]["status"] == "ringback"
    assert updated["data"]["recipient_call"] == call_of(ctid_ng, uuids["Carol"])["call_id"]
    since = time.monotonic()
    ringing = tap.wait_for_sound(alice.rtp_ports, 0.5, since=since).sound()
    assert sum(ringing.between(0.1, 0.5).share(hertz) for hertz in RINGBACK) > 0.8
    carol.accept()
    assert names_of(events.until("transfer_answered")) == ["transfer_answered"]
    assert_both_hear(tap, alice, carol, 1.0)
    assert ctid_ng.get(path).json["status"] == "answered"
    waiting = ctid_ng.get(f"/1.0/calls/{his['call_id']}").json
    assert waiting["talking_to"] == {} and waiting["status"] == "Up"
    assert ctid_ng.put(path + "/complete").status == 204
    alice.event("CALL_CLOSED")
    assert_both_hear(tap, bob, carol, 1.0)
    assert names_of(events.until("transfer_ended")) == ["transfer_completed", "transfer_ended"]
    assert ctid_ng.get(path).status == 404
    assert ctid_ng.get(path).json["error_id"] == "no-such-transfer-id"
    assert ctid_ng.put(path + "/complete").status == 404
    assert ctid_ng.delete(path).status == 404
    bob.hang_up()
    carol.event("CALL_CLOSED")


# API-138: by the person himself
def test_a_transfer_is_cancelled_and_both_talk_again(almon, phones, tap, confd, uuids):
    alice, bob = talking(phones)
    carol = phones.baresip("Carol", tone=620)
    program = rest.ctid_ng(almon, sign_in_as(almon, confd, "Alice")[0])
    hers = rest.ctid_ng(almon, sign_in_as(almon, confd, "Carol")[0])
    events = EventClient.listening(almon, program.token, "transfer_cancelled", "transfer_ended")
    [mine] = program.get("/1.0/users/me/calls").json["items"]
    order = {"initiator_call": mine["call_id"], "exten": "1003"}
    assert hers.post("/1.0/users/me/transfers", order).status == 403
    begun = program.post("/1.0/users/me/transfers", order)
    assert begun.status == 201, begun
    path = f"/1.0/users/me/transfers/{begun.json['id']}"
    carol.event("CALL_INCOMING")
    [listed] = program.get("/1.0/users/me/transfers").json
    assert listed["id"] == begun.json["id"]
    assert program.post("/1.0/users/me/transfers", order).status == 409, "one at a time"
    assert hers.get("/1.0/users/me/transfers").json == []
    assert hers.delete(path).status == 403 and hers.put(path + "/complete").status == 403
    assert program.delete(path).status == 204
    carol.event("CALL_CLOSED")
    assert_both_hear(tap, alice, bob, 1.0)
    assert names_of(events.until("transfer_ended")) == ["transfer_cancelled", "transfer_ended"]
    assert program.get("/1.0/users/me/transfers").json == []
    assert program.delete(path).status == 404
    alice.hang_up()
    bob.event("CALL_CLOSED")


def test_a_blind_transfer_frees_the_initiator_when_it_rings(phones, tap, ctid_ng, uuids):
    alice, bob = talking(phones)
    carol = phones.baresip("Carol", tone=620)
    mine = call_of(ctid_ng, uuids["Alice"])
    begun = ctid_ng.post("/1.0/transfers", {"initiator_call": mine["call_id"], "exten": "1003", "flow": "blind"})
    assert begun.status == 201, begun
    assert "1002" in carol.event("CALL_INCOMING")["peeruri"]
    alice.event("CALL_CLOSED")
    assert ctid_ng.get(f"/1.0/transfers/{begun.json['id']}").json["status"] == "ringback"
    carol.accept()
    assert_both_hear(tap, bob, carol, 1.0)
    assert ctid_ng.get(f"/1.0/transfers/{begun.json['id']}").status == 404
    bob.hang_up()
    carol.event("CALL_CLOSED")


def test_a_transfer_that_is_not_answered_in_time_is_over(phones, tap, ctid_ng, uuids):
    alice, bob = talking(phones)
    carol = phones.raw("Carol")
    mine = call_of(ctid_ng, uuids["Alice"])
    begun = ctid_ng.post("/1.0/transfers", {"initiator_call": mine["call_id"], "exten": "1003", "timeout": 1})
    assert begun.status == 201, begun
    at_carol = RawCall.incoming_at(carol)
    at_carol.ring()
    carol.respond(carol.expect("CANCEL"), 200, "OK")
    at_carol.refuse(487)
    assert_both_hear(tap, alice, bob, 1.0)
    alice.hang_up()
    bob.event("CALL_CLOSED")


def test_a_transferred_party_who_hangs_up_leaves_the_others_talking(almon, phones, tap, ctid_ng, uuids):
    alice, bob = talking(phones)
    carol = phones.baresip("Carol", tone=620, answers=True)
    events = EventClient.listening(almon, ctid_ng.token, "transfer_answered", "transfer_abandoned", "transfer_ended")
    mine = call_of(ctid_ng, uuids["Alice"])
    assert ctid_ng.post("/1.0/transfers", {"initiator_call": mine["call_id"], "exten": "1003"}).status == 201
    events.until("transfer_answered")
    bob.hang_up()
    assert names_of(events.until("transfer_ended")) == ["transfer_abandoned", "transfer_ended"]
    assert_both_hear(tap, alice, carol, 1.0)
    alice.hang_up()
    carol.event("CALL_CLOSED")


def test_an_initiator_who_hangs_up_has_completed_the_transfer(phones, tap, ctid_ng, uuids):
    alice, bob = talking(phones)
    carol = phones.baresip("Carol", tone=620, answers=True)
    mine = call_of(ctid_ng, uuids["Alice"])
    assert ctid_ng.post("/1.0/transfers", {"initiator_call": mine["call_id"], "exten": "1003"}).status == 201
    carol.event("CALL_ESTABLISHED")
    alice.hang_up()
    assert_both_hear(tap, bob, carol, 1.0)
    bob.hang_up()
    carol.event("CALL_CLOSED")


def test_transfers_that_cannot_be(phones, ctid_ng, uuids):
    alice, bob = talking(phones)
    mine = call_of(ctid_ng, uuids["Alice"])["call_id"]

    def refused(**order) -> tuple[int, str]:
        answer = ctid_ng.post("/1.0/transfers", order)
        return answer.status, answer.json["error_id"]

    assert refused(initiator_call="1.1", exten="1003") == (400, "invalid-initiator-call")
    assert refused(initiator_call=mine, exten="1999") == (400, "invalid-exten")
    assert refused(initiator_call=mine, exten="1003", context="nowhere") == (400, "invalid-context")
    assert refused(initiator_call=mine, transferred_call=mine, exten="1003") == (400, "invalid-transferred-call")
    assert refused(initiator_call=mine, exten="1003", flow="slow") == (400, "invalid-flow")
    assert refused(initiator_call=mine, exten="1003", timeout=-1) == (400, "invalid-timeout")
    assert refused(initiator_call=mine, exten="1001") == (409, "conflict"), "she would call herself"
    assert ctid_ng.put("/1.0/transfers/none/complete").status == 404
    alice.hang_up()
    bob.event("CALL_CLOSED")
    assert refused(initiator_call=mine, exten="1003") == (400, "invalid-initiator-call")


# API-139, API-016, ADA-099: what a user chooses is told, kept, and done
def test_a_presence_is_told_and_survives_a_restart(tmp_path):
    office = Almon(tmp_path / "almon").start()
    try:
        confd = rest.confd(office)
        token, alice = sign_in_as(office, confd, "Alice")
        bobs, bob = sign_in_as(office, confd, "Bob")
        program = rest.ctid_ng(office, token)
        events = EventClient.listening(office, bobs, "user_status_update", "users_services_dnd_updated")
        own = program.get("/1.0/users/me/presences").json
        assert own == {"presence": "disconnected", "user_uuid": alice, "xivo_uuid": own["xivo_uuid"]}
        assert program.put("/1.0/users/me/presences", {"presence": "donotdisturb"}).status == 204
        [told] = events.until("user_status_update")
        assert told["data"] == {"xivo_id": own["xivo_uuid"], "user_uuid": alice, "status": "donotdisturb"}
        assert told["required_acl"] == "events.statuses.users"
        assert confd.get(f"/1.1/users/{alice}/services/dnd").json == {"enabled": True}
        assert program.put("/1.0/users/me/presences", {"presence": "asleep"}).status == 400
        assert program.put(f"/1.0/users/{bob}/presences", {"presence": "away"}).status == 401, "that of another"
        assert rest.ctid_ng(office).put(f"/1.0/users/{bob}/presences", {"presence": "away"}).status == 204
        assert program.get(f"/1.0/users/{bob}/presences").json["presence"] == "away"
        assert program.get("/1.0/users/00000000-0000-4000-8000-000000000000/presences").status == 404
        assert office.interrupt() == 0
        office.start()
        assert program.get("/1.0/users/me/presences").json["presence"] == "donotdisturb"
        assert program.put("/1.0/users/me/presences", {"presence": "available"}).status == 204
        assert rest.confd(office).get(f"/1.1/users/{alice}/services/dnd").json == {"enabled": False}
    finally:
        office.stop()


# API-140
def test_a_line_is_as_its_phone(phones, confd, ctid_ng, uuids):
    [line] = confd.get(f"/1.1/users/{uuids['Bob']}/lines").json["items"]
    path = f"/1.0/lines/{line['line_id']}/presences"
    bob = phones.raw("Bob")
    assert ctid_ng.get(path).json["presence"] == 0
    call = phones.raw("Alice").call("1002")
    at_bob = RawCall.incoming_at(bob)
    at_bob.ring()
    call.expect(180)
    assert ctid_ng.get(path).json["presence"] == 8
    at_bob.accept()
    call.answered()
    at_bob.acknowledged()
    assert ctid_ng.get(path).json["presence"] == 1
    call.hang_up()
    at_bob.hung_up()
    bob.register(expires=0)
    assert ctid_ng.get(path).json["presence"] == 4
    assert ctid_ng.get("/1.0/lines/99/presences").status == 404


@pytest.fixture
def publishing(tmp_path):
    """A broker, and an office that tells it everything."""
    broker = RabbitMq().start()
    office = Almon(tmp_path / "almon", "amqp.enabled=true", f"amqp.host={loopback.ADDRESS}", f"amqp.port={broker.port}")
    connection = kombu.Connection(broker.url)
    yield office, connection
    office.stop()
    connection.release()
    broker.stop()


# API-141, API-011: only the message bus hears of it
def test_a_message_goes_to_the_message_bus(publishing):
    office, connection = publishing
    channel = connection.channel()
    queue = kombu.Queue(exchange=kombu.Exchange("xivo", type="topic"), routing_key="chat.message.#", exclusive=True,
                        channel=channel)
    came = []

    def take(body, message) -> None:
        came.append((body, message.delivery_info["routing_key"]))
        message.ack()

    with kombu.Consumer(channel, [queue], callbacks=[take]):
        office.start()
        confd = rest.confd(office)
        token, alice = sign_in_as(office, confd, "Alice")
        bob = user_of(confd, "Bob")["uuid"]
        program = rest.ctid_ng(office, token)
        assert program.post("/1.0/users/me/chats", {"to": bob, "alias": "Al", "msg": "Lunch?"}).status == 204
        assert program.post("/1.0/users/me/chats", {"to": bob, "alias": "Al"}).status == 400
        assert rest.ctid_ng(office).post("/1.0/chats", {"from": bob, "to": alice, "alias": "B", "msg": "Yes"}).status == 204
        while len(came) < 2:
            connection.drain_events(timeout=20)
    (asked, key), (answered, _) = came
    xivo = asked["origin_uuid"]
    assert key == f"chat.message.{xivo}.{bob}"
    assert asked["name"] == "chat_message_event" and "required_acl" not in asked
    assert asked["data"] == {"alias": "Al", "to": [xivo, bob], "from": [xivo, alice], "msg": "Lunch?"}
    assert answered["data"]["to"] == [xivo, alice]
