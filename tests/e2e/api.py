# SPDX-License-Identifier: GPL-3.0-or-later
"""The programming interfaces of an office, for tests that change something in it."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "conformance"))

from client import Client  # noqa: E402
from phones import loopback  # noqa: E402


def sign_in(almon, username: str = "", password: str = "") -> Client:
    """The configuration, as an administrator: that of the demo office, unless another is named."""
    login = (username, password) if username else almon.administrator
    auth = Client((loopback.ADDRESS, almon.auth_port), "/0.1", login=login)
    token = auth.post("/token", {"backend": "xivo_admin", "expiration": 3600}).json()["data"]["token"]
    return Client((loopback.ADDRESS, almon.confd_port), "/1.1", token=token)
