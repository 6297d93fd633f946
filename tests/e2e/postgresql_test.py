# SPDX-License-Identifier: GPL-3.0-or-later
"""An office on PostgreSQL, which goes away in the middle: changes are refused, calls go on, and it recovers by itself."""
import os
import time

import pytest

from api import sign_in
from monitoring import failing, scrape, until
from phones.almon import Almon
from phones.raw_phone import call_and_hang_up
from postgresql import PostgresqlServer


@pytest.fixture(scope="module")
def server():
    if not PostgresqlServer.installed():
        assert not os.environ.get("CI"), "PostgreSQL must be installed"
        pytest.skip("PostgreSQL is not installed")
    server = PostgresqlServer().start()
    yield server
    server.stop()


@pytest.fixture
def almon(tmp_path, server):
    office = Almon(tmp_path / "almon", f"database.uri={server.create_database()}").start()
    yield office
    office.stop()


def test_changes_are_refused_and_calls_go_on_while_it_is_away(almon, phones, server):
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    confd = sign_in(almon)
    call_and_hang_up(alice, bob)
    assert confd.post("/users", {"firstname": "Before"}).status == 201
    users = confd.get("/users").json()
    server.switch_off()
    try:
        for _ in range(3):
            refused = confd.post("/users", {"firstname": "Meanwhile"})
            assert refused.status == 503, refused
            assert refused.json(), "a sentence says why"
        assert confd.get("/users").json() == users, "what is in memory is still there"
        call_and_hang_up(alice, bob)
        assert phones.raw("Carol").register().status == 200
        parts = until(lambda: failing(almon), "nobody is told that the database is away")
        assert set(parts) == {"database"}
        assert scrape(almon)("almon_database_up") == 0
    finally:
        server.switch_on()
    until(lambda: not failing(almon), "the database is there again, and nobody is told")
    assert confd.post("/users", {"firstname": "After"}).status == 201
    assert confd.get("/users").json()["total"] == users["total"] + 1
    call_and_hang_up(alice, bob)


def test_a_phone_made_on_postgresql_is_there_after_a_restart(almon, server):
    confd = sign_in(almon)
    made = confd.post("/users", {"firstname": "Åsa", "lastname": "Öst", "password": "secret-word"})
    assert made.status == 201, made
    almon.kill()
    almon.start()
    deadline = time.monotonic() + 5
    again = sign_in(almon)
    while (found := again.get(f"/users/{made.json()['uuid']}")).status != 200 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert found.json() == made.json()
    assert again.get("/users?search=asa%20ost").json()["total"] == 1
    assert again.get("/users?search=asa").json()["total"] == 1
