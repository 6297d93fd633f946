# SPDX-License-Identifier: GPL-3.0-or-later
"""An office of many users that benchmarks measure from outside: what the process costs, never what the load costs."""
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(SOURCE / "tests/support"))

from phones import loopback  # noqa: E402
from phones.almon import Almon  # noqa: E402
from phones.process import Process  # noqa: E402

BUILD = pathlib.Path(os.environ.get("ALMON_BUILD", SOURCE / "build/release"))
QUICK = bool(os.environ.get("ALMON_QUICK"))
SCENARIOS = pathlib.Path(__file__).resolve().parent / "scenarios"
TICKS = os.sysconf("SC_CLK_TCK")


def credentials(user: dict) -> str:
    """What sipp needs in a row to answer a challenge as this user; it cannot put it together from fields."""
    return f"[authentication username={user['sip_username']} password={user['sip_password']}]"


class Office:
    """Almon with `users` users, its data in a temporary folder; to be used in a `with`. `demo`: it has the
    administrator of demo.json, whose password is checked at each start."""

    def __init__(self, users: int = 1000, demo: bool = False):
        loopback.enter_private_loopback()
        self._stack = contextlib.ExitStack()
        self.folder = pathlib.Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="almon-bench-")))
        data = self.folder / "data"
        data.mkdir()
        made = subprocess.run([BUILD / "bench_office", data, str(users)], stdout=subprocess.PIPE, check=True, text=True)
        self.users = json.loads(made.stdout)
        self.almon = Almon(data, demo=demo)
        # Room for many calls: the phones' own ports are above.
        self.almon.media_ports = range(20000, 30000)

    def __enter__(self) -> "Office":
        return self

    def __exit__(self, *error):
        self.almon.stop()
        self._stack.close()

    def start(self) -> float:
        """Starts the server; the seconds until it answered OPTIONS."""
        begin = time.monotonic()
        self.almon.start()
        return time.monotonic() - begin

    def cpu_ms(self) -> float:
        """User and system time of the process so far."""
        # The command's name may contain spaces; what follows its bracket does not.
        fields = pathlib.Path(f"/proc/{self.almon.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / TICKS

    def rss_kb(self) -> float:
        for line in pathlib.Path(f"/proc/{self.almon.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return float(line.split()[1])
        raise AssertionError("no VmRSS")

    def register(self, users: list[dict], port: int, rate: int) -> None:
        """Registers each of them with digest, from `port`: calls are sent where a registration came from."""
        rows = [(user["sip_username"], credentials(user), port) for user in users]
        self.load("register.xml", rows, rate, port=port)

    @staticmethod
    def call_row(caller: dict, callee: dict) -> tuple:
        """A row for caller.xml."""
        return (callee["exten"], caller["sip_username"], credentials(caller))

    def load(self, scenario: str, rows: list[tuple], rate: int, *more, port: int = 0) -> None:
        """One run of a scenario for each row, so many a second, until all are done."""
        with self.begin_load(scenario, rows, rate, *more, port=port) as load:
            load.finish(30 + len(rows) / rate)

    @contextlib.contextmanager
    def begin_load(self, scenario: str, rows: list[tuple], rate: int, *more, port: int = 0):
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        table = folder / "rows.csv"
        table.write_text("SEQUENTIAL\n" + "".join(";".join(map(str, row)) + "\n" for row in rows))
        load = Load(folder, SCENARIOS / scenario, [
            f"{loopback.ADDRESS}:{self.almon.udp_port}", "-inf", table, "-m", len(rows), "-r", rate,
            "-l", len(rows), *more], port)
        try:
            yield load
        finally:
            load.process.end()

    @contextlib.contextmanager
    def callees(self, port: int):
        """Phones at `port` that ring, answer at once and wait for BYE."""
        load = Load(pathlib.Path(tempfile.mkdtemp(dir=self.folder)), SOURCE / "tests/e2e/scenarios/callee.xml",
                    ["-aa", "-l", 5000], port)
        try:
            yield load
        finally:
            load.process.end()


class Load:
    """A running sipp."""

    def __init__(self, folder: pathlib.Path, scenario: pathlib.Path, arguments: list, port: int = 0):
        self._errors = folder / "errors.log"
        self.process = Process(
            ["/usr/bin/sipp", "-sf", scenario, *arguments, "-i", loopback.ADDRESS, "-p", port or loopback.free_port(),
             "-mi", loopback.ADDRESS, "-mp", loopback.free_ports(10), "-nostdin", "-trace_err", "-error_file",
             self._errors, "-recv_timeout", 20000], folder / "output.log", cwd=folder)

    def finish(self, seconds: float) -> None:
        if self.process.wait(seconds) != 0:
            words = self._errors.read_text(errors="replace") if self._errors.exists() else self.process.output()
            raise AssertionError(f"the load failed:\n{words[:2000]}")


def report(**figures: float) -> None:
    """What tools/bench.py reads: the last line."""
    print(json.dumps({name: round(value, 5) for name, value in figures.items()}))
