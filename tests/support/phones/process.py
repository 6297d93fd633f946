# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that a test starts and surely ends."""
import os
import pathlib
import signal
import subprocess


class Process:
    """A program whose output goes to a file, so that a failed test can show it."""

    def __init__(self, command: list, log: pathlib.Path, **options):
        self.log = log
        self.command = [str(word) for word in command]
        with open(log, "ab") as output:
            self._process = subprocess.Popen(self.command, stdin=options.pop("stdin", subprocess.DEVNULL),
                                             stdout=options.pop("stdout", output), stderr=subprocess.STDOUT,
                                             **options)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def interrupt(self) -> None:
        """What Ctrl-C does."""
        os.kill(self.pid, signal.SIGINT)

    def kill(self) -> None:
        """kill -9: the program has no chance to say goodbye."""
        self._process.kill()
        self._process.wait()

    def wait(self, timeout: float) -> int:
        """The exit status; an error if the program is still running after `timeout` seconds."""
        try:
            return self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.command[0]} still runs after {timeout} s:\n{self.output()[-3000:]}") from None

    def end(self, patience: float = 0.5) -> None:
        """SIGTERM, once more after `patience` seconds, and SIGKILL if that does not help either."""
        for _ in range(2):
            if not self.running:
                return
            self._process.terminate()
            try:
                self._process.wait(patience)
            except subprocess.TimeoutExpired:
                continue
        if self.running:
            self.kill()
