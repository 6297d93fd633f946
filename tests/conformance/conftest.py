# SPDX-License-Identifier: GPL-3.0-or-later
"""A network of the tests' own, entered before anything runs in it."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from phones import loopback  # noqa: E402


def pytest_configure(config):
    loopback.enter_private_loopback()
