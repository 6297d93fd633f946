# SPDX-License-Identifier: GPL-3.0-or-later
"""sipp: a scenario of messages, played against the server exactly as written."""
import pathlib
import subprocess

from phones import loopback
from phones.almon import Person


def play(scenario: pathlib.Path, server: tuple[str, int], folder: pathlib.Path, *, service: str = "nobody",
         person: Person | None = None, calls: int = 1, rate: int = 10, timeout: int = 20, port: int = 0) -> None:
    """Plays a scenario `calls` times; an assertion with sipp's own words if a call fails.

    `service` fills [service], `person` fills [username] and what [authentication] needs; `port` is sipp's own, any free
    one by default.
    """
    command = ["/usr/bin/sipp", f"{server[0]}:{server[1]}", "-sf", scenario, "-s", service, "-i", loopback.ADDRESS,
               "-p", port or loopback.free_port(), "-mi", loopback.ADDRESS, "-mp", loopback.free_ports(10),
               "-m", calls, "-r", rate, "-nostdin", "-timeout", timeout, "-timeout_error", "-recv_timeout", 8000,
               "-trace_err", "-error_file", folder / "sipp-errors.log"]
    if person:
        command += ["-key", "username", person.username, "-au", person.username, "-ap", person.password]
    done = subprocess.run([str(word) for word in command], cwd=folder, stdin=subprocess.DEVNULL, timeout=timeout + 10,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
    if done.returncode != 0:
        errors = folder / "sipp-errors.log"
        words = errors.read_text(errors="replace") if errors.exists() else done.stdout[-3000:]
        raise AssertionError(f"sipp ended with {done.returncode}:\n{words}")
