# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls that come in and leave by trunks, with a provider that is played here and with a second Almon."""
import pathlib
import re
import socket
import threading
import time

import pytest

from exterior import INTERNAL, Exterior, call_from, provider
from phones import loopback
from phones.almon import Almon, binary
from phones.baresip import Baresip
from phones.conversation import assert_both_hear
from phones.process import Process
from phones.raw_phone import RawCall, RawPhone
from phones.sip_message import Message, authorization
from phones.sipp import play

SCENARIOS = pathlib.Path(__file__).parent / "scenarios"


@pytest.fixture(scope="module")
def outside(almon) -> Exterior:
    return Exterior(almon)


@pytest.fixture
def carrier(almon):
    with provider(almon) as switch:
        yield switch


def challenged(switch: RawPhone, timeout: float = 5) -> tuple[RawCall, Message]:
    """The provider asks for digest, and gets an INVITE that answers it."""
    first = RawCall.incoming_at(switch, timeout)
    switch.respond(first.invite, 407, "Proxy Authentication Required",
                   Proxy_Authenticate='Digest realm="carrier", nonce="abc", algorithm=MD5')
    switch.expect("ACK", call_id=first.call_id)
    again = RawCall.incoming_at(switch, timeout)
    return again, first.invite


def test_a_call_from_a_provider_that_is_known_by_its_address(almon, phones, outside, carrier, tap):
    """ADB-003, ADB-005, ADB-017, ADB-020: no challenge, the DID with a leading +, and both hear each other."""
    outside.peer("carrier1", carrier.port)
    outside.way_in("0140000001", {"type": "user", "user_id": outside.user("Bob")["id"]},
                   caller_id_mode="prepend", caller_id_name="Shop")
    bob = phones.raw("Bob")
    call = call_from(carrier, "+0140000001")
    incoming = RawCall.incoming_at(bob)
    assert "Shop" in incoming.invite["From"]
    assert "sip:0612345678@" in incoming.invite["From"]
    incoming.ring()
    call.expect(180)
    incoming.accept()
    call.answered()
    incoming.acknowledged()
    assert call.hang_up().status == 200
    incoming.hung_up()
    # What is not an incoming call's number is not reached from outside, though it is somebody's inside.
    assert call_from(carrier, "1002").refused(timeout=15).status == 404


def test_a_stranger_at_the_address_of_a_phone_is_asked_for_a_password(outside, almon, phones, carrier):
    """A phone behind the address of a trunk says who it is, and has to prove it."""
    outside.peer("carrier2", carrier.port)
    thief = phones.raw("Alice", registers=False)
    response = thief.ask(thief.request("INVITE", f"sip:1002@{thief.domain}", body=b"v=0\r\n"))
    assert response.status in (401, 407)


def test_a_call_leaves_by_a_trunk_that_asks_for_a_password(outside, phones, carrier):
    """ADB-029, ADB-030, ADB-034: the number without what leads out, digest, the way's caller ID."""
    trunk = outside.peer("carrier3", carrier.port)
    outside.way_out("**93.", [trunk], {"strip_digits": 4, "caller_id": '"Office" <0140000000>'})
    alice = phones.raw("Alice")
    call = alice.call("**930612")
    incoming, first = challenged(carrier)
    assert incoming.invite.uri.startswith("sip:0612@")
    assert "Office" in first["From"] and "0140000000@" in first["From"]
    proof = incoming.invite["Proxy-Authorization"]
    fields = dict(re.findall(r'(\w+)="?([^",]+)"?', proof))
    expected = authorization({"realm": "carrier", "nonce": "abc", "algorithm": "MD5"}, "INVITE",
                             incoming.invite.uri, "carrier3", "carrier3-secret", 1)
    assert fields["username"] == "carrier3"
    assert fields["response"] == re.search(r'response="([0-9a-f]+)"', expected)[1]
    incoming.ring()
    call.expect(180)
    incoming.accept()
    call.answered()
    incoming.acknowledged()
    incoming.hang_up()
    call.hung_up()


def test_the_next_trunk_is_tried_and_the_caller_never_knows(outside, phones, almon, carrier):
    """ADB-027"""
    with provider(almon) as second:
        trunks = [outside.peer("carrier4", carrier.port), outside.peer("carrier5", second.port)]
        outside.way_out("**94.", trunks, {"strip_digits": 4})
        alice = phones.raw("Alice")
        call = alice.call("**94701")
        RawCall.incoming_at(carrier).refuse(503, "Service Unavailable")
        incoming = RawCall.incoming_at(second)
        assert incoming.invite.uri.startswith("sip:701@")
        incoming.accept()
        call.answered()
        incoming.acknowledged()
        call.hang_up()
        incoming.hung_up()
        # Who is busy is so by every trunk.
        call = alice.call("**94701")
        RawCall.incoming_at(carrier).refuse(486, "Busy Here")
        assert call.refused().status == 486
        second.expect_nothing("INVITE", 0.1)


