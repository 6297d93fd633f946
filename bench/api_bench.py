# SPDX-License-Identifier: GPL-3.0-or-later
"""What the configuration interface costs among 20,000 users, while 50 calls a second go on: HTTPS, token checked, one
connection that is kept. CPU is the process's, less what the calls alone take in the same time."""
import json
import statistics
import sys
import time

from office import QUICK, SOURCE, Office, loopback, report
from people import CSV, sheet, took

sys.path.insert(0, str(SOURCE / "tests/conformance"))
from client import Client  # noqa: E402

USERS = 200 if QUICK else 20_000
REQUESTS = 20 if QUICK else 2000
SECONDS = 3 if QUICK else 90
RATE = 50


IMPORTED = 50 if QUICK else 5000


class Meter:
    """Runs requests and tells CPU and time of each."""

    def __init__(self, office: Office):
        self.office = office
        self.background = 0.0  # CPU ms a second
        self.slowest: list[float] = []

    def settle(self, seconds: float) -> None:
        cpu, begin = self.office.cpu_ms(), time.monotonic()
        time.sleep(seconds)
        self.background = (self.office.cpu_ms() - cpu) / (time.monotonic() - begin)

    def run(self, count: int, request) -> tuple[float, float]:
        """CPU milliseconds a request, and the median of their times in milliseconds."""
        times = []
        cpu, begin = self.office.cpu_ms(), time.monotonic()
        for number in range(count):
            start = time.monotonic()
            response = request(number)
            times.append((time.monotonic() - start) * 1000)
            assert response.status in (200, 204), response
        elapsed = time.monotonic() - begin
        self.slowest.append(sorted(times)[int(len(times) * 0.99)])
        used = self.office.cpu_ms() - cpu - self.background * elapsed
        return max(used, 0.0) / count, statistics.median(times)


with Office(USERS, demo=True) as office:
    start = office.start()
    rss = office.rss_kb()
    admin = json.loads((office.almon.data / "demo.json").read_text())["admin"]
    auth = Client((loopback.ADDRESS, office.almon.auth_port), "/0.1", login=(admin["username"], admin["password"]))
    token = auth.post("/token", {"backend": "xivo_admin", "expiration": 3600}).json()["data"]["token"]
    confd = Client((loopback.ADDRESS, office.almon.confd_port), "/1.1", token=token)
    first = confd.get("/users?limit=1").json()["items"][0]["id"]

    phones = loopback.free_port()
    callers, callees = office.users[:100], office.users[100:200]
    office.register(callees, phones, 500)
    rows = [office.call_row(callers[number % 100], callees[number % 100]) for number in range(RATE * SECONDS)]
    with office.callees(phones), office.begin_load("caller.xml", rows, RATE, "-d", 0):
        meter = Meter(office)
        meter.settle(1 if QUICK else 5)
        get, _ = meter.run(REQUESTS, lambda number: confd.get(f"/users/{first + number % (USERS // 2)}"))
        list_100, _ = meter.run(REQUESTS // 10, lambda number: confd.get("/users?limit=100"))
        _, search = meter.run(REQUESTS // 20, lambda number: confd.get("/users?search=r10001&limit=10"))
        put, change = meter.run(
            REQUESTS // 10, lambda number: confd.put(f"/users/{first}", {"description": f"change {number}"}))
        question = {"from": {"user": first}, "to": office.users[1]["exten"]}
        explain, _ = meter.run(REQUESTS // 2, lambda number: confd.post("/calls/explain", question))
        slowest = max(meter.slowest)
        export = took(lambda: confd.get("/users/export", headers={"Accept": CSV}), 200)
        ranges = {"user_ranges": [{"start": "50000", "end": "59999"}]}
        took(lambda: confd.post("/contexts", {"name": "csv", "type": "internal", **ranges}), 201)
        entity = confd.post("/entities", {"name": "csv"}).json()["id"]
        confd.timeout = 120
        imported = took(lambda: confd.request("POST", "/users/import", raw=sheet(IMPORTED, entity, 50_000),
                                              headers={"Content-Type": CSV}), 201)
        report(csv_export_20000_s=export, csv_import_5000_s=imported, confd_get_user_cpu_ms=get, confd_list_100_cpu_ms=list_100, confd_search_20000_ms=search,
               explain_cpu_ms=explain,
               confd_put_user_cpu_ms=put, change_live_ms=change, confd_p99_ms=slowest,
               start_s_20000_users=start, rss_mb_20000_users=rss / 1024)
