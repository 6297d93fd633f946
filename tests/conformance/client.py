# SPDX-License-Identifier: GPL-3.0-or-later
"""A client of our interfaces that keeps its connection and can show any request as a line of curl."""
import base64
import contextlib
import dataclasses
import http.client
import json
import shlex
import ssl

_ABSENT = object()


class Unreachable(Exception):
    """Nobody listens, or the connection broke off."""


@dataclasses.dataclass(frozen=True)
class Response:
    status: int
    headers: dict[str, str]
    body: bytes
    curl: str

    def json(self):
        """The body as JSON; an error of the test where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            raise AssertionError(f"{self.body[:200]!r} is no JSON: {self.curl}") from None

    @property
    def is_json(self) -> bool:
        try:
            json.loads(self.body)
        except ValueError:
            return False
        return self.headers.get("content-type", "").split(";")[0].strip() == "application/json"

    def __str__(self) -> str:
        text = self.body.decode(errors="replace")
        return f"{self.status} {text[:300]}" if text else str(self.status)


class Client:
    """Requests to one service. `base` is the path before all of its paths, such as /1.1."""

    def __init__(self, address: tuple[str, int], base: str = "", *, tls: bool = True, token: str | None = None,
                 login: tuple[str, str] | None = None, timeout: float = 20):
        self.address = address
        self.base = base
        self.tls = tls
        self.token = token
        self.login = login
        self.timeout = timeout
        self._connection: http.client.HTTPConnection | None = None

    def get(self, path: str, **options) -> Response:
        return self.request("GET", path, **options)

    def post(self, path: str, body=_ABSENT, **options) -> Response:
        return self.request("POST", path, body, **options)

    def put(self, path: str, body=_ABSENT, **options) -> Response:
        return self.request("PUT", path, body, **options)

    def delete(self, path: str, **options) -> Response:
        return self.request("DELETE", path, **options)

    def request(self, method: str, path: str, body=_ABSENT, *, raw: bytes | None = None,
                headers: dict[str, str | None] | None = None) -> Response:
        """`raw` is sent as it is, `body` as JSON; a header of None is left out."""
        content = raw if raw is not None else None if body is _ABSENT else json.dumps(body).encode()
        sent = {"Accept": "application/json"}
        if content is not None:
            sent["Content-Type"] = "application/json"
        if self.token is not None:
            sent["X-Auth-Token"] = self.token
        if self.login is not None:
            sent["Authorization"] = "Basic " + base64.b64encode(":".join(self.login).encode()).decode()
        sent.update(headers or {})
        sent = {name: value for name, value in sent.items() if value is not None}
        curl = self._curl(method, path, content, sent)
        for is_last in (False, True):
            kept = self._connection is not None
            try:
                status, received, text = self._exchange(method, self.base + path, content, sent)
                return Response(status, received, text, curl)
            except (OSError, http.client.HTTPException) as error:
                self.close()
                if is_last or not kept:  # a kept connection may have been closed meanwhile
                    raise Unreachable(f"{type(error).__name__}: {error}: {curl}") from None
        raise AssertionError("unreachable")

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _exchange(self, method: str, target: str, content: bytes | None, headers: dict):
        if self._connection is None:
            if self.tls:
                trusting = ssl.create_default_context()
                trusting.check_hostname = False
                trusting.verify_mode = ssl.CERT_NONE
                self._connection = http.client.HTTPSConnection(*self.address, timeout=self.timeout, context=trusting)
            else:
                self._connection = http.client.HTTPConnection(*self.address, timeout=self.timeout)
        connection = self._connection
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        if content is not None or method in ("POST", "PUT"):
            connection.putheader("Content-Length", str(len(content or b"")))
        connection.endheaders()
        if content:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # refused before we have said it all
                connection.send(content)
        response = connection.getresponse()
        body = response.read()
        received = {name.lower(): value for name, value in response.getheaders()}
        if response.will_close:
            self.close()
        return response.status, received, body

    def _curl(self, method: str, path: str, content: bytes | None, headers: dict) -> str:
        words = ["curl", "-sk", "-X", method]
        for name, value in headers.items():
            words += ["-H", f"{name}: {value}"]
        if content is not None:
            text = content[:300].decode(errors="backslashreplace")
            words += ["--data-binary", text + ("..." if len(content) > 300 else "")]
        scheme = "https" if self.tls else "http"
        words.append(f"{scheme}://{self.address[0]}:{self.address[1]}{self.base}{path}")
        return shlex.join(words)
