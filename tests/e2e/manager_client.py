# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients of the manager (AMI): panoramisk, as programs use it, and a bare socket for what no library would send."""
import asyncio
import socket

import panoramisk

from phones import loopback

PATIENCE = 20


class Manager:
    """panoramisk, one step at a time."""

    def __init__(self, almon, username: str, password: str, events: str = "on"):
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        self.events: list = []
        self._came = asyncio.Event()
        self._manager = panoramisk.Manager(host=loopback.ADDRESS, port=almon.ami_port, username=username,
                                           secret=password, events=events, loop=self._loop, ping_delay=600)
        self._manager.register_event("*", self._take)
        self._run(self._log_in())

    async def _log_in(self) -> None:
        await self._manager.connect()
        while self._manager.authenticated_future is None and not self._manager.authenticated:
            await asyncio.sleep(0)
        if self._manager.authenticated_future is not None:
            await self._manager.authenticated_future

    def _take(self, _, event) -> None:
        self.events.append(event)
        self._came.set()

    def _run(self, coroutine):
        return self._loop.run_until_complete(asyncio.wait_for(coroutine, PATIENCE))

    def ask(self, action: str, **headers):
        """The response; with the entries behind it where it is a list."""
        async def asked():
            return await self._manager.send_action({"Action": action, **headers})
        return self._run(asked())

    def begin(self, action: str, **headers):
        """Asks, and does not wait for the response: finish() does."""
        async def begun():
            return self._manager.send_action({"Action": action, **headers})
        return self._run(begun())

    def finish(self, begun):
        async def finished():
            return await begun
        return self._run(finished())

    def next(self, name: str, **fields):
        """The next event of that name whose fields say this; those before it are forgotten."""
        async def found():
            while True:
                while self.events:
                    event = self.events.pop(0)
                    if event.event == name and all(event[key] == value for key, value in fields.items()):
                        return event
                self._came.clear()
                await self._came.wait()
        return self._run(found())

    def close(self) -> None:
        self._manager.on_disconnect = lambda *_: None
        self._manager.close()
        self._loop.run_until_complete(asyncio.sleep(0))
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.close()

    def __enter__(self) -> "Manager":
        return self

    def __exit__(self, *_) -> None:
        self.close()


class BareManager:
    """Bytes, and what comes back in messages."""

    def __init__(self, almon):
        self._socket = socket.create_connection((loopback.ADDRESS, almon.ami_port), PATIENCE)
        self._bytes = b""
        self.greeting = self._until(b"\r\n")

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def ask(self, **headers: str) -> dict[str, str]:
        self.send("".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode() + b"\r\n")
        return self.receive()

    def log_in(self, username: str, password: str) -> dict[str, str]:
        return self.ask(Action="Login", Username=username, Secret=password, Events="off")

    def receive(self) -> dict[str, str]:
        return dict(line.split(": ", 1) for line in self._until(b"\r\n\r\n").decode().split("\r\n") if line)

    def is_closed(self) -> bool:
        """Waits for it."""
        try:
            return self._socket.recv(1) == b""
        except ConnectionResetError:
            return True

    def close(self) -> None:
        self._socket.close()

    def _until(self, end: bytes) -> bytes:
        while end not in self._bytes:
            piece = self._socket.recv(65536)
            assert piece, f"the connection ended after {self._bytes!r}"
            self._bytes += piece
        told, self._bytes = self._bytes.split(end, 1)
        return told
