# SPDX-License-Identifier: GPL-3.0-or-later
"""A PostgreSQL server of a test's own: a folder of its own, reached by a socket in it, so that no port is needed."""
import os
import pathlib
import shutil
import subprocess
import tempfile

_PROGRAMS = pathlib.Path("/usr/lib/postgresql/15/bin")


class PostgresqlServer:
    def __init__(self):
        self._folder = pathlib.Path(tempfile.mkdtemp(prefix="almon-postgresql."))
        self._databases = 0
        self._running = False

    @staticmethod
    def installed() -> bool:
        return (_PROGRAMS / "initdb").exists()

    def start(self) -> "PostgresqlServer":
        # PostgreSQL refuses to run as root.
        self._folder.chmod(0o755)
        if os.geteuid() == 0:
            shutil.chown(self._folder, "postgres")
        folder = str(self._folder)
        self._run("initdb", "-D", f"{folder}/d", "-A", "trust", "-U", "postgres", "-N", "--locale=C.UTF-8", "-E", "UTF8")
        self.switch_on()
        return self

    def switch_on(self) -> None:
        """Again, after switch_off()."""
        folder = str(self._folder)
        self._run("pg_ctl", "-D", f"{folder}/d", "-w", "-l", f"{folder}/log", "-o",
                  f"-c listen_addresses='' -k {folder} -c fsync=off", "start")
        self._running = True

    def switch_off(self) -> None:
        """In the middle of whatever it does; its data stay."""
        self._run("pg_ctl", "-D", f"{self._folder}/d", "-m", "immediate", "-w", "stop")
        self._running = False

    def stop(self) -> None:
        if self._running:
            self.switch_off()
        shutil.rmtree(self._folder, ignore_errors=True)

    def create_database(self) -> str:
        """An empty one: what `database.uri` takes."""
        self._databases += 1
        name = f"test{self._databases}"
        self._run("createdb", "-h", str(self._folder), "-U", "postgres", name)
        return f"postgresql:///{name}?host={self._folder}&user=postgres"

    def query(self, uri: str, statement: str) -> str:
        """What psql prints: a line for each row, its values joined by |."""
        name = uri.removeprefix("postgresql:///").partition("?")[0]
        return self._run("psql", "-h", str(self._folder), "-U", "postgres", "-At", "-v", "ON_ERROR_STOP=1", "-c", statement,
                         name)

    def _run(self, program: str, *words: str) -> str:
        user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        # What a started server inherits must not be a pipe that somebody waits for the end of.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run([_PROGRAMS / program, *words], stdin=subprocess.DEVNULL, stdout=output,
                                  stderr=subprocess.STDOUT, cwd="/", **user)
            output.seek(0)
            text = output.read().decode(errors="replace")
        if done.returncode != 0:
            raise RuntimeError(f"{program} failed: {text}")
        return text
