# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures for Prometheus and the health of the system, compared with what real phones have done."""
import pathlib
import re
import shutil
import subprocess
import time

import pytest

from event_client import EventClient
from command_line import lines, value
from monitoring import StoppedThread, failing, monitoring, scrape, scrape_until, until
from phones.conversation import connect
from phones.raw_phone import RawCall, call_and_hang_up, media_port
from phones.rest import Rest, sign_in

GUIDE = pathlib.Path(__file__).resolve().parents[2] / "docs/monitoring.md"


@pytest.fixture
def almon(fresh_almon):
    """Its figures begin with the test."""
    return fresh_almon


def test_a_call_is_in_the_figures_while_it_is_up_and_afterwards(almon, phones):
    alice, bob = phones.baresip("Alice"), phones.baresip("Bob")
    before = scrape(almon)
    assert before("almon_sip_contacts") == 2
    assert before("almon_calls") == before("almon_channels") == before("almon_calls_begun_total") == 0
    connect(alice, bob, "1002")
    during = scrape_until(almon, lambda now: now("almon_rtp_packets_total", direction="sent") > 50,
                          "no RTP was counted")
    assert (during("almon_calls"), during("almon_channels"), during("almon_bridges")) == (1, 2, 1)
    assert during("almon_calls_begun_total") == 1
    assert not during.ended()
    assert during("almon_rtp_packets_total", direction="received") > 50
    assert during("almon_rtp_packets_lost_total", direction="received") == 0
    assert during("almon_call_set_up_seconds_count") == 1
    assert 0 < during("almon_call_set_up_seconds_sum") < 5
    alice.hang_up()
    bob.event("CALL_CLOSED")
    after = scrape_until(almon, lambda now: now("almon_calls") == 0, "the call is not over")
    assert after.ended() == {"answered": 1}
    assert after("almon_channels") == after("almon_bridges") == 0
    for direction in ("received", "sent"):
        assert after("almon_rtp_packets_total", direction=direction) >= during("almon_rtp_packets_total",
                                                                               direction=direction)
    scrape_until(almon, lambda now: now("almon_database_transaction_seconds_count") > 0, "nothing was written")


def test_packets_that_are_lost_are_counted(almon, phones):
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    call = alice.call("1002")
    answering = RawCall.incoming_at(bob)
    answering.accept()
    port = media_port(call.answered())
    for lost_before in (0, 0, 0, 1, 0, 2, 0):
        alice.rtp.lose(lost_before)
        alice.rtp.send(port, 8, bytes(160))
    figures = scrape_until(almon, lambda now: now("almon_rtp_packets_total", direction="received") == 7,
                           "the packets were not counted")
    assert figures("almon_rtp_packets_lost_total", direction="received") == 3
    assert figures("almon_rtp_packets_total", direction="sent") == 7, "they go on to Bob"
    call.hang_up()
    answering.hung_up()


def test_what_has_become_of_calls(almon, phones):
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    call_and_hang_up(alice, bob)
    for status in (486, 603):
        call = alice.call("1002")
        RawCall.incoming_at(bob).refuse(status)
        call.refused()
    given_up = alice.call("1002")
    RawCall.incoming_at(bob).ring()
    given_up.expect(180)
    given_up.cancel()
    given_up.refused()
    alice.call("1003").refused()  # Carol's phone is not there
    figures = scrape_until(almon, lambda now: sum(now.ended().values()) == 5, "not all calls were counted")
    assert figures.ended() == {"answered": 1, "busy": 2, "cancelled": 1, "unreachable": 1}
    assert figures("almon_calls_begun_total") == 5
    assert figures("almon_call_set_up_seconds_count") == 2, "of two the caller was told that they ring or are answered"


def test_programs_that_listen_are_counted(almon):
    assert scrape(almon)("almon_websocket_clients") == 0
    client = EventClient.listening(almon, sign_in(almon), "*")
    assert scrape(almon)("almon_websocket_clients") == 1
    client.websocket.connection.close()
    scrape_until(almon, lambda now: now("almon_websocket_clients") == 0, "the client is still counted")


def test_the_process_is_in_the_figures(almon):
    figures = scrape_until(almon, lambda now: now("almon_database_behind_seconds") < 5, "the database lags behind")
    assert figures("almon_signalling_up") == figures("almon_database_up") == 1
    assert figures("process_resident_memory_bytes") > 10e6
    assert figures("process_cpu_seconds_total") > 0
    assert abs(figures("process_start_time_seconds") - time.time()) < 300
    assert figures("process_open_fds") < figures("process_max_fds")
    version = subprocess.run([almon.command()[0], "--version"], capture_output=True, text=True, check=True).stdout
    assert figures("almon_build_info", version=version.split()[1]) == 1


def test_every_figure_is_in_the_guide(almon):
    described = set(re.findall(r"`((?:almon|process)_\w+)`", GUIDE.read_text()))
    served = {family.name + ("_total" if family.type == "counter" else "")
              for family in scrape(almon).families.values()}
    assert served - described == set()
    assert {name for name in described - served if not name.startswith("almon_amqp_")} == set()


def test_prometheus_finds_nothing_to_complain_of(almon):
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed")
    text = monitoring(almon).get("/metrics").body
    checked = subprocess.run([promtool, "check", "metrics"], input=text, capture_output=True, check=False)
    assert checked.returncode == 0 and not checked.stderr, checked.stderr.decode()


def test_all_is_well_and_whoever_asks_is_told(almon):
    assert failing(almon) == {}
    page = Rest(almon, almon.page_port)
    answer = page.get("/health")
    assert (answer.status, answer.json) == (200, {"status": "ok", "failing": []})
    assert page.ask("HEAD", "/health").status == 200
    assert monitoring(almon).get("/anything").status == 404


def test_a_system_that_is_frozen_says_so(almon):
    """CTR-003: the process runs, and nobody can telephone. Whoever looks learns of it, and is not kept waiting."""
    with StoppedThread(almon, "signalling"):
        parts = until(lambda: failing(almon), "nobody is told")
        assert parts == {"signalling": "does not answer"}
        figures = scrape(almon)
        assert figures("almon_signalling_up") == 0
        assert figures("almon_signalling_waiting") > 0
        assert "FAILING:   signalling: does not answer" in lines(almon, "status")
        assert lines(almon, "core", "show", "channels")[1:] == ["0 active channels", "0 active calls"]
        assert value(almon, "status")["failing"][0]["part"] == "signalling"
    until(lambda: not failing(almon), "it goes on, and nobody is told")
    assert scrape(almon)("almon_signalling_up") == 1
    assert "Health:    all is well" in lines(almon, "status")