def test_over_tcp_to_a_host_that_is_given_by_name(outside, almon, phones):
    """The name is looked up off the loop; the connection is made by us."""
    listener = socket.create_server(("127.0.0.1", 0))
    trunk = outside.peer("carrier6", listener.getsockname()[1], host="localhost", options=[["transport", "tcp"]])
    outside.way_out("**95.", [trunk], {"strip_digits": 4})
    alice = phones.raw("Alice")
    call = alice.call("**95123")
    listener.settimeout(5)
    connection, _ = listener.accept()
    connection.settimeout(5)
    text = b""
    while b"\r\n\r\n" not in text:
        text += connection.recv(65536)
    invite = Message.parse(text.partition(b"\r\n\r\n")[0])
    assert invite.uri == f"sip:123@localhost:{listener.getsockname()[1]};transport=tcp"
    assert "SIP/2.0/TCP" in invite["Via"]
    connection.sendall("\r\n".join(["SIP/2.0 404 Not Found", f"Via: {invite['Via']}", f"From: {invite['From']}",
                                    f"To: {invite['To']};tag=x", f"Call-ID: {invite['Call-ID']}",
                                    f"CSeq: {invite['CSeq']}", "Content-Length: 0", "", ""]).encode())
    assert call.refused().status == 404
    connection.close()
    listener.close()


def test_sipp_is_a_provider_that_answers(almon, outside, phones, tmp_path):
    """A stack that nobody here has written takes six calls, two at a time."""
    port = loopback.free_port()
    trunk = outside.peer("carrier7", port)
    outside.way_out("**97.", [trunk], {"strip_digits": 4})
    switch = threading.Thread(target=play, args=(SCENARIOS / "callee.xml", almon.address, tmp_path),
                              kwargs={"calls": 6, "port": port})
    switch.start()
    for firstname in ("Alice", "Bob", "Carol"):
        phone = phones.raw(firstname)
        calls = [phone.call("**971"), phone.call("**972")]
        for call in calls:
            call.answered()
        for call in calls:
            assert call.hang_up().status == 200
    switch.join()


def answer_of(almon: Almon, command: str) -> str:
    """What `almon registrations` or `almon why` says."""
    log = almon.data / f"{command}.log"
    process = Process([str(binary()), command, "--data", str(almon.data)], log)
    assert process.wait(5) == 0
    return log.read_text()


@pytest.fixture
def other_office(tmp_path):
    """A second Almon, which is somebody else's."""
    rules = tmp_path / "xivo_in_callerid.conf"
    rules.write_text("[site]\ncallerid = ^1\\d{3}$\nstrip = 1\nadd = 88\n")
    office = Almon(tmp_path / "other", f"calls.incoming_numbers={rules}").start()
    yield office
    office.stop()


def test_two_almons_joined_by_a_trunk(almon, outside, other_office, phones, tmp_path, tap):
    """ADB-013, ADB-015, ADB-016, ADB-019, ADB-031, INS-024: ours registers there, then calls go both ways."""
    theirs = Exterior(other_office)
    theirs_trunk = theirs.trunk({"username": "wazo-trunk", "secret": "shared-secret", "type": "friend",
                                 "host": "dynamic"})
    theirs.way_in("101", {"type": "user", "user_id": theirs.user("Bob")["id"]})
    theirs.way_out("**99.", [theirs_trunk], {"strip_digits": 4})

    host, port = other_office.address
    ours_trunk = outside.trunk({"username": "wazo-trunk", "secret": "shared-secret", "type": "friend", "host": host,
                                "options": [["port", str(port)]]})
    outside.way_out("**99.", [ours_trunk], {"strip_digits": 4})
    outside.way_in("102", {"type": "extension", "exten": "1003", "context": INTERNAL})
    account = outside.make("/registers/sip", {"sip_username": "wazo-trunk", "auth_password": "shared-secret",
                                              "remote_host": host, "remote_port": port})
    almon_says(almon, "registered as wazo-trunk")
    assert re.search(r"wazo-trunk@127\.0\.0\.1:\d+ +registered", answer_of(almon, "registrations"))

    person = other_office.person("Bob")
    alice = phones.baresip("Alice", tone=440)
    with Baresip(tmp_path / "theirs", "Bob", server=other_office.address, username=person.username,
                 password=person.password, tone=880) as bob:
        bob.event("REGISTER_OK")
        alice.dial("**99101")
        assert "88001@" in bob.event("CALL_INCOMING")["peeruri"], "1001 as their rules show it"
        alice.event("CALL_RINGING")
        bob.accept()
        alice.event("CALL_ESTABLISHED")
        assert_both_hear(tap, alice, bob)
        alice.hang_up()
        bob.event("CALL_CLOSED")

        # The other way round, to where we have registered from.
        carol = phones.raw("Carol")
        bob.dial("**99102")
        incoming = RawCall.incoming_at(carol)
        incoming.accept()
        bob.event("CALL_ESTABLISHED")
        incoming.acknowledged()
        incoming.hang_up()
        bob.event("CALL_CLOSED")

    outside.erase(f"/registers/sip/{account['id']}")
    almon_says(almon, "no longer registered for")


