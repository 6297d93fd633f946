# SPDX-License-Identifier: GPL-3.0-or-later
"""Kamailio as a provider: registered there with a password, called and calling through its proxy."""
import pathlib
import time

import pytest

from exterior import Exterior
from phones import loopback
from phones.baresip import Baresip
from phones.conversation import assert_both_hear, assert_hears_others
from phones.process import Process

SETTINGS = pathlib.Path(__file__).parent / "scenarios" / "kamailio.cfg"
PASSWORD = "shared-secret"  # of all accounts in the settings
ACCOUNT, FAR, DID = "office", "0612345678", "0155501149"


@pytest.fixture(scope="module")
def carrier(tmp_path_factory):
    """Its SIP port."""
    folder = tmp_path_factory.mktemp("kamailio")
    port = loopback.free_port()
    process = Process(["kamailio", "-DD", "-E", "-f", str(SETTINGS), "-l", f"udp:{loopback.ADDRESS}:{port}", "-m", "32",
                       "-M", "4", "-Y", str(folder), "-P", str(folder / "pid"), "-w", str(folder)], folder / "log")
    yield port
    process.end()


@pytest.fixture(scope="module")
def office(almon, carrier) -> Exterior:
    """Alice is reached by the account, and **88 leads out by it."""
    office = Exterior(almon)
    trunk = office.trunk({"username": ACCOUNT, "secret": PASSWORD, "type": "peer", "host": loopback.ADDRESS,
                          "options": [["port", str(carrier)]]})
    office.way_out("**88.", [trunk], {"strip_digits": 4})
    office.way_in(DID, {"type": "user", "user_id": office.user("Alice")["id"]})
    office.make("/registers/sip", {"sip_username": ACCOUNT, "auth_password": PASSWORD, "remote_host": loopback.ADDRESS,
                                   "remote_port": carrier, "callback_extension": DID})
    deadline = time.monotonic() + 10
    while f"registered as {ACCOUNT}" not in almon.output():
        assert time.monotonic() < deadline, almon.output()[-3000:]
        time.sleep(0.02)
    return office


@pytest.fixture
def far(office, carrier, tmp_path):
    """A subscriber of the provider."""
    with Baresip(tmp_path / "far", "Far", server=(loopback.ADDRESS, carrier), username=FAR, password=PASSWORD,
                 tone=880) as phone:
        phone.event("REGISTER_OK")
        yield phone


def test_calls_go_both_ways_through_the_proxy(office, phones, far, tap):
    """ADB-013, ADB-015, ADB-029, ADB-030: digest for REGISTER and INVITE, and Record-Route for all that follows."""
    alice = phones.baresip("Alice", tone=440)
    alice.dial(f"**88{FAR}")
    far.event("CALL_INCOMING")
    alice.event("CALL_RINGING")
    far.accept()
    alice.event("CALL_ESTABLISHED")
    far.event("CALL_ESTABLISHED")
    assert_both_hear(tap, alice, far)
    far.hold()
    far.resume()
    assert_hears_others(tap, alice, far)
    assert_hears_others(tap, far, alice)
    far.hang_up()
    alice.event("CALL_CLOSED")

    far.dial(ACCOUNT)
    alice.event("CALL_INCOMING")
    far.event("CALL_RINGING")
    alice.accept()
    far.event("CALL_ESTABLISHED")
    alice.event("CALL_ESTABLISHED")
    assert_both_hear(tap, alice, far)
    alice.hang_up()
    far.event("CALL_CLOSED")


def test_what_does_not_succeed_there_is_told_here(office, phones, far):
    """ADB-027: unknown there, refused there, and given up here."""
    alice = phones.raw("Alice")
    assert alice.call("**880699999999").refused().status == 404
    call = alice.call(f"**88{FAR}")
    far.event("CALL_INCOMING")
    call.expect(180)
    call.cancel()
    assert call.refused().status == 487
    far.event("CALL_CLOSED")
    call = alice.call(f"**88{FAR}")
    far.event("CALL_INCOMING")
    far.hang_up()
    assert call.refused().status == 486
