# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs written for Asterisk's manager (AMI), with a client library of Debian's and real phones (CTR-055)."""
import hashlib
import pathlib
import sys

import kombu
import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from phones import loopback, rest  # noqa: E402
from phones.almon import Almon  # noqa: E402
from phones.raw_phone import RawCall, RawPhone  # noqa: E402
from manager_client import BareManager, Manager  # noqa: E402
from rabbitmq import RabbitMq  # noqa: E402

PANEL = ("panel", "words of the panel")


def make_program(confd, login: tuple[str, str], *acl: str) -> dict:
    made = confd.post("/1.1/web_services", {"name": login[0], "username": login[0], "password": login[1],
                                            "acl": list(acl)})
    assert made.status == 201, made
    return made.json


@pytest.fixture(scope="module")
def confd(almon):
    return rest.confd(almon)


@pytest.fixture(scope="module", autouse=True)
def panel(confd):
    return make_program(confd, PANEL, "amid.#")


@pytest.fixture
def manager(almon):
    with Manager(almon, *PANEL) as manager:
        yield manager


def connected(phones, manager) -> tuple[RawCall, RawCall]:
    """Alice has called Bob, and they talk."""
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    call = alice.call("1002")
    at_bob = RawCall.incoming_at(bob)
    at_bob.ring()
    at_bob.accept()
    call.answered()
    at_bob.acknowledged()
    manager.next("BridgeEnter", BridgeNumChannels="2")
    return call, at_bob


def entries_of(answer: list, name: str) -> list:
    return [message for message in answer if message.event == name]


# CTR-055
def test_a_program_logs_in_and_out(almon, manager):
    assert manager.next("FullyBooted").Status == "Fully Booted"
    pong = manager.ask("Ping")
    assert pong.success and pong.ping == "Pong" and float(pong.timestamp) > 0
    settings = manager.ask("CoreSettings")
    assert settings["AsteriskVersion"].startswith("Almon ") and settings["AMIversion"]
    status = manager.ask("CoreStatus")
    assert status["CoreCurrentCalls"] == "0" and len(status["CoreStartupDate"]) == 10
    commands = manager.ask("ListCommands")
    assert {"Originate", "CoreShowChannels", "Hangup", "SIPpeers", "Login"} <= set(commands.keys())
    goodbye = BareManager(almon)
    assert goodbye.greeting.startswith(b"Asterisk Call Manager/")
    assert goodbye.log_in(*PANEL)["Message"] == "Authentication accepted"
    assert goodbye.ask(Action="Logoff", ActionID="9") == {
        "Response": "Goodbye", "ActionID": "9", "Message": "Thanks for all the fish."}
    assert goodbye.is_closed()


def test_who_does_not_know_the_password_stays_outside(almon, confd):
    for login in ((PANEL[0], "wrong"), ("nobody", "nobody's"), (PANEL[0], "")):
        stranger = BareManager(almon)
        assert stranger.ask(Action="CoreShowChannels")["Message"] == "Permission denied"
        assert stranger.log_in(*login) == {"Response": "Error", "Message": "Authentication failed"}
        assert stranger.is_closed()


def test_the_password_need_not_be_told(almon):
    client = BareManager(almon)
    challenge = client.ask(Action="Challenge", AuthType="MD5")["Challenge"]
    key = hashlib.md5((challenge + PANEL[1]).encode()).hexdigest()
    assert client.ask(Action="Login", AuthType="MD5", Username=PANEL[0], Key=key,
                      Events="off")["Response"] == "Success"
    assert client.ask(Action="Ping")["Ping"] == "Pong"
    client.close()


def test_a_program_may_do_and_hear_what_its_rules_grant(almon, confd, manager):
    narrow = ("narrow", "narrow words")
    account = make_program(confd, narrow, "amid.action.Ping.create", "amid.action.UserEvent.create",
                           "amid.events.user.read")
    client = BareManager(almon)
    assert client.ask(Action="Login", Username=narrow[0], Secret=narrow[1])["Response"] == "Success"
    assert client.ask(Action="Hangup", Channel="SIP/alice-00000001")["Message"] == "Permission denied"
    manager.ask("UserEvent", UserEvent="Door", Who="Carol")
    heard = client.receive()
    assert heard["Event"] == "UserEvent" and heard["UserEvent"] == "Door" and heard["Who"] == "Carol"
    assert client.ask(Action="Events", EventMask="off") == {"Response": "Success", "Events": "Off"}
    manager.ask("UserEvent", UserEvent="Door", Who="Bob")
    manager.next("UserEvent", Who="Bob")
    assert client.ask(Action="Ping")["Ping"] == "Pong", "the second was not told"
    assert confd.delete(f"/1.1/web_services/{account['id']}").status == 204
    assert client.is_closed()


