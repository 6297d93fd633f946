# SPDX-License-Identifier: GPL-3.0-or-later
"""A small service in the manner of confd, to try the checks on: it does everything right until it is told what to do wrong."""
import http.server
import json
import threading
import urllib.parse

DOCUMENT = """
swagger: '2.0'
basePath: /1.1
info: {title: Fake}
paths:
  /entities:
    get:
      parameters: [{$ref: '#/parameters/order'}, {$ref: '#/parameters/direction'}, {$ref: '#/parameters/limit'},
                   {$ref: '#/parameters/offset'}, {$ref: '#/parameters/search'}]
      responses: {'200': {description: a, schema: {$ref: '#/definitions/EntityItems'}}}
    post:
      parameters: [{name: body, in: body, required: true, schema: {$ref: '#/definitions/Entity'}}]
      responses: {'201': {description: a, schema: {$ref: '#/definitions/Entity'}}, '400': {description: b}}
  /entities/{entity_id}:
    get:
      parameters: [{$ref: '#/parameters/entityid'}]
      responses: {'200': {description: a, schema: {$ref: '#/definitions/Entity'}}, '404': {description: b}}
    put:
      parameters: [{$ref: '#/parameters/entityid'},
                   {name: body, in: body, required: true, schema: {$ref: '#/definitions/Entity'}}]
      responses: {'204': {description: a}, '400': {description: b}, '404': {description: c}}
    delete:
      parameters: [{$ref: '#/parameters/entityid'}]
      responses: {'204': {description: a}, '404': {description: b}}
parameters:
  entityid: {in: path, name: entity_id, required: true, type: integer}
  order: {in: query, name: order, required: false, type: string}
  direction: {in: query, name: direction, required: false, type: string, enum: [asc, desc]}
  limit: {in: query, name: limit, required: false, type: integer}
  offset: {in: query, name: offset, required: false, type: integer}
  search: {in: query, name: search, required: false, type: string}
definitions:
  EntityItems:
    properties: {total: {type: integer}, items: {type: array, items: {$ref: '#/definitions/Entity'}}}
    required: [total]
  Entity:
    allOf: [{properties: {id: {type: integer, readOnly: true}}},
            {properties: {name: {type: string}, display_name: {type: string}, size: {type: integer, default: 7}}}]
    required: [name]
"""


class FakeConfd:
    """`mistakes` names what it does wrong."""

    def __init__(self, *mistakes: str):
        self.mistakes = set(mistakes)
        self.entities: dict[int, dict] = {}
        service = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one packet

            def answer(self):
                length = int(self.headers.get("Content-Length", 0))
                status, body = service.respond(self.command, self.path, self.headers, self.rfile.read(length))
                text = b"" if body is None else json.dumps(body).encode()
                self.send_response(status)
                if text:
                    self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = do_PUT = do_DELETE = answer

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def address(self):
        return self._server.server_address

    def __enter__(self) -> "FakeConfd":
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def respond(self, method: str, target: str, headers, content: bytes):
        url = urllib.parse.urlsplit(target)
        collection, _, identity = url.path.removeprefix("/1.1/").partition("/")
        if collection != "entities":
            return 404, ["Not found"]
        if headers.get("X-Auth-Token") != "key" and "open" not in self.mistakes:
            return 401, ["Unauthorized"]
        if headers.get("Accept") != "application/json" and "any_accept" not in self.mistakes:
            return 406, None
        if method in ("POST", "PUT") and headers.get("Content-Type") != "application/json":
            return 415, None
        body = None
        if method in ("POST", "PUT"):
            try:
                body = json.loads(content)
            except ValueError:
                return 400, ["Input error - malformed JSON"]
            wrong = self.wrong_with(body, method)
            if wrong:
                return 400, [wrong] if "error_object" not in self.mistakes else {"message": wrong}
        if not identity:
            return self.make(body) if method == "POST" else self.list(dict(urllib.parse.parse_qsl(url.query)))
        known = self.entities.get(int(identity)) if identity.isdigit() else None
        if known is None:
            return (404 if "unknown" not in self.mistakes else 500), ["Resource not found"]
        if method == "GET":
            return 200, known
        if method == "DELETE":
            if "undead" not in self.mistakes:
                del self.entities[int(identity)]
            return 204, None
        if "forgetful" in self.mistakes:
            known.update(display_name=None, size=7)
        known.update(self.writable(body))
        return 204, None

    def writable(self, body: dict) -> dict:
        return {name: value for name, value in body.items() if name != "id" or "take_id" in self.mistakes}

    def wrong_with(self, body, method: str) -> str:
        if not isinstance(body, dict):
            return "Input error - the body must be an object"
        if method == "POST" and "name" not in body:
            return "Input error - name is missing" if "mute" not in self.mistakes else "Input error"
        for name, kind in (("name", str), ("display_name", str), ("size", int)):
            if body.get(name) is not None and not isinstance(body[name], kind):
                return f"Input error - {name} has the wrong type"
        return ""

    def make(self, body: dict):
        identity = len(self.entities) + 1
        made = {"id": identity, "display_name": None, "size": 8 if "default" in self.mistakes else 7}
        made.update(self.writable(body))
        if "take_id" in self.mistakes:
            identity = made["id"]
        if "missing" in self.mistakes:
            del made["display_name"]
        self.entities[identity] = made
        return 201, made

    def list(self, query: dict):
        items = list(self.entities.values())
        if "search" in query:
            items = [item for item in items if query["search"] in str(item)]
        if query.get("order", "id") not in ("id", "name") or query.get("direction", "asc") not in ("asc", "desc"):
            return 400, ["Input error - order or direction"]
        items.sort(key=lambda item: item[query.get("order", "id")], reverse=query.get("direction") == "desc")
        total = len(items)
        try:
            offset, limit = int(query.get("offset", 0)), int(query.get("limit", 1000))
        except ValueError:
            return 400, ["Input error - limit and offset are numbers"]
        if limit < 0 or offset < 0:
            return 400, ["Input error - limit and offset are not negative"]
        page = items[offset:offset + limit]
        return 200, {"total": len(page) if "total" in self.mistakes else total, "items": page}
