# SPDX-License-Identifier: GPL-3.0-or-later
"""A full disk: calls go on, and the log says so."""
import subprocess

import pytest

from api import sign_in
from monitoring import failing, scrape, until
from phones.almon import Almon
from phones.raw_phone import call_and_hang_up


@pytest.fixture
def almon(tmp_path):
    """An office on a disk of 24 megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "almon-test", disk], capture_output=True,
                             check=False)
    if mounted.returncode != 0:
        pytest.skip("we may not mount a small disk")
    office = Almon(disk)
    office.log = tmp_path / "output.log"
    try:
        yield office.start()
    finally:
        office.stop()
        subprocess.run(["umount", disk], check=True)


def fill(disk) -> None:
    with open(disk / "filler", "wb", buffering=0) as filler:
        for size in (65536, 512, 1):
            try:
                while True:
                    filler.write(b"x" * size)
            except OSError:
                continue


def test_calls_and_registrations_go_on_and_the_log_says_so(almon, phones):
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    confd = sign_in(almon)
    users = confd.get("/users").json()
    fill(almon.data)
    refused = confd.post("/users", {"firstname": "Too", "description": "much" * 200})
    assert refused.status == 503, refused
    assert confd.get("/users").json() == users
    for _ in range(20):
        call_and_hang_up(alice, bob)
    assert phones.raw("Carol").register().status == 200
    assert almon.running
    assert "No space left" in almon.output() or "disk is full" in almon.output().lower()
    parts = until(lambda: failing(almon), "nobody is told that something is wrong")
    assert set(parts) <= {"journal", "database"}, parts
    waiting = scrape(almon)("almon_journal_waiting_bytes")
    assert (waiting > 0) == ("journal" in parts)
    (almon.data / "filler").unlink()
    until(lambda: not failing(almon), "all is well again, and nobody is told")
    assert scrape(almon)("almon_journal_waiting_bytes") == 0
    call_and_hang_up(alice, bob)
    assert confd.post("/users", {"firstname": "Fits", "description": "again" * 200}).status == 201
    assert almon.interrupt() == 0