# API-005: what happens to a call, with the names and fields of Asterisk's manager
def test_a_call_is_told_from_its_beginning_to_its_end(manager, phones):
    call, _ = connected(phones, manager)
    manager.events.clear()
    [alice, bob] = entries_of(manager.ask("CoreShowChannels"), "CoreShowChannel")
    assert alice["CallerIDNum"] == "1001" and bob["CallerIDNum"] == "1002"
    assert alice["ConnectedLineNum"] == "1002" and bob["ConnectedLineNum"] == "1001"
    assert alice["ChannelStateDesc"] == bob["ChannelStateDesc"] == "Up"
    assert alice["Exten"] == "1002" and alice["Context"] == "default" and alice["Application"] == "Dial"
    assert alice["BridgeId"] == bob["BridgeId"] != "" and alice["Duration"].startswith("00:00:")
    assert bob["Linkedid"] == alice["Linkedid"] == alice["Uniqueid"] != bob["Uniqueid"]
    call.hang_up()
    assert manager.next("BridgeLeave", BridgeNumChannels="1")["BridgeUniqueid"] == alice["BridgeId"]
    manager.next("BridgeDestroy", BridgeUniqueid=alice["BridgeId"])
    ended = [manager.next("Hangup"), manager.next("Hangup")]
    assert {event["Uniqueid"] for event in ended} == {alice["Uniqueid"], bob["Uniqueid"]}
    assert {event["Cause"] for event in ended} == {"16"}
    assert entries_of(manager.ask("CoreShowChannels"), "CoreShowChannel") == []


def test_ringing_and_the_state_of_phones_are_told(almon, manager, phones):
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    name = f"SIP/{almon.person('Bob').username}"
    assert manager.next("PeerStatus", Peer=name)["PeerStatus"] == "Registered"
    assert manager.ask("ExtensionState", Exten="1002", Context="default")["StatusText"] == "Idle"
    call = alice.call("1002")
    began = manager.next("Newchannel", CallerIDNum="1001")
    assert began["ChannelState"] == "0" and began["Exten"] == "1002"
    assert manager.next("Newstate", Uniqueid=began["Uniqueid"])["ChannelStateDesc"] == "Ring"
    dialled = manager.next("DialBegin")
    assert dialled["Uniqueid"] == began["Uniqueid"] and dialled["DestCallerIDNum"] == "1002"
    assert dialled["DialString"] == name and dialled["DestChannelStateDesc"] == "Ringing"
    rings = manager.next("ExtensionStatus", Exten="1002", Status="8")
    assert rings["StatusText"] == "Ringing" and rings["Hint"] == name
    assert manager.ask("ExtensionState", Exten="1002", Context="default")["Status"] == "8"
    at_bob = RawCall.incoming_at(bob)
    at_bob.refuse(486)
    call.refused()
    assert manager.next("DialEnd")["DialStatus"] == "BUSY"
    hung_up = manager.next("Hangup", Uniqueid=dialled["DestUniqueid"])
    assert hung_up["Cause"] == "17" and hung_up["Cause-txt"] == "User busy"
    bob.register(expires=0)
    assert manager.next("PeerStatus", Peer=name)["PeerStatus"] == "Unregistered"
    assert manager.ask("ExtensionState", Exten="1002", Context="default")["Status"] == "4"
    assert manager.ask("ExtensionState", Exten="9999", Context="default")["Status"] == "-1"


