# SPDX-License-Identifier: GPL-3.0-or-later
"""A client of the programming interfaces, over real HTTPS and with the server's certificate checked."""
import base64
import dataclasses
import http.client
import json
import ssl

from phones import loopback
from phones.almon import Almon


@dataclasses.dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


class Rest:
    """Asks one port of an office; each request has a connection of its own."""

    def __init__(self, almon: Almon, port: int, token: str | None = None, *, plain: bool = False):
        self._almon = almon
        self._port = port
        self._plain = plain
        self.token = token

    def ask(self, method: str, path: str, body=None, *, login: tuple[str, str] | None = None,
            headers: dict | None = None, source: str = loopback.ADDRESS) -> Answer:
        """`body` is sent as JSON unless it is bytes."""
        fields = {"Accept": "application/json"}
        if self.token:
            fields["X-Auth-Token"] = self.token
        if body is not None:
            fields["Content-Type"] = "application/json"
        if login:
            fields["Authorization"] = "Basic " + base64.b64encode(":".join(login).encode()).decode()
        fields.update(headers or {})
        fields = {name: value for name, value in fields.items() if value is not None}
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        connection = self.connect(source)
        try:
            connection.request(method, path, data, fields)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def get(self, path: str, **options) -> Answer:
        return self.ask("GET", path, **options)

    def post(self, path: str, body=None, **options) -> Answer:
        return self.ask("POST", path, body, **options)

    def put(self, path: str, body=None, **options) -> Answer:
        return self.ask("PUT", path, body, **options)

    def delete(self, path: str, **options) -> Answer:
        return self.ask("DELETE", path, **options)

    def connect(self, source: str = loopback.ADDRESS):
        """A connection for a test that asks by itself."""
        if self._plain:
            return http.client.HTTPConnection(loopback.ADDRESS, self._port, 10, source_address=(source, 0))
        context = ssl.create_default_context(cafile=str(self._almon.certificate))
        return http.client.HTTPSConnection(loopback.ADDRESS, self._port, timeout=10, context=context,
                                           source_address=(source, 0))


def auth(almon: Almon) -> Rest:
    """xivo-auth of an office."""
    return Rest(almon, almon.auth_port)


def sign_in(almon: Almon, login: tuple[str, str] | None = None, backend: str = "xivo_admin", **more) -> str:
    """A token; of the office's administrator unless somebody else is named."""
    answer = auth(almon).post("/0.1/token", {"backend": backend, **more}, login=login or almon.administrator)
    assert answer.status == 200, answer
    return answer.json["data"]["token"]


def ctid_ng(almon: Almon, token: str | None = None) -> Rest:
    """xivo-ctid-ng of an office, with all rights unless a token is given."""
    return Rest(almon, almon.ctid_ng_port, token or sign_in(almon))


def amid(almon: Almon, token: str | None = None) -> Rest:
    """xivo-amid of an office, with all rights unless a token is given."""
    return Rest(almon, almon.amid_port, token or sign_in(almon))


def confd(almon: Almon, token: str | None = None) -> Rest:
    """xivo-confd of an office, with all rights unless a token is given."""
    return Rest(almon, almon.confd_port, token or sign_in(almon))


def call_logd(almon: Almon, token: str | None = None) -> Rest:
    """xivo-call-logd of an office, with all rights unless a token is given."""
    return Rest(almon, almon.call_logd_port, token or sign_in(almon))
