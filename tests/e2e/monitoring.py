# SPDX-License-Identifier: GPL-3.0-or-later
"""What those who look after the system read, with Prometheus's own library."""
import ctypes
import os
import pathlib
import time

from prometheus_client.parser import text_string_to_metric_families

from phones.almon import Almon
from phones.rest import Rest

PATIENCE = 15.0


class Figures:
    """One scrape."""

    def __init__(self, text: str):
        self.families = {family.name: family for family in text_string_to_metric_families(text)}
        self._samples = {(sample.name, tuple(sorted(sample.labels.items()))): sample.value
                         for family in self.families.values() for sample in family.samples}

    def __call__(self, name: str, **labels) -> float:
        return self._samples[name, tuple(sorted(labels.items()))]

    def ended(self) -> dict[str, float]:
        """Calls that are over, by outcome; those that there were none of are left out."""
        return {dict(labels)["outcome"]: value for (name, labels), value in self._samples.items()
                if name == "almon_calls_ended_total" and value}


def monitoring(almon: Almon) -> Rest:
    return Rest(almon, almon.monitoring_port, plain=True)


def scrape(almon: Almon) -> Figures:
    answer = monitoring(almon).get("/metrics")
    assert answer.status == 200, answer
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return Figures(answer.body.decode())


def failing(almon: Almon) -> dict[str, str]:
    """The parts that do not work, and why."""
    answer = monitoring(almon).get("/health")
    parts = {each["part"]: each["reason"] for each in answer.json["failing"]}
    assert answer.status == (503 if parts else 200)
    return parts


class StoppedThread:
    """A thread of the server stands still meanwhile, as one does that has come to a halt."""

    _SEIZE, _INTERRUPT, _DETACH, _WALL = 0x4206, 0x4207, 17, 0x40000000

    def __init__(self, almon: Almon, name: str):
        tasks = pathlib.Path(f"/proc/{almon.pid}/task")
        [self._id] = [int(task.name) for task in tasks.iterdir() if (task / "comm").read_text().strip() == name]
        self._libc = ctypes.CDLL(None, use_errno=True)

    def __enter__(self) -> None:
        self._trace(self._SEIZE)
        self._trace(self._INTERRUPT)
        os.waitpid(self._id, self._WALL)

    def __exit__(self, *_) -> None:
        self._trace(self._DETACH)

    def _trace(self, request: int) -> None:
        if self._libc.ptrace(request, self._id, None, None) != 0:
            raise OSError(ctypes.get_errno(), "ptrace")


def until(look, what: str):
    """What `look` gives once it is true; asked again and again, as figures are."""
    deadline = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < deadline, what
        time.sleep(0.05)
    return found


def scrape_until(almon: Almon, holds, what: str) -> Figures:
    return until(lambda: figures if holds(figures := scrape(almon)) else None, what)