def test_phones_and_mailboxes_are_listed(almon, confd, manager, phones):
    alice = phones.raw("Alice")
    alice.register()
    peers = {entry["ObjectName"]: entry for entry in entries_of(manager.ask("SIPpeers"), "PeerEntry")}
    own = peers[almon.person("Alice").username]
    assert own["IPaddress"] == loopback.ADDRESS and own["Status"] == "OK" and own["Dynamic"] == "yes"
    assert peers[almon.person("Bob").username]["Status"] == "UNKNOWN"
    assert manager.ask("SIPshowpeer", Peer=almon.person("Alice").username)["IPport"] == own["IPport"]
    assert not manager.ask("SIPshowpeer", Peer="nobody").success
    made = confd.post("/1.1/voicemails", {"name": "Alice", "number": "1001", "context": "default"})
    assert made.status == 201, made
    counts = manager.ask("MailboxCount", Mailbox="1001@default")
    assert counts["NewMessages"] == "0" and counts["OldMessages"] == "0"
    assert manager.ask("MailboxStatus", Mailbox="1001@default")["Waiting"] == "0"
    assert manager.ask("MailboxCount", Mailbox="1009@default").message == "No such mailbox"


def test_a_program_calls_for_a_user_and_ends_the_call(almon, manager, phones):
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    name = almon.person("Alice").username
    begun = manager.begin("Originate", Channel=f"SIP/{name}", Exten="1002", Context="default", Priority="1",
                          Timeout="20000", CallerID="Click to call <5550>", Variable=["A=1", "B=2,C=3"],
                          Account="sales", Async="true")
    at_alice = RawCall.incoming_at(alice)
    assert "5550" in at_alice.invite["From"]
    rung = manager.next("Newchannel")
    for variable, value in (("A", "1"), ("B", "2"), ("C", "3")):
        assert manager.ask("Getvar", Channel=rung["Channel"], Variable=variable)["Value"] == value
    assert manager.ask("Setvar", Channel=rung["Channel"], Variable="A", Value="4").success
    assert manager.ask("Getvar", Channel=rung["Uniqueid"], Variable="A")["Value"] == "4"
    assert manager.ask("Getvar", Channel=rung["Channel"], Variable="CHANNEL(accountcode)")["Value"] == "sales"
    at_alice.accept()
    at_alice.acknowledged()
    queued, answered = manager.finish(begun)
    assert queued.message == "Originate successfully queued"
    assert answered.event == "OriginateResponse" and answered.response == "Success" and answered["Reason"] == "4"
    assert answered["Uniqueid"] == rung["Uniqueid"]
    at_bob = RawCall.incoming_at(bob)
    at_bob.accept()
    at_bob.acknowledged()
    manager.next("BridgeEnter", BridgeNumChannels="2")
    assert manager.ask("Hangup", Channel=rung["Channel"]).message == "Channel Hungup"
    at_alice.hung_up()
    at_bob.hung_up()
    assert manager.ask("Hangup", Channel=rung["Channel"]).message == "No such channel"


def test_a_call_that_nobody_takes_has_failed(almon, manager, phones):
    alice = phones.raw("Alice")
    options = {"Channel": "Local/1001@default", "Exten": "1002", "Context": "default"}
    waiting = manager.begin("Originate", **options)
    RawCall.incoming_at(alice).refuse(486)
    assert manager.finish(waiting).message == "Originate failed"
    begun = manager.begin("Originate", **options, Async="true")
    RawCall.incoming_at(alice).refuse(486)
    _, told = manager.finish(begun)
    assert told.response == "Failure" and told["Reason"] == "5"
    for wrong in ({"Channel": "SIP/nobody"}, {"Exten": "4711"}, {"Context": "nowhere"}, {"Timeout": "soon"},
                  {"Priority": "2"}, {"Application": "Playback"}, {"Variable": "A"}):
        assert not manager.ask("Originate", **{**options, **wrong}).success, wrong


def test_a_party_is_sent_to_another_number(manager, phones):
    call, at_bob = connected(phones, manager)
    carol = phones.raw("Carol")
    [alice, _] = entries_of(manager.ask("CoreShowChannels"), "CoreShowChannel")
    assert not manager.ask("Redirect", Channel=alice["Channel"], Exten="4711", Context="default").success
    assert manager.ask("Redirect", Channel=alice["Channel"], Exten="1003", Context="default",
                       Priority="1").message == "Redirect successful"
    assert manager.next("BlindTransfer")["Extension"] == "1003"
    at_carol = RawCall.incoming_at(carol)
    at_carol.accept()
    at_carol.acknowledged()
    at_bob.hung_up()
    manager.next("BridgeEnter", BridgeNumChannels="2", CallerIDNum="1003")
    call.hang_up()
    at_carol.hung_up()


