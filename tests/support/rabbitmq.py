# SPDX-License-Identifier: GPL-3.0-or-later
"""A RabbitMQ broker of a test's own, on free ports and with a folder of its own."""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from phones import loopback

_PROGRAM = pathlib.Path("/usr/lib/rabbitmq/bin/rabbitmq-server")


class RabbitMq:
    def __init__(self):
        self._folder = pathlib.Path(tempfile.mkdtemp(prefix="almon-rabbitmq."))
        self._epmd_port = loopback.free_port()
        self._distribution_port = loopback.free_port()
        self.port = loopback.free_port()
        self._process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@{loopback.ADDRESS}:{self.port}//"

    def start(self) -> "RabbitMq":
        """Also again, after stop(): its durable exchanges are still there."""
        (self._folder / "rabbitmq.conf").write_text(f"listeners.tcp.1 = {loopback.ADDRESS}:{self.port}\n")
        (self._folder / "plugins").write_text("[].")
        folder = str(self._folder)
        environment = {
            **os.environ, "HOME": folder, "RABBITMQ_NODENAME": f"almon{self.port}@localhost",
            "RABBITMQ_MNESIA_BASE": f"{folder}/db", "RABBITMQ_LOG_BASE": f"{folder}/log",
            "RABBITMQ_CONFIG_FILE": f"{folder}/rabbitmq.conf", "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/plugins",
            "RABBITMQ_DIST_PORT": str(self._distribution_port), "ERL_EPMD_PORT": str(self._epmd_port),
            "ERL_EPMD_ADDRESS": loopback.ADDRESS}
        with open(self._folder / "output.log", "ab") as log:
            self._process = subprocess.Popen([str(_PROGRAM)], env=environment, stdout=log, stderr=log,
                                             start_new_session=True)
        deadline = time.monotonic() + 60
        while not self._listens():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError("RabbitMQ did not start:\n" + (self._folder / "output.log").read_text())
            time.sleep(0.1)
        return self

    def kill(self) -> None:
        """At once, with all that waits in its queues."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self.kill()
        subprocess.run(["epmd", "-port", str(self._epmd_port), "-kill"], stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=False)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _listens(self) -> bool:
        try:
            socket.create_connection((loopback.ADDRESS, self.port), timeout=1).close()
            return True
        except OSError:
            return False
