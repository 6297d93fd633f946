# SPDX-License-Identifier: GPL-3.0-or-later
"""Users as files on PostgreSQL: 5,000 more beside 15,000, and then all 20,000 back (api_bench.py does it on SQLite)."""
import sys
import tempfile
from pathlib import Path

from office import QUICK, SOURCE, Almon, loopback, report
from people import CSV, sheet, took

sys.path.insert(0, str(SOURCE / "tests/e2e"))
from api import sign_in  # noqa: E402
from postgresql import PostgresqlServer  # noqa: E402

FILE = 50 if QUICK else 5000
FILES = 4
FIRST = 50_000

loopback.enter_private_loopback()
server = PostgresqlServer().start()
with tempfile.TemporaryDirectory(prefix="almon-bench-") as folder:
    almon = Almon(Path(folder) / "data", f"database.uri={server.create_database()}").start()
    try:
        confd = sign_in(almon)
        confd.timeout = 120
        ranges = {"user_ranges": [{"start": "50000", "end": "79999"}]}
        took(lambda: confd.post("/contexts", {"name": "csv", "type": "internal", **ranges}), 201)
        entity = confd.post("/entities", {"name": "csv"}).json()["id"]
        imported = 0.0
        for number in range(FILES):
            rows = sheet(FILE, entity, FIRST + number * FILE)
            imported = took(lambda: confd.request("POST", "/users/import", raw=rows, headers={"Content-Type": CSV}), 201)
        export = took(lambda: confd.get("/users/export", headers={"Accept": CSV}), 200)
    finally:
        almon.stop()
        server.stop()
report(csv_import_5000_postgresql_s=imported, csv_export_20000_postgresql_s=export)