def almon_says(almon: Almon, words: str, timeout: float = 10) -> None:
    deadline = time.monotonic() + timeout
    while words not in almon.output():
        assert time.monotonic() < deadline, almon.output()[-3000:]
        time.sleep(0.02)


def test_an_account_is_registered_refreshed_and_taken_back(almon, outside, carrier):
    """ADB-013, ADB-020: digest, refresh in time, live changes, and an end."""
    account = outside.make("/registers/sip", {
        "sip_username": "line1", "auth_password": "pw", "remote_host": "127.0.0.1", "remote_port": carrier.port,
        "callback_extension": "0149", "expiration": 60})
    first = carrier.expect("REGISTER")
    assert first["Expires"] == "60" and "sip:0149@" in first["Contact"]
    carrier.respond(first, 401, "Unauthorized", WWW_Authenticate='Digest realm="carrier", nonce="n", algorithm=MD5')
    second = carrier.expect("REGISTER")
    assert 'username="line1"' in second["Authorization"]
    assert second["Call-ID"] == first["Call-ID"]
    carrier.respond(second, 200, "OK", Contact=second["Contact"] + ";expires=2")
    third = carrier.expect("REGISTER", timeout=4)
    assert int(third["CSeq"].split()[0]) > int(second["CSeq"].split()[0])
    carrier.respond(third, 423, "Interval Too Brief", Min_Expires="120")
    fourth = carrier.expect("REGISTER")
    assert fourth["Expires"] == "120"
    carrier.respond(fourth, 200, "OK", Contact=fourth["Contact"] + ";expires=120")
    almon_says(almon, "registered as line1")

    outside.put(f"/registers/sip/{account['id']}", {"callback_extension": "0150"})
    changes = [carrier.expect("REGISTER"), carrier.expect("REGISTER")]
    for change in changes:
        carrier.respond(change, 200, "OK", Contact=change["Contact"] + ";expires=120")
    assert {("0149" in change["Contact"], change["Expires"]) for change in changes} == {(True, "0"), (False, "60")}
    outside.erase(f"/registers/sip/{account['id']}")
    last = carrier.expect("REGISTER")
    assert last["Expires"] == "0"
    carrier.respond(last, 200, "OK")



def test_a_monitored_provider_is_asked_and_passed_over_while_it_is_away(almon, outside, phones, carrier):
    """ADB-021: OPTIONS at once and in its time; who is not there is not called."""
    monitored = [["qualify", "yes"], ["qualifyfreq", "1"]]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as quiet:
        quiet.bind((loopback.ADDRESS, 0))
        quiet.settimeout(5)
        port = quiet.getsockname()[1]
        outside.peer("carrier8", port, options=monitored)
        asked = Message.parse(quiet.recv(65536))
        assert (asked.method, asked.uri) == ("OPTIONS", f"sip:127.0.0.1:{port}")
    nobody = outside.peer("carrier9", loopback.free_port(), options=[*monitored, ["transport", "tcp"]])
    outside.way_out("**98.", [nobody, outside.peer("carrier10", carrier.port)], {"strip_digits": 4})
    alice = phones.raw("Alice")
    call = alice.call("**98701")
    RawCall.incoming_at(carrier).refuse(486, "Busy Here")
    assert call.refused().status == 486
    assert "SIP/carrier9 is not to be reached" in answer_of(almon, "why")