def test_a_call_is_parked_listed_and_taken_back(manager, phones):
    call, at_bob = connected(phones, manager)
    [lot] = entries_of(manager.ask("Parkinglots"), "Parkinglot")
    assert (lot["StartSpace"], lot["StopSpace"]) == ("701", "750")
    alice = next(entry for entry in entries_of(manager.ask("CoreShowChannels"), "CoreShowChannel")
                 if entry["CallerIDNum"] == "1001")
    assert not manager.ask("Park", Channel=alice["Channel"], Parkinglot="nowhere").success
    assert manager.ask("Park", Channel=alice["Channel"]).message == "Park successful"
    at_bob.hung_up()
    [parked] = entries_of(manager.ask("ParkedCalls"), "ParkedCall")
    assert (parked["ParkingSpace"], parked["ParkeeChannel"], parked["ParkeeCallerIDNum"]) == \
        ("701", alice["Channel"], "1001")
    taken = phones.raw("Carol").call("701")
    taken.answered()
    assert not entries_of(manager.ask("ParkedCalls"), "ParkedCall")
    taken.hang_up()
    call.hung_up()


def test_a_party_asks_somebody_before_it_hands_over(manager, phones):
    call, at_bob = connected(phones, manager)
    carol = phones.raw("Carol")
    bob = next(entry for entry in entries_of(manager.ask("CoreShowChannels"), "CoreShowChannel")
               if entry["CallerIDNum"] == "1002")
    assert manager.ask("Atxfer", Channel=bob["Channel"], Exten="1003", Context="default").success
    at_carol = RawCall.incoming_at(carol)
    assert "1002" in at_carol.invite["From"], "Bob asks her"
    at_carol.accept()
    at_carol.acknowledged()
    at_bob.hang_up()
    manager.next("Hangup", CallerIDNum="1002")
    talking = entries_of(manager.ask("CoreShowChannels"), "CoreShowChannel")
    assert sorted(entry["CallerIDNum"] for entry in talking) == ["1001", "1003"]
    assert talking[0]["BridgeId"] and talking[0]["BridgeId"] == talking[1]["BridgeId"]
    call.hang_up()
    at_carol.hung_up()


# CTR-070: the same actions over REST, with a token
def test_actions_are_done_over_rest(almon, confd, manager, phones):
    amid = rest.amid(almon)
    call, _ = connected(phones, manager)
    listed = amid.post("/1.0/action/CoreShowChannels", {}).json
    assert [message.get("Event") for message in listed] == [
        None, "CoreShowChannel", "CoreShowChannel", "CoreShowChannelsComplete"]
    assert listed[0]["Response"] == "Success" and listed[1]["ConnectedLineNum"] == "1002"
    lines = amid.post("/1.0/action/Command", {"command": "core show channels"}).json["response"]
    assert lines[1].startswith(listed[1]["Channel"]) and lines[-2:] == ["2 active channels", "1 active call"]
    [first, _] = amid.post("/1.0/action/Command", {"command": "core show channels concise"}).json["response"]
    assert first.split("!")[:5] == [listed[1]["Channel"], "default", "1002", "1", "Up"]
    assert amid.post("/1.0/action/Hangup", {"Channel": listed[1]["Channel"]}).json == [
        {"Response": "Success", "Message": "Channel Hungup"}]
    call.hung_up()
    alice = call.phone
    made = amid.post("/1.0/action/Originate", {
        "Channel": f"SIP/{almon.person('Alice').username}", "Exten": "1002", "Context": "default", "Priority": 1,
        "Variable": ["Var1=one", "Var2=two"]})
    assert made.json == [{"Response": "Success", "Message": "Originate successfully queued"}]
    RawCall.incoming_at(alice).refuse(486)
    assert manager.next("OriginateResponse")["Response"] == "Failure"


