# SPDX-License-Identifier: GPL-3.0-or-later
"""What a system before ours has counted of its switchboards can still be read, on both databases."""
import contextlib
import csv
import io
import os
import sqlite3

import pytest

import api  # noqa: F401  (where the modules of conformance are)
from office import DATABASES, Office
from postgresql import PostgresqlServer

CSV = "text/csv; charset=utf-8"
CALLS = (("2016-03-01 09:00:00+00", "answered", 10.0), ("2016-03-01 10:00:00.5+00", "transferred", 20.5),
         ("2016-03-01 23:59:59+00", "abandoned", 125.0), ("2016-03-02 08:00:00+00", "forwarded", 7.4),
         ("2016-03-02 08:01:00+00", "answered", 0.0))


@pytest.fixture(scope="module", params=DATABASES)
def office(request):
    if request.param == "postgresql" and not PostgresqlServer.installed():
        assert not os.environ.get("CI"), "PostgreSQL must be installed"
        pytest.skip("PostgreSQL is not installed")
    with Office(request.param) as running:
        yield running


def write(office: Office, statement: str) -> None:
    if office.postgresql is not None:
        office.postgresql.query(office.uri, statement)
        return
    with contextlib.closing(sqlite3.connect(office.almon.database, timeout=5)) as connection, connection:
        connection.execute(statement)


def test_statistics_of_switchboards_are_read_by_day(office):
    """API-113, INS-118"""
    confd = office.confd()
    assert confd.get("/switchboards").json() == {"items": [], "total": 0}
    queue = confd.post("/queues", {"name": "__switchboard", "label": "Front desk"}).json()
    for time, end, waited in CALLS:
        write(office, "INSERT INTO stat_switchboard_queue (time, end_type, wait_time, queue_id) "
                      f"VALUES ('{time}', '{end}', {waited}, {queue['id']})")
    write(office, "INSERT INTO stat_switchboard_queue (time, end_type, wait_time, queue_id) "
                  "VALUES ('2015-01-01 00:00:00+00', 'answered', 1, 4711)")
    assert confd.get("/switchboards").json() == {"total": 2, "items": [
        {"id": queue["id"], "display_name": "Front desk"}, {"id": 4711, "display_name": "4711"}]}

    path = f"/switchboards/{queue['id']}/stats"
    answer = confd.get(path, headers={"Accept": CSV})
    assert answer.status == 200 and answer.headers["content-type"] == CSV
    assert answer.body.startswith(b'"date","entered","answered","transferred","abandoned","forwarded","waiting_time_average"\r\n')
    first, second = csv.DictReader(io.StringIO(answer.body.decode()))
    assert first == {"date": "2016-03-01", "entered": "3", "answered": "1", "transferred": "1", "abandoned": "1",
                     "forwarded": "0", "waiting_time_average": "00:52"}
    assert second == {"date": "2016-03-02", "entered": "2", "answered": "1", "transferred": "0", "abandoned": "0",
                      "forwarded": "1", "waiting_time_average": "00:04"}

    def entered(query: str) -> list[str]:
        text = confd.get(f"{path}?{query}", headers={"Accept": CSV}).body.decode()
        return [f"{row['date']} {row['entered']}" for row in csv.DictReader(io.StringIO(text))]
    assert entered("start_date=2016-03-02T00:00:00") == ["2016-03-02 2"]
    assert entered("end_date=2016-03-01T10:00:00") == ["2016-03-01 1"]
    assert entered("start_date=2016-03-01T10:00:00Z&end_date=2016-03-02T08:00:00Z") == ["2016-03-01 2", "2016-03-02 1"]
    assert entered("start_date=2017-01-01T00:00:00") == []

    assert confd.get(path).status == 406
    for wrong in ("987654", "x", "-1", "0"):
        assert confd.get(f"/switchboards/{wrong}/stats", headers={"Accept": CSV}).status == 404, wrong
    refused = confd.get(f"{path}?start_date=yesterday", headers={"Accept": CSV})
    assert refused.status == 400 and "start_date" in refused.json()[0]
    assert office.confd(token=None).get("/switchboards").status == 401
