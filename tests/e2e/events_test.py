# SPDX-License-Identifier: GPL-3.0-or-later
"""What programs hear of calls and changes, over WebSocket (API-215..API-230) and over AMQP (API-001..API-020)."""
import datetime
import pathlib
import sys

import kombu
import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from phones import loopback, rest  # noqa: E402
from phones.almon import Almon  # noqa: E402
from phones.raw_phone import RawCall, RawPhone, offer  # noqa: E402
from event_client import EventClient, sign_in_as, user_of  # noqa: E402
from rabbitmq import RabbitMq  # noqa: E402


@pytest.fixture(scope="module")
def confd(almon):
    return rest.confd(almon)


# API-217, API-218, API-219
def test_who_may_come_in(almon, confd):
    assert EventClient(almon, "").close_code() == 4001
    assert EventClient(almon, "?token=00000000-0000-4000-8000-000000000000").close_code() == 4002
    made = confd.post("/1.1/web_services", {"name": "narrow", "username": "narrow", "password": "narrow words",
                                            "acl": ["confd.users.read"]})
    assert made.status == 201, made
    narrow = rest.sign_in(almon, ("narrow", "narrow words"), "xivo_service")
    assert EventClient(almon, f"?token={narrow}").close_code() == 4002


# API-220
def test_a_token_that_is_revoked_or_expires_ends_the_connection(almon):
    token = rest.sign_in(almon)
    client = EventClient.listening(almon, token, "*")
    assert rest.auth(almon).delete(f"/0.1/token/{token}").status == 200
    assert client.close_code() == 4003
    brief = EventClient.listening(almon, rest.sign_in(almon, expiration=1))
    assert brief.close_code() == 4003


# API-221, API-222
@pytest.mark.parametrize("frame", [b"no json", b"[]", b"{}", b'{"op": 1}', b'{"op": "stop"}', b'{"op": "subscribe"}',
                                   b'{"op": "subscribe", "data": "call_created"}',
                                   b'{"op": "subscribe", "data": {"event_name": null}}', b'{"op": "start"'])
def test_what_is_not_understood_ends_the_connection(almon, frame):
    client = EventClient(almon, f"?token={rest.sign_in(almon)}")
    assert client.receive()["op"] == "init"
    client.send(frame)
    assert client.close_code() == 4004


def talk(phones) -> RawCall:
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    call = alice.call("1002")
    ringing = RawCall.incoming_at(bob)
    ringing.ring()
    ringing.accept()
    call.answered()
    ringing.acknowledged()
    return call


# API-008, API-229: each hears of his own calls
def test_a_call_is_told_to_whose_call_it_is(almon, phones, confd):
    alices, alice = sign_in_as(almon, confd, "Alice")
    bobs, bob = sign_in_as(almon, confd, "Bob")
    hears_alice = EventClient.listening(almon, alices, "call_created", "call_updated", "call_ended")
    hears_bob = EventClient.listening(almon, bobs, "*")
    hears_all = EventClient.listening(almon, rest.sign_in(almon), "call_created", "call_ended")
    began = datetime.datetime.now(datetime.timezone.utc)
    talk(phones).hang_up()

    [created, *updated, ended] = hears_alice.until("call_ended")
    assert created["name"] == "call_created" and created["required_acl"] == f"events.calls.{alice}"
    call = created["data"]
    assert call == {"call_id": call["call_id"], "status": "Ring", "user_uuid": alice, "bridges": [], "talking_to": {},
                    "caller_id_name": call["caller_id_name"], "caller_id_number": "1001",
                    "creation_time": ended["data"]["creation_time"]}
    assert call["caller_id_name"].startswith("Alice")
    assert {event["name"] for event in updated} == {"call_updated"}
    talking = updated[-1]["data"]
    assert talking["status"] == "Up" and len(talking["bridges"]) == 1
    assert list(talking["talking_to"].values()) == [bob]
    assert ended["data"]["status"] == "Down" and ended["data"]["call_id"] == call["call_id"]
    moment = datetime.datetime.strptime(ended["data"]["creation_time"], "%Y-%m-%dT%H:%M:%S.%f%z")
    assert abs((moment - began).total_seconds()) < 5

    of_bob = hears_bob.until("call_ended")
    calls_of_bob = [event for event in of_bob if event["name"].startswith("call_")]
    assert {event["data"]["user_uuid"] for event in calls_of_bob} == {bob}
    assert calls_of_bob[0]["data"]["status"] == "Ringing"
    assert calls_of_bob[0]["data"]["call_id"] in talking["talking_to"]
    everybody = [hears_all.receive() for _ in range(4)]
    assert sorted((event["name"], event["data"]["user_uuid"]) for event in everybody) == sorted(
        (name, uuid) for name in ("call_created", "call_ended") for uuid in (alice, bob))


