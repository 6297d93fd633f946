# SPDX-License-Identifier: GPL-3.0-or-later
"""`almon` in a shell."""
import json
import subprocess

from phones.almon import Almon, binary


def run(almon: Almon, *words: str, **options) -> subprocess.CompletedProcess:
    return subprocess.run([binary(), *words, "--data", almon.data], capture_output=True, text=True, timeout=20,
                          check=False, **options)


def lines(almon: Almon, *words: str) -> list[str]:
    done = run(almon, *words)
    assert (done.returncode, done.stderr) == (0, ""), done
    return done.stdout.splitlines()


def value(almon: Almon, *words: str):
    """What a program reads."""
    done = run(almon, *words, "--json")
    assert (done.returncode, done.stderr) == (0, ""), done
    return json.loads(done.stdout)
