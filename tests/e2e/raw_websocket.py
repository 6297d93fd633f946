# SPDX-License-Identifier: GPL-3.0-or-later
"""A client of WebSockets (RFC 6455) that may also misbehave."""
import base64
import os
import socket
import ssl

from phones import loopback


class RawWebSocket:
    """Frames by hand, so that they can be wrong."""

    def __init__(self, port: int, *, secure: bool = True, path: str = "/", protocol: str | None = "sip"):
        connection = socket.create_connection((loopback.ADDRESS, port), timeout=5)
        if secure:
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            connection = context.wrap_socket(connection)
        self.connection = connection
        key = base64.b64encode(os.urandom(16)).decode()
        offered = f"Sec-WebSocket-Protocol: {protocol}\r\n" if protocol else ""
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: almon\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                           f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n{offered}\r\n".encode())
        self.unread = b""
        while b"\r\n\r\n" not in self.unread:
            self.unread += connection.recv(4096)
        head, self.unread = self.unread.split(b"\r\n\r\n", 1)
        self.answer = head.decode()
        self.status = int(self.answer.split()[1])

    def send(self, payload: bytes, opcode: int = 1, length: int | None = None) -> None:
        """Masked with zeros, which leaves the payload as it is."""
        size = len(payload) if length is None else length
        head = bytes([0x80 | opcode])
        head += (bytes([0x80 | size]) if size < 126
                 else bytes([0xfe]) + size.to_bytes(2, "big") if size < 65536
                 else bytes([0xff]) + size.to_bytes(8, "big"))
        self.connection.sendall(head + bytes(4) + payload)

    def receive(self) -> tuple[int, bytes]:
        """Opcode and payload of the next frame; -1 at the end."""
        head = self._take(2)
        if len(head) < 2:
            return -1, b""
        size = head[1] & 0x7f
        if size == 126:
            size = int.from_bytes(self._take(2), "big")
        elif size == 127:
            size = int.from_bytes(self._take(8), "big")
        return head[0] & 0x0f, self._take(size)

    def _take(self, size: int) -> bytes:
        while len(self.unread) < size:
            try:
                chunk = self.connection.recv(65536)
            except ConnectionError:
                chunk = b""
            if not chunk:
                break
            self.unread += chunk
        taken, self.unread = self.unread[:size], self.unread[size:]
        return taken