# API-012
def test_lines_ring_talk_and_lose_their_phone(almon, phones, confd):
    client = EventClient.listening(almon, rest.sign_in(almon), "endpoint_status_update")
    [line] = confd.get(f"/1.1/users/{user_of(confd, 'Carol')['id']}/lines").json["items"]

    def statuses_until(status: int) -> list[int]:
        seen = []
        while not seen or seen[-1] != status:
            event = client.receive()
            assert event["data"]["xivo_id"] == event["origin_uuid"]
            if event["data"]["endpoint_id"] == line["line_id"]:
                seen.append(event["data"]["status"])
        return seen

    carol = phones.raw("Carol")
    assert statuses_until(0) == [0]
    call = phones.raw("Alice").call("1003")
    ringing = RawCall.incoming_at(carol)
    ringing.ring()
    ringing.accept()
    call.answered()
    ringing.acknowledged()
    assert statuses_until(1) == [8, 1]
    ringing.ask("INVITE", body=offer(carol.rtp.port, direction="sendonly", version=2))
    assert statuses_until(16) == [16]
    call.hang_up()
    assert statuses_until(0) == [0]
    carol.register(expires=0)
    assert statuses_until(4) == [4]


# API-017, API-018
def test_forwards_and_services_are_told_under_the_name_of_the_user(almon, confd):
    user = user_of(confd, "Bob")
    client = EventClient.listening(almon, rest.sign_in(almon), "*")
    confd.put(f"/1.1/users/{user['uuid']}/forwards/busy", {"enabled": True, "destination": "1003"})
    [event] = client.until("users_forwards_busy_updated")
    assert event["data"] == {"user_uuid": user["uuid"], "enabled": True, "destination": "1003"}
    assert event["required_acl"] == f"events.config.users.{user['uuid']}.forwards.busy.updated"
    confd.put(f"/1.1/users/{user['uuid']}/services/dnd", {"enabled": True})
    [event] = client.until("users_services_dnd_updated")
    assert event["data"] == {"user_uuid": user["uuid"], "enabled": True}
    assert event["required_acl"] == f"events.config.users.{user['uuid']}.services.dnd.updated"
    confd.put(f"/1.1/users/{user['uuid']}/forwards/busy", {"enabled": False})
    confd.put(f"/1.1/users/{user['uuid']}/services/dnd", {"enabled": False})


# API-228
def test_after_the_start_a_subscription_takes_effect_without_reply(almon, confd):
    client = EventClient.listening(almon, rest.sign_in(almon))
    client.send({"op": "subscribe", "data": {"event_name": "entity_created"}})
    client.send({"op": "start"})
    client.websocket.send(b"heard", opcode=9)
    assert client.websocket.receive() == (10, b"heard")  # what was sent before it is done
    confd.post("/1.1/entities", {"name": "told"})
    assert client.receive()["name"] == "entity_created"


class Consumer:
    """As in the documentation: a queue of its own, bound to the exchange `xivo` (API-002)."""

    def __init__(self, broker: RabbitMq, routing_key: str):
        self.connection = kombu.Connection(broker.url)
        exchange = kombu.Exchange("xivo", type="topic")
        channel = self.connection.channel()
        queue = kombu.Queue(exchange=exchange, routing_key=routing_key, exclusive=True, channel=channel)
        self.messages: list = []
        self._consumer = kombu.Consumer(channel, [queue], callbacks=[self._take])
        self._consumer.consume()

    def _take(self, body, message) -> None:
        self.messages.append((body, message))
        message.ack()

    def next(self) -> tuple:
        """The body, and the message that it came in."""
        while not self.messages:
            self.connection.drain_events(timeout=20)
        return self.messages.pop(0)


@pytest.fixture(scope="module")
def broker():
    broker = RabbitMq().start()
    yield broker
    broker.stop()


@pytest.fixture
def publishing(broker, tmp_path):
    office = Almon(tmp_path / "almon", "amqp.enabled=true", f"amqp.host={loopback.ADDRESS}", f"amqp.port={broker.port}")
    yield office
    office.stop()


