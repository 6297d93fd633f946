# SPDX-License-Identifier: GPL-3.0-or-later
"""Almon itself, started as a user starts it: `almon serve --demo`."""
import contextlib
import dataclasses
import json
import os
import pathlib
import socket
import sqlite3
import time

from phones import loopback
from phones.process import Process


def binary() -> pathlib.Path:
    """The program under test: ALMON_BINARY, else the release build of this repository."""
    default = pathlib.Path(__file__).resolve().parents[3] / "build/release/almon"
    return pathlib.Path(os.environ.get("ALMON_BINARY", default))


@dataclasses.dataclass(frozen=True)
class Person:
    """A user of the demo office."""
    firstname: str
    exten: str
    username: str
    password: str


class Almon:
    """One server with its data in `data`; ports and data stay the same when it is started again."""

    def __init__(self, data: pathlib.Path, *settings: str, config: pathlib.Path | None = None, demo: bool = True):
        self.data = data
        self.udp_port = loopback.free_port()
        self.tcp_port = self.udp_port
        self.auth_port = loopback.free_port()
        self.confd_port = loopback.free_port()
        self.call_logd_port = loopback.free_port()
        self.confd_plain_port = loopback.free_port()
        self.page_port = loopback.free_port()
        self.tls_port = loopback.free_port()
        self.ws_port = loopback.free_port()
        self.wss_port = loopback.free_port()
        self.events_port = loopback.free_port()
        self.ctid_ng_port = loopback.free_port()
        self.ctid_port = loopback.free_port()
        self.ami_port = loopback.free_port()
        self.amid_port = loopback.free_port()
        self.monitoring_port = loopback.free_port()
        self.media_ports = range(first := loopback.free_ports(100), first + 100)
        self.log = data / "output.log"
        self._settings = settings
        self._config = config
        self._demo = demo
        self._process: Process | None = None
        data.mkdir(parents=True, exist_ok=True)

    @property
    def address(self) -> tuple[str, int]:
        """Where phones register; UDP and TCP have the same port."""
        return (loopback.ADDRESS, self.udp_port)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.running

    def command(self) -> list[str]:
        settings = [f"sip.udp.port={self.udp_port}", f"sip.tcp.port={self.tcp_port}",
                    f"sip.tls.port={self.tls_port}", f"sip.ws.port={self.ws_port}", f"sip.wss.port={self.wss_port}",
                    f"sip.address={loopback.ADDRESS}", f"media.address={loopback.ADDRESS}",
                    f"http.address={loopback.ADDRESS}", f"auth.port={self.auth_port}",
                    f"page.port={self.page_port}", f"page.directory={binary().parent / 'web'}",
                    f"confd.port={self.confd_port}", f"confd.plain_port={self.confd_plain_port}",
                    f"call_logd.port={self.call_logd_port}", f"websocketd.port={self.events_port}",
                    f"ctid_ng.port={self.ctid_ng_port}", f"ctid.port={self.ctid_port}",
                    f"ami.address={loopback.ADDRESS}",
                    f"ami.port={self.ami_port}", f"amid.port={self.amid_port}",
                    f"monitoring.address={loopback.ADDRESS}", f"monitoring.port={self.monitoring_port}",
                    f"locale.sounds_directory={binary().parent / 'sounds'}",
                    f"http.swagger_directory={binary().parent / 'swagger'}",
                    f"media.ports.first={self.media_ports.start}", f"media.ports.last={self.media_ports.stop - 1}",
                    *self._settings]
        config = ["--config", str(self._config)] if self._config else []
        return [str(binary()), "serve", *(["--demo"] if self._demo else []), "--data", str(self.data), *config,
                *(word for setting in settings for word in ("--set", setting))]

    def launch(self) -> "Almon":
        """Starts the program and waits for nothing."""
        self._process = Process(self.command(), self.log, cwd=self.data)
        return self

    def start(self) -> "Almon":
        """Starts the program and waits until it answers OPTIONS over UDP."""
        self.launch()
        deadline = time.monotonic() + 20
        while not self._answers_options():
            if not self.running or time.monotonic() > deadline:
                raise AssertionError(f"almon did not start to serve:\n{self.output()}")
        return self

    def interrupt(self) -> int:
        """Ctrl-C; returns the exit status."""
        self.begin_to_stop()
        return self.wait()

    def begin_to_stop(self) -> None:
        """Ctrl-C, without waiting for the end."""
        self._process.interrupt()

    def wait(self, timeout: float = 10) -> int:
        """The exit status of a program that ends by itself."""
        return self._process.wait(timeout)

    def kill(self) -> None:
        """kill -9."""
        self._process.kill()

    def stop(self) -> None:
        if self._process is not None:
            self._process.end(patience=5)

    def output(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def person(self, firstname: str) -> Person:
        users = json.loads((self.data / "demo.json").read_text())["users"]
        found = next(user for user in users if user["firstname"] == firstname)
        return Person(firstname, found["exten"], found["sip_username"], found["sip_password"])

    @property
    def administrator(self) -> tuple[str, str]:
        """Login and password of the demo office's administrator."""
        found = json.loads((self.data / "demo.json").read_text())["admin"]
        return found["username"], found["password"]

    @property
    def certificate(self) -> pathlib.Path:
        """What the HTTPS ports prove themselves with."""
        return self.data / "server.crt"

    @property
    def database(self) -> pathlib.Path:
        """The file with the configuration."""
        [found] = [path for path in self.data.rglob("*")
                   if path.is_file() and path.stat().st_size and path.read_bytes()[:15] == b"SQLite format 3"]
        return found

    def query(self, statement: str, *values) -> list[tuple]:
        """Asks the database; also changes it, which only a stopped server may be surprised with."""
        with contextlib.closing(sqlite3.connect(self.database, timeout=5)) as connection, connection:
            return connection.execute(statement, values).fetchall()

    def _answers_options(self) -> bool:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind((loopback.ADDRESS, 0))
            probe.settimeout(0.05)
            own = probe.getsockname()[1]
            host = f"{loopback.ADDRESS}:{self.udp_port}"
            message = (f"OPTIONS sip:{host} SIP/2.0\r\nVia: SIP/2.0/UDP {loopback.ADDRESS}:{own};rport;"
                       f"branch=z9hG4bKready{time.monotonic_ns()}\r\nMax-Forwards: 70\r\n"
                       f"From: <sip:probe@{loopback.ADDRESS}>;tag=probe\r\nTo: <sip:{host}>\r\n"
                       f"Call-ID: ready-{own}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n")
            try:
                probe.connect((loopback.ADDRESS, self.udp_port))
                probe.send(message.encode())
                return probe.recv(65536).startswith(b"SIP/2.0 ")
            except TimeoutError:
                return False
            except ConnectionRefusedError:  # nobody has the port yet
                time.sleep(0.01)
                return False
