# SPDX-License-Identifier: GPL-3.0-or-later
"""The server under test: a demo office on ports and a database of its own, and the clients that reach its services."""
import contextlib
import functools
import pathlib
import shutil
import sqlite3
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from phones import loopback  # noqa: E402
from phones.almon import Almon  # noqa: E402
from postgresql import PostgresqlServer  # noqa: E402

from client import Client, Unreachable  # noqa: E402

DATABASES = ("sqlite", "postgresql")


class Office:
    """Started when it is entered, stopped and gone when it is left."""

    def __init__(self, database: str = "sqlite", *settings: str, demo: bool = True):
        self._kind = database
        self._settings = settings
        self._demo = demo
        self._all = contextlib.ExitStack()
        self.postgresql: PostgresqlServer | None = None
        self.uri = ""

    def __enter__(self) -> "Office":
        try:
            folder = pathlib.Path(tempfile.mkdtemp(prefix="almon-conformance."))
            self._all.callback(shutil.rmtree, folder, ignore_errors=True)
            settings = []
            if self._kind == "postgresql":
                self.postgresql = PostgresqlServer()
                self._all.callback(self.postgresql.stop)
                self.uri = self.postgresql.start().create_database()
                settings.append(f"database.uri={self.uri}")
            # What the tests do wrong on purpose is not held against them.
            settings.append("auth.wrong_passwords.at_once=1000000")
            self.almon = Almon(folder, *settings, *self._settings, demo=self._demo)
            self._all.callback(self.almon.stop)
            self.almon.start()
            self._wait_for_services()
        except BaseException:
            self._all.close()
            raise
        return self

    def __exit__(self, *_) -> None:
        self._all.close()

    # Clients; each has a connection of its own

    def auth(self, **options) -> Client:
        return Client((loopback.ADDRESS, self.almon.auth_port), "/0.1", **options)

    def confd(self, **options) -> Client:
        """Over HTTPS, with an administrator's token unless another is given."""
        if "token" not in options:
            options["token"] = self.token
        return Client((loopback.ADDRESS, self.almon.confd_port), "/1.1", **options)

    def ctid_ng(self, **options) -> Client:
        """With an administrator's token unless another is given."""
        if "token" not in options:
            options["token"] = self.token
        return Client((loopback.ADDRESS, self.almon.ctid_ng_port), "/1.0", **options)

    def ctid(self) -> Client:
        """Over HTTP on the loopback, which asks for no token."""
        return Client((loopback.ADDRESS, self.almon.ctid_port), "/0.1", tls=False)

    def amid(self, **options) -> Client:
        """With an administrator's token unless another is given."""
        if "token" not in options:
            options["token"] = self.token
        return Client((loopback.ADDRESS, self.almon.amid_port), "/1.0", **options)

    def plain_confd(self) -> Client:
        """Over HTTP on the loopback, which asks for no token."""
        return Client((loopback.ADDRESS, self.almon.confd_plain_port), "/1.1", tls=False)

    @property
    def login(self) -> tuple[str, str]:
        """The administrator's."""
        return self.almon.administrator

    @functools.cached_property
    def token(self) -> str:
        return self.new_token(self.login, "xivo_admin")

    def new_token(self, login: tuple[str, str], backend: str, expiration: int = 7200) -> str:
        response = self.auth(login=login).post("/token", {"backend": backend, "expiration": expiration})
        assert response.status == 200, f"no token: {response} ({response.curl})"
        return response.json()["data"]["token"]

    def user_token(self) -> str:
        """A token of a user who has only a user's rights."""
        user = {"firstname": "Lea", "username": "lea", "password": "lea-has-a-key"}
        response = self.confd().post("/users", user)
        assert response.status == 201, f"no user: {response}"
        return self.new_token((user["username"], user["password"]), "xivo_user")

    def token_of(self, firstname: str) -> str:
        """A token of somebody of the demo office."""
        [user] = self.confd().get(f"/users?search={firstname}").json()["items"]
        login = (firstname.lower(), f"{firstname} has a key")
        changed = self.confd().put(f"/users/{user['id']}", {"username": login[0], "password": login[1]})
        assert changed.status == 204, changed
        return self.new_token(login, "xivo_user")

    # The database

    def tables(self) -> list[str]:
        if self.postgresql is not None:
            rows = self.postgresql.query(self.uri, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            return sorted(rows.split())
        return sorted(name for [name] in self.almon.query("SELECT name FROM sqlite_master WHERE type = 'table'"))

    def fingerprint(self, leaving_out: frozenset = frozenset()) -> dict[str, int]:
        """A number for each table that is another as soon as anything in the table is."""
        tables = [name for name in self.tables() if name not in leaving_out]
        if self.postgresql is not None:
            counted = " UNION ALL ".join(f"SELECT '{name}', coalesce(sum(hashtextextended(t::text, 0)), 0) FROM \"{name}\" t"
                                         for name in tables)
            rows = self.postgresql.query(self.uri, counted).split()
            return {row.partition("|")[0]: int(row.partition("|")[2]) for row in rows}
        with contextlib.closing(sqlite3.connect(self.almon.database, timeout=5)) as connection:
            return {name: hash(tuple(sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)))
                    for name in tables}

    def _wait_for_services(self) -> None:
        deadline = time.monotonic() + 10
        while True:
            try:
                self.plain_confd().get("/infos")
                return
            except Unreachable:
                if not self.almon.running or time.monotonic() > deadline:
                    raise AssertionError(f"confd does not answer:\n{self.almon.output()[-3000:]}") from None
                time.sleep(0.02)