# API-001, API-003, API-004, API-008, API-009, API-010, API-013..API-015, API-019, API-020
def test_the_message_bus_hears_everything_under_its_routing_key(broker, publishing):
    consumer = Consumer(broker, "#")
    publishing.start()
    registered = []
    while len(registered) < 6:
        body, message = consumer.next()
        if body["name"] == "service_registered_event":
            registered.append(body["data"]["service_name"])
            assert message.delivery_info["routing_key"] == f"service.registered.{registered[-1]}"
            assert message.content_type == "application/json"
            assert message.properties["delivery_mode"] == 1
            assert "required_acl" not in body
            assert body["data"]["tags"][:2] == [registered[-1], body["origin_uuid"]]
    assert sorted(registered) == ["xivo-amid", "xivo-auth", "xivo-call-logd", "xivo-confd", "xivo-ctid-ng",
                                  "xivo-websocketd"]

    def next_of(*names) -> list[dict]:
        came = []
        for name in names:
            while True:
                body, message = consumer.next()
                if body["name"] == name:
                    break
            came.append({**body, "key": message.delivery_info["routing_key"]})
        return came

    confd = rest.confd(publishing)
    made = confd.post("/1.1/users", {"firstname": "Zoë"}).json
    [created] = next_of("user_created")
    assert created["key"] == "config.user.created" and "required_acl" not in created
    assert created["data"] == {"id": made["id"], "uuid": made["uuid"]}
    confd.put(f"/1.1/users/{made['id']}", {"lastname": "Told"})
    confd.delete(f"/1.1/users/{made['id']}")
    edited, deleted = next_of("user_edited", "user_deleted")
    assert edited["key"] == "config.user.edited" and edited["data"] == created["data"]
    assert deleted["key"] == "config.user.deleted" and deleted["data"] == created["data"]

    people = {name: publishing.person(name) for name in ("Alice", "Bob")}
    with RawPhone(publishing.address, people["Alice"].username, people["Alice"].password) as alice, \
            RawPhone(publishing.address, people["Bob"].username, people["Bob"].password) as bob:
        alice.register()
        bob.register()
        call = alice.call("1002")
        ringing = RawCall.incoming_at(bob)
        ringing.accept()
        call.answered()
        ringing.acknowledged()
        of_alice, of_bob = next_of("call_created", "call_created")
        assert {of_alice["key"], of_bob["key"]} == {"calls.call.created"}
        call.ask("INVITE", body=offer(alice.rtp.port, direction="sendonly", version=2))
        call.ask("INVITE", body=offer(alice.rtp.port, version=3))
        held, resumed = next_of("call_held", "call_resumed")
        assert held["key"] == "calls.hold.created" and resumed["key"] == "calls.hold.deleted"
        assert held["data"] == resumed["data"] == {"call_id": of_alice["data"]["call_id"]}
        assert "required_acl" not in held
        call.hang_up()
        ended, _ = next_of("call_ended", "call_ended")
        assert ended["key"] == "calls.call.ended"
    publishing.begin_to_stop()
    gone = next_of(*["service_deregistered_event"] * 6)
    assert {event["key"] for event in gone} == {f"service.deregistered.{name}" for name in registered}
    assert set(gone[0]["data"]) == {"service_name", "service_id", "tags"}
    assert publishing.wait() == 0


def test_a_broker_that_goes_and_comes_back_is_no_matter_for_calls(broker, publishing):
    before = Consumer(broker, "#")
    publishing.start()
    before.next()
    broker.kill()
    confd = rest.confd(publishing)
    entities = [confd.post("/1.1/entities", {"name": f"while_away_{number}"}).json["id"] for number in range(3)]
    people = {name: publishing.person(name) for name in ("Alice", "Bob")}
    with RawPhone(publishing.address, people["Alice"].username, people["Alice"].password) as alice, \
            RawPhone(publishing.address, people["Bob"].username, people["Bob"].password) as bob:
        alice.register()
        bob.register()
        call = alice.call("1002")
        RawCall.incoming_at(bob).accept()
        call.answered()
        call.hang_up()
    broker.start()
    consumer = Consumer(broker, "config.entity.created")
    later = confd.post("/1.1/entities", {"name": "after"}).json["id"]
    heard = []
    while later not in heard:
        heard.append(consumer.next()[0]["data"]["id"])
    # What waited comes in its order, as far as the consumer's queue was there in time.
    assert heard == [*entities, later][-len(heard):]