def test_rest_asks_for_the_right_of_each_action(almon, confd):
    login = ("pinger", "words of the pinger")
    make_program(confd, login, "amid.action.Ping.create")
    pinger = rest.amid(almon, rest.sign_in(almon, login, "xivo_service"))
    assert pinger.post("/1.0/action/Ping").json[0]["Ping"] == "Pong"
    for action, body in (("CoreShowChannels", {}), ("Command", {"command": "core show version"})):
        assert pinger.post(f"/1.0/action/{action}", body).status == 401
    amid = rest.amid(almon)
    for body in ([], {"Variable": {"A": 1}}, {"Variable": [["A"]]}, b"{"):
        refused = amid.post("/1.0/action/Ping", body)
        assert refused.status == 400 and set(refused.json) == {"message", "error_id", "details", "timestamp"}
    for action in ("Login", "Queues", "%0d%0aAction"):
        [answer] = amid.post(f"/1.0/action/{action}", {}).json
        assert answer["Response"] == "Error" and answer["Message"].startswith("Invalid/unknown command")


# INS-130: a header for each line
def test_the_command_line_shows_and_changes_nothing(manager):
    version = manager.ask("Command", Command="core  show version")
    assert version["Message"] == "Command output follows" and version["Output"].startswith("Almon ")
    shown = manager.ask("Command", Command="core show help")
    assert len(shown["Output"]) >= 8
    for command in ("core stop now", "sip reload", ""):
        refused = manager.ask("Command", Command=command)
        assert not refused.success and "No such command" in refused["Output"]


# What no library sends
def test_a_line_without_end_is_answered_and_the_others_do_not_notice(almon, manager):
    client = BareManager(almon)
    client.log_in(*PANEL)
    client.send(b"Action: " + b"x" * (1 << 20) + b"\r\n\r\n")
    answer = client.receive()
    assert answer["Response"] == "Error" and "16384" in answer["Message"]
    assert client.is_closed()
    half = BareManager(almon)
    half.send(b"Action: Lo")
    other = BareManager(almon)
    other.send(b"no colon\r\n\r\n")
    assert other.receive()["Response"] == "Error"
    assert other.ask(Action="Nonsense")["Message"] == "Permission denied"
    assert other.log_in(*PANEL)["Response"] == "Success"
    assert other.ask(Action="Nonsense")["Message"].startswith("Invalid/unknown command")
    assert manager.ask("Ping").success


def test_the_end_of_the_system_is_told(fresh_almon):
    make_program(rest.confd(fresh_almon), PANEL, "#")
    client = BareManager(fresh_almon)
    client.ask(Action="Login", Username=PANEL[0], Secret=PANEL[1], Events="system")
    assert client.receive()["Event"] == "FullyBooted"
    fresh_almon.begin_to_stop()
    assert client.receive() == {"Event": "Shutdown", "Privilege": "system,all", "Shutdown": "Cleanly",
                                "Restart": "False"}
    assert client.is_closed()
    assert fresh_almon.wait() == 0


# API-005
def test_the_same_is_told_on_the_message_bus(tmp_path):
    broker = RabbitMq().start()
    office = Almon(tmp_path / "almon", "amqp.enabled=true", f"amqp.host={loopback.ADDRESS}",
                   f"amqp.port={broker.port}")
    try:
        connection = kombu.Connection(broker.url)
        channel = connection.channel()
        queue = kombu.Queue(exchange=kombu.Exchange("xivo", type="topic"), routing_key="ami.#", exclusive=True,
                            channel=channel)
        heard: list = []
        consumer = kombu.Consumer(channel, [queue], callbacks=[
            lambda body, message: heard.append((message.delivery_info["routing_key"], body))])
        consumer.consume()
        office.start()
        person = office.person("Alice")
        with RawPhone(office.address, person.username, person.password) as alice:
            alice.register()
            while not heard:
                connection.drain_events(timeout=20)
        key, body = heard[0]
        assert key == "ami.PeerStatus" and body["name"] == "PeerStatus" and "required_acl" not in body
        assert body["data"] == {"Privilege": "system,all", "ChannelType": "SIP", "Peer": f"SIP/{person.username}",
                                "PeerStatus": "Registered", "Address": body["data"]["Address"]}
    finally:
        office.stop()
        broker.stop()
